package poll

import (
	"context"
	"time"

	"gantry/triggers"
)

// Due implements triggers.Clock. Only a Poller knows.
func (d Detail) Due(_ context.Context, a *triggers.Active, organisations []string) (at time.Time, known bool, err error) {
	if d.Poller == nil {
		return at, false, nil
	}
	d.Poller.mu.Lock()
	defer d.Poller.mu.Unlock()
	for _, id := range organisations {
		s := d.Poller.slots[target{a.Key, id}]
		if s == nil || s.gone || s.busy {
			continue
		}
		if !known || s.next.Before(at) {
			at, known = s.next.UTC(), true
		}
	}
	return at, known, nil
}

var _ triggers.Clock = Detail{}
