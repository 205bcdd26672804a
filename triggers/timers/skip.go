package timers

import (
	"context"
	"time"

	"gantry/store"
)

// SkipUntil makes all due times up to at count as fired, so that none of them is caught up. It gives how many timers
// there are of which some were due. It is for a database that no Room works with.
func SkipUntil(ctx context.Context, s *store.Store, at time.Time) (skipped int, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Get(&skipped, `SELECT count(*) FROM timers WHERE next_due > 0 AND next_due <= ?`, at.Unix()); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE timers SET last_due = ? WHERE last_due < ?`, at.Unix(), at.Unix())
		return err
	})
	return skipped, err
}
