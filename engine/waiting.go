package engine

import (
	"time"

	"gantry/actions"
	"gantry/engine/flow"
)

// Waiting tells how an execution waits for a rate limit.
type Waiting struct {
	Step     int       `json:"step"`           // the execution's ID
	Attempts int       `json:"attempts"`       // that wait; 0: none any more
	System   string    `json:"system"`         // whose limit it is
	Until    time.Time `json:"until,omitzero"` // when the last of them goes on, as far as is known now
}

// waiting notes that an attempt begins to wait for a rate limit, or with nil that it goes on, and tells those
// who watch.
func (r *run) waiting(unit flow.Unit, w *actions.RateWait) {
	if r.waits == nil {
		r.waits = map[flow.Unit]*actions.RateWait{}
	}
	if w != nil {
		r.waits[unit] = w
	} else {
		delete(r.waits, unit)
	}
	u := r.update(nil)
	u.Waiting = []Waiting{r.waitingOf(unit.Exec)}
	r.seat.watchers.tell(u)
}

func (r *run) waitingOf(exec int) Waiting {
	all := Waiting{Step: exec}
	for unit, w := range r.waits {
		if unit.Exec != exec {
			continue
		}
		all.Attempts++
		if w.Until.After(all.Until) {
			all.Until, all.System = w.Until, w.System
		}
	}
	return all
}
