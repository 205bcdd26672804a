package engine

// Occupied is what the engine's runs take of it at a moment. At rest all of it is zero.
type Occupied struct {
	Runs     int // that go, sub-workflows' and handlers' included
	Room     int // of Options.Room
	Limits   int // that somebody holds a place in, or waits for
	Queued   int // runs that wait to begin
	Attempts int // that hold a worker
	Waiting  int // attempts that wait for one
	Outside  int // attempts that have begun and not come back
}

// Occupied tells what is taken now.
func (e *Engine) Occupied() Occupied {
	e.mu.Lock()
	o := Occupied{Runs: len(e.active)}
	e.mu.Unlock()
	e.admission.mu.Lock()
	o.Room, o.Limits, o.Queued = e.admission.inside, len(e.admission.limits), len(e.admission.queued)
	e.admission.mu.Unlock()
	o.Attempts, o.Waiting = e.slots.Inside(), e.slots.Waiting()
	e.outside.mu.Lock()
	o.Outside = e.outside.attempts
	e.outside.mu.Unlock()
	return o
}
