package engine

import (
	"sync"

	"gantry/fair"
)

// admission lets runs begin. A run begins when there is a place in every limit that it names and room for it,
// and takes them all at that moment: who waits holds nothing that another could use. What cannot begin at
// once waits here; what it needs for that is on disk.
//
// Who waits stands in one line: of the first limit that was full when that was last looked at, or, if none
// was, of the room. It comes before all of its organisation that came later, wherever it stands.
type admission struct {
	room Room
	// begin is called when a run's turn has come that waited, and is on disk. It must not block.
	begin func(*seat)

	mu       sync.Mutex
	closed   bool
	arrivals int64
	inside   int            // seats that take room
	of       map[string]int // likewise, by organisation
	line     fair.Line[*seat]
	limits   map[string]*places
	queued   map[string]*seat // by run: those that have not begun
	queuedOf map[string]int   // by organisation
}

// waits is where a seat stands on its way in.
type waits struct {
	arrival     int64
	stage       stage
	counted     bool               // in its limits
	place       *fair.Place[*seat] // not nil: stands in a line
	onDisk      bool
	paused      bool
	known       bool          // the run can be told things by its id
	displacedBy string        // the run that takes its place; "": none
	moved       chan struct{} // closed at the next step of one that is queued; nil: nobody waits for that
}

// stage is how far a seat has come.
type stage int

const (
	aside    stage = iota // neither lined up nor in: paused, or being cancelled
	lined                 // waits for a limit or for room
	called                // has got all, and begins as soon as it is on disk
	entering              // is being begun
	seated                // has begun
)

func newAdmission(room Room, begin func(*seat)) *admission {
	return &admission{room: room, begin: begin, of: map[string]int{},
		limits: map[string]*places{}, queued: map[string]*seat{}, queuedOf: map[string]int{}}
}

func (a *admission) newSeat(run, organisation string, limits []Limit) *seat {
	return &seat{run: run, organisation: organisation, limits: limits, admission: a}
}

// arrive lets a run in at once, or lines it up, or refuses it because of a limit that says to skip.
func (a *admission) arrive(s *seat) (in bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false, errClosed()
	}
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

// lineUp lets a seat in, or has it wait. One that came before keeps its place. The caller holds the lock, as of
// all that follows up to change.
func (a *admission) lineUp(s *seat) bool {
	a.rank(s)
	s.stage = lined
	a.name(s)
	if full := a.full(s); full != nil {
		full.stand(s)
		return false
	}
	if !a.hasRoom(s.organisation) {
		a.stand(s)
		return false
	}
	a.takeIn(s)
	return true
}

// stand has a seat wait for room.
func (a *admission) stand(s *seat) { s.place = a.line.JoinAt(s.organisation, s.arrival, s) }

// hasRoom tells whether one more of an organisation may go in without overtaking anybody.
func (a *admission) hasRoom(organisation string) bool {
	return a.of[organisation] < a.room.Own || a.inside < a.room.Runs && a.line.Len() == 0
}

// takeIn gives a seat all that it needs.
func (a *admission) takeIn(s *seat) {
	s.place = nil
	a.seize(s)
	a.count(s.organisation, +1)
	s.busy.Store(1)
	s.stage = called
}

func (a *admission) count(organisation string, n int) {
	a.inside += n
	if a.of[organisation] += n; a.of[organisation] == 0 {
		delete(a.of, organisation)
	}
}

// fill lets those in whose turn it is, now that an organisation has given room back.
func (a *admission) fill(organisation string) (in []*seat) {
	for p := a.line.FirstOf(organisation); p != nil && a.of[organisation] < a.room.Own; p = a.line.FirstOf(organisation) {
		in = append(in, a.try(p)...)
	}
	for p := a.line.First(); p != nil && a.inside < a.room.Runs; p = a.line.First() {
		in = append(in, a.try(p)...)
	}
	return in
}

// try lets one in for whom there is room. If meanwhile a limit is full it waits for that instead, and its
// organisation keeps its turn.
func (a *admission) try(p *fair.Place[*seat]) (in []*seat) {
	s := p.Item
	if full := a.full(s); full != nil {
		p.Leave()
		full.stand(s)
		return a.handOn(s.limits)
	}
	a.line.Serve(p)
	a.takeIn(s)
	return append(a.handOn(s.limits), s)
}

// ready gives those of the seats that can begin, and marks them as doing so.
func (a *admission) ready(seats ...*seat) []*seat {
	out := seats[:0]
	for _, s := range seats {
		if s.stage == called && s.onDisk && !a.closed {
			s.stage = entering
			out = append(out, s)
		}
	}
	return out
}

// withdraw gives up what a seat waits for or holds. It gives those who get in by that.
func (a *admission) withdraw(s *seat) (in []*seat) {
	if s.place != nil {
		s.place.Leave()
		s.place = nil
	}
	s.stage = aside
	if s.busy.Swap(0) > 0 {
		a.count(s.organisation, -1)
		in = a.fill(s.organisation)
	}
	return append(in, a.free(s)...)
}

// change does something under the lock, and then begins those who can by it.
func (a *admission) change(do func() (in []*seat)) {
	a.mu.Lock()
	ready := a.ready(do()...)
	a.mu.Unlock()
	for _, s := range ready {
		a.begin(s)
	}
}

// kept is told that a run that waits is on disk. It gives the run that takes its place, "" if none does.
func (a *admission) kept(s *seat) (displacedBy string) {
	a.change(func() []*seat {
		s.onDisk, s.known = true, true
		displacedBy = s.displacedBy
		a.step(s)
		return []*seat{s}
	})
	return displacedBy
}

// restore lines up a run that an earlier process left waiting. One that is to wait a while stands aside until
// again is called.
func (a *admission) restore(s *seat, paused, wait bool) {
	a.change(func() []*seat {
		if a.queued[s.run] != nil || a.closed {
			return nil
		}
		s.onDisk, s.known, s.paused = true, true, paused
		a.hold(s)
		if paused || wait {
			a.rank(s)
			return nil
		}
		a.lineUp(s)
		return []*seat{s}
	})
}

// rank gives a seat that stands aside its place among those who come.
func (a *admission) rank(s *seat) {
	if s.arrival == 0 {
		a.arrivals++
		s.arrival = a.arrivals
	}
}

// again lines a seat up that stands aside.
func (a *admission) again(s *seat) {
	a.change(func() []*seat {
		if s.stage == aside && !s.paused && a.queued[s.run] == s && !a.closed {
			a.lineUp(s)
		}
		return []*seat{s}
	})
}

// setAside takes a seat out of the lines, with all it holds. It gives false if the run is being begun, or is
// not on disk yet.
func (a *admission) setAside(s *seat) (done bool) {
	a.change(func() []*seat {
		if done = s.stage < entering && s.onDisk; !done {
			return nil
		}
		return a.withdraw(s)
	})
	return done
}

// failed sets a seat aside whose run could not begin, and keeps it queued.
func (a *admission) failed(s *seat) {
	a.change(func() []*seat {
		a.step(s)
		return a.withdraw(s)
	})
}

// begun is told that a run that waited goes.
func (a *admission) begun(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.stage = seated
	a.forget(s)
}

// drop gives up a seat whose run will not begin.
func (a *admission) drop(s *seat) {
	a.change(func() []*seat {
		in := a.withdraw(s)
		a.forget(s)
		return in
	})
}

// leave gives back the places of a run that went. Its room is given back by vacate.
func (a *admission) leave(s *seat) {
	if len(s.limits) > 0 {
		a.change(func() []*seat { return a.free(s) })
	}
}

// enter takes room for a seat that has been let in before.
func (a *admission) enter(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count(s.organisation, +1)
}

// vacate gives the room of a seat back.
func (a *admission) vacate(s *seat) {
	a.change(func() []*seat {
		a.count(s.organisation, -1)
		return a.fill(s.organisation)
	})
}
