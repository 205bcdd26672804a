package simulation_test

import (
	"context"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
)

// books are the logs of a world as its laws read them. What is in a log stays in it, so where a process begins only
// what has come since the last one began is read; at rest each log is read once more from its beginning, for all laws.
type books struct {
	world *world
	of    map[string]*book
}

// book is one run's log, replayed.
type book struct {
	run    *history.Run // as it was when the log was first read
	events []flow.Event
	state  *flow.State
	torn   bool // it cannot be replayed
	due    map[flow.Unit]time.Time
	told   bool // it was asked to pause, or to be cancelled
	late   lateness
}

// lateness is how long after its time a unit still waited for it.
type lateness struct {
	unit flow.Unit
	by   time.Duration
}

// close forgets what was read.
func (b *books) close() { b.of = nil }

// read reads a run's log on from where it was read to. It must be one that can be replayed.
func (b *books) read(l *life, id string) *book {
	w, ctx := b.world, context.Background()
	one := b.of[id]
	if one == nil {
		run, err := l.history.Get(ctx, id)
		if err != nil {
			w.t.Fatal(err)
		}
		one = &book{run: run, state: flow.New(w.library.version(run.Workflow, run.FirstVersion())), due: map[flow.Unit]time.Time{}}
		if b.of == nil {
			b.of = map[string]*book{}
		}
		b.of[id] = one
	}
	more, err := l.history.EventsAfter(ctx, id, len(one.events), 1_000_000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, event := range more {
		one.add(w, event)
	}
	return one
}

// add applies an event once more.
func (b *book) add(w *world, event flow.Event) {
	reopened, reopens := event.(flow.Reopened)
	if reopens {
		reopened.Workflow = w.library.version(b.run.Workflow, reopened.Version)
		event = reopened
	}
	b.events = append(b.events, event)
	if b.torn {
		return
	}
	if _, resolves := event.(flow.Resolved); b.state.Status().Ended() && !resolves && !reopens {
		w.wrong("the log of run %s goes on after its end with %T", b.run.ID, event)
	}
	if _, err := b.state.Apply(event); err != nil {
		w.wrong("the log of run %s cannot be replayed: event %d: %v", b.run.ID, len(b.events), err)
		b.torn = true
		return
	}
	b.watch(event)
}

// watch notes who still waits for a time that has passed, up to when somebody asks the run for something. What has
// ended does not wait, also where it is repeated later.
func (b *book) watch(event flow.Event) {
	switch ev := event.(type) {
	case flow.AttemptWaits:
		if !ev.Until.IsZero() {
			b.due[ev.Unit] = ev.Until
		}
	case flow.TimerFired:
		delete(b.due, ev.Unit)
	case flow.Answered:
		delete(b.due, ev.Unit)
	case flow.Reopened, flow.Resolved: // it had ended
		clear(b.due)
	case flow.CancelRequested, flow.PauseRequested:
		b.told = true
	}
	if b.told {
		return
	}
	for unit, until := range b.due {
		now, e := event.When(), b.state.Executions()[unit.Exec]
		if e.Status.Ended() {
			delete(b.due, unit)
			if e.FinishedAt.Before(now) {
				now = e.FinishedAt
			}
		}
		if by := now.Sub(until); by > b.late.by {
			b.late = lateness{unit, by}
		}
	}
}
