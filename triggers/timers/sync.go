package timers

import (
	"container/heap"
	"context"
	"slices"
	"time"

	"gantry/store"
	"gantry/triggers"
)

// changes are what a Book means for the timers, before any of it is on disk.
type changes struct {
	timers map[place]*timer // all that there are then
	fresh  []*timer         // those to be written: new, or with another schedule
	gone   []place
}

// sync makes the timers those of the Book of now. A timer that is new, or whose schedule is another one, begins
// now; one that has gone (switched off, the organisation removed) is forgotten, so that nothing is caught up
// for the time without it.
func (r *Room) sync(ctx context.Context, now time.Time) error {
	c := r.compare(r.Triggers.Book(), now)
	for fresh := range slices.Chunk(c.fresh, batch) {
		err := r.Store.Write(ctx, func(tx *store.Tx) error {
			for _, t := range fresh {
				if err := t.keepNew(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for gone := range slices.Chunk(c.gone, batch) {
		err := r.Store.Write(ctx, func(tx *store.Tx) error {
			for _, p := range gone {
				if err := p.drop(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	r.timers = c.timers
	r.requeue()
	return nil
}

func (r *Room) compare(book *triggers.Book, now time.Time) changes {
	c := changes{timers: make(map[place]*timer, len(r.timers))}
	for _, a := range book.OfType(Schedule, Interval) {
		s, known, err := r.read(a)
		if err != nil {
			r.Log.Error("a trigger's times cannot be read", "workflow", a.Key.Workflow, "trigger", a.Key.Trigger, "error", err)
			continue
		}
		for _, org := range a.Organisations {
			p := place{a.Key, org.ID}
			was := r.timers[p]
			t := timerOf(p, a, s, was, now)
			t.rules = known
			if !was.goesOn(s, now) {
				c.fresh = append(c.fresh, t)
			}
			t.plan(now, r.late())
			c.timers[p] = t
		}
	}
	for p := range r.timers {
		if c.timers[p] == nil {
			c.gone = append(c.gone, p)
		}
	}
	return c
}

// goesOn tells whether a timer has the same schedule as before, first seen by a clock that was right.
func (t *timer) goesOn(s *spec, now time.Time) bool {
	return t != nil && t.spec.fingerprint == s.fingerprint && !t.anchor.After(now.Add(wrongBy))
}

// timerOf gives the timer of a trigger for an organisation, going on from what it was. The time up to the last
// change of a switch is over, even where no server saw the trigger switched off.
func timerOf(p place, a *triggers.Active, s *spec, was *timer, now time.Time) *timer {
	now = now.Truncate(time.Second) // so that intervals are due at whole seconds
	t := &timer{place: p, typ: a.Trigger.Type, spec: s, anchor: now, floor: now}
	if was != nil {
		t.last, t.settled = was.last, was.settled
		t.floor = latest(now, was.last)
		if was.goesOn(s, now) {
			t.anchor, t.floor, t.leftOut, t.uncounted = was.anchor, was.floor, was.leftOut, was.uncounted
		}
	}
	t.floor = latest(t.floor, a.Since(p.organisation))
	t.times = s.from(t.anchor)
	return t
}

func (r *Room) requeue() {
	r.onTime, r.behind = r.onTime[:0], r.behind[:0]
	for _, t := range r.timers {
		r.put(t)
	}
}

// put puts a timer in its queue, unless nothing comes any more.
func (r *Room) put(t *timer) {
	switch {
	case t.at.IsZero():
	case t.behind():
		heap.Push(&r.behind, t)
	default:
		heap.Push(&r.onTime, t)
	}
}
