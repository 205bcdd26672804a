package backup_test

import (
	"testing"

	"gantry/backup"
	"gantry/fault/faulttest"
	"gantry/store"
)

// TestStilled: events that were not decided count as failed, timers do not catch up, polls begin anew and ends are not
// told, unless somebody asks for all that.
func TestStilled(t *testing.T) {
	d := newData(t)
	faulttest.Must(t, d.store.Write(t.Context(), func(tx *store.Tx) error {
		for _, statement := range []string{
			`INSERT INTO trigger_events (id, workflow, trigger_name, type, organisation_id, at, accepted_at, data, causes, fired_by, again, skip_when, status)
				VALUES ('e', 'w', 't', 'webhook', 'o', 1, 1, '{}', '[]', '', '', 0, 'pending')`,
			`INSERT INTO timers (workflow, trigger_name, organisation_id, spec, anchor, last_due, next_due) VALUES ('w', 't', 'o', '', 1, 1, 2)`,
			`INSERT INTO polls (workflow, trigger_name, organisation_id, basis, started, cursor, point, floor, polled_at, next_at, failures, note)
				VALUES ('w', 't', 'o', '', 1, 'null', '', '', 1, 1, 0, '')`,
			`INSERT INTO untold_ends (run) VALUES ('r')`,
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	}))
	b := d.backUp(t, nil)
	for _, catchUp := range []bool{false, true} {
		dir := t.TempDir()
		r, err := restore(t, b, dir, func(o *backup.RestoreOptions) { o.Key, o.CatchUp = keyOf(t, d.dir), catchUp })
		faulttest.Must(t, err)
		want, left := backup.Stilled{Events: 1, Timers: 1, Polls: 1, Ends: 1}, 0
		if catchUp {
			want, left = backup.Stilled{}, 4
		}
		var due int
		faulttest.Must(t, openData(t, dir).store.Read().Get(&due, `SELECT (SELECT count(*) FROM trigger_events WHERE status = 'pending') + (SELECT count(*) FROM polls)
			+ (SELECT count(*) FROM untold_ends) + (SELECT count(*) FROM timers WHERE last_due = 1)`))
		if r.Stilled != want || due != left {
			t.Errorf("catching up %v: %+v, %d left", catchUp, r.Stilled, due)
		}
	}
}
