package timers

import (
	"context"
	"time"

	"gantry/failpoint"
	"gantry/store"
	"gantry/triggers"
)

// fireDue fires everything that is due, in batches, what is on time before each batch of what is caught up. With
// an error what could not be kept is still to be fired. It returns early when the Book has changed and only what
// is caught up is left.
func (r *Room) fireDue(ctx context.Context, began time.Time) error {
	before := r.busy
	for ctx.Err() == nil {
		r.busy = before + time.Since(began)
		now := r.now()
		due := r.take(now)
		if len(due) == 0 { // nothing is on its way that could be late by our own work
			before, began, r.busy = 0, time.Now(), 0
			if due = r.takeBehind(now); len(due) == 0 || len(r.changed) > 0 {
				r.putAll(due)
				return nil
			}
		}
		err := r.fire(ctx, due, now)
		for _, t := range due {
			if err == nil {
				t.done(now, r.late())
			}
		}
		r.putAll(due)
		if err != nil {
			return err
		}
		r.busy = time.Since(began)
	}
	return nil
}

func (r *Room) putAll(list []*timer) {
	for _, t := range list {
		r.put(t)
	}
}

// late is how late a due time may be: what has come due while this room was at work is no later than the rest.
func (r *Room) late() time.Duration { return grace + r.busy }

// take takes the timers out of the queue whose time has come, a batch at most. Those that are late are planned
// anew, as the machine may have slept, or the clock may have been set.
func (r *Room) take(now time.Time) (due []*timer) {
	for len(due) < batch {
		t := r.onTime.due(now)
		if t == nil {
			break
		}
		if !t.at.After(now.Add(-r.late())) {
			t.plan(now, r.late())
			if t.at.IsZero() || t.at.After(now) || t.behind() {
				r.put(t)
				continue
			}
		}
		due = append(due, t)
	}
	return due
}

// takeBehind takes timers that catch up, a batch at most, and no longer than what comes on time may wait. Where
// an organisation's queue is full they come back later.
func (r *Room) takeBehind(now time.Time) (due []*timer) {
	for began := time.Now(); len(due) < batch && time.Since(began) < countFor; {
		t := r.behind.due(now)
		if t == nil {
			break
		}
		if ok, retryAfter := r.Triggers.Room(t.organisation); !ok {
			t.at = now.Add(max(retryAfter, time.Second))
			r.put(t)
			continue
		}
		if t.uncounted {
			t.count()
		}
		due = append(due, t)
	}
	return due
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
		failpoint.Hit("timers.due-kept")
		return nil
	})
	failpoint.Hit("timers.fired")
	return err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
