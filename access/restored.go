package access

import (
	"context"

	"gantry/store"
)

// EndAllSessions signs everybody out, and gives how many sessions there were. A database that was restored has sessions
// again that had been ended since.
func EndAllSessions(ctx context.Context, s *store.Store) (ended int, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		result, err := tx.Exec("DELETE FROM sessions")
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		ended = int(n)
		return err
	})
	return ended, err
}
