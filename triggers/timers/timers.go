// Package timers makes the events of schedule and interval triggers when they are due: each due time of a
// trigger and organisation once, also over restarts and changes of the clock.
//
// One goroutine keeps all timers in heaps, those that catch up apart from those on time, and sleeps until the
// first of them. An event and the note that its
// due time is done with are kept in one transaction, so that a process that dies in between loses none and
// repeats none.
package timers

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"time"

	"gantry/store"
	"gantry/triggers"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's tables, to be given to store.Open.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return store.MigrationSet{Name: "timers", FS: files}
}

// The types of triggers that this room fires, as workflows name them.
const (
	Schedule = "schedule"
	Interval = "interval"
)

const (
	grace     = time.Minute           // how late a due time may be and still is on time: a restart within the minute loses nothing
	lookEvery = 30 * time.Second      // at least so often the clock is looked at, in case that somebody has set it
	batch     = 250                   // events in one transaction
	retryMost = 30 * time.Second      // between tries while the disk is full
	mostTimes = 1000                  // that are caught up for a trigger and organisation
	wrongBy   = 24 * time.Hour        // a due time that was fired so far ahead was fired by a clock that was wrong
	countFor  = 50 * time.Millisecond // how long what is on time may wait for a batch of what is caught up to be found
	onceFor   = 48 * time.Hour        // how long an event's due time is remembered beside its timer
)

// Service is what takes the events and knows the triggers. *triggers.Service is one.
type Service interface {
	Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error)
	Book() *triggers.Book
	OnChange(changed func(*triggers.Book))
	// Room tells whether an organisation's queue takes more; what is caught up waits for that.
	Room(organisation string) (ok bool, retryAfter time.Duration)
}

// Options are what a Room is made of.
type Options struct {
	Store    *store.Store // opened with Migrations
	Triggers Service
	Now      func() time.Time // time.Now unless said
	Log      *slog.Logger
}

// Room fires the timers of all triggers. Run does so; the other methods work without, too.
type Room struct {
	Options
	changed chan struct{} // holds one token while the Book may differ from what is known here

	// Of the goroutine of Run alone:
	timers map[place]*timer
	onTime queue
	behind queue            // those that catch up
	specs  map[string]*spec // by fingerprint
	looked time.Time        // when the clock was last looked at
	busy   time.Duration    // how long nobody has looked at what is on time: what came due meanwhile is not late by it
	stale  bool             // the Book has changed since sync
}

// New makes the room. It is registered with the service's Describe by whoever makes both.
func New(o Options) *Room {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Room{Options: o, changed: make(chan struct{}, 1), specs: map[string]*spec{}, stale: true}
}

// now is the wall clock alone: elapsed time would not notice that somebody sets it, nor that the machine slept.
func (r *Room) now() time.Time { return r.Now().Round(0).UTC() }

// Run fires timers until ctx ends. Call it once, after the service's Start. Its only error is a database that
// cannot be read at the beginning.
func (r *Room) Run(ctx context.Context) error {
	if err := r.load(ctx); err != nil {
		return err
	}
	r.Triggers.OnChange(func(*triggers.Book) {
		select {
		case r.changed <- struct{}{}:
		default:
		}
	})
	pause := time.NewTimer(0)
	defer pause.Stop()
	var retry time.Duration
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.changed:
			r.stale = true
		case <-pause.C:
		}
		wait, err := r.look(ctx)
		if err == nil {
			retry = 0
		} else if ctx.Err() == nil {
			retry = min(max(2*retry, time.Second), retryMost)
			wait = retry
			r.Log.Error("schedules could not be fired; trying again", "in", retry, "error", err)
		}
		pause.Reset(wait)
	}
}

// look does what is to be done now, and gives how long there is nothing to do.
func (r *Room) look(ctx context.Context) (time.Duration, error) {
	now := r.now()
	if now.Before(r.looked.Add(-grace)) {
		r.Log.Warn("the clock was set back", "from", r.looked, "to", now)
		r.stale = true // every timer is planned anew
	}
	r.looked = now
	began := time.Now()
	if r.stale {
		if err := r.sync(ctx, now); err != nil {
			return 0, err
		}
		r.stale = false
	}
	if err := r.fireDue(ctx, began); err != nil {
		return 0, err
	}
	wait := lookEvery
	for _, q := range []queue{r.onTime, r.behind} {
		if len(q) > 0 {
			wait = min(wait, max(q[0].at.Sub(r.now()), 0))
		}
	}
	return wait, nil
}
