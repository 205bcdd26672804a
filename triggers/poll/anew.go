package poll

import (
	"context"

	"gantry/store"
)

// BeginAnew lets every poll begin anew: what the other systems have by then counts as seen, and nothing is fired for
// it. It gives how many polls there are. It is for a database that no Poller works with.
func BeginAnew(ctx context.Context, s *store.Store) (polls int, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Get(&polls, `SELECT count(*) FROM polls`); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM poll_seen`); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM polls`)
		return err
	})
	return polls, err
}
