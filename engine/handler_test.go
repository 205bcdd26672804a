package engine_test

import (
	"context"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
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

// TestARunKnowsWhoHandledIt: each end of it that was a failure, without the runs of its sub-workflows.
func TestARunKnowsWhoHandledIt(t *testing.T) {
	ctx := context.Background()
	b := setup(t, map[string]string{
		"w":       "on_failure: handler\ntasks: {part: {workflow: part, next: a}, a: {action: core.fail, with: {message: no}}}\n",
		"part":    "tasks: {a: {action: core.noop}}\n",
		"handler": "tasks: {a: {action: core.noop}}\n",
		"good":    "on_failure: handler\ntasks: {a: {action: core.noop}}\n",
	})
	handlers := func(id string) []history.Run {
		t.Helper()
		faulttest.Must(t, b.engine.Drain(ctx))
		of, err := b.history.HandlersOf(ctx, id)
		faulttest.Must(t, err)
		return of
	}
	failed := b.run(engine.Request{Workflow: "w"})
	first := handlers(failed.ID)
	if len(first) != 1 || first[0].Workflow != "handler" || first[0].Status != flow.Succeeded || first[0].Parent != failed.ID {
		t.Fatalf("%+v", first)
	}
	b.expect(b.again(engine.ResumeRequest{Run: failed.ID}), flow.Failed)
	if again := handlers(failed.ID); len(again) != 2 || again[0].ID != first[0].ID {
		t.Errorf("when it has failed again: %+v", again)
	}
	for _, id := range []string{b.run(engine.Request{Workflow: "good"}).ID, first[0].ID} {
		if of := handlers(id); len(of) != 0 {
			t.Errorf("nothing failed in %s, and it was handled by %+v", id, of)
		}
	}
}
