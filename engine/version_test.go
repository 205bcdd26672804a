package engine_test

import (
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault/faulttest"
)

// TestRunOfAText: a run that is asked for with a version of its own runs that, also where it waits for room or is left to
// the next process, and where the project has no such workflow.
func TestRunOfAText(t *testing.T) {
	target := newTarget(t)
	texts := holding(target)
	b := setupWith(t, texts, narrow)
	text := "inputs: {n: {type: integer, default: 0}}\ntasks: {r: {action: core.noop}}\noutputs: {n: '${{ inputs.n + 100 }}'}\n"
	tried, err := b.library.Compile("w", []byte(text))
	faulttest.Must(t, err)
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	waiting := b.start(engine.Request{Workflow: "w", Version: tried, Inputs: inputs(2)})
	unknown, err := b.library.Compile("not/yet", []byte(text))
	faulttest.Must(t, err)
	other := b.start(engine.Request{Workflow: "not/yet", Version: unknown, Inputs: inputs(3)})
	if d := b.show(waiting); d.Status != flow.Queued || d.Version != tried.Version {
		t.Errorf("it waits as %+v", d.Run)
	}
	b.close()
	b.open(texts)
	if _, problems := b.engine.Recover(t.Context()); len(problems) > 0 {
		t.Fatal(problems)
	}
	target.let()
	for id, n := range map[string]int64{first: 1, waiting: 102, other: 103} {
		b.expect(b.wait(id), flow.Succeeded)
		if got := b.show(id).Outputs["n"]; got != n {
			t.Errorf("%v, want %d", got, n)
		}
	}
	if d := b.show(other); d.Workflow != "not/yet" || d.Version != tried.Version {
		t.Errorf("%+v", d.Run)
	}
}
