package history

import (
	"context"
	"time"

	"gantry/engine/flow"
	"gantry/store"
)

// notHeld narrows a statement over runs to those that Hold does not keep back.
const notHeld = ` AND NOT EXISTS (SELECT 1 FROM held_runs h WHERE h.run = runs.id)`

// HoldUnfinished keeps all runs back that have not ended, those that wait to begin as well: they are shown as paused,
// and none goes on by itself before Release. It gives how many there are, without those that other runs wait for.
// It is for a database that nobody works with.
func (h *History) HoldUnfinished(ctx context.Context, at time.Time, why string) (held int, err error) {
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		result, err := tx.Exec(`INSERT INTO held_runs (run, at, why) SELECT id, ?, ? FROM runs
			WHERE finished_at IS NULL AND parent_exec < 0 ON CONFLICT DO NOTHING`, at.UnixNano(), why)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		held = int(n)
		_, err = tx.Exec(`UPDATE runs SET status = ? WHERE finished_at IS NULL`, string(flow.Paused))
		return err
	})
	return held, err
}

// HeldRun is a run that is held, since when, and why.
type HeldRun struct {
	Run string    `json:"run"`
	At  time.Time `json:"at"`
	Why string    `json:"why"`
}

// Held gives all runs that are held, oldest first.
func (h *History) Held(ctx context.Context) ([]HeldRun, error) {
	var rows []struct {
		Run string `db:"run"`
		At  int64  `db:"at"`
		Why string `db:"why"`
	}
	if err := h.db.Read().SelectContext(ctx, &rows, `SELECT h.run, h.at, h.why FROM held_runs h JOIN runs r ON r.id = h.run
		WHERE r.finished_at IS NULL ORDER BY h.run`); err != nil {
		return nil, readFault(err)
	}
	held := make([]HeldRun, len(rows))
	for i, r := range rows {
		held[i] = HeldRun{r.Run, timeOf(r.At), r.Why}
	}
	return held, nil
}

// HeldSince tells since when a run is held, or the one that it is a part of, and why; nil: it is not held.
func (h *History) HeldSince(ctx context.Context, id string) (*HeldRun, error) {
	var found []struct {
		Run string `db:"run"`
		At  int64  `db:"at"`
		Why string `db:"why"`
	}
	err := h.db.Read().SelectContext(ctx, &found, `WITH RECURSIVE above(id) AS (SELECT ? UNION SELECT r.parent FROM above JOIN runs r ON r.id = above.id
		WHERE r.parent <> '' AND r.parent_exec >= 0) SELECT h.run, h.at, h.why FROM above JOIN held_runs h ON h.run = above.id`, id)
	if err != nil || len(found) == 0 {
		return nil, readFault(err)
	}
	return &HeldRun{found[0].Run, timeOf(found[0].At), found[0].Why}, nil
}

// Release lets a run that is held go on, or end. It is taken up by whoever says so, and else by the next process.
func (h *History) Release(ctx context.Context, id string) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM held_runs WHERE run = ?`, id)
		return err
	})
}

// ForgetUntold forgets which ends of runs have still to be told, and gives how many they were.
func (h *History) ForgetUntold(ctx context.Context) (forgotten int, err error) {
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		result, err := tx.Exec(`DELETE FROM untold_ends`)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		forgotten = int(n)
		return err
	})
	return forgotten, err
}
