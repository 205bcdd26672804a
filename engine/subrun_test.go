package engine_test

import (
	"context"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/store"
)

// TestManySubRunsAreKeptWithTheirNames: a sub-workflow's run is kept in one transaction with the event that
// names it, however many begin at once; else a crash between the two would leave a run that nobody takes up.
func TestManySubRunsAreKeptWithTheirNames(t *testing.T) {
	b := setup(t, map[string]string{
		"parent": "tasks: {a: {for_each: {items: '${{ lists.range(600) }}', concurrency: 600}, workflow: child}}\n",
		"child":  "tasks: {a: {action: core.noop}}\n",
	})
	// Kept before its name means: at that moment the child is there and no event of the parent names it.
	var early int
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			var n int
			err := b.store.Write(context.Background(), func(tx *store.Tx) error {
				return tx.Get(&n, `SELECT count(*) FROM runs WHERE parent <> '' AND NOT EXISTS
					(SELECT 1 FROM events WHERE events.run = runs.parent AND json_extract(events.data, '$.subrun') = runs.id)`)
			})
			if err == nil {
				early = max(early, n)
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	b.expect(b.run(engine.Request{Workflow: "parent"}), flow.Succeeded)
	close(stop)
	<-done
	if early > 0 {
		t.Errorf("%d sub-runs were on disk before their names", early)
	}
}

// holdWriter keeps the store's writer busy until the function it gives is called.
func holdWriter(t *testing.T, b *bench) (release func()) {
	t.Helper()
	gate, holds := make(chan struct{}), make(chan struct{})
	b.store.Submit(func(*store.Tx) error {
		close(holds)
		<-gate
		return nil
	}, nil)
	<-holds
	return func() { close(gate) }
}

// TestACancelReachesASubRunThatHasNotBegun: the sub-run waits for its commit when the cancel comes.
func TestACancelReachesASubRunThatHasNotBegun(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{
		"parent": "tasks:\n  first: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: a}\n  a: {workflow: child}\n",
		"child":  "tasks: {w: {action: core.http_request, with: {method: POST, url: " + target.URL + "/write}}}\n",
	})
	asked := make(chan struct{}, 1)
	id := b.start(engine.Request{Workflow: "parent", Watch: func(u engine.Update) {
		for _, step := range u.Changed {
			if step.Name == "a" && step.Subrun != "" {
				asked <- struct{}{}
			}
		}
	}})
	<-target.arrived
	release := holdWriter(t, b)
	target.let()
	<-asked
	cancelled := make(chan error)
	go func() { cancelled <- b.engine.Cancel(id, "enough") }()
	time.Sleep(50 * time.Millisecond) // the cancel is in, or waits for the writer
	release()
	if err := <-cancelled; err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(id), flow.Cancelled)
	if n := target.count("POST /write"); n != 0 {
		t.Errorf("the sub-run of a cancelled run wrote %d times", n)
	}
}

// TestADeadlineThatPassedWhileNobodyRanReachesSubRuns: the parent's time was up before the restart.
func TestADeadlineThatPassedWhileNobodyRanReachesSubRuns(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"parent": "timeout: 300ms\ntasks: {a: {workflow: child}}\n",
		"child":  "tasks: {r: {action: core.delay, with: {duration: 1h}}, w: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n",
	}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "GET /hold", engine.Request{Workflow: "parent"})
	time.Sleep(300 * time.Millisecond)
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if status, err := b.engine.Wait(ctx, id); status != flow.TimedOut {
		t.Errorf("the run is %s: %v", status, err)
	}
}
