package engine_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// family is a run with a sub-workflow, a loop of them, and a handler of its failure.
var family = map[string]string{
	"w":       "on_failure: handler\ntasks:\n  one: {workflow: sub, next: many}\n  many: {for_each: [1, 2], workflow: sub, next: wait}\n  wait: {action: core.delay, with: {duration: 20ms}, next: stop}\n  stop: {action: core.fail, with: {message: meant}}\n",
	"sub":     "tasks: {say: {action: core.set, with: {values: hello}}}\n",
	"handler": "tasks: {nap: {action: core.delay, with: {duration: 20ms}}}\n",
}

// toldOf is what updates tell in the end of each run: by workflow and the task that called it, the steps' states.
func toldOf(t *testing.T, updates []engine.Update) []string {
	t.Helper()
	known, last := map[string]bool{}, map[string]engine.Update{}
	steps := map[string]map[string]flow.Status{}
	for i, u := range updates {
		if i > 0 && !known[u.Run] && !known[u.Parent] {
			t.Errorf("%s is told of before the run that led to it", u.Workflow)
		}
		known[u.Run], last[u.Run] = true, u
		if steps[u.Run] == nil {
			steps[u.Run] = map[string]flow.Status{}
		}
		for _, s := range u.Changed {
			steps[u.Run][s.Name] = s.Status
		}
	}
	var said []string
	for id, u := range last {
		line := u.Workflow + " by " + u.Task + " " + string(u.Status)
		for _, name := range []string{"one", "many", "wait", "stop", "say", "nap"} {
			if status, ok := steps[id][name]; ok {
				line += ", " + name + " " + string(status)
			}
		}
		said = append(said, line)
	}
	slices.Sort(said)
	return said
}

var wholeFamily = []string{"handler by  succeeded, nap succeeded", "sub by many succeeded, say succeeded", "sub by many succeeded, say succeeded", "sub by one succeeded, say succeeded",
	"w by  failed, one succeeded, many succeeded, wait succeeded, stop failed"}

// TestWholeTellsOfTheFamily: whoever comes, at whatever moment, is told of all runs, and when all have ended; so is
// the one who asked for the run.
func TestWholeTellsOfTheFamily(t *testing.T) {
	b := setup(t, family)
	asked := engine.NewWatching()
	id := b.start(engine.Request{Workflow: "w", Watch: asked.Watch, Over: asked.Over})
	for range 2 { // while it goes on, and when it has ended
		var all []engine.Update
		for u, err := range b.engine.Whole(context.Background(), id) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, u)
		}
		if diff := cmp.Diff(wholeFamily, toldOf(t, all)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(wholeFamily, toldOf(t, slices.Collect(asked.Updates(context.Background())))); diff != "" {
		t.Error(diff)
	}
}

// TestWholeOfAPart: of a sub-workflow's run nothing is told that is not its own; of no run, that there is none; of one
// that nobody works on, that it was left.
func TestWholeOfAPart(t *testing.T) {
	texts := map[string]string{
		"w":   "tasks: {a: {workflow: sub}, b: {action: core.delay, with: {duration: 1h}}}\n",
		"sub": "tasks: {nap: {action: core.delay, with: {duration: 1h}}}\n",
	}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	var sub string
	for u, err := range b.engine.Whole(context.Background(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if u.Workflow == "sub" && len(u.Changed) > 0 && u.Changed[0].Status == flow.Waiting {
			sub = u.Run
			break
		}
	}
	for u, err := range b.engine.Whole(context.Background(), sub) {
		if err != nil || u.Run != sub {
			t.Fatalf("%+v %v", u, err)
		}
		if u.Status.Ended() {
			continue
		}
		if err := b.engine.Cancel(id, "enough"); err != nil && fault.From(err).Code != fault.Missing {
			t.Fatal(err)
		}
	}
	for _, err := range b.engine.Whole(context.Background(), "0190a000-0000-7000-8000-000000000000") {
		if fault.From(err).Code != fault.Missing {
			t.Errorf("of no run: %v", err)
		}
	}
	left := b.start(engine.Request{Workflow: "w"})
	b.close()
	b.open(texts)
	var end error
	for _, err := range b.engine.Whole(context.Background(), left) {
		end = err
	}
	if fault.From(end).Code != fault.Interrupted {
		t.Errorf("of one that was left: %v", end)
	}
}
