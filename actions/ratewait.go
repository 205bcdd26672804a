package actions

import (
	"time"

	"gantry/actions/wire"
)

// RateWait is a wait for a rate limit: whose, and until when as far as is known now.
type RateWait struct {
	System string // the integration's title
	Until  time.Time
}

// attemptWaits tells an attempt's waits to its record and to whoever watches it.
type attemptWaits struct {
	*attempt
	system string
	since  time.Time
}

func (a *attempt) waits(system string) wire.Waits { return &attemptWaits{attempt: a, system: system} }

// WaitBegins tells that a request is held back.
func (w *attemptWaits) WaitBegins(until time.Time) {
	w.since = w.clock()
	if w.call.Waiting != nil {
		w.call.Waiting(&RateWait{w.system, until})
	}
}

// WaitEnds tells that it goes on, or is given up.
func (w *attemptWaits) WaitEnds() {
	w.recorder.Waited(w.clock().Sub(w.since))
	if w.call.Waiting != nil {
		w.call.Waiting(nil)
	}
}
