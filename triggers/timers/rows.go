package timers

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gantry/store"
	"gantry/triggers"
)

// row is what is kept of a timer.
type row struct {
	Workflow     string `db:"workflow"`
	Trigger      string `db:"trigger_name"`
	Organisation string `db:"organisation_id"`
	Spec         string `db:"spec"`
	Anchor       int64  `db:"anchor"`
	LastDue      int64  `db:"last_due"`
	NextDue      int64  `db:"next_due"`
	LeftOut      int    `db:"left_out"`
	LeftOutAt    int64  `db:"left_out_at"`
}

const columns = "workflow, trigger_name, organisation_id, spec, anchor, last_due, next_due, left_out, left_out_at"

// unix gives a time as it is kept; none is 0.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func timeOf(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// load reads all timers that there were. What they say is read from the Book, by sync.
func (r *Room) load(ctx context.Context) error {
	var rows []row
	if err := r.Store.Read().SelectContext(ctx, &rows, "SELECT "+columns+" FROM timers"); err != nil {
		return store.Fault(err)
	}
	r.timers = make(map[place]*timer, len(rows))
	for _, w := range rows {
		t := w.timer()
		r.timers[t.place] = t
	}
	return nil
}

func (w row) timer() *timer {
	last, anchor := timeOf(w.LastDue), timeOf(w.Anchor)
	return &timer{place: place{triggers.Key{Workflow: w.Workflow, Trigger: w.Trigger}, w.Organisation}, spec: &spec{fingerprint: w.Spec},
		anchor: anchor, last: last, floor: latest(anchor, last)}
}

// keepNew writes a timer that is new or has another schedule now.
func (t *timer) keepNew(tx *store.Tx) error {
	_, err := tx.Exec("INSERT OR REPLACE INTO timers ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
		t.Workflow, t.Trigger, t.organisation, t.spec.fingerprint, unix(t.anchor), unix(t.last), unix(t.due))
	return err
}

// keepDone writes that the due time is done with.
func (t *timer) keepDone(tx *store.Tx, now time.Time) error {
	next := unix(t.times.Next(t.due))
	if t.leftOut > 0 {
		if _, err := tx.Exec("UPDATE timers SET left_out = ?, left_out_at = ? WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?",
			t.leftOut, unix(now), t.Workflow, t.Trigger, t.organisation); err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE timers SET last_due = ?, next_due = ? WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?",
		unix(t.due), next, t.Workflow, t.Trigger, t.organisation)
	return err
}

func (p place) drop(tx *store.Tx) error {
	_, err := tx.Exec("DELETE FROM timers WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?", p.Workflow, p.Trigger, p.organisation)
	return err
}

// rowOf reads one timer; false where it has never been seen.
func (r *Room) rowOf(ctx context.Context, p place) (w row, found bool, err error) {
	err = r.Store.Read().GetContext(ctx, &w, "SELECT "+columns+" FROM timers WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?",
		p.Workflow, p.Trigger, p.organisation)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, false, nil
	}
	return w, err == nil, store.Fault(err)
}
