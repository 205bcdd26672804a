package engine_test

import (
	"slices"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
)

// old removes all that is older than a day, a year from now.
func (b *bench) old() {
	b.t.Helper()
	_, err := b.history.Prune(b.t.Context(), history.Retention{Now: time.Now().AddDate(1, 0, 0), Rule: func(string) history.Rule { return history.Rule{For: 24 * time.Hour} }})
	faulttest.Must(b.t, err)
}

// left gives the runs that there are, those that others started as well.
func (b *bench) left() (ids []string) {
	b.t.Helper()
	runs, err := b.history.Runs(b.t.Context(), history.Filter{Children: true})
	faulttest.Must(b.t, err)
	for i := range runs {
		ids = append(ids, runs[i].ID)
	}
	return ids
}

// TestOldRunsGoWhole: nothing is removed of what goes on, waits, waits to begin, or was taken up again, nor what such a run
// led to; once all has ended, no table knows of any of them.
func TestOldRunsGoWhole(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"w":      holding(target)["w"],
		"child":  "tasks: {a: {action: core.http_request, with: {method: GET, url: " + target.URL + "/child}}}\n",
		"parent": "tasks: {a: {workflow: child, next: b}, b: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold/parent}}}\n",
		"breaks": "on_failure: {workflow: child}\ntasks: {a: {action: core.fail, with: {message: Broken}}}\n",
		"asks":   "tasks: {a: {action: core.ask, with: {question: Buy?, buttons: [buy], who: {users: [dana]}}}}\n",
		"hooks":  "tasks: {first: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold/hooks}, next: came}, came: {action: core.wait_for_webhook, with: {verify: none, methods: [POST]}}}\n",
	}
	b := setupWith(t, texts, func(o *engine.Options) { o.Room = engine.Room{Runs: 3, Own: 3} })
	asks := b.start(engine.Request{Workflow: "asks"})
	b.follow(asks, func(u engine.Update) bool { return u.Status == flow.Waiting })
	breaks := b.run(engine.Request{Workflow: "breaks"}).ID // with its handler
	var going []string
	for _, workflow := range []string{"parent", "hooks", "w"} {
		going = append(going, b.start(engine.Request{Workflow: workflow}))
	}
	for arrived := map[string]bool{}; !arrived["GET /hold/parent"] || !arrived["GET /hold/hooks"] || !arrived["GET /hold/0"]; {
		arrived[<-target.arrived] = true
	}
	faulttest.Must(t, b.engine.Deliver(t.Context(), engine.Delivery{Run: going[1], Task: "came", Item: flow.NoItem, Result: map[string]any{"body": "early"}}))
	if b.count("SELECT count(*) FROM early_deliveries") != 1 || b.count("SELECT count(*) FROM open_waits") != 1 {
		t.Fatal("nothing waits")
	}
	queued := b.start(engine.Request{Workflow: "w", Inputs: inputs(1), TriggerData: map[string]any{"body": text(100_000)}})
	cancelled := b.start(engine.Request{Workflow: "w", Inputs: inputs(2), TriggerData: map[string]any{"body": text(100_000)}})
	faulttest.Must(t, b.engine.Cancel(cancelled, "not needed"))
	before := b.left()
	b.old()
	after := b.left()
	if len(before)-len(after) != 3 || slices.Contains(after, breaks) || slices.Contains(after, cancelled) { // the one that failed, its handler, the cancelled one
		t.Fatalf("of %v are left %v", before, after)
	}
	for _, id := range append(going, asks, queued) {
		if !slices.Contains(after, id) {
			t.Errorf("run %s, which has not ended, is gone", id)
		}
	}
	for _, id := range after { // with all that is known of them, the child of the parent that goes on as well
		if _, err := b.history.Load(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	target.let()
	for _, id := range append(going, queued) {
		b.expect(b.wait(id), flow.Succeeded)
	}
	faulttest.Must(t, b.engine.Cancel(asks, "enough"))
	b.wait(asks)
	faulttest.Must(t, b.engine.Resume(t.Context(), engine.ResumeRequest{Run: asks, By: "ann"})) // and taken up again
	b.follow(asks, func(u engine.Update) bool { return u.Status == flow.Waiting })
	b.old()
	if got := b.left(); !slices.Equal(got, []string{asks}) {
		t.Errorf("left are %v, want %s alone, which was taken up again", got, asks)
	}
	faulttest.Must(t, b.engine.Cancel(asks, "enough"))
	b.wait(asks)
	b.old()
	b.nothingLeft()
}
