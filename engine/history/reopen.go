package history

import (
	"time"

	"gantry/failpoint"
	"gantry/fault"
	"gantry/store"
)

// Reopening is what changes of a run's row, beside its state, when a run that had ended goes on.
type Reopening struct {
	Workflow, Version string    // what it goes on with
	Text              []byte    // the workflow's source; nil: the version is kept already
	At                time.Time // when it was reopened
}

// reopenRun takes a run's end back. The version that its log begins with is kept: a replay begins with that.
const reopenRun = `UPDATE runs SET finished_at = NULL, status = 'running', outputs = NULL, error = NULL, saved = 0, version = ?1,
	first_version = CASE WHEN first_version = '' AND version <> ?1 THEN version ELSE first_version END
	WHERE id = ?2 AND finished_at IS NOT NULL`

// dropOutputs removes outputs that were too large for the run's row.
const dropOutputs = `DELETE FROM payloads WHERE run = ? AND part = -1`

// forgetEnd lets nobody be told of the end that was taken back: they would be told of the next one, a second time.
const forgetEnd = `DELETE FROM untold_ends WHERE run = ?`

func (rows *entryRows) encodeReopening(e *Entry) {
	if e.Reopens == nil {
		return
	}
	rows.reopen = []any{e.Reopens.Version, e.Run}
	if e.Reopens.Text != nil {
		rows.version = []any{e.Reopens.Workflow, e.Reopens.Version, e.Reopens.Text, e.Reopens.At.UnixNano()}
	}
}

// leaveEnd takes the run's end back, unless somebody else has done that.
func (rows *entryRows) leaveEnd(tx *store.Tx) error {
	if rows.reopen == nil {
		return nil
	}
	if err := countRow(tx, rows.run, -1); err != nil {
		return err
	}
	result, err := tx.ExecOf(rows.organisation, reopenRun, rows.reopen...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return wentOn(rows.run)
	}
	if _, err := tx.Exec(forgetEnd, rows.run); err != nil {
		return err
	}
	_, err = tx.Exec(dropOutputs, rows.run)
	failpoint.Hit("history.end-undone")
	return err
}

func wentOn(run string) error {
	return fault.New(fault.Conflict, "run %s went on meanwhile: somebody else has resumed or resolved it", run).
		WithHint("`gantry runs show %s` tells how it stands", run)
}
