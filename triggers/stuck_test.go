package triggers_test

import (
	"context"
	"sync"

	"gantry/engine"
	"gantry/fault"
)

// stuck is an engine that starts nothing until it is released: what it is asked stays on its way. It stands
// for one that is busy, to see what waits.
type stuck struct {
	mu     sync.Mutex
	asked  []engine.Request
	kept   []func(string, error)
	closed bool
	rings  chan struct{} // one token for each that is asked; nil: nobody listens
}

func (s *stuck) Submit(_ context.Context, req engine.Request, kept func(string, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		kept("", errStuck)
		return
	}
	s.asked, s.kept = append(s.asked, req), append(s.kept, kept)
	if s.rings != nil {
		s.rings <- struct{}{}
	}
}

func (s *stuck) Queued() engine.QueueState { return engine.QueueState{} }

var errStuck = fault.New(fault.Interrupted, "the engine is closing")

// release answers everybody as an engine that is closing.
func (s *stuck) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, kept := range s.kept {
		kept("", errStuck)
	}
}
