package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gantry/store"
)

// What a history of a year or two at a large MSP looks like: many runs of few workflows, for many organisations, few of
// them failed, two of seven started by others.
const (
	filledOrganisations = 500
	filledWorkflows     = 20
	filledUnfinished    = 2000 // of the newest runs every second one of so many
)

// filledFrom is when the first of the runs was made, and filledEvery how long after it the next.
var (
	filledFrom  = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	filledEvery = 45 * time.Second
)

func filledWorkflow(n int) string     { return fmt.Sprintf("area-%d/workflow-%d", n%7, n) }
func filledOrganisation(n int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", n) }

// made are the runs with what all tables need of them: those numbered 5 and 6 of seven were started by the one before them.
const made = `CREATE TEMP TABLE made AS
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1),
	drawn AS (SELECT i, ?2 + i * ?3 AS at, abs(random()) AS a, abs(random()) AS b, abs(random()) AS c FROM n)
	SELECT i, at, printf('%08x-%04x-7%03x-%04x-%012x', (at / 1000000) >> 16, (at / 1000000) & 65535, i & 4095, 32768 | (a % 16384), b & 281474976710655) AS id,
		min(a % ?4, b % ?4) AS organisation, min(b / 7 % ?5, c % ?5) AS workflow,
		CASE i % 7 WHEN 3 THEN 'schedule' WHEN 4 THEN 'always_pass' WHEN 5 THEN 'workflow' WHEN 6 THEN 'workflow' ELSE 'webhook' END AS trigger_type, i % 7 > 4 AS child,
		CASE WHEN i >= ?1 - ?6 AND i % 2 = 0 THEN 'waiting' WHEN a % 60 < 1 THEN 'failed' WHEN a % 60 = 1 THEN iif(b % 2, 'timed_out', 'cancelled') ELSE 'succeeded' END AS status
	FROM drawn`

// filling writes the tables from made, in the order of their keys where that is quicker.
var filling = []string{
	`CREATE UNIQUE INDEX temp.made_by_number ON made (i)`,
	`INSERT INTO workflow_versions (workflow, version, text, first_used) SELECT DISTINCT printf('area-%d/workflow-%d', workflow % 7, workflow), 'v1', 'tasks: {}', 0 FROM made`,
	`INSERT INTO run_groups (organisation, workflow, trigger_type, trigger_name, child)
		SELECT DISTINCT printf('0190a000-0000-7000-8000-%012d', organisation), printf('area-%d/workflow-%d', workflow % 7, workflow), trigger_type, 'in', child FROM made`,
	`INSERT INTO runs (id, workflow, version, organisation, organisation_slug, status, trigger_type, trigger_name, parent, parent_exec, parent_item,
		settings, inputs, outputs, error, created_at, started_at, finished_at, terms, run_group)
		SELECT m.id, g.workflow, 'v1', g.organisation, 'client-' || m.organisation, m.status, m.trigger_type, 'in', coalesce(p.id, ''), iif(m.child, 0, -1), -1,
			'{}', printf('{"ticket":%d,"client":"Client %d","note":"A note of some length. A note of some length. A note of some length."}', 100000 + m.i, m.organisation),
			'{"done":true}', NULL, m.at, m.at, iif(m.status = 'waiting', NULL, m.at + 1000000000), iif(m.child, '', printf('%d', 100000 + m.i) || char(10) || 'client ' || m.organisation), g.id
		FROM made m JOIN run_groups g ON g.organisation = printf('0190a000-0000-7000-8000-%012d', m.organisation) AND g.workflow = printf('area-%d/workflow-%d', m.workflow % 7, m.workflow)
			AND g.trigger_type = m.trigger_type AND g.trigger_name = 'in' AND g.child = m.child
		LEFT JOIN made p ON m.child AND p.i = m.i - m.i % 7 + 4 ORDER BY m.i`,
	`INSERT INTO run_terms (term, created_at, run) SELECT term, at, id FROM (SELECT printf('%d', 100000 + i) AS term, at, id FROM made WHERE NOT child
		UNION ALL SELECT 'client ' || organisation, at, id FROM made WHERE NOT child) ORDER BY term, at, id`,
	`INSERT INTO events (run, seq, at, kind, data)
		SELECT m.id, s.value, m.at, CASE s.value WHEN 1 THEN 'run_started' WHEN 2 THEN 'attempt_started' ELSE 'attempt_ended' END,
			CASE s.value WHEN 1 THEN printf('{"run":"%s","inputs":{"ticket":%d},"exec":0}', m.id, 100000 + m.i) WHEN 2 THEN '{"exec":0}' ELSE '{"exec":0,"result":{"ok":true}}' END
		FROM made m CROSS JOIN json_each('[1,2,3]') s ORDER BY m.i, s.value`,
	`INSERT INTO tasks (run, exec, name, instance, status, attempts, items, subrun, started_at, finished_at) SELECT id, 0, 'a', 1, 'succeeded', 1, -1, '', at, at FROM made ORDER BY i`,
}

// fillHistory makes so many runs, each with a task and its events. A folder whose making was cut off is of no use.
func fillHistory(ctx context.Context, db *store.Store, runs int) error {
	again, err := takeIndexes(ctx, db)
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(made, runs, filledFrom.UnixNano(), int64(filledEvery), filledOrganisations, filledWorkflows, filledUnfinished)
		return err
	})
	if err != nil {
		return err
	}
	for _, statement := range slices.Concat([]string{"PRAGMA cache_size = -262144"}, filling, again, []string{"DROP TABLE temp.made"}) {
		err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(statement)
			return err
		})
		if err != nil {
			return fmt.Errorf("%w: %s", err, statement)
		}
	}
	return nil
}

// takeIndexes drops the indexes of the large tables and gives what makes them again, which is quicker when all is there.
func takeIndexes(ctx context.Context, db *store.Store) (again []string, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		var indexes []struct {
			Name string `db:"name"`
			Text string `db:"sql"`
		}
		if err := tx.Select(&indexes, `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('runs', 'tasks', 'events') AND sql IS NOT NULL`); err != nil {
			return err
		}
		for _, index := range indexes {
			if _, err := tx.Exec("DROP INDEX " + index.Name); err != nil {
				return err
			}
			again = append(again, index.Text)
		}
		return nil
	})
	return again, err
}
