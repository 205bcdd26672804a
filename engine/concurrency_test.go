package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// limited is the holding workflow with a limit.
func limited(target *target, limit string) map[string]string {
	texts := holding(target)
	texts["w"] = "concurrency: " + limit + "\n" + texts["w"]
	return texts
}

func TestConcurrencyQueues(t *testing.T) {
	target := newTarget(t)
	b := setup(t, limited(target, "2"))
	var ids []string
	for n := range 4 {
		ids = append(ids, b.start(engine.Request{Workflow: "w", Inputs: inputs(n)}))
	}
	other := b.start(engine.Request{Workflow: "w", Inputs: inputs(9), Organisation: b.client})
	for range 3 {
		<-target.arrived
	}
	for i, want := range []flow.Status{flow.Running, flow.Running, flow.Queued, flow.Queued} {
		b.expect(b.show(ids[i]), want)
	}
	b.expect(b.show(other), flow.Running) // each organisation has a limit of its own
	target.let()
	for _, id := range ids {
		b.expect(b.wait(id), flow.Succeeded)
	}
	for _, want := range []string{"GET /hold/2", "GET /hold/3"} {
		if got := <-target.arrived; got != want && target.count(want) != 1 {
			t.Errorf("%s came", got)
		}
	}
}

func TestConcurrencyByKeySkips(t *testing.T) {
	target := newTarget(t)
	b := setup(t, limited(target, "{key: '${{ inputs.n }}', when_full: skip}"))
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	b.start(engine.Request{Workflow: "w", Inputs: inputs(2)})
	_, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Inputs: inputs(1), Organisation: b.client})
	if f := fault.From(err); f.Code != fault.Skipped || !strings.Contains(f.Message, first) || f.Hint == "" {
		t.Errorf("refused as %+v", f)
	}
	target.let()
	b.wait(first)
	b.expect(b.run(engine.Request{Workflow: "w", Inputs: inputs(1), Organisation: b.client}), flow.Succeeded)
	if runs, _ := b.history.Runs(context.Background(), historyAll); len(runs) != 3 {
		t.Errorf("%d runs were kept", len(runs))
	}
}

// TestConcurrencyCancelsWhatRuns: the newest takes the place of what goes, and of what waits for it.
func TestConcurrencyCancelsWhatRuns(t *testing.T) {
	target := newTarget(t)
	b := setup(t, limited(target, "{when_full: cancel_running}"))
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	second := b.start(engine.Request{Workflow: "w", Inputs: inputs(2)})
	third := b.start(engine.Request{Workflow: "w", Inputs: inputs(3)})
	d := b.wait(first)
	b.expect(d, flow.Cancelled)
	if want := "the run was cancelled: run " + second + " takes its place"; d.Error.Message != want {
		t.Errorf("%q, want %q", d.Error.Message, want)
	}
	b.expect(b.wait(second), flow.Cancelled)
	target.let()
	b.expect(b.wait(third), flow.Succeeded)
}

func TestARefusedRunCancelsNobody(t *testing.T) {
	target := newTarget(t)
	b := setup(t, limited(target, "{when_full: cancel_running}"))
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	_, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp, Also: refuse})
	if fault.From(err).Code != fault.Exists {
		t.Fatal(err)
	}
	target.let()
	b.expect(b.wait(first), flow.Succeeded)
}

// TestLimitsOfRequests: limits that several workflows share, beside a workflow's own.
func TestLimitsOfRequests(t *testing.T) {
	target := newTarget(t)
	texts := limited(target, "5")
	texts["v"] = texts["w"]
	b := setup(t, texts)
	limit := []engine.Limit{{Key: "shared", Most: 1}}
	first := b.start(engine.Request{Workflow: "w", Limits: limit, Inputs: inputs(1)})
	second := b.start(engine.Request{Workflow: "v", Limits: limit, Inputs: inputs(2), Organisation: b.client})
	third := b.start(engine.Request{Workflow: "w", Inputs: inputs(3)})
	<-target.arrived
	<-target.arrived
	b.expect(b.show(second), flow.Queued)
	b.expect(b.show(third), flow.Running)
	skip := []engine.Limit{{Key: "shared", Most: 1, WhenFull: engine.Skip}}
	if _, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp, Limits: skip}); fault.From(err).Code != fault.Skipped {
		t.Errorf("not skipped: %v", err)
	}
	target.let()
	b.expect(b.wait(first), flow.Succeeded)
	b.expect(b.wait(second), flow.Succeeded)
}

// TestLimitsCountAfterARestart: what goes, and what waits for a time, still has its place.
func TestLimitsCountAfterARestart(t *testing.T) {
	texts := map[string]string{"w": "concurrency: 1\ninputs: {d: {type: string, default: 1h}}\ntasks: {a: {action: core.delay, with: {duration: '${{ inputs.d }}'}}}\n"}
	b := setup(t, texts)
	first := b.start(engine.Request{Workflow: "w"})
	b.follow(first, func(u engine.Update) bool { return u.Status == flow.Waiting })
	second := b.start(engine.Request{Workflow: "w", Inputs: map[string]any{"d": "1ms"}})
	b.close()
	b.open(texts)
	if resumed, problems := b.engine.Recover(context.Background()); len(resumed) != 2 || len(problems) > 0 {
		t.Fatal(resumed, problems)
	}
	third := b.start(engine.Request{Workflow: "w", Inputs: map[string]any{"d": "1ms"}})
	b.expect(b.show(second), flow.Queued)
	if err := b.engine.Cancel(first, ""); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(second), flow.Succeeded)
	b.expect(b.wait(third), flow.Succeeded)
	if d := b.show(second); d.FinishedAt.After(*b.show(third).StartedAt) {
		t.Error("they did not go one after the other")
	}
}

func TestAKeyThatCannotBeEvaluatedRefusesTheRun(t *testing.T) {
	target := newTarget(t)
	b := setup(t, limited(target, "{key: '${{ 10 / inputs.n }}'}"))
	_, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp})
	if f := fault.From(err); f.Code != fault.Expression || !strings.HasPrefix(f.Message, "the key of concurrency: ") {
		t.Errorf("%v", fmt.Sprint(err))
	}
}
