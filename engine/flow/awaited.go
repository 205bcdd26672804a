package flow

import "time"

// Awaited is a unit that waits for somebody outside.
type Awaited struct {
	Unit
	What  string    // "answer", "webhook"
	Since time.Time // when this very wait began: a unit that is tried again waits anew
	Until time.Time // when the wait times out; zero: with the run
}

// Over tells whether the wait's time is up, though the timer may not have fired yet.
func (a Awaited) Over(now time.Time) bool { return !a.Until.IsZero() && !now.Before(a.Until) }

// Awaits gives what a unit waits for from outside; ok is false where it does not, or no longer.
func (s *State) Awaits(id Unit) (a Awaited, ok bool) {
	if id.Exec < 0 || id.Exec >= len(s.execs) {
		return a, false
	}
	u := s.execs[id.Exec].unit(id.Item)
	if u == nil || u.status != Waiting || u.backoff || u.awaits == "" {
		return a, false
	}
	return Awaited{id, u.awaits, u.since, u.timeout}, true
}

// Awaiting gives everything that the run waits for from outside.
func (s *State) Awaiting() []Awaited {
	var all []Awaited
	add := func(id Unit) {
		if a, ok := s.Awaits(id); ok {
			all = append(all, a)
		}
	}
	for _, e := range s.live {
		if e.items == nil {
			add(Unit{e.ID, NoItem})
			continue
		}
		for i := range e.items.units {
			add(Unit{e.ID, i})
		}
	}
	return all
}

// UnitStatus tells how a unit stands; "" where there is none, or it has not begun.
func (s *State) UnitStatus(id Unit) Status {
	if id.Exec < 0 || id.Exec >= len(s.execs) {
		return ""
	}
	if u := s.execs[id.Exec].unit(id.Item); u != nil {
		return u.status
	}
	return ""
}

// NoSuch tells that there is no such unit and never will be: the execution has fewer items.
func (s *State) NoSuch(id Unit) bool {
	if id.Exec < 0 || id.Exec >= len(s.execs) {
		return true
	}
	e := s.execs[id.Exec]
	return e.items != nil && e.unit(id.Item) == nil
}
