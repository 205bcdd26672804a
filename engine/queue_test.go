package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// setupWith is setup with other options.
func setupWith(t *testing.T, texts map[string]string, change func(*engine.Options)) *bench {
	t.Helper()
	b := setup(t, texts)
	b.close()
	change(&b.options)
	b.open(texts)
	return b
}

// narrow leaves room for one run of each organisation.
func narrow(o *engine.Options) { o.Room = engine.Room{Runs: 1, Own: 1} }

// holding is a workflow whose runs wait for the target, named by their input.
func holding(target *target) map[string]string {
	return map[string]string{"w": "inputs: {n: {type: integer, default: 0}}\n" +
		"tasks: {r: {action: core.http_request, with: {method: GET, url: '" + target.URL + "/hold/${{ inputs.n }}'}}}\n" +
		"outputs: {n: '${{ inputs.n }}', kind: \"${{ org.vars.?kind.orValue('none') }}\", seen: '${{ trigger.?seen.orValue(0) }}'}\n"}
}

func inputs(n int) map[string]any { return map[string]any{"n": int64(n)} }

// follow waits until a run's updates show what is wanted.
func (b *bench) follow(id string, wanted func(engine.Update) bool) engine.Update {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for u, err := range b.engine.Events(ctx, id, 0) {
		if err != nil {
			b.t.Fatal(err)
		}
		if wanted(u) {
			return u
		}
	}
	b.t.Fatalf("run %s never came so far: %+v", id, b.show(id).Run)
	return engine.Update{}
}

func TestRunsWithoutRoomWaitOnDisk(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	second := b.start(engine.Request{Workflow: "w", Inputs: inputs(2), TriggerData: map[string]any{"seen": 7, "by": []string{"x"}}})
	third := b.start(engine.Request{Workflow: "w", Inputs: inputs(3)})
	other := b.start(engine.Request{Workflow: "w", Inputs: inputs(4), Organisation: b.client})
	if got := <-target.arrived; got != "GET /hold/4" {
		t.Errorf("the other organisation's first run waits: %s came", got)
	}
	if d := b.show(second); d.Status != flow.Queued || d.StartedAt != nil || d.Inputs["n"] != int64(2) {
		t.Errorf("a run that waits is kept as %+v", d)
	}
	if diff := cmp.Diff(engine.QueueState{Total: 2, ByOrganisation: map[string]int{b.msp.ID: 2}}, b.engine.Queued()); diff != "" {
		t.Error(diff)
	}
	if err := b.orgs.SetVariable(context.Background(), b.msp.ID, orgs.Variable{Name: "kind", Type: orgs.TypeString, Value: "new"}); err != nil {
		t.Fatal(err)
	}
	target.let()
	for _, id := range []string{first, second, third, other} {
		b.expect(b.wait(id), flow.Succeeded)
	}
	if diff := cmp.Diff(map[string]any{"n": int64(2), "kind": "new", "seen": int64(7)}, b.show(second).Outputs); diff != "" {
		t.Errorf("the organisation is not as it was when the run began: %s", diff)
	}
	if b.show(first).Outputs["kind"] != "none" {
		t.Error("a run that went saw what came later")
	}
	if got := []string{<-target.arrived, <-target.arrived}; !slices.Equal(got, []string{"GET /hold/2", "GET /hold/3"}) {
		t.Errorf("those who waited came as %v", got)
	}
	if b.engine.Queued().Total != 0 {
		t.Errorf("still queued: %v", b.engine.Queued())
	}
}

func TestWaitingRunsTakeNoRoom(t *testing.T) {
	b := setupWith(t, map[string]string{
		"sleep":   "tasks: {a: {action: core.delay, with: {duration: 1h}}}\n",
		"parent":  "tasks: {a: {workflow: sleep}}\n",
		"quick":   "tasks: {a: {action: core.noop}}\n",
		"handled": "on_failure: {workflow: quick}\ntasks: {a: {action: core.fail, with: {message: no}}}\n",
		"deep":    "tasks: {a: {workflow: middle}}\n",
		"middle":  "tasks: {a: {workflow: quick}}\n",
	}, narrow)
	sleeping := func(u engine.Update) bool { return u.Status == flow.Waiting }
	b.follow(b.start(engine.Request{Workflow: "sleep"}), sleeping)
	parent := b.start(engine.Request{Workflow: "parent"})
	child := b.follow(parent, func(u engine.Update) bool { return len(u.Changed) > 0 && u.Changed[0].Subrun != "" }).Changed[0].Subrun
	b.follow(child, sleeping)
	b.expect(b.run(engine.Request{Workflow: "quick"}), flow.Succeeded)
	b.expect(b.run(engine.Request{Workflow: "deep"}), flow.Succeeded)
	b.expect(b.run(engine.Request{Workflow: "handled"}), flow.Failed)
	b.expect(b.run(engine.Request{Workflow: "quick"}), flow.Succeeded)
	if b.engine.Queued().Total != 0 {
		t.Errorf("something waits: %+v", b.engine.Queued())
	}
}

func TestARunThatWaitsIsCancelledPausedAndLetGo(t *testing.T) {
	target := newTarget(t)
	ended := map[string]flow.Status{}
	b := setupWith(t, holding(target), func(o *engine.Options) {
		narrow(o)
		o.Ended = func(_ *store.Tx, end engine.Ended) error { ended[end.Run.ID] = end.Run.Status; return nil }
	})
	first := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	<-target.arrived
	cancelled, paused, next := b.start(engine.Request{Workflow: "w", Inputs: inputs(2)}), b.start(engine.Request{Workflow: "w", Inputs: inputs(3)}), b.start(engine.Request{Workflow: "w", Inputs: inputs(4)})
	if err := errors.Join(b.engine.Cancel(cancelled, "not wanted"), b.engine.Pause(paused)); err != nil {
		t.Fatal(err)
	}
	d := b.wait(cancelled)
	b.expect(d, flow.Cancelled)
	if d.Error.Message != "the run was cancelled before it began: not wanted" || d.FinishedAt == nil || d.StartedAt != nil {
		t.Errorf("kept as %+v", d)
	}
	b.expect(b.show(paused), flow.Paused)
	target.let()
	b.expect(b.wait(first), flow.Succeeded)
	b.expect(b.wait(next), flow.Succeeded)
	b.expect(b.show(paused), flow.Paused)
	if err := b.engine.Unpause(paused); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(paused), flow.Succeeded)
	if target.count("GET /hold/2") != 0 {
		t.Error("the cancelled run went")
	}
	want := map[string]flow.Status{first: flow.Succeeded, cancelled: flow.Cancelled, next: flow.Succeeded, paused: flow.Succeeded}
	if diff := cmp.Diff(want, ended); diff != "" {
		t.Error(diff)
	}
	if err := b.engine.Cancel(cancelled, ""); fault.From(err).Code != fault.Missing {
		t.Errorf("cancelled again: %v", err)
	}
}

// TestTheQueueSurvivesARestart: nothing of it is lost, nothing begins twice, who was paused stays so, and the
// versions are those that were accepted, also when the project has lost the workflow.
func TestTheQueueSurvivesARestart(t *testing.T) {
	target := newTarget(t)
	texts := holding(target)
	b := setupWith(t, texts, narrow)
	b.start(engine.Request{Workflow: "w", Inputs: inputs(0)})
	<-target.arrived
	var ids []string
	for n := range 5 {
		ids = append(ids, b.start(engine.Request{Workflow: "w", Inputs: inputs(n + 1)}))
	}
	if err := b.engine.Pause(ids[4]); err != nil {
		t.Fatal(err)
	}
	b.close()
	b.open(map[string]string{"else": "tasks: {a: {action: core.noop}}\n"})
	resumed, problems := b.engine.Recover(context.Background())
	if len(problems) > 0 || len(resumed) != 6 || !slices.Equal(resumed[1:], ids) {
		t.Fatal(resumed, problems)
	}
	target.let()
	for _, id := range resumed[:5] {
		b.expect(b.wait(id), flow.Succeeded)
	}
	b.expect(b.show(ids[4]), flow.Paused)
	if err := b.engine.Unpause(ids[4]); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(ids[4]), flow.Succeeded)
	for n := range 5 {
		if hits := target.count(fmt.Sprintf("GET /hold/%d", n+1)); hits != 1 {
			t.Errorf("run %d went %d times", n+1, hits)
		}
	}
}

// TestTheSeamBetweenQueueAndRun: whether the process ends before or after the transaction in which a run
// begins, the next one finds it in one of the two places and not in both.
func TestTheSeamBetweenQueueAndRun(t *testing.T) {
	target := newTarget(t)
	texts := holding(target)
	b := setupWith(t, texts, narrow)
	b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	id := b.start(engine.Request{Workflow: "w", Inputs: inputs(1)})
	ctx := context.Background()
	// Somebody else lets it begin: the transaction that would let it begin again is refused as a whole.
	entry := history.Entry{Run: id, Begins: true, FirstSeq: 1, Events: []flow.Event{flow.Started{At: time.Now(), RunID: id}}, State: &history.RunState{Status: flow.Running}}
	keep := func() error {
		kept := make(chan error, 1)
		b.history.Append(new(history.Chain), []history.Entry{entry}, func(err error) { kept <- err })
		return <-kept
	}
	if err := keep(); err != nil {
		t.Fatal(err)
	}
	if err := keep(); fault.From(err).Code != fault.Conflict {
		t.Errorf("it began twice: %v", err)
	}
	queued, err := b.history.Queued(ctx)
	unfinished, err2 := b.history.Unfinished(ctx)
	if err != nil || err2 != nil || len(queued) != 0 || !slices.Contains(unfinished, id) {
		t.Errorf("queued %v, unfinished %v: %v %v", queued, unfinished, err, err2)
	}
	if _, err := b.history.EndQueued(ctx, id, flow.Cancelled, nil, time.Now(), nil); fault.From(err).Code != fault.Conflict {
		t.Errorf("a run that goes was ended as one that waits: %v", err)
	}
}

func TestAlsoIsKeptWithTheRunOrRefusesIt(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	ctx := context.Background()
	if err := b.store.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec("CREATE TABLE marks (n INTEGER PRIMARY KEY)"); return err }); err != nil {
		t.Fatal(err)
	}
	mark := func(n int) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := tx.Exec("INSERT INTO marks (n) VALUES (?)", n); return err }
	}
	b.start(engine.Request{Workflow: "w", Inputs: inputs(1), Also: mark(1)})
	<-target.arrived
	b.start(engine.Request{Workflow: "w", Inputs: inputs(2), Also: mark(2)}) // waits
	for name, also := range map[string]func(*store.Tx) error{
		"waiting": mark(2), "panic": func(*store.Tx) error { panic("no") },
	} {
		if id, err := b.engine.Start(ctx, engine.Request{Workflow: "w", Organisation: b.msp, Also: also}); err == nil || id != "" {
			t.Errorf("%s: a run was kept that was to be refused: %s", name, id)
		}
	}
	if id, err := b.engine.Start(ctx, engine.Request{Workflow: "w", Organisation: b.client, Also: mark(1)}); err == nil || id != "" {
		t.Errorf("a run went that was to be refused: %s", id)
	}
	if n := b.engine.Queued().Total; n != 1 {
		t.Errorf("%d wait", n)
	}
	target.let()
	if err := b.engine.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	var marks []int
	if err := b.store.Read().Select(&marks, "SELECT n FROM marks ORDER BY n"); err != nil || !slices.Equal(marks, []int{1, 2}) {
		t.Errorf("kept are %v, %v", marks, err)
	}
	if runs, _ := b.history.Runs(ctx, historyAll); len(runs) != 2 {
		t.Errorf("%d runs were kept", len(runs))
	}
	b.expect(b.run(engine.Request{Workflow: "w", Organisation: b.client}), flow.Succeeded) // its room was given back
}

func TestAQueuedRunThatCannotBeginAnyMoreFails(t *testing.T) {
	target := newTarget(t)
	b := setupWith(t, holding(target), narrow)
	first := b.start(engine.Request{Workflow: "w", Organisation: b.client, Inputs: inputs(1)})
	<-target.arrived
	lost := b.start(engine.Request{Workflow: "w", Organisation: b.client, Inputs: inputs(2)})
	if err := b.orgs.Remove(context.Background(), b.client.ID); err != nil {
		t.Fatal(err)
	}
	target.let()
	b.wait(first)
	d := b.wait(lost)
	b.expect(d, flow.Failed)
	if d.Error == nil || d.Error.Message == "" || target.count("GET /hold/2") != 0 {
		t.Errorf("it ended with %v", d.Error)
	}
}

func TestAnIDIsTakenOnce(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks: {a: {action: core.noop}}\n"})
	const id = "0190a000-0000-7000-8000-000000000001"
	if got := b.start(engine.Request{Workflow: "w", ID: id}); got != id {
		t.Errorf("the run got the id %s", got)
	}
	b.expect(b.wait(id), flow.Succeeded)
	if _, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", ID: id, Organisation: b.msp}); fault.From(err).Code != fault.Exists {
		t.Errorf("the id was taken again: %v", err)
	}
}

func refuse(*store.Tx) error { return fault.New(fault.Exists, "somebody was first") }
