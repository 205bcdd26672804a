package engine_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// TestAQueueForRoomHoldsNoPlaces: a limit that organisations share is not held by those who cannot go anyway.
func TestAQueueForRoomHoldsNoPlaces(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	shared := []engine.Limit{{Key: "shared", Most: 1}}
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	second := b.start(engine.Request{Workflow: "w", Inputs: inputs(2), Limits: shared})
	other := b.start(engine.Request{Workflow: "w", Inputs: inputs(3), Limits: shared, Organisation: b.client})
	select {
	case <-target.arrived:
	case <-time.After(5 * time.Second):
		t.Fatal("one organisation's queue holds up another")
	}
	third := b.start(engine.Request{Workflow: "w", Inputs: inputs(4)})
	b.expect(b.show(other), flow.Running)
	b.expect(b.show(second), flow.Queued)
	target.let()
	for _, id := range []string{first, second, other, third} {
		b.expect(b.wait(id), flow.Succeeded)
	}
	if a, b := b.show(other), b.show(second); a.FinishedAt.After(*b.StartedAt) {
		t.Error("the limit was exceeded")
	}
}

// TestAPauseKeepsThePlace: who stood aside for a while comes before those who came later.
func TestAPauseKeepsThePlace(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	b.start(engine.Request{Workflow: "w", Inputs: inputs(0)})
	var ids []string
	for n := range 4 {
		ids = append(ids, b.start(engine.Request{Workflow: "w", Inputs: inputs(n + 1)}))
	}
	for _, id := range ids[1:3] {
		if err := b.engine.Pause(id); err != nil {
			t.Fatal(err)
		}
		if err := b.engine.Unpause(id); err != nil {
			t.Fatal(err)
		}
	}
	target.let()
	b.wentInOrder(target, 5)
}

func (b *bench) wentInOrder(target *target, runs int) {
	b.t.Helper()
	var want, got []string
	for n := range runs {
		want, got = append(want, fmt.Sprintf("GET /hold/%d", n)), append(got, <-target.arrived)
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("they went as %v", got)
	}
}

// TestTheOrderSurvivesAClockThatWasPutBack: after a restart, too, who came first goes first.
func TestTheOrderSurvivesAClockThatWasPutBack(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	for n := range 4 {
		b.start(engine.Request{Workflow: "w", Inputs: inputs(n), ID: fmt.Sprintf("0190a000-0000-7000-8000-00000000000%d", 9-n)})
	}
	<-target.arrived
	b.close()
	b.open(holding(target))
	if _, problems := b.engine.Recover(context.Background()); len(problems) > 0 {
		t.Fatal(problems)
	}
	target.let()
	b.wentInOrder(target, 4)
}

// TestNewRunsWaitForThoseOfBefore: what is submitted before Recover is counted behind what it takes up.
func TestNewRunsWaitForThoseOfBefore(t *testing.T) {
	target := newTarget(t)
	texts := limited(target, "1")
	texts["skips"] = "concurrency: {key: 1, when_full: skip}\ntasks: {a: {action: core.noop}}\n"
	b := setup(t, texts)
	b.start(engine.Request{Workflow: "w", Inputs: inputs(0)})
	<-target.arrived
	b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	b.close()
	b.options.Recovers = true
	b.open(texts)
	kept := make(chan string, 1)
	b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp, Inputs: inputs(2)}, func(id string, err error) {
		if err != nil {
			t.Error(err)
		}
		kept <- id
	})
	if resumed, problems := b.engine.Recover(context.Background()); len(resumed) != 2 || len(problems) > 0 {
		t.Fatal(resumed, problems)
	}
	id := <-kept
	b.expect(b.show(id), flow.Queued)
	target.let()
	b.wentInOrder(target, 3)
	b.expect(b.wait(id), flow.Succeeded)
}

// TestCloseAnswersThoseWhoWaitForRecover: nobody is left without an answer.
func TestCloseAnswersThoseWhoWaitForRecover(t *testing.T) {
	b := setupWith(t, map[string]string{"w": "tasks: {a: {action: core.noop}}\n"}, func(o *engine.Options) { o.Recovers = true })
	kept := make(chan error, 1)
	b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp}, func(_ string, err error) { kept <- err })
	b.engine.Close()
	if err := <-kept; fault.From(err).Code != fault.Interrupted {
		t.Error(err)
	}
}

// TestAPanicOfWhoStartedAQueuedRun: it is answered in the writer's goroutine.
func TestAPanicOfWhoStartedAQueuedRun(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp, Inputs: inputs(1)}, func(string, error) { panic("a starter that fails") })
	target.let()
	if err := b.engine.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if target.count("GET /hold/1") != 1 {
		t.Error("the run did not go")
	}
}

// TestWhatWaitsNoMoreIsForgotten: a run that somebody else has ended is not tried for ever.
func TestWhatWaitsNoMoreIsForgotten(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	ids := []string{b.start(engine.Request{Workflow: "w", Inputs: inputs(1)}), b.start(engine.Request{Workflow: "w", Inputs: inputs(2)})}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	for _, id := range ids {
		if _, err := b.history.EndQueued(ctx, id, flow.Cancelled, nil, time.Now(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.engine.Cancel(ids[0], ""); fault.From(err).Code != fault.Missing {
		t.Errorf("cancelled again: %v", err)
	}
	target.let()
	if err := b.engine.Drain(ctx); err != nil || b.engine.Queued().Total != 0 {
		t.Errorf("%v, %v wait", err, b.engine.Queued())
	}
}

// TestWhoComesBackToALogIsToldItsEnd: also where the log fills whole pages.
func TestWhoComesBackToALogIsToldItsEnd(t *testing.T) {
	b := setup(t, map[string]string{"w": "inputs: {n: integer}\ntasks:\n  a: {for_each: '${{ lists.range(inputs.n) }}', action: core.noop, next: b}\n  b: {action: core.delay, with: {duration: 1ms}}\n"})
	id := b.start(engine.Request{Workflow: "w", Inputs: inputs(254)})
	b.expect(b.wait(id), flow.Succeeded)
	seq, err := b.history.LastSeq(context.Background(), id)
	if err != nil || seq != 512 {
		t.Fatalf("the log has %d events, %v", seq, err)
	}
	told := false
	for u, err := range b.engine.Events(context.Background(), id, seq) {
		if err != nil {
			t.Fatal(err)
		}
		told = u.Status.Ended()
	}
	if !told {
		t.Error("the end was not told")
	}
}
