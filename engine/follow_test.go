package engine_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/store"
)

// all gathers a run's updates until its end.
func (b *bench) all(id string, after int) []engine.Update {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var out []engine.Update
	for u, err := range b.engine.Events(ctx, id, after) {
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, u)
	}
	if ctx.Err() != nil {
		b.t.Fatalf("run %s: the updates did not end: %+v", id, out)
	}
	return out
}

// steps is what updates together say of each execution: "name status".
func steps(updates []engine.Update) []string {
	last := map[int]engine.Step{}
	for _, u := range updates {
		for _, s := range u.Changed {
			last[s.ID] = s
		}
	}
	var out []string
	for id := range len(last) {
		out = append(out, last[id].Name+" "+string(last[id].Status))
	}
	return out
}

func TestEventsOfAnEndedRun(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks:\n  a: {action: core.noop, next: [b, c]}\n  b: {action: core.noop}\n  c: {action: core.fail, with: {message: no}, next: [{when: failed, do: noop}]}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.wait(id)
	want := []string{"a succeeded", "b succeeded", "c failed"}
	whole := b.all(id, 0)
	last := whole[len(whole)-1]
	if diff := cmp.Diff(want, steps(whole)); diff != "" || last.Status != flow.Succeeded || last.Organisation != "acme-msp" || last.Finished.IsZero() {
		t.Errorf("%+v: %s", last, diff)
	}
	for after := range last.Seq + 2 { // wherever a reader goes on, it ends with the end, and hears only of what came after
		rest := b.all(id, after)
		end := rest[len(rest)-1]
		if end.Status != flow.Succeeded || end.Seq != last.Seq {
			t.Errorf("after %d it ends with %+v", after, end)
		}
		if after >= last.Seq && len(steps(rest)) != 0 {
			t.Errorf("after %d it tells %v", after, steps(rest))
		}
	}
	for _, err := range b.engine.Events(context.Background(), "0190a000-0000-7000-8000-000000000000", 0) {
		if fault.From(err).Code != fault.Missing {
			t.Errorf("of no run: %v", err)
		}
	}
}

// TestManyFollowARunFromQueueToEnd: each hears everything, at its own pace; the run waits for none of them.
func TestManyFollowARunFromQueueToEnd(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	first := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	id := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	var readers, begun sync.WaitGroup
	for i := range 40 {
		begun.Add(1)
		readers.Go(func() {
			var heard []engine.Update
			for u, err := range b.engine.Events(context.Background(), id, 0) {
				if err != nil {
					t.Error(err)
				}
				if heard = append(heard, u); len(heard) == 1 {
					begun.Done()
				}
				if i%2 == 1 {
					_, _ = b.engine.Wait(context.Background(), id) // a reader that sleeps until all is over
				}
			}
			if got := steps(heard); !slices.Equal(got, []string{"r succeeded"}) || heard[0].Status != flow.Queued || heard[0].Seq != 0 || heard[len(heard)-1].Status != flow.Succeeded {
				t.Errorf("reader %d heard %+v", i, heard)
			}
		})
	}
	begun.Wait()
	target.let()
	b.wait(first)
	b.wait(id)
	readers.Wait()
}

func TestEventsOfARunThatWasCancelledInTheQueue(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	id := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	heard := make(chan []engine.Update)
	go func() { heard <- b.all(id, 0) }()
	if err := b.engine.Cancel(id, ""); err != nil {
		t.Fatal(err)
	}
	updates := <-heard
	if last := updates[len(updates)-1]; last.Status != flow.Cancelled || last.Error == nil {
		t.Errorf("%+v", updates)
	}
}

// TestEventsHoldNoRedactedValue, although the state machine needs them to find the way: also after a restart,
// and when the workflow has gone and its old version does not check any more.
func TestEventsHoldNoRedactedValue(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"sub": "tasks: {a: {action: core.noop}}\n",
		"w": `
tasks:
  a: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/x}, redact: [result.body.password], next: [{when: "result.body.password == 'hunter2'", do: b}]}
  b: {workflow: sub}
`}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	b.wait(id)
	want := []string{"a succeeded", "b succeeded"}
	look := func(when string) {
		t.Helper()
		updates := b.all(id, 0)
		text, err := json.Marshal(updates)
		if diff := cmp.Diff(want, steps(updates)); diff != "" || err != nil || strings.Contains(string(text), "hunter2") {
			t.Errorf("%s: %s %v %s", when, diff, err, text)
		}
	}
	look("at once")
	b.close()
	b.open(texts)
	look("after a restart")
	b.close()
	b.open(map[string]string{"else": "tasks: {a: {action: core.noop}}\n"})
	look("without the workflow")
}

func TestEventsEndWhenTheEngineCloses(t *testing.T) {
	target := newTarget(t)
	b := setup(t, holding(target))
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	heard := make(chan error)
	go func() {
		var last error
		for _, err := range b.engine.Events(context.Background(), id, 0) {
			last = err
		}
		heard <- last
	}()
	b.engine.Close()
	if err := <-heard; fault.From(err).Code != fault.Interrupted {
		t.Errorf("it ended with %v", err)
	}
}

// TestObserveHearsOfEveryRun: also of sub-workflows' and of those that wait, once it is on disk.
func TestObserveHearsOfEveryRun(t *testing.T) {
	var mu sync.Mutex
	heard := map[string][]flow.Status{}
	var b *bench
	b = setupWith(t, map[string]string{
		"w":   "concurrency: 1\ntasks: {a: {workflow: sub}}\n",
		"sub": "tasks: {a: {action: core.delay, with: {duration: 1ms}}}\n",
	}, func(o *engine.Options) {
		o.Observe = func(u engine.Update) {
			mu.Lock()
			defer mu.Unlock()
			if len(heard[u.Workflow]) == 0 || heard[u.Workflow][len(heard[u.Workflow])-1] != u.Status {
				heard[u.Workflow] = append(heard[u.Workflow], u.Status)
			}
			if detail, err := b.history.Show(context.Background(), u.Run); err != nil || u.Status.Ended() && detail.Status != u.Status {
				t.Errorf("told of %+v before it was on disk: %v", u, err)
			}
		}
	})
	b.run(engine.Request{Workflow: "w"})
	b.close()
	want := map[string][]flow.Status{"w": {flow.Running, flow.Succeeded}, "sub": {flow.Running, flow.Waiting, flow.Succeeded}}
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff(want["w"], heard["w"]); diff != "" {
		t.Error(diff)
	}
	if got := heard["sub"]; len(got) == 0 || got[len(got)-1] != flow.Succeeded {
		t.Errorf("of the sub-workflow's run: %v", got)
	}
}

// TestEndedIsToldInTheSameTransaction: of every run, with what led to it; and a listener that fails neither
// loses the run's end nor misses it.
func TestEndedIsToldInTheSameTransaction(t *testing.T) {
	texts := map[string]string{
		"w":   "tasks: {a: {workflow: sub}}\noutputs: {x: '${{ 7 }}'}\n",
		"sub": "tasks: {a: {action: core.noop}}\n",
	}
	mood := "fails"
	b := setupWith(t, texts, func(o *engine.Options) {
		o.Ended = func(tx *store.Tx, end engine.Ended) error {
			if _, err := tx.Exec("INSERT INTO heard (run, causes, status) VALUES (?, ?, ?)", end.Run.ID, strings.Join(end.Causes, ","), string(end.Run.Status)); err != nil {
				return err
			}
			if end.Run.Workflow == "w" && end.Run.Outputs["x"] != int64(7) {
				return fault.New(fault.Internal, "it ended with %v", end.Run.Outputs)
			}
			switch mood {
			case "fails":
				return fault.New(fault.Storage, "not now")
			case "panics":
				panic("not now")
			}
			return nil
		}
	})
	ctx := context.Background()
	if err := b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE heard (run TEXT PRIMARY KEY, causes TEXT, status TEXT)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	heard := func() (ids []string) {
		t.Helper()
		if err := b.store.Read().Select(&ids, "SELECT run || ' ' || causes || ' ' || status FROM heard ORDER BY run"); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	first := b.run(engine.Request{Workflow: "w", Causes: []string{"x", "y"}})
	b.expect(first, flow.Succeeded)
	mood = "panics"
	second := b.run(engine.Request{Workflow: "w"})
	b.expect(second, flow.Succeeded)
	if got := heard(); len(got) != 0 {
		t.Errorf("what a failing listener wrote was kept: %v", got)
	}
	mood = "hears"
	b.close()
	b.open(texts)
	if _, problems := b.engine.Recover(ctx); len(problems) > 0 {
		t.Fatal(problems)
	}
	third := b.run(engine.Request{Workflow: "w"})
	want := []string{first.ID + " x,y succeeded", taskOf(first, "a").Subrun + " x,y succeeded", second.ID + "  succeeded", taskOf(second, "a").Subrun + "  succeeded",
		third.ID + "  succeeded", taskOf(third, "a").Subrun + "  succeeded"}
	if diff := cmp.Diff(want, heard()); diff != "" {
		t.Error(diff)
	}
	if left, err := b.history.Untold(ctx); err != nil || len(left) > 0 {
		t.Errorf("still to be told: %v %v", left, err)
	}
}
