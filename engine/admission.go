package engine

import (
	"maps"
	"sync"

	"gantry/fair"
)

// admission lets runs begin: first each needs a place in every limit that it names, then room, while it waits
// for which it keeps its places. What cannot begin at once waits here; what it needs for that is on disk.
type admission struct {
	gate *fair.Gate
	// begin is called when a run's turn has come that waited, and is on disk. It must not block.
	begin func(*seat)

	mu       sync.Mutex
	closed   bool
	arrivals int
	limits   map[string]*places
	queued   map[string]*seat // by run: those that have not begun
	queuedOf map[string]int   // by organisation
}

// waits is where a seat stands on its way in.
type waits struct {
	arrival   int
	stage     stage
	counted   bool               // in its limits
	limitLine *fair.Place[*seat] // not nil: waits for a limit
	ticket    *fair.Ticket       // not nil: waits for room
	onDisk    bool
	paused    bool
	cancelled bool          // to make room for another
	moved     chan struct{} // closed when it has begun or never will
}

// stage is how far a seat has come.
type stage int

const (
	aside    stage = iota // neither lined up nor in: paused, or being cancelled
	lined                 // waits for a limit or for room
	called                // may begin as soon as it is on disk
	entering              // is being begun
	seated                // has begun
)

func newAdmission(room Room, begin func(*seat)) *admission {
	return &admission{gate: fair.NewGate(room.Runs, room.Own), begin: begin,
		limits: map[string]*places{}, queued: map[string]*seat{}, queuedOf: map[string]int{}}
}

func (a *admission) newSeat(run, organisation string, limits []Limit) *seat {
	return &seat{run: run, organisation: organisation, limits: limits, gate: a.gate}
}

// arrive lets a run in at once, or lines it up, or refuses it because of a limit that says to skip.
func (a *admission) arrive(s *seat) (in bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.refuse(s); err != nil {
		return false, err
	}
	if a.lineUp(s) {
		s.stage = seated
		return true, nil
	}
	a.hold(s)
	return false, nil
}

// hold keeps the seat of a run that has not begun. The caller holds the lock, as of all that is lower-case
// below.
func (a *admission) hold(s *seat) {
	s.moved = make(chan struct{})
	a.queued[s.run] = s
	a.queuedOf[s.organisation]++
}

// lineUp claims places and room, or waits for them. It gives true when the run may begin now.
func (a *admission) lineUp(s *seat) bool {
	if s.arrival == 0 {
		a.arrivals++
		s.arrival = a.arrivals
	}
	s.stage = lined
	if !a.claim(s) {
		return false
	}
	return a.enter(s)
}

// enter asks for room.
func (a *admission) enter(s *seat) bool {
	s.ticket = a.gate.Enter(s.organisation, func() { a.call(s) })
	if s.ticket != nil {
		return false
	}
	s.busy.Store(1)
	s.stage = called
	return true
}

// call is told that a seat has got room.
func (a *admission) call(s *seat) {
	a.mu.Lock()
	s.ticket = nil
	if s.stage != lined { // it was set aside at the same moment
		a.mu.Unlock()
		a.gate.Leave(s.organisation)
		return
	}
	s.busy.Store(1)
	s.stage = called
	ready := a.ready(s)
	a.mu.Unlock()
	a.beginAll(ready)
}

// ready gives those of the seats that can begin, and marks them as doing so.
func (a *admission) ready(seats ...*seat) []*seat {
	var out []*seat
	for _, s := range seats {
		if s.stage == called && s.onDisk && !a.closed {
			s.stage = entering
			out = append(out, s)
		}
	}
	return out
}

func (a *admission) beginAll(seats []*seat) {
	for _, s := range seats {
		a.begin(s)
	}
}

// kept is told that a run that waits is on disk.
func (a *admission) kept(s *seat) {
	a.mu.Lock()
	s.onDisk = true
	ready := a.ready(s)
	a.mu.Unlock()
	a.beginAll(ready)
}

// restore lines up a run that an earlier process left waiting.
func (a *admission) restore(s *seat, paused bool) {
	a.mu.Lock()
	if a.queued[s.run] != nil || a.closed {
		a.mu.Unlock()
		return
	}
	s.onDisk, s.paused = true, paused
	a.hold(s)
	a.mu.Unlock()
	if !paused {
		a.again(s)
	}
}

// again lines a seat up that stands aside.
func (a *admission) again(s *seat) {
	a.mu.Lock()
	var ready []*seat
	if s.stage == aside && !s.paused && a.queued[s.run] == s && a.lineUp(s) {
		ready = a.ready(s)
	}
	a.mu.Unlock()
	a.beginAll(ready)
}

// setAside takes a seat out of the lines, with all it holds. It gives false if the run is being begun.
func (a *admission) setAside(s *seat) bool {
	a.mu.Lock()
	if s.stage >= entering {
		a.mu.Unlock()
		return false
	}
	ready, leave := a.withdraw(s)
	a.mu.Unlock()
	if leave {
		a.gate.Leave(s.organisation)
	}
	a.beginAll(ready)
	return true
}

// withdraw gives up what a seat waits for or holds; leave says that its room is to be given back after the
// lock.
func (a *admission) withdraw(s *seat) (ready []*seat, leave bool) {
	switch {
	case s.limitLine != nil:
		a.leaveLine(s)
	case s.ticket != nil:
		s.ticket.Withdraw() // if it is being called in just now, call gives the room back
		s.ticket = nil
	case s.stage == called, s.stage == entering:
		leave = s.busy.Swap(0) > 0
	}
	s.stage = aside
	return a.free(s), leave
}

// failed sets a seat aside whose run could not begin, and keeps it queued.
func (a *admission) failed(s *seat) {
	a.mu.Lock()
	ready, leave := a.withdraw(s)
	a.mu.Unlock()
	if leave {
		a.gate.Leave(s.organisation)
	}
	a.beginAll(ready)
}

// begun is told that a run that waited goes.
func (a *admission) begun(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.stage = seated
	a.forget(s)
}

// forget takes a seat out of the queue.
func (a *admission) forget(s *seat) {
	if a.queued[s.run] != s {
		return
	}
	delete(a.queued, s.run)
	if a.queuedOf[s.organisation]--; a.queuedOf[s.organisation] == 0 {
		delete(a.queuedOf, s.organisation)
	}
	close(s.moved)
}

// drop gives up a seat whose run will not begin.
func (a *admission) drop(s *seat) {
	a.setAside(s)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forget(s)
}

// leave gives back the places of a run that went. Its room is given back by vacate.
func (a *admission) leave(s *seat) {
	if len(s.limits) == 0 {
		return
	}
	a.mu.Lock()
	ready := a.free(s)
	a.mu.Unlock()
	a.beginAll(ready)
}

func (a *admission) find(run string) *seat {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.queued[run]
}

// pause notes whether a seat that stands aside is to stay there.
func (a *admission) pause(s *seat, paused bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.paused = paused
}

func (a *admission) isPaused(s *seat) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return s.paused
}

// stirs tells whether a run will begin by itself: those that are paused do not count.
func (a *admission) stirs() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.queued {
		if !s.paused {
			return !a.closed
		}
	}
	return false
}

func (a *admission) state() QueueState {
	a.mu.Lock()
	defer a.mu.Unlock()
	return QueueState{len(a.queued), maps.Clone(a.queuedOf)}
}

// close lets nobody begin any more, and tells those who wait for that.
func (a *admission) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, s := range a.queued {
		a.forget(s)
	}
}
