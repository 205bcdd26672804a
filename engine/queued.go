package engine

import "maps"

// hold keeps the seat of a run that has not begun. The caller holds the lock, as in what
// follows up to find.
func (a *admission) hold(s *seat) {
	a.queued[s.run] = s
	a.queuedOf[s.organisation]++
}

// step wakes those who wait for what becomes of a seat.
func (a *admission) step(s *seat) {
	if s.moved != nil {
		close(s.moved)
		s.moved = nil
	}
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
	a.step(s)
}

func (a *admission) find(run string) *seat {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.queued[run]
}

// next gives a channel that is closed when something becomes of a seat that is queued.
func (a *admission) next(s *seat) <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.moved == nil {
		s.moved = make(chan struct{})
	}
	moved := s.moved
	if a.queued[s.run] != s {
		a.step(s)
	}
	return moved
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
