package webhook

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits bound what senders can make the server hold at a time. Zero values are the defaults.
type Limits struct {
	// Bodies is how many bytes of bodies are held altogether while they are read, checked and written; 256 MiB
	// unless said. One address gets a quarter of it, so that a slow sender of one does not shut out the others.
	Bodies int64
	// Parsed is how many bytes of bodies are taken apart and written at a time; 8 MiB unless said, one larger body
	// goes alone. What is made of a body may take forty times its size; the others wait for their turn.
	Parsed int64
	// Requests is how many requests of one address are under way at a time; 256 unless said. Those that wait
	// for their run are counted apart.
	Requests int
	// Waiting is how many requests of one address wait for their run; 256 unless said. Those beyond are
	// answered as if their time were over.
	Waiting int
	// Read is how long a sender may take for the body; 30s unless said.
	Read time.Duration
}

func (l Limits) complete() Limits {
	if l.Bodies <= 0 {
		l.Bodies = 256 << 20
	}
	if l.Parsed <= 0 {
		l.Parsed = 8 << 20
	}
	if l.Requests <= 0 {
		l.Requests = 256
	}
	if l.Waiting <= 0 {
		l.Waiting = 256
	}
	if l.Read <= 0 {
		l.Read = 30 * time.Second
	}
	return l
}

// gate counts what is held, and share what one address holds of it.
type gate struct {
	mu     sync.Mutex
	limits Limits
	bytes  int64
	parsed *semaphore.Weighted
}

type share struct {
	bytes             int64
	requests, waiting int
}

func newGate(l Limits) *gate { return &gate{limits: l, parsed: semaphore.NewWeighted(l.Parsed)} }

// parse waits for its turn to take a body of n bytes apart, and gives what ends it. Those whose turn it is never
// wait for a sender.
func (g *gate) parse(n int) (done func()) {
	weight := min(int64(n)+1, g.limits.Parsed)
	if g.parsed.Acquire(context.Background(), weight) != nil {
		return func() {} // it never ends without a context's end
	}
	return func() { g.parsed.Release(weight) }
}

// Whose bound is reached.
type full int

const (
	room full = iota
	fullHere
	fullEverywhere
)

// enter takes room for a body of at most n bytes; leave gives it back.
func (g *gate) enter(s *share, n int64) full {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.requests >= g.limits.Requests || s.bytes > 0 && s.bytes+n > g.limits.Bodies/4 {
		return fullHere
	}
	if g.bytes > 0 && g.bytes+n > g.limits.Bodies {
		return fullEverywhere
	}
	s.requests++
	s.bytes += n
	g.bytes += n
	return room
}

func (g *gate) leave(s *share, n int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.requests--
	s.bytes -= n
	g.bytes -= n
}

// wait takes a place among those who wait for their run.
func (g *gate) wait(s *share) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.waiting >= g.limits.Waiting {
		return false
	}
	s.waiting++
	return true
}

func (g *gate) waited(s *share) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.waiting--
}
