package history

import (
	"context"
	"math"
	"time"

	"gantry/store"
)

// spans are the lengths of time that sums are kept of, in quarters of an hour: a quarter, a day, 32 days. Of the days of a
// workflow in an organisation there would be as many as there are runs.
var (
	spans       = []int64{1, 96, 3072}
	spansOfBoth = []int64{1, 3072}
)

const (
	// moved are the figures that are moved at once: up to the row ?1, ?2.
	moved = `WITH moved` + once + `(SELECT g.organisation, g.workflow, f.* FROM run_figures f CROSS JOIN run_groups g ON g.id = f.run_group
		WHERE (f.at, f.run_group) <= (?1, ?2) AND NOT g.child) `
	makeScopes = moved + `INSERT INTO run_scopes (organisation, workflow) SELECT organisation, workflow FROM moved UNION SELECT organisation, '' FROM moved
		UNION SELECT '', workflow FROM moved UNION SELECT '', '' FROM moved WHERE true ON CONFLICT DO NOTHING`
	addToSums = moved + `, kinds(organisations, workflows, span) AS (VALUES (0, 0, 1), (0, 0, 96), (0, 0, 3072), (1, 0, 1), (1, 0, 96), (1, 0, 3072),
			(0, 1, 1), (0, 1, 96), (0, 1, 3072), (1, 1, 1), (1, 1, 3072)) -- as spans and spansOfBoth have them
		INSERT INTO run_sums (scope, span, at, succeeded, failed, timed_out, cancelled, saved)
		SELECT s.id, k.span, f.at / k.span AS spans, sum(f.succeeded), sum(f.failed), sum(f.timed_out), sum(f.cancelled), sum(f.saved) FROM kinds k CROSS JOIN moved f
			CROSS JOIN run_scopes s ON s.organisation = iif(k.organisations, f.organisation, '') AND s.workflow = iif(k.workflows, f.workflow, '')
		WHERE true GROUP BY s.id, k.span, spans
		ON CONFLICT (scope, span, at) DO UPDATE SET succeeded = succeeded + excluded.succeeded, failed = failed + excluded.failed,
			timed_out = timed_out + excluded.timed_out, cancelled = cancelled + excluded.cancelled, saved = saved + excluded.saved`
	dropMoved = `DELETE FROM run_figures WHERE (at, run_group) <= (?1, ?2)`
	lastMoved = `SELECT at, run_group FROM run_figures WHERE at < ?1 ORDER BY at, run_group LIMIT 1 OFFSET ?2`
)

// movedAtOnce is how many figures are moved by one statement. Only tests change it.
var movedAtOnce int64 = 64

// SumUp moves the figures of what ended before this quarter of an hour into the sums. They are told as well before: it
// only makes that quicker. Each part is its own short transaction.
func (h *History) SumUp(ctx context.Context, now time.Time) error {
	for more := true; more; {
		err := h.db.Write(ctx, func(tx *store.Tx) (err error) {
			more = true
			for began := time.Now(); more && time.Since(began) < mostHeld; {
				if more, err = sumUpSome(tx, quarterOf(now.UnixNano())); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sumUpSome moves the oldest figures of before a time; more: there are others.
func sumUpSome(tx *store.Tx, before int64) (more bool, err error) {
	var last []struct {
		At    int64 `db:"at"`
		Group int64 `db:"run_group"`
	}
	if err := tx.Select(&last, lastMoved, before, movedAtOnce-1); err != nil {
		return false, err
	}
	at, group := before-1, int64(math.MaxInt64)
	if more = len(last) > 0; more {
		at, group = last[0].At, last[0].Group
	}
	for _, statement := range []string{makeScopes, addToSums, dropMoved} {
		if _, err := tx.Exec(statement, at, group); err != nil {
			return false, err
		}
	}
	return more, nil
}

const (
	dropFigures = `DELETE FROM run_figures WHERE run_group IN (SELECT id FROM run_groups WHERE organisation = ?)`
	// takeSums takes away what is in the sums, to be moved there as all figures are: so the sums of all organisations lose it, too.
	takeSums = addFigures + `SELECT -f.succeeded, -f.failed, -f.timed_out, -f.cancelled, -f.saved, f.at,
			(SELECT min(g.id) FROM run_groups g WHERE g.organisation = s.organisation AND g.workflow = s.workflow AND NOT g.child)
		FROM run_scopes s CROSS JOIN run_sums f ON f.scope = s.id AND f.span = 1 WHERE s.organisation = ? AND s.workflow > ''`
)

// DropFigures forgets the figures of organisations that are gone for good.
func (h *History) DropFigures(ctx context.Context, organisations ...string) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range organisations {
			for _, statement := range []string{dropFigures, takeSums} {
				if _, err := tx.Exec(statement, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
