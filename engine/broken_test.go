package engine_test

import (
	"context"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/store"
)

// TestARunThatBreaksOffGivesItsWorkersFree: its write never goes out, and others can go on.
func TestARunThatBreaksOffGivesItsWorkersFree(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"w":     "tasks:\n  r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: p}\n  p: {action: core.http_request, with: {method: POST, url: " + target.URL + "/write}}\n",
		"other": "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/other}}}\n",
	}
	b := setup(t, texts)
	b.close()
	b.options.Workers = 1
	b.open(texts)
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	err := b.store.Write(context.Background(), func(tx *store.Tx) error { // what comes next cannot be kept
		_, err := tx.Exec(`INSERT INTO events (run, seq, at, kind, data) SELECT run, max(seq) + 1, at, kind, data FROM events WHERE run = ?`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	target.let()
	if _, err := b.engine.Wait(context.Background(), id); err == nil {
		t.Error("the run was not broken off")
	}
	other := b.start(engine.Request{Workflow: "other"})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if status, err := b.engine.Wait(ctx, other); status != flow.Succeeded {
		t.Errorf("another run is %s: %v", status, err)
	}
	if n := target.count("POST /write"); n != 0 {
		t.Errorf("a write that is not in the history was made %d times", n)
	}
}

// TestAPauseThatEndedReachesSubRunsAfterARestart: the process ended after the parent was told, and before
// the sub-workflow's run was.
func TestAPauseThatEndedReachesSubRunsAfterARestart(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"parent": "tasks: {a: {workflow: child}}\n",
		"child":  "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: n}, n: {action: core.noop}}\n",
	}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "parent"})
	<-target.arrived
	child := taskOf(b.show(id), "a").Subrun
	if err := b.engine.Pause(id); err != nil {
		t.Fatal(err)
	}
	for b.show(child).Status != flow.Paused {
		time.Sleep(time.Millisecond)
	}
	if err := b.engine.Unpause(id); err != nil {
		t.Fatal(err)
	}
	b.engine.Close()
	err := b.store.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM events WHERE run = ? AND kind = 'resume_requested'`, child)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.close()
	target.let()
	b.open(texts)
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if status, err := b.engine.Wait(ctx, id); status != flow.Succeeded {
		t.Errorf("the run is %s: %v", status, err)
	}
}
