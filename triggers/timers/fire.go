package timers

import (
	"container/heap"
	"context"
	"time"

	"gantry/store"
	"gantry/triggers"
)

// fireDue fires everything that is due now, in batches. With an error what could not be kept is still to be
// fired.
func (r *Room) fireDue(ctx context.Context, now time.Time) error {
	for {
		due := r.take(now)
		if len(due) == 0 {
			return nil
		}
		err := r.fire(ctx, due, now)
		for _, t := range due {
			if err == nil {
				t.done(now, r.late())
			}
			r.queue.add(t)
		}
		if err != nil {
			return err
		}
	}
}

// late is how late a due time may be: what has come due while this room was at work is no later than the rest.
func (r *Room) late() time.Duration { return grace + r.busy }

// take takes the timers out of the queue whose time has come, a batch at most. Those that are late are planned
// anew, as the machine may have slept, or the clock may have been set.
func (r *Room) take(now time.Time) []*timer {
	var due []*timer
	for len(r.queue) > 0 && !r.queue[0].at.After(now) && len(due) < batch {
		t := heap.Pop(&r.queue).(*timer)
		if t.due.After(t.settled) && !t.at.After(now.Add(-r.late())) {
			t.plan(now, r.late())
			if t.at.IsZero() || t.at.After(now) {
				r.queue.add(t)
				continue
			}
		}
		if wait := r.full(t); wait > 0 {
			t.at = now.Add(wait)
			r.queue.add(t)
			continue
		}
		due = append(due, t)
	}
	return due
}

// full says how long a due time that is caught up has to wait for room in the queue; what is on time never does.
func (r *Room) full(t *timer) time.Duration {
	if t.due.After(t.settled) {
		return 0
	}
	if ok, retryAfter := r.Triggers.Room(t.organisation); !ok {
		return max(retryAfter, time.Second)
	}
	return 0
}

// done goes on behind the due time that was fired.
func (t *timer) done(now time.Time, late time.Duration) {
	t.last, t.floor, t.leftOut = t.due, t.due, 0
	t.plan(now, late)
}

// fire keeps one event of each timer, and with them that their due times are done with.
func (r *Room) fire(ctx context.Context, due []*timer, now time.Time) error {
	events := make([]triggers.Event, len(due))
	for i, t := range due {
		events[i] = triggers.Event{Key: t.Key, Type: t.typ, OrganisationID: t.organisation, At: t.due,
			Once: stamp(t.due), OnceUntil: latest(t.due, now).Add(onceFor), Data: map[string]any{"due": stamp(t.due)}}
		if t.leftOut > 0 {
			r.Log.Warn("more times have passed than are caught up; the oldest are left out", "workflow", t.Workflow, "trigger", t.Trigger,
				"organisation", t.organisation, "left_out", t.leftOut, "first_caught_up", stamp(t.due))
		}
	}
	_, err := r.Triggers.Accept(ctx, events, func(tx *store.Tx) error {
		for _, t := range due {
			if err := t.keepDone(tx, now); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
