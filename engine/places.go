package engine

import (
	"gantry/fair"
	"gantry/fault"
)

// places is who goes and who waits of one limit.
type places struct {
	going   []*seat // in the order they got their place
	line    fair.Line[*seat]
	waiting map[*seat]bool // that name the limit and have not begun, whichever they wait for
}

func (s *seat) limit(key string) *Limit {
	for i := range s.limits {
		if s.limits[i].Key == key {
			return &s.limits[i]
		}
	}
	return nil
}

// stand has a seat wait for the limit.
func (p *places) stand(s *seat) { s.place = p.line.JoinAt(s.organisation, s.arrival, s) }

func (a *admission) places(key string) *places {
	p := a.limits[key]
	if p == nil {
		p = &places{waiting: map[*seat]bool{}}
		a.limits[key] = p
	}
	return p
}

// name notes that a seat waits and will need a place in its limits.
func (a *admission) name(s *seat) {
	for _, l := range s.limits {
		a.places(l.Key).waiting[s] = true
	}
}

// full gives the first of a seat's limits that has no place for it; nil: all have.
func (a *admission) full(s *seat) *places {
	for _, l := range s.limits {
		if p := a.places(l.Key); len(p.going) >= l.Most {
			return p
		}
	}
	return nil
}

// refuse gives why a run is not started at all.
func (a *admission) refuse(s *seat) error {
	for _, l := range s.limits {
		p := a.limits[l.Key]
		if l.WhenFull != Skip || p == nil || len(p.going)+len(p.waiting) < l.Most {
			continue
		}
		other := "another run that waits"
		if len(p.going) > 0 {
			other = "run " + p.going[0].run
		}
		return fault.New(fault.Skipped, "not started: %s has to end first, at most %d may go at a time", other, l.Most).
			WithHint("the limit says `skip`; with `queue` the run would wait")
	}
	return nil
}

// seize takes a place in every limit, also where there are none left: for a run that goes already.
func (a *admission) seize(s *seat) {
	for _, l := range s.limits {
		p := a.places(l.Key)
		delete(p.waiting, s)
		p.going = append(p.going, s)
	}
	s.counted = true
}

// free gives back the places of a seat, or its wish for them, and hands them on. It gives those who get in by
// that.
func (a *admission) free(s *seat) (in []*seat) {
	for _, l := range s.limits {
		p := a.places(l.Key)
		delete(p.waiting, s)
		for i := 0; s.counted && i < len(p.going); i++ {
			if p.going[i] == s {
				p.going = append(p.going[:i:i], p.going[i+1:]...)
				break
			}
		}
	}
	s.counted = false
	in = a.handOn(s.limits)
	for _, l := range s.limits {
		if p := a.limits[l.Key]; p != nil && len(p.going) == 0 && len(p.waiting) == 0 {
			delete(a.limits, l.Key)
		}
	}
	return in
}

// handOn offers free places of limits to those who wait for them, to each organisation in turn.
func (a *admission) handOn(limits []Limit) (in []*seat) {
	for _, l := range limits {
		for p := a.limits[l.Key]; p != nil; {
			round := a.offer(l.Key, p)
			if in = append(in, round...); len(round) == 0 {
				break
			}
		}
	}
	return in
}

// offer goes once round those who wait for a limit. Who finds another limit full waits there; whose
// organisation has no room waits for that: until it has some the place is anybody's.
func (a *admission) offer(key string, p *places) (in []*seat) {
	for first := range p.line.Firsts() {
		organisation := first.Item.organisation
		for first != nil {
			s := first.Item
			if len(p.going) >= s.limit(key).Most {
				return in
			}
			full := a.full(s)
			if full == nil && a.hasRoom(organisation) {
				p.line.Serve(first)
				a.takeIn(s)
				in = append(in, s)
				break
			}
			first.Leave()
			if full == nil {
				a.stand(s)
				break
			}
			full.stand(s)
			first = p.line.FirstOf(organisation)
		}
	}
	return in
}

// displaced gives the runs that have to be cancelled for one that waits: so many of the oldest that the
// others, with it, are no more than the limit. Those that cannot be told yet are left out: they are marked,
// and are told as soon as they can be.
func (a *admission) displaced(s *seat) (victims []*seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range s.limits {
		if p := a.limits[l.Key]; p != nil && l.WhenFull == CancelRunning && s.stage == lined {
			victims = append(victims, p.displace(s, l.Most)...)
		}
	}
	return victims
}

func (p *places) displace(s *seat, most int) (victims []*seat) {
	for {
		var oldest *seat
		before := 0
		count := func(other *seat) {
			if other == s || other.displacedBy != "" || other.arrival > s.arrival {
				return
			}
			before++
			if oldest == nil || other.arrival < oldest.arrival {
				oldest = other
			}
		}
		for _, other := range p.going {
			count(other)
		}
		for other := range p.waiting {
			count(other)
		}
		if before < most || oldest == nil {
			return victims
		}
		if oldest.displacedBy = s.run; oldest.known {
			victims = append(victims, oldest)
		}
	}
}

// introduce is told that the run of a seat is active, so that it can be told things. It gives the run that
// takes its place, "" if none does.
func (a *admission) introduce(s *seat) (displacedBy string) {
	if len(s.limits) == 0 {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s.known = true
	return s.displacedBy
}

// readmit seats a run that went in an earlier process: its places are taken whether they are free or not.
func (a *admission) readmit(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rank(s)
	s.stage, s.known = seated, true
	a.seize(s)
}

// ranks gives the first of so many places among those who come, in a row.
func (a *admission) ranks(n int) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.arrivals += int64(n)
	return a.arrivals - int64(n) + 1
}

// readmitWithin seats a run that goes on after its end. It waits for nobody: where a limit is full it is refused.
func (a *admission) readmitWithin(s *seat) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return errClosed()
	}
	if err := a.noPlace(s); err != nil {
		return err
	}
	a.rank(s)
	s.stage = seated
	a.seize(s)
	return nil
}

// fullFor tells why readmitWithin would refuse a seat, nil if it would not.
func (a *admission) fullFor(s *seat) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.noPlace(s)
}

func (a *admission) noPlace(s *seat) error {
	for _, l := range s.limits {
		if p := a.limits[l.Key]; p != nil && len(p.going) >= l.Most {
			return fault.New(fault.Conflict, "run %s cannot go on now: run %s has to end first, at most %d may go at a time", s.run, p.going[0].run, l.Most).
				WithHint("resume it when that one has ended")
		}
	}
	return nil
}
