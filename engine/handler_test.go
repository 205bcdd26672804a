package engine_test

import (
	"context"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
)

// TestEachFailureIsHandledWithItsOwnFacts: what one run's handler was given must not reach the next one's.
func TestEachFailureIsHandledWithItsOwnFacts(t *testing.T) {
	b := setup(t, map[string]string{
		"w":       "on_failure: {workflow: handler, with: {note: fixed}}\ntasks: {a: {action: core.fail, with: {message: no}}}\n",
		"handler": "inputs: {note: string, failed_run: any}\ntasks: {a: {action: core.noop}}\noutputs: {of: '${{ inputs.failed_run.id }}'}\n",
	})
	for range 2 {
		id := b.start(engine.Request{Workflow: "w"})
		b.expect(b.wait(id), flow.Failed)
		if err := b.engine.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		runs, err := b.history.Runs(context.Background(), history.Filter{Children: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range runs {
			if run.Parent != id {
				continue
			}
			if of := b.show(run.ID).Outputs["of"]; of != id {
				t.Errorf("the handler of %s was told of %v", id, of)
			}
		}
	}
}
