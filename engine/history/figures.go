package history

import (
	"database/sql"
	"time"

	"gantry/engine/flow"
	"gantry/store"
)

// quarter is the time that a row of figures stands for: every time zone differs from UTC by whole quarters of an hour.
const quarter = 15 * time.Minute

// counted is what the end of one run adds to the figures, or takes away from them. Runs that others started do not count.
type counted struct {
	at     int64 // quarters since 1970
	group  group // its number alone, where that is known
	status flow.Status
	by     int64 // 1, or -1
	saved  int64 // seconds
}

// cell names a row of figures.
type cell struct {
	at    int64
	group group
}

// sums are the columns of a row of figures.
type sums struct{ succeeded, failed, timedOut, cancelled, saved int64 }

func (s *sums) add(c *counted) {
	switch c.status {
	case flow.Succeeded:
		s.succeeded += c.by
	case flow.Failed:
		s.failed += c.by
	case flow.TimedOut:
		s.timedOut += c.by
	case flow.Cancelled:
		s.cancelled += c.by
	}
	s.saved += c.saved
}

// figures adds up the ends of runs that share a transaction: there may be hundreds, and they change a few rows.
var figures = &store.Sum{Write: writeFigures}

const (
	ofGroup    = `(SELECT id FROM run_groups WHERE organisation = ? AND workflow = ? AND trigger_type = ? AND trigger_name = ? AND child = ?)`
	addFigures = `INSERT INTO run_figures (succeeded, failed, timed_out, cancelled, saved, at, run_group) `
	onFigures  = ` ON CONFLICT (at, run_group) DO UPDATE SET succeeded = succeeded + excluded.succeeded, failed = failed + excluded.failed,
		timed_out = timed_out + excluded.timed_out, cancelled = cancelled + excluded.cancelled, saved = saved + excluded.saved`
	addToGroup  = addFigures + `VALUES (?, ?, ?, ?, ?, ?, ` + ofGroup + `)` + onFigures
	addToNumber = addFigures + `VALUES (?, ?, ?, ?, ?, ?, ?)` + onFigures
	// What is taken away of figures that were dropped is not missed. What is in the sums by now is taken away with the next that
	// is moved there.
	takeFigures = addFigures + `SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM run_figures WHERE at = ?6 AND run_group = ?7)
		OR EXISTS (SELECT 1 FROM run_groups g JOIN run_scopes s ON s.organisation = g.organisation AND s.workflow = g.workflow
			JOIN run_sums f ON f.scope = s.id AND f.span = 1 AND f.at = ?6 WHERE g.id = ?7)` + onFigures
)

func writeFigures(tx *store.Tx, left []any) error {
	all := make(map[cell]*sums)
	var order []cell
	for _, one := range left {
		c := one.(*counted)
		if c.by < 0 || c.group.Child {
			continue
		}
		key := cell{c.at, c.group}
		if all[key] == nil {
			all[key] = &sums{}
			order = append(order, key)
		}
		all[key].add(c)
	}
	for _, key := range order {
		s := all[key]
		query, args := addToGroup, []any{s.succeeded, s.failed, s.timedOut, s.cancelled, s.saved, key.at}
		if key.group.ID != 0 {
			query, args = addToNumber, append(args, key.group.ID)
		} else {
			args = append(args, key.group.args()...)
		}
		if _, err := tx.Exec(query, args...); err != nil {
			return err
		}
	}
	for _, one := range left { // after what is added: that may be the same row
		c := one.(*counted)
		if c.by > 0 {
			continue
		}
		var s sums
		s.add(c)
		if _, err := tx.Exec(takeFigures, s.succeeded, s.failed, s.timedOut, s.cancelled, s.saved, c.at, c.group.ID); err != nil {
			return err
		}
	}
	return nil
}

// quarterOf gives the row of figures that a time belongs to.
func quarterOf(nanoseconds int64) int64 { return nanoseconds / int64(quarter) }

// encodeEnd notes what the figures are to learn of a run that ends with this entry.
func (rows *entryRows) encodeEnd(e *Entry) {
	if e.State == nil || e.State.FinishedAt.IsZero() {
		return
	}
	rows.ends = true
	if rows.group == nil && e.Of == nil {
		return // its row tells
	}
	c := &counted{at: quarterOf(e.State.FinishedAt.UnixNano()), status: e.State.Status, by: 1}
	if rows.group != nil {
		c.group = *rows.group
	} else {
		c.group = group{Organisation: e.Of.OrganisationID, Workflow: e.Of.Workflow, TriggerType: e.Of.TriggerType, TriggerName: e.Of.TriggerName, Child: e.Of.Parent != ""}
	}
	rows.end = c
	c.saved = e.saved()
}

// saved is what the end of a run saves, in seconds: nothing but that of one that succeeds and that no other run started.
func (e *Entry) saved() int64 {
	child := e.New != nil && e.New.Parent != "" || e.Of != nil && e.Of.Parent != ""
	if e.State == nil || e.State.FinishedAt.IsZero() || e.State.Status != flow.Succeeded || child {
		return 0
	}
	return int64(e.State.Saved.Round(time.Second) / time.Second)
}

// endRun is updateRun with which a run ends.
const endRun = updateRun + ` AND finished_at IS NULL`

// countEnd counts a run that has been written as one that has ended. One that had ended before, and is written over, is counted
// where it stands now alone.
func (rows *entryRows) countEnd(tx *store.Tx, written sql.Result) error {
	if written != nil {
		n, err := written.RowsAffected()
		if err != nil {
			return err
		}
		if n == 0 {
			if err := countRow(tx, rows.run, -1); err != nil {
				return err
			}
			if _, err := tx.ExecOf(rows.organisation, updateRun, rows.update...); err != nil {
				return err
			}
			return countRow(tx, rows.run, 1)
		}
	}
	if rows.end == nil {
		return countRow(tx, rows.run, 1)
	}
	tx.Leave(figures, rows.end)
	return nil
}

// countRow counts a run as its row stands: one that has ended and, by 1, does so now, or, by -1, goes on again. One that
// another run started does not count.
func countRow(tx *store.Tx, run string, by int64) error {
	var rows []struct {
		Group    int64  `db:"run_group"`
		Status   string `db:"status"`
		Finished int64  `db:"finished_at"`
		Saved    int64  `db:"saved"`
	}
	if err := tx.Select(&rows, `SELECT run_group, status, finished_at, saved FROM runs WHERE id = ? AND finished_at IS NOT NULL AND parent = ''`, run); err != nil {
		return err
	}
	for _, r := range rows {
		tx.Leave(figures, &counted{at: quarterOf(r.Finished), group: group{ID: r.Group}, status: flow.Status(r.Status), by: by, saved: by * r.Saved})
	}
	return nil
}
