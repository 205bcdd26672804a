package triggers_test

import (
	"context"
	"sync"

	"gantry/engine"
	"gantry/fault"
)

// stuck is an engine that starts nothing until it is closed: what it is asked stays on its way. It stands for
// one that is busy, to see what waits.
type stuck struct {
	mu    sync.Mutex
	asked []engine.Request
	kept  []func(string, error)
	queue engine.QueueState
	rings chan struct{} // one token for each that is asked; nil: nobody listens
}

func (s *stuck) Submit(_ context.Context, req engine.Request, kept func(string, error)) {
	s.mu.Lock()
	s.asked, s.kept = append(s.asked, req), append(s.kept, kept)
	s.mu.Unlock()
	if s.rings != nil {
		s.rings <- struct{}{}
	}
}

func (s *stuck) Queued() engine.QueueState { return s.queue }

// release answers everybody as an engine that is closing.
func (s *stuck) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kept := range s.kept {
		kept("", fault.New(fault.Interrupted, "closing"))
	}
	s.kept = nil
}
