package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"gantry/engine/history"
	"gantry/orgs"
	"gantry/store"
)

// What a very large MSP leaves in the figures: each of its organisations runs a few of its hundred workflows a day, and the
// MSP itself ten of them in every quarter of an hour.
const (
	countedOrganisations = 2000
	countedWorkflows     = 100
	countedEach          = 4
	countedOwn           = 10
)

// countedUntil is when the figures end: within a day and a week everywhere.
var countedUntil = time.Date(2026, 11, 25, 13, 45, 0, 0, time.UTC)

// quarterHours are what figures are counted by.
const quarterHours = 15 * 60

var counting = []string{
	fmt.Sprintf(`INSERT INTO run_groups (organisation, workflow, trigger_type, trigger_name, child)
		WITH RECURSIVE o(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM o WHERE i + 1 < %d), w(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM w WHERE i + 1 < %d)
		SELECT printf('0190a000-0000-7000-8000-%%012d', o.i), printf('area-%%d/workflow-%%d', w.i %% 7, w.i), 'webhook', 'in', 0 FROM o, w`, countedOrganisations, countedWorkflows),
	fmt.Sprintf(`INSERT INTO run_figures (at, run_group, succeeded, failed, timed_out, cancelled, saved)
		WITH RECURSIVE d(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i + 1 < ?2), o(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM o WHERE i + 1 < %d),
			r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < %d)
		SELECT ?1 - 1 - d.i * 96 - abs(random()) %% 96, o.i * %[3]d + 1 + min(abs(random()) %% %[3]d, abs(random()) %% %[3]d), 1, 0, 0, 0, 300 FROM d, o, r WHERE true ORDER BY 1, 2
		ON CONFLICT DO UPDATE SET succeeded = succeeded + 1`, countedOrganisations, countedEach, countedWorkflows),
	fmt.Sprintf(`INSERT INTO run_figures (at, run_group, succeeded, failed, timed_out, cancelled, saved)
		WITH RECURSIVE q(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM q WHERE i + 1 < ?2 * 96), r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < %d)
		SELECT ?1 - 1 - q.i, r.i, 2, q.i %% 8 = 0, 0, 0, 120 FROM q, r WHERE true ON CONFLICT DO UPDATE SET succeeded = succeeded + 2`, countedOwn),
}

// fillFigures makes the figures of so many days, and adds them up.
func fillFigures(ctx context.Context, db *store.Store, days int) error {
	began := time.Now()
	err := db.Write(ctx, func(tx *store.Tx) error {
		for i, statement := range counting {
			args := []any{countedUntil.Unix() / quarterHours, days}[:2*min(i, 1)]
			if _, err := tx.Exec(statement, args...); err != nil {
				return fmt.Errorf("%w: %s", err, statement)
			}
		}
		return nil
	})
	if err == nil {
		err = history.New(db, orgs.NoKeys()).SumUp(ctx, countedUntil)
	}
	fmt.Fprintf(os.Stderr, "  figures of %d days were made in %s\n", days, time.Since(began).Round(time.Second))
	return err
}
