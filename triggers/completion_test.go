package triggers_test

import (
	"fmt"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
)

// listening is a workflow that waits for ends of the workflow w.
func listening(keys string) string {
	return "inputs: {status: {type: string, default: ''}, said: {type: any}}\ntriggers:\n  - {name: after, type: completion, workflow: w, " + keys + "}\ntasks: {a: {action: core.noop}}\n" +
		"outputs: {org: '${{ org.slug }}', status: '${{ inputs.status }}', said: '${{ inputs.said }}'}\n"
}

const (
	worker = "inputs: {fail: {type: boolean, default: false}}\ntasks: {a: {action: core.noop, next: [{when: 'succeeded && inputs.fail', do: b}]}, b: {action: core.fail, with: {message: broken}}}\noutputs: {n: 7}\n"
	passes = "inputs: {status: '${{ completed.status }}', said: '${{ completed }}'}"
)

// after waits until everything that follows from a run has ended, and gives the events.
func (b *bench) after(req engine.Request) []triggers.Kept {
	b.t.Helper()
	id, err := b.engine.Start(ctx, req)
	faulttest.Must(b.t, err)
	b.run(id)
	for {
		faulttest.Must(b.t, b.store.Write(ctx, func(*store.Tx) error { return nil })) // what the run's end has sent after itself
		faulttest.Must(b.t, b.store.Write(ctx, func(*store.Tx) error { return nil }))
		events, err := b.Events(ctx, triggers.EventFilter{})
		faulttest.Must(b.t, err)
		settled := true
		for _, e := range events {
			if d := b.decided(e.ID); d.Status == triggers.Started {
				b.run(d.Run)
			}
			settled = settled && e.Status != triggers.Pending
		}
		if again, err := b.Events(ctx, triggers.EventFilter{}); settled && err == nil && len(again) == len(events) {
			return events
		}
	}
}

func TestCompletion(t *testing.T) {
	cases := map[string]struct {
		keys   string
		fail   bool
		org    string   // of the run that ends
		expect []string // organisations of the runs that follow
	}{
		"this runs for the MSP":                  {keys: "run_for: {this: true}", org: "contoso", expect: []string{"acme-msp"}},
		"managed runs for whose run it was":      {keys: "run_for: {all_managed: true}", org: "contoso", expect: []string{"contoso"}},
		"named, another's run":                   {keys: "run_for: {organisations: [northwind-dental]}", org: "contoso"},
		"this and others, another's run":         {keys: "run_for: {this: true, organisations: [northwind-dental]}", org: "contoso"},
		"only succeeded unless said":             {keys: "run_for: {this: true}", org: "contoso", fail: true},
		"failed":                                 {keys: "statuses: [failed], run_for: {this: true}", org: "contoso", fail: true, expect: []string{"acme-msp"}},
		"only of some organisations":             {keys: "organisations: [northwind-dental], run_for: {this: true}", org: "contoso"},
		"only of some organisations, one of its": {keys: "organisations: [contoso], run_for: {this: true}", org: "contoso", expect: []string{"acme-msp"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := setup(t, map[string]string{"w": worker, "l": listening(c.keys + ", " + passes)})
			org, err := b.orgs.BySlug(ctx, c.org)
			faulttest.Must(t, err)
			events := b.after(engine.Request{Workflow: "w", Organisation: org, Inputs: map[string]any{"fail": c.fail}})
			if len(events) != len(c.expect) {
				t.Fatalf("%d events: %+v", len(events), events)
			}
			for i, e := range events {
				run := b.run(e.Run)
				said, _ := run.Outputs["said"].(map[string]any)
				if e.Status != triggers.Started || run.Organisation != c.expect[i] || run.Outputs["org"] != c.expect[i] || run.Outputs["status"] != said["status"] {
					t.Errorf("%+v: the run is %s for %s with %v", e.Decision, run.Status, run.Organisation, run.Outputs)
				}
				of, _ := said["organisation"].(map[string]any)
				outputs, _ := said["outputs"].(map[string]any)
				if said["workflow"] != "w" || of["slug"] != c.org || outputs["n"] != int64(7) || fmt.Sprint(e.Causes) != "[w]" {
					t.Errorf("it saw %v, caused by %v", said, e.Causes)
				}
				if failed, _ := said["error"].(map[string]any); c.fail != (failed != nil) {
					t.Errorf("it saw the error %v", said["error"])
				}
			}
		})
	}
}

// TestCompletionOfSubWorkflows: their runs count as runs of their workflow.
func TestCompletionOfSubWorkflows(t *testing.T) {
	b := setup(t, map[string]string{"w": worker, "caller": "tasks: {a: {workflow: w}}\n", "l": listening("run_for: {this: true}, " + passes)})
	if events := b.after(engine.Request{Workflow: "caller", Organisation: b.contoso}); len(events) != 1 || events[0].Status != triggers.Started {
		t.Errorf("the events are %+v", events)
	}
}

// TestCirclesAreCutOff: a workflow that calls the one whose ends it waits for would go on for ever.
func TestCirclesAreCutOff(t *testing.T) {
	circling := "triggers:\n  - {name: after, type: completion, workflow: w, run_for: {all_managed: true}}\ntasks: {a: {action: core.noop}}\n"
	b := setup(t, map[string]string{"w": worker, "l": circling})
	end := func(workflow string, causes ...string) triggers.Event {
		return triggers.Event{Key: triggers.Key{Workflow: "l", Trigger: "after"}, Type: triggers.Completion, OrganisationID: b.contoso.ID,
			Data: map[string]any{"completed": map[string]any{}}, Causes: append(causes, workflow)}
	}
	if d := b.decide(end("w")); d.Status != triggers.Started {
		t.Fatalf("decided as %+v", d)
	}
	if d := b.decide(end("w", "l")); d.Status != triggers.Skipped || !strings.Contains(d.Why, "l → w → l") {
		t.Errorf("decided as %+v", d)
	}
	b.again()                                                                      // with nothing but what is on disk
	before := len(b.after(engine.Request{Workflow: "l", Organisation: b.contoso})) // nobody waits for its ends
	// A run of w that descends from an end of w: it is known by its causes.
	events := b.after(engine.Request{Workflow: "w", Organisation: b.contoso, Causes: []string{"w"}})
	if len(events) != before+1 || events[0].Status != triggers.Skipped || !strings.Contains(events[0].Why, "w → w → l") {
		t.Errorf("the events are %+v", events)
	}
}
