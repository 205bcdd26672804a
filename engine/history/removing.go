package history

import (
	"context"
	"time"

	"gantry/failpoint"
	"gantry/store"
)

// mostHeld is how long removing keeps everybody else from writing.
const mostHeld = 5 * time.Millisecond

// removeRun removes a run from all lists, and of what it kept as much as can be at once; removed_runs knows of the rest.
func removeRun(tx *store.Tx, id string) error {
	var rows []struct {
		Terms     string `db:"terms"`
		CreatedAt int64  `db:"created_at"`
	}
	if err := tx.Select(&rows, `SELECT terms, created_at FROM runs WHERE id = ?`, id); err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := removeRow(tx, id, rows[0].Terms, rows[0].CreatedAt); err != nil {
			return err
		}
		failpoint.Hit("history.row-removed")
	}
	more, err := removeDetails(tx, id)
	if err != nil || !more {
		return err
	}
	_, err = tx.Exec(noteRemoved, id)
	failpoint.Hit("history.partly-removed")
	return err
}

func removeRow(tx *store.Tx, id, terms string, createdAt int64) error {
	for _, term := range splitTerms(terms) {
		if _, err := tx.Exec(`DELETE FROM run_terms WHERE term = ? AND created_at = ? AND run = ?`, term, createdAt, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`DELETE FROM runs WHERE id = ?`, id)
	return err
}

// rowsAtOnce is how many rows of one table are removed together.
const rowsAtOnce = 200

var detailDeletes = []string{
	`DELETE FROM payloads WHERE run = ?1 AND part IN (SELECT part FROM payloads WHERE run = ?1 LIMIT 8)`,
	`DELETE FROM events WHERE run = ?1 AND seq IN (SELECT seq FROM events WHERE run = ?1 LIMIT ?2)`,
	`DELETE FROM requests WHERE (run, exec, item, attempt, seq) IN (SELECT run, exec, item, attempt, seq FROM requests WHERE run = ?1 LIMIT ?2)`,
	`DELETE FROM tasks WHERE run = ?1 AND exec IN (SELECT exec FROM tasks WHERE run = ?1 LIMIT ?2)`,
}

// removeDetails removes what a run kept, up to a bound; more: there is more of it.
func removeDetails(tx *store.Tx, id string) (more bool, err error) {
	for i, statement := range detailDeletes {
		args, most := []any{id, int64(rowsAtOnce)}, int64(rowsAtOnce)
		if i == 0 {
			args, most = args[:1], 8
		}
		result, err := tx.Exec(statement, args...)
		if err != nil {
			return false, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return false, err
		}
		more = more || n >= most
	}
	return more, nil
}

// removeLeftovers removes what runs left behind that were too large to be removed at once.
func (h *History) removeLeftovers(ctx context.Context) error {
	for {
		failpoint.Hit("history.leftovers")
		var ids []string
		if err := h.db.Read().SelectContext(ctx, &ids, nextRemoved); err != nil || len(ids) == 0 {
			return readFault(err)
		}
		err := h.db.Write(ctx, func(tx *store.Tx) error {
			id := ids[0]
			for began := time.Now(); time.Since(began) < mostHeld; {
				// It is noted again where there is more of it.
				if _, err := tx.Exec(`DELETE FROM removed_runs WHERE run = ?`, id); err != nil {
					return err
				}
				if err := removeRun(tx, id); err != nil {
					return err
				}
				var left []string
				if err := tx.Select(&left, nextRemoved); err != nil || len(left) == 0 {
					return err
				}
				id = left[0]
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
