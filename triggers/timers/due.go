package timers

import (
	"context"
	"encoding/json"
	"time"

	"gantry/fault"
	"gantry/store"
	"gantry/triggers"
)

// Due implements triggers.Clock, from the rows: there may be thousands of organisations.
func (r *Room) Due(ctx context.Context, a *triggers.Active, organisations []string) (at time.Time, known bool, err error) {
	ids, err := json.Marshal(organisations)
	if err != nil {
		return at, false, fault.From(err)
	}
	var next int64
	err = r.Store.Read().GetContext(ctx, &next, `SELECT coalesce(min(next_due), 0) FROM timers WHERE workflow = ? AND trigger_name = ? AND next_due > ?
		AND organisation_id IN (SELECT value FROM json_each(?))`, a.Key.Workflow, a.Key.Trigger, r.now().Unix(), string(ids))
	if err != nil {
		return at, false, store.Fault(err)
	}
	if next != 0 {
		return timeOf(next), true, nil
	}
	if len(organisations) == 0 {
		return at, false, nil
	}
	fires, err := r.NextFires(ctx, a.Key, organisations[0], 1) // no server has planned it yet
	if err != nil || len(fires) == 0 {
		return at, false, err
	}
	return fires[0].Due.UTC(), true, nil
}

var _ triggers.Clock = (*Room)(nil)
