package engine_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gantry/actions/wire"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// trial is a bench in a test's own time, with a disk that does what the test says, and a target whose paths
// /hold/… answer when they are let.
type trial struct {
	*bench
	full  atomic.Bool       // the disk takes nothing
	next  chan func() error // what becomes of the next commits, in their order; empty: they go well
	mu    sync.Mutex
	gates map[string]chan struct{}
	ends  []string // runs whose end was told of
}

func inTrial(t *testing.T, texts map[string]string, change func(*engine.Options), try func(*trial)) {
	synctest.Test(t, func(t *testing.T) {
		b := &trial{bench: &bench{t: t, dir: t.TempDir()}, next: make(chan func() error, 10), gates: map[string]chan struct{}{}}
		b.commit, b.http = b.keep, wire.SenderFunc(b.send)
		b.options.Observe = func(u engine.Update) {
			if u.Status.Ended() {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.ends = append(b.ends, u.Run)
			}
		}
		if change != nil {
			change(&b.options)
		}
		b.open(texts)
		defer b.close()
		var err error
		b.msp, err = b.orgs.Create(context.Background(), orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
		faulttest.Must(t, err)
		try(b)
	})
}

func (b *trial) keep(commit func() error) error {
	select {
	case first := <-b.next:
		if err := first(); err != nil {
			return err
		}
	default:
	}
	if b.full.Load() {
		return refusedByDisk()
	}
	return commit()
}

func refusedByDisk() error { return fault.New(fault.Storage, "the disk is full") }

func goesWell() error { return nil }

func (b *trial) gate(path string) chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gates[path] == nil {
		b.gates[path] = make(chan struct{})
	}
	return b.gates[path]
}

func (b *trial) send(ctx context.Context, req *wire.Request) (*wire.Answer, error) {
	if strings.HasPrefix(req.URL.Path, "/hold") {
		select {
		case <-b.gate(req.URL.Path):
		case <-ctx.Done():
			return nil, &wire.Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off"), Sent: true}
		}
	}
	return &wire.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}")}, nil
}

// told counts how often the end of a run was told.
func (b *trial) told(id string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, end := range b.ends {
		if end == id {
			n++
		}
	}
	return n
}

// spectator counts what somebody who watches a run is told.
type spectator struct{ ends, overs atomic.Int32 }

func (s *spectator) watch(u engine.Update) {
	if u.Status.Ended() {
		s.ends.Add(1)
	}
}

func (s *spectator) over() { s.overs.Add(1) }

func (s *spectator) expect(t *testing.T, ends, overs int32) {
	t.Helper()
	if s.ends.Load() != ends || s.overs.Load() != overs {
		t.Errorf("who watches was told of %d ends, and %d times that it is over; want %d and %d", s.ends.Load(), s.overs.Load(), ends, overs)
	}
}

func get(path string) string {
	return "action: core.http_request, with: {method: GET, url: 'http://target" + path + "'}"
}

var heldTwice = map[string]string{
	"one": "concurrency: {limit: 1}\ntasks:\n  r: {" + get("/hold/1") + ", next: s}\n  s: {" + get("/hold/2") + "}\n",
	"w":   "tasks: {r: {" + get("/hold/w") + "}}\n",
	"n":   "tasks: {r: {" + get("/now") + "}}\n",
	"b":   "tasks: {r: {" + get("/hold/b") + "}}\n",
}

// TestARunThatBrokeOffKeepsItsPlace: until it is taken up, nobody else gets it; and it takes no more than one, though
// it breaks off again after somebody was quicker to take it up.
func TestARunThatBrokeOffKeepsItsPlace(t *testing.T) {
	inTrial(t, heldTwice, nil, func(b *trial) {
		first := b.start(engine.Request{Workflow: "one"})
		synctest.Wait()
		breakOff := func(gate string) {
			b.full.Store(true)
			close(b.gate(gate))
			time.Sleep(tick)
			synctest.Wait()
			b.full.Store(false)
			if _, err := b.engine.Wait(context.Background(), first); err == nil {
				t.Fatal("it did not break off")
			}
		}
		breakOff("/hold/1")
		second := b.start(engine.Request{Workflow: "one"})
		b.expect(b.show(second), flow.Queued)
		faulttest.Must(t, b.engine.Resume(context.Background(), engine.ResumeRequest{Run: first}))
		synctest.Wait()
		breakOff("/hold/2")
		b.expect(b.show(second), flow.Queued)
		time.Sleep(time.Minute)
		a, z := b.wait(first), b.wait(second)
		b.expect(a, flow.Succeeded)
		b.expect(z, flow.Succeeded)
		if z.StartedAt.Before(*a.FinishedAt) {
			t.Errorf("the second began at %s, the first ended at %s", z.StartedAt, a.FinishedAt)
		}
		synctest.Wait()
		if o := b.engine.Occupied(); o != (engine.Occupied{}) {
			t.Errorf("left taken: %+v", o)
		}
	})
}

// TestNothingComesAfterTheEnd: what a run is told while its end is on its way to the disk comes too late, and the end
// is told of once.
func TestNothingComesAfterTheEnd(t *testing.T) {
	inTrial(t, heldTwice, nil, func(b *trial) {
		var s spectator
		id := b.start(engine.Request{Workflow: "w", Watch: s.watch, Over: s.over})
		synctest.Wait()
		held := make(chan struct{})
		b.next <- func() error { <-held; return nil }
		close(b.gate("/hold/w"))
		synctest.Wait()
		told := make(chan error, 1)
		go func() { told <- b.engine.Cancel(id, "too late") }()
		synctest.Wait()
		close(held)
		if err := <-told; fault.From(err).Code != fault.Missing {
			t.Errorf("who cancelled is told %v", err)
		}
		b.expect(b.wait(id), flow.Succeeded)
		synctest.Wait()
		s.expect(t, 1, 1)
		if n := b.told(id); n != 1 {
			t.Errorf("the end was told %d times", n)
		}
		events, err := b.history.EventsAfter(context.Background(), id, 0, 100)
		faulttest.Must(t, err)
		if slices.ContainsFunc(events, func(e flow.Event) bool { _, is := e.(flow.CancelRequested); return is }) {
			t.Errorf("the log goes on after the end: %v", events)
		}
	})
}

// alone lets one run go at a time: the next begins when the end of the one before is on disk.
var alone = []engine.Limit{{Key: "alone", Most: 1}}

// TestWhoWatchesAQueuedRunGoesOnWatching: though the disk refuses its beginning once.
func TestWhoWatchesAQueuedRunGoesOnWatching(t *testing.T) {
	inTrial(t, heldTwice, nil, func(b *trial) {
		b.start(engine.Request{Workflow: "w", Limits: alone})
		synctest.Wait()
		var s spectator
		id := b.start(engine.Request{Workflow: "b", Limits: alone, Watch: s.watch, Over: s.over})
		b.next <- goesWell // the end of the first
		b.next <- refusedByDisk
		close(b.gate("/hold/w"))
		synctest.Wait()
		b.expect(b.show(id), flow.Queued)
		s.expect(t, 0, 0)
		time.Sleep(time.Minute)
		close(b.gate("/hold/b"))
		b.expect(b.wait(id), flow.Succeeded)
		synctest.Wait()
		s.expect(t, 1, 1)
	})
}

// TestARunThatCouldNotBeginBeginsOnce: also if it was told something before that was known.
func TestARunThatCouldNotBeginBeginsOnce(t *testing.T) {
	inTrial(t, heldTwice, nil, func(b *trial) {
		b.start(engine.Request{Workflow: "w", Limits: alone})
		synctest.Wait()
		id := b.start(engine.Request{Workflow: "b", Limits: alone})
		held := make(chan struct{})
		b.next <- goesWell
		b.next <- func() error { <-held; return refusedByDisk() }
		b.next <- refusedByDisk
		close(b.gate("/hold/w"))
		synctest.Wait()
		told := make(chan error, 1)
		go func() { told <- b.engine.Pause(id) }() // a second turn
		synctest.Wait()
		close(held)
		if err := <-told; err == nil {
			t.Error("a pause that is not on disk was confirmed")
		}
		time.Sleep(time.Minute)
		close(b.gate("/hold/b"))
		b.expect(b.wait(id), flow.Succeeded)
		synctest.Wait()
		if n := b.told(id); n != 1 {
			t.Errorf("the end was told %d times", n)
		}
		if o := b.engine.Occupied(); o != (engine.Occupied{}) {
			t.Errorf("left taken: %+v", o)
		}
	})
}

// TestAnEndIsToldOnceThoughThePauseEndsToo: somebody cancels a paused run that waits while another ends its pause.
func TestAnEndIsToldOnceThoughThePauseEndsToo(t *testing.T) {
	var b *trial
	var id string
	var came atomic.Bool
	moment := func(what string) {
		if id != "" && strings.HasPrefix(what, "told "+id) && came.CompareAndSwap(false, true) {
			faulttest.Must(t, b.engine.Cancel(id, "not needed"))
		}
	}
	inTrial(t, heldTwice, func(o *engine.Options) { narrow(o); o.Moment = moment }, func(made *trial) {
		b = made
		b.start(engine.Request{Workflow: "w"})
		synctest.Wait()
		var s spectator
		run := b.start(engine.Request{Workflow: "n", Watch: s.watch, Over: s.over})
		faulttest.Must(t, b.engine.Pause(run))
		id = run
		if err := b.engine.Unpause(run); err != nil && fault.From(err).Code != fault.Missing {
			t.Error(err)
		}
		synctest.Wait()
		b.expect(b.show(run), flow.Cancelled)
		s.expect(t, 1, 1)
		if n := b.told(run); n != 1 {
			t.Errorf("the end was told %d times", n)
		}
		close(b.gate("/hold/w"))
		synctest.Wait()
	})
}

// TestAnEndThatWasTakenBackIsNotToldLater: it could not be told on, and the run was resumed since; its next end is told
// of once.
func TestAnEndThatWasTakenBackIsNotToldLater(t *testing.T) {
	var heard []flow.Status
	change := func(o *engine.Options) {
		o.Ended = func(_ *store.Tx, end engine.Ended) error {
			heard = append(heard, end.Run.Status)
			if len(heard) == 1 {
				return fault.New(fault.Internal, "nobody listens")
			}
			return nil
		}
	}
	inTrial(t, heldTwice, change, func(b *trial) {
		id := b.start(engine.Request{Workflow: "w"})
		synctest.Wait()
		faulttest.Must(t, b.engine.Cancel(id, "not yet"))
		b.expect(b.wait(id), flow.Cancelled)
		faulttest.Must(t, b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}))
		close(b.gate("/hold/w"))
		b.expect(b.wait(id), flow.Succeeded)
		time.Sleep(5 * time.Minute)
		if !slices.Equal(heard, []flow.Status{flow.Cancelled, flow.Succeeded}) {
			t.Errorf("the ends were told as %v", heard)
		}
	})
}
