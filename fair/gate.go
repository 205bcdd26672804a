package fair

import (
	"context"
	"sync"
)

// Gate lets so many in at a time. An organisation's first few never wait; the rest of the room is given to
// each organisation in turn. It is safe for concurrent use.
type Gate struct {
	mu     sync.Mutex
	room   int
	own    int
	inside int
	of     map[string]int // inside, by organisation
	line   Line[*Ticket]
}

// Ticket is somebody's place before the gate.
type Ticket struct {
	gate         *Gate
	organisation string
	enter        func()
	place        *Place[*Ticket]
	in           chan struct{} // of LineUp: closed when its turn has come
}

// NewGate makes a gate with room for so many at a time, of which an organisation's first own ones go in
// at once, also when the room is full: inside are never more than room, plus own for each organisation.
func NewGate(room, own int) *Gate {
	return &Gate{room: room, own: own, of: map[string]int{}}
}

// TryEnter goes in if that is possible at once, without overtaking anybody. Whoever is in leaves by Leave.
func (g *Gate) TryEnter(organisation string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tryEnter(organisation)
}

func (g *Gate) tryEnter(organisation string) bool {
	if g.of[organisation] >= g.own && (g.inside >= g.room || g.line.Len() > 0) {
		return false
	}
	g.count(organisation, +1)
	return true
}

func (g *Gate) count(organisation string, n int) {
	g.inside += n
	if g.of[organisation] += n; g.of[organisation] == 0 {
		delete(g.of, organisation)
	}
}

// Enter goes in at once and gives nil, or lines up: then enter is called once, when its turn has come and
// it is in, from the goroutine of whoever made room. It must be quick.
func (g *Gate) Enter(organisation string, enter func()) *Ticket {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tryEnter(organisation) {
		return nil
	}
	t := &Ticket{gate: g, organisation: organisation, enter: enter}
	t.place = g.line.Join(organisation, t)
	return t
}

// Withdraw leaves the line. It gives false if the ticket is in already, or is being called in.
func (t *Ticket) Withdraw() bool {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	return t.place.Leave()
}

// Force goes in whether there is room or not.
func (g *Gate) Force(organisation string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count(organisation, +1)
}

// Leave goes out and lets in whose turn it is.
func (g *Gate) Leave(organisation string) {
	g.mu.Lock()
	g.count(organisation, -1)
	called := g.call(organisation)
	g.mu.Unlock()
	for _, t := range called {
		t.enter()
	}
}

// call takes those out of the line who may go in now that somebody of an organisation has left.
func (g *Gate) call(organisation string) []*Ticket {
	var called []*Ticket
	serve := func(p *Place[*Ticket]) {
		t := g.line.Serve(p)
		g.count(t.organisation, +1)
		called = append(called, t)
	}
	for p := g.line.FirstOf(organisation); p != nil && g.of[organisation] < g.own; p = g.line.FirstOf(organisation) {
		serve(p)
	}
	for p := g.line.First(); p != nil && g.inside < g.room; p = g.line.First() {
		serve(p)
	}
	return called
}

// LineUp is Enter for somebody who waits by Ticket.Wait. Those who line up one after the other keep that order,
// whichever of them waits first.
func (g *Gate) LineUp(organisation string) *Ticket {
	in := make(chan struct{})
	t := g.Enter(organisation, func() { close(in) })
	if t != nil {
		t.in = in
	}
	return t
}

// Wait returns when the turn of a ticket of LineUp has come, or gives the cause of ctx's end: then it has left the line.
func (t *Ticket) Wait(ctx context.Context) error {
	select {
	case <-t.in:
		return nil
	case <-ctx.Done():
	}
	if !t.Withdraw() { // its turn came at the same moment
		<-t.in
		t.gate.Leave(t.organisation)
	}
	return context.Cause(ctx)
}

// Wait goes in, when its turn comes, or gives the cause of ctx's end.
func (g *Gate) Wait(ctx context.Context, organisation string) error {
	if t := g.LineUp(organisation); t != nil {
		return t.Wait(ctx)
	}
	return nil
}

// Inside tells how many are in, Waiting how many are in the line.
func (g *Gate) Inside() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside
}

// Waiting tells how many are in the line.
func (g *Gate) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.line.Len()
}
