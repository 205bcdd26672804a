package engine

import (
	"context"

	"gantry/fault"
)

func errHeld(id string) error {
	return fault.New(fault.Interrupted, "run %s is held since a backup was restored: what it does next may have been done already", shortID(id)).
		WithHint("`gantry runs resume %s` lets it go on, `gantry runs cancel %s` ends it", shortID(id), shortID(id))
}

// Idle gives the runs that have not ended and with which nobody goes on here: neither this engine, nor do they wait to
// begin, nor are they held. Those that this process could not take up are among them.
func (e *Engine) Idle(ctx context.Context) ([]string, error) {
	ids, err := e.History.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	idle := []string{}
	for _, id := range ids {
		if e.find(id) != nil || e.admission.find(id) != nil {
			continue
		}
		run, err := e.History.Get(ctx, id) // it may have ended since
		if err == nil && !run.Status.Ended() && e.find(id) == nil {
			idle = append(idle, id)
		}
	}
	return idle, nil
}
