package engine_test

import (
	"strings"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// small bounds a run to 1 KiB a value and 2 KiB together.
func small(o *engine.Options) { o.Bounds = engine.Bounds{MaxValue: 1 << 10, MaxRun: 2 << 10} }

// text is one of n bytes as JSON.
func text(n int) string { return strings.Repeat("x", n-2) }

// TestOutputsAreBounded: those of a run, and of a sub-workflow, which are the result of the task that calls it.
func TestOutputsAreBounded(t *testing.T) {
	texts := map[string]string{
		"one":   "inputs: {s: {type: string}}\noutputs: {fine: ok, long: '${{ inputs.s + inputs.s }}'}\ntasks: {a: {action: core.noop}}\n",
		"all":   "inputs: {s: {type: string}}\noutputs: {a: '${{ inputs.s }}', b: '${{ inputs.s }}', c: '${{ inputs.s }}'}\ntasks: {a: {action: core.noop}}\n",
		"two":   "inputs: {s: {type: string}}\noutputs: {a: '${{ inputs.s }}', b: '${{ inputs.s }}'}\ntasks: {a: {action: core.noop}}\n",
		"calls": "inputs: {s: {type: string}}\ntasks: {a: {workflow: two, with: {s: '${{ inputs.s }}'}}}\n",
	}
	b := setupWith(t, texts, small)
	for _, c := range []struct{ workflow, says string }{
		{"one", "output long is larger than 1 KiB"}, {"all", "the outputs are larger than 2 KiB together"}, {"calls", "the result is larger than 1 KiB"},
	} {
		d := b.run(engine.Request{Workflow: c.workflow, Inputs: map[string]any{"s": text(900)}})
		b.expect(d, flow.Failed)
		if d.Error.Code != fault.TooLarge || !strings.Contains(d.Error.Message, c.says) || d.Error.Hint == "" {
			t.Errorf("%s ended with %s: %v", c.workflow, d.Error.Code, d.Error)
		}
		if c.workflow == "one" && (d.Outputs["fine"] != "ok" || d.Outputs["long"] != nil) {
			t.Errorf("outputs %v", d.Outputs)
		}
	}
	b.expect(b.run(engine.Request{Workflow: "two", Inputs: map[string]any{"s": text(900)}}), flow.Succeeded)
}

// TestOutputsThatWereTooLarge: where the bound was raised, resuming gives them; the log goes on telling the end that was.
func TestOutputsThatWereTooLarge(t *testing.T) {
	texts := map[string]string{"w": "inputs: {s: {type: string}}\noutputs: {long: '${{ inputs.s + inputs.s }}'}\ntasks: {a: {action: core.noop}}\n"}
	b := setupWith(t, texts, small)
	id := b.run(engine.Request{Workflow: "w", Inputs: map[string]any{"s": text(900)}}).ID
	b.close()
	b.options.Bounds = engine.Bounds{}
	b.open(texts)
	plan, err := b.engine.PlanResume(t.Context(), engine.ResumeRequest{Run: id, By: "ann"})
	if err != nil || len(plan.Steps) != 1 || plan.Steps[0].What != string(flow.ReopenOutputs) {
		t.Fatalf("%+v %v", plan, err)
	}
	if err := b.engine.Resume(t.Context(), engine.ResumeRequest{Run: id, By: "ann"}); err != nil {
		t.Fatal(err)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if long, _ := d.Outputs["long"].(string); len(long) != 2*898 {
		t.Errorf("outputs %v", d.Outputs)
	}
}

// TestWhatARunBeginsWithIsBounded: an input, all inputs together, and the trigger's data; nothing is kept of what is refused.
func TestWhatARunBeginsWithIsBounded(t *testing.T) {
	b := setupWith(t, map[string]string{"w": "inputs: {a: {type: string, default: ''}, b: {type: string, default: ''}, c: {type: string, default: ''}}\ntasks: {a: {action: core.noop}}\n"}, small)
	for _, c := range []struct {
		req  engine.Request
		says string
	}{
		{engine.Request{Inputs: map[string]any{"a": text(1025)}}, "its input a is larger than 1 KiB"},
		{engine.Request{Inputs: map[string]any{"a": text(900), "b": text(900), "c": text(900)}}, "its inputs are larger than 2 KiB together"},
		{engine.Request{TriggerData: map[string]any{"body": text(1025)}}, "what its trigger gives is larger than 1 KiB"},
	} {
		c.req.Workflow, c.req.Organisation = "w", b.msp
		_, err := b.engine.Start(t.Context(), c.req)
		if f := fault.From(err); err == nil || f.Code != fault.TooLarge || !strings.Contains(f.Message, c.says) || f.Hint == "" {
			t.Errorf("%v", err)
		}
	}
	if n := b.count("SELECT count(*) FROM runs"); n != 0 {
		t.Errorf("%d runs are kept", n)
	}
}

// TestLargeTriggerData of a run that waits stands beside the rows, comes back whole, and is kept with a run that is cancelled
// before it began, for who repeats it.
func TestLargeTriggerData(t *testing.T) {
	target := newTarget(t)
	w := map[string]string{"w": "inputs: {n: {type: integer, default: 0}}\n" +
		"tasks: {r: {action: core.http_request, with: {method: GET, url: '" + target.URL + "/hold/${{ inputs.n }}'}}}\noutputs: {seen: '${{ trigger.?body.orValue(\"\").size() }}'}\n"}
	b := setupWith(t, w, narrow)
	b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	data := map[string]any{"body": text(1 << 20)}
	begins := b.start(engine.Request{Workflow: "w", Inputs: inputs(1), TriggerData: data})
	cancelled := b.start(engine.Request{Workflow: "w", Inputs: inputs(2), TriggerData: data})
	if n := b.count("SELECT max(length(trigger_data)) FROM queued_runs"); n != 0 {
		t.Errorf("a row of %d bytes waits", n)
	}
	if err := b.engine.Cancel(cancelled, "not needed"); err != nil {
		t.Fatal(err)
	}
	b.close() // and a new process reads it
	b.open(w)
	if n := b.count("SELECT max(length(settings)) FROM runs"); n > 1000 {
		t.Errorf("a row has settings of %d bytes", n)
	}
	target.let()
	if _, problems := b.engine.Recover(t.Context()); len(problems) > 0 {
		t.Fatal(problems)
	}
	again, err := b.engine.Rerun(t.Context(), engine.RerunRequest{Run: cancelled})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{begins, again} {
		d := b.wait(id)
		b.expect(d, flow.Succeeded)
		if d.Outputs["seen"] != int64(1<<20-2) {
			t.Errorf("outputs %v", d.Outputs)
		}
	}
	if n := b.count("SELECT count(*) FROM payloads WHERE part < -1 AND run <> '" + cancelled + "'"); n != 0 {
		t.Errorf("%d payloads of runs that have begun are left in the queue", n)
	}
}

func (b *bench) count(query string) (n int) {
	b.t.Helper()
	if err := b.store.Read().Get(&n, query); err != nil {
		b.t.Fatal(err)
	}
	return n
}
