package poll_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/sandbox/halo"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
)

// crashing is triggers whose process dies around the moment when events are kept.
type crashing struct {
	poll.Triggers
	when *string // "", before, within or after
}

func (c crashing) Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error) {
	died := fault.New(fault.Interrupted, "the process died")
	switch *c.when {
	case "before":
		return nil, died
	case "within":
		return c.Triggers.Accept(ctx, events, func(tx *store.Tx) error {
			if err := also(tx); err != nil {
				return err
			}
			return died
		})
	case "after":
		if _, err := c.Triggers.Accept(ctx, events, also); err != nil {
			return nil, err
		}
		return nil, died
	}
	return c.Triggers.Accept(ctx, events, also)
}

// world is what a property test has done so far.
type world struct {
	*bench
	rt    *rapid.T
	crash string
	live  []int64
	gone  map[int64]bool
}

func newWorld(t *testing.T, rt *rapid.T, keys string) *world {
	w := &world{rt: rt, gone: map[int64]bool{}, bench: setup(t, keys)}
	w.accept = func(to poll.Triggers) poll.Triggers { return crashing{to, &w.crash} }
	w.again()
	w.polls(w.client)
	return w
}

func (w *world) some(name string) (int64, bool) {
	if len(w.live) == 0 {
		return 0, false
	}
	return rapid.SampledFrom(w.live).Draw(w.rt, name), true
}

func (w *world) create() {
	behind := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 60, 300, 540}).Draw(w.rt, "behind")) * time.Second
	var at []time.Time
	for range rapid.IntRange(1, 5).Draw(w.rt, "tickets") {
		at = append(at, w.remote.read().Add(-behind))
	}
	w.live = append(w.live, w.tickets(w.clientID, at...)...)
}

func (w *world) update() {
	if id, ok := w.some("updated"); ok && !w.gone[id] {
		var got any
		w.post("/api/Tickets", []any{map[string]any{"id": id, "summary": rapid.StringMatching("[a-z]{5}").Draw(w.rt, "summary"), "_novalidate": true}}, &got)
	}
}

func (w *world) remove() {
	if id, ok := w.some("deleted"); ok && !w.gone[id] {
		w.gone[id] = true
		w.call("halo.delete_ticket", map[string]any{"ticket_id": id})
	}
}

func (w *world) pollSomehow() {
	w.crash = rapid.SampledFrom([]string{"", "", "before", "within", "after", "halo"}).Draw(w.rt, "crash")
	if w.crash == "halo" {
		kind := rapid.SampledFrom([]string{halo.FaultStatus, halo.FaultDrop, halo.FaultHalf, halo.FaultTruncated, halo.FaultErrorPage}).Draw(w.rt, "fault")
		faulttest.Must(w.t, w.halo.InjectFault(halo.Fault{Method: http.MethodGet, Path: "/api/tickets", Kind: kind, Skip: rapid.IntRange(0, 1).Draw(w.rt, "skip")}))
	}
	w.poll(w.client)
	died := w.crash == "before" || w.crash == "within" || w.crash == "after"
	w.crash = ""
	if died || rapid.IntRange(0, 4).Draw(w.rt, "restart") == 0 {
		w.again()
	}
}

func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"create": func(*rapid.T) { w.create() }, "update": func(*rapid.T) { w.update() }, "delete": func(*rapid.T) { w.remove() },
		"poll": func(*rapid.T) { w.pollSomehow() },
		"wait": func(rt *rapid.T) {
			step := time.Duration(rapid.IntRange(0, 300).Draw(rt, "seconds")) * time.Second
			w.remote.add(step)
			w.now.add(step)
		},
	}
}

// settle polls until nothing is left over.
func (w *world) settle() {
	for range 50 {
		if r := w.poll(w.client); r.Err == nil && !r.More {
			return
		}
	}
	w.rt.Fatal("the polls do not come to an end")
}

// Whatever happens in between, each ticket is exactly one event.
func TestEachNewTicketIsOneEvent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt, newTicket+"    limit: 7\n")
		defer w.close()
		rt.Repeat(w.actions())
		w.settle()
		got := w.events(w.client)
		for _, id := range w.live {
			if got[id] > 1 || got[id] == 0 && !w.gone[id] {
				rt.Fatalf("ticket %d came %d times", id, got[id])
			}
			delete(got, id)
		}
		if len(got) > 0 {
			rt.Fatalf("events of tickets that were there before: %v", got)
		}
	})
}

// Of each ticket that is there, the last change has come, and none came twice.
func TestEachUpdateIsOneEvent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt, "    poll: halo.updated_ticket\n    limit: 7\n")
		defer w.close()
		rt.Repeat(w.actions())
		w.settle()
		latest, times := w.versions()
		for version, n := range times {
			if n > 1 {
				rt.Fatalf("%s came %d times", version, n)
			}
		}
		for _, id := range w.live {
			if w.gone[id] {
				continue
			}
			now := w.call("halo.get_ticket", map[string]any{"ticket_id": id}).(map[string]any)["last_update"]
			if latest[id] != now {
				rt.Fatalf("ticket %d was last changed at %v, known is %q", id, now, latest[id])
			}
		}
	})
}
