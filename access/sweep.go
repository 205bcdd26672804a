package access

import (
	"context"

	"gantry/store"
)

// sweepAtOnce bounds how many rows of the audit log one transaction removes, so that nobody waits long for it.
const sweepAtOnce = 5_000

// Sweep removes what is over: ended sessions, failed sign-ins that are forgiven, and old entries of the audit log. A
// server calls it now and then.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM sessions WHERE ends_at <= ? OR used_at <= ?", now.UnixMicro(), now.Add(-s.limits.SessionIdle).UnixMicro()); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM sign_in_failures WHERE last_at < ?", now.Add(-forgivenAfter).UnixMicro())
		return err
	})
	for more := true; err == nil && more; {
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			result, err := tx.Exec("DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE at < ? ORDER BY at LIMIT ?)",
				now.Add(-s.limits.AuditKept).UnixMicro(), sweepAtOnce)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			more = n == sweepAtOnce
			return err
		})
	}
	return err
}
