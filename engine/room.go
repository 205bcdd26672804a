package engine

import (
	"sync"
	"sync/atomic"
)

// Room is how many runs go side by side. A run takes room while it has something under way; while it only
// waits (for a time, a person, a sub-workflow that waits) or is paused it takes none. Sub-workflows' runs and
// handlers of failures share the room of the run that led to them. Zero values mean the defaults.
type Room struct {
	Runs int // of all organisations together, 512 unless said
	Own  int // of one organisation that never wait for others, 4 unless said; also of its attempts
}

// The defaults of Room.
const (
	DefaultRuns = 512
	DefaultOwn  = 4
)

func (r *Room) complete() {
	if r.Runs <= 0 {
		r.Runs = DefaultRuns
	}
	if r.Own <= 0 {
		r.Own = DefaultOwn
	}
	r.Own = min(r.Own, r.Runs)
}

// seat is what a run that was started takes of the engine, together with all runs that it starts itself.
type seat struct {
	run          string
	organisation string
	limits       []Limit
	watchers     watchers
	active       int  // of its runs; guarded by Engine.mu, like begun
	begun        bool // one of them has been active
	admission    *admission
	busy         atomic.Int32 // runs that take room

	waits // guarded by admission.mu
}

// take gives one more run of the seat room, which it does not wait for: it has been let in.
func (s *seat) take() {
	if s.busy.Add(1) == 1 {
		s.admission.enter(s)
	}
}

func (s *seat) give() {
	if s.busy.Add(-1) == 0 {
		s.admission.vacate(s)
	}
}

// occupancy is whether one run takes room of its seat.
type occupancy struct {
	mu    sync.Mutex
	taken bool
	over  bool
}

// occupy takes room for the run, or gives it back, as it now has something under way or only waits.
func (r *run) occupy(busy bool) {
	o := &r.room
	o.mu.Lock()
	changes := o.taken != busy && !o.over
	if changes {
		o.taken = busy
	}
	o.mu.Unlock()
	switch {
	case changes && busy:
		r.seat.take()
	case changes:
		r.seat.give()
	}
}

// vacate gives the run's room back for good.
func (r *run) vacate() {
	r.occupy(false)
	r.room.mu.Lock()
	r.room.over = true
	r.room.mu.Unlock()
}

// QueueState is how many runs are kept on disk and wait to begin.
type QueueState struct {
	Total          int
	ByOrganisation map[string]int // by organisation id; those without any are left out
}

// Queued tells how many runs wait to begin, those that are paused meanwhile included.
func (e *Engine) Queued() QueueState { return e.admission.state() }
