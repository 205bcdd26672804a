package triggers

import (
	"context"
	"time"

	"gantry/fault"
	"gantry/store"
)

// SetAside decides all events that are not decided as failed, with why, so that they start nothing by themselves and
// each can be fired again. It gives how many there were. It is for a database that no Service works with.
func SetAside(ctx context.Context, s *store.Store, at time.Time, why *fault.Error) (aside int, err error) {
	all := Keep{Events: 1 << 30} // none is dropped for being one of many
	for more := true; more; {
		more = false
		err := s.Write(ctx, func(tx *store.Tx) error {
			var rows []eventRow
			if err := tx.Select(&rows, selectEvents+` WHERE status = 'pending' ORDER BY id LIMIT ?`, tidyBatch); err != nil {
				return err
			}
			for i := range rows {
				if err := rows[i].decide(tx, Decision{Status: Failed, Error: why}, at.UnixMicro(), all); err != nil {
					return err
				}
			}
			aside, more = aside+len(rows), len(rows) == tidyBatch
			return nil
		})
		if err != nil {
			return aside, err
		}
	}
	return aside, nil
}

// Undecided tells how many events wait to be decided, and since when the oldest does.
func Undecided(ctx context.Context, s *store.Store) (events int, oldest time.Time, err error) {
	var row struct {
		Events int   `db:"events"`
		Oldest int64 `db:"oldest"`
	}
	err = s.Read().GetContext(ctx, &row, `SELECT count(*) AS events, coalesce(min(accepted_at), 0) AS oldest FROM trigger_events WHERE status = 'pending'`)
	if err != nil || row.Events == 0 {
		return 0, time.Time{}, store.Fault(err)
	}
	return row.Events, timeOf(row.Oldest), nil
}
