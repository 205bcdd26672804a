package engine

import (
	"context"
	"fmt"

	"gantry/expr"
	"gantry/fair"
	"gantry/fault"
	"gantry/schema"
)

// Limit bounds how many runs that name the same key go side by side: those that have begun and not ended,
// waiting ones included. Runs of sub-workflows and handlers of failures are not counted: they belong to the
// run that led to them.
type Limit struct {
	Key      string   `json:"key"`  // runs with the same key count together, whatever their workflow and organisation
	Most     int      `json:"most"` // at least 1
	WhenFull WhenFull `json:"when_full"`
}

// WhenFull says what happens to a run for which a limit has no place.
type WhenFull string

// What may happen. Anything else is Queue.
const (
	Queue         WhenFull = "queue"          // it waits for its turn
	Skip          WhenFull = "skip"           // it is refused with the code skipped
	CancelRunning WhenFull = "cancel_running" // the oldest that goes (or waits) is cancelled; it begins when that has ended
)

// limitsOf gives the limits of a run: its workflow's, which counts each organisation by itself or, with a
// key, each value of that, and those of the request. facts are the organisation's, looked up if they are needed.
func (e *Engine) limitsOf(ctx context.Context, p *plan) ([]Limit, error) {
	limits := p.req.Limits
	if rule := p.wf.Concurrency; rule != nil {
		key := "of " + p.req.Organisation.ID
		if rule.Key != nil {
			facts, err := e.facts(ctx, p)
			if err != nil {
				return nil, err
			}
			v, err := rule.Key.Eval(expr.Vars{"inputs": p.req.Inputs, "org": facts, "trigger": p.trigger()}, expr.At{Now: p.created})
			if err != nil {
				f := fault.From(err)
				return nil, fault.Wrap(err, f.Code, "the key of concurrency: %s", f.Message).WithHint("%s", f.Hint)
			}
			text, err := schema.Encode(v)
			if err != nil {
				return nil, err
			}
			key = "key " + string(text)
		}
		limits = append([]Limit{{Key: fmt.Sprintf("workflow %s %s", p.wf.ID, key), Most: rule.Most, WhenFull: WhenFull(rule.WhenFull)}}, limits...)
	}
	return distinct(limits), nil
}

// distinct joins limits of the same key: the narrowest counts.
func distinct(limits []Limit) []Limit {
	var out []Limit
	at := map[string]int{}
	for _, l := range limits {
		l.Most = max(l.Most, 1)
		if i, ok := at[l.Key]; ok {
			if l.Most < out[i].Most {
				out[i] = l
			}
			continue
		}
		at[l.Key] = len(out)
		out = append(out, l)
	}
	return out
}

// places is who goes and who waits of one limit.
type places struct {
	going   []*seat // in the order they got their place
	line    fair.Line[*seat]
	waiting map[*seat]bool // that name the limit and have no place in it, whichever they wait for
}

func (s *seat) limit(key string) *Limit {
	for i := range s.limits {
		if s.limits[i].Key == key {
			return &s.limits[i]
		}
	}
	return nil
}

func (a *admission) places(key string) *places {
	p := a.limits[key]
	if p == nil {
		p = &places{waiting: map[*seat]bool{}}
		a.limits[key] = p
	}
	return p
}

// refuse gives why a run is not started at all.
func (a *admission) refuse(s *seat) error {
	for _, l := range s.limits {
		p := a.limits[l.Key]
		if l.WhenFull != Skip || p == nil || len(p.going) < l.Most && p.line.Len() == 0 {
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

// claim takes a place in every limit, or waits in the line of the first that is full.
func (a *admission) claim(s *seat) bool {
	for _, l := range s.limits {
		p := a.places(l.Key)
		p.waiting[s] = true
		if len(p.going) >= l.Most && s.limitLine == nil {
			s.limitLine = p.line.Join(s.organisation, s)
		}
	}
	if s.limitLine != nil {
		return false
	}
	a.seize(s)
	return true
}

// seize takes the places, also where there are none left: for a run that goes already.
func (a *admission) seize(s *seat) {
	for _, l := range s.limits {
		p := a.places(l.Key)
		delete(p.waiting, s)
		p.going = append(p.going, s)
	}
	s.counted = true
}

// leaveLine stops waiting for a limit.
func (a *admission) leaveLine(s *seat) {
	s.limitLine.Leave()
	s.limitLine = nil
	for _, l := range s.limits {
		delete(a.places(l.Key).waiting, s)
		a.tidy(l.Key)
	}
}

func (a *admission) tidy(key string) {
	if p := a.limits[key]; p != nil && len(p.going) == 0 && len(p.waiting) == 0 {
		delete(a.limits, key)
	}
}

// free gives back the places of a seat and hands them on; it gives those that may begin by that.
func (a *admission) free(s *seat) (ready []*seat) {
	if !s.counted {
		return nil
	}
	s.counted = false
	for _, l := range s.limits {
		p := a.places(l.Key)
		for i, other := range p.going {
			if other == s {
				p.going = append(p.going[:i:i], p.going[i+1:]...)
				break
			}
		}
	}
	for _, l := range s.limits {
		ready = append(ready, a.handOn(l.Key)...)
		a.tidy(l.Key)
	}
	return ready
}

// handOn gives the free places of a limit to those who wait for them. Who then finds another of its limits
// full waits there.
func (a *admission) handOn(key string) (ready []*seat) {
	p := a.places(key)
	for first := p.line.First(); first != nil && len(p.going) < first.Item.limit(key).Most; first = p.line.First() {
		s := p.line.Serve(first)
		s.limitLine = nil
		if a.claim(s) && a.enter(s) {
			ready = append(ready, a.ready(s)...)
		}
	}
	return ready
}

// displaced gives the runs that have to be cancelled for one that waits: so many of the oldest that the
// others, with it, are no more than the limit.
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
			if other == s || other.cancelled || other.arrival > s.arrival {
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
		oldest.cancelled = true
		victims = append(victims, oldest)
	}
}

// readmit seats a run that went in an earlier process: its places are taken whether they are free or not.
func (a *admission) readmit(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.arrivals++
	s.arrival, s.stage = a.arrivals, seated
	a.seize(s)
}
