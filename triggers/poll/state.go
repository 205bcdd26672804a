package poll

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"gantry/fault"
	"gantry/schema"
	"gantry/store"
	"gantry/triggers"
)

// target is a poll trigger and an organisation that it asks for.
type target struct {
	triggers.Key
	organisation string // its id
}

// state is where a target stands. The zero value has seen nothing.
type state struct {
	ID       int64  `db:"id"`
	Basis    string `db:"basis"`
	Started  bool   `db:"started"`
	Cursor   string `db:"cursor"` // JSON
	Point    point  `db:"point"`
	Floor    point  `db:"floor"`
	PolledAt int64  `db:"polled_at"`
	NextAt   int64  `db:"next_at"`
	Failures int    `db:"failures"`
	Error    string `db:"error"`
	Note     string `db:"note"`
}

// fresh is the state of a target that begins.
func fresh(basis string, failures int) state {
	return state{Basis: basis, Cursor: "null", Failures: failures}
}

const stateColumns = "id, basis, started, cursor, point, floor, polled_at, next_at, failures, coalesce(error, '') AS error, note"

// load reads a target's state; false when there is none.
func load(ctx context.Context, s *store.Store, t target) (state, bool, error) {
	var st state
	err := s.Read().GetContext(ctx, &st, "SELECT "+stateColumns+" FROM polls WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?",
		t.Workflow, t.Trigger, t.organisation)
	if errors.Is(err, sql.ErrNoRows) {
		return state{}, false, nil
	}
	return st, err == nil, store.Fault(err)
}

// keep writes the state, and forgets what was seen where it begins anew. A target without a row gets one.
func (st *state) keep(tx *store.Tx, t target, now time.Time) error {
	var failed any
	if st.Error != "" {
		failed = st.Error
	}
	_, err := tx.Exec(`INSERT INTO polls (workflow, trigger_name, organisation_id, basis, started, cursor, point, floor, polled_at, next_at, failures, error, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workflow, trigger_name, organisation_id) DO UPDATE SET basis = excluded.basis, started = excluded.started, cursor = excluded.cursor,
		point = excluded.point, floor = excluded.floor, polled_at = excluded.polled_at, next_at = excluded.next_at, failures = excluded.failures,
		error = excluded.error, note = excluded.note`,
		t.Workflow, t.Trigger, t.organisation, st.Basis, st.Started, st.Cursor, string(st.Point), string(st.Floor), now.UnixMicro(), st.NextAt, st.Failures, failed, st.Note)
	if err != nil || st.ID != 0 {
		return err
	}
	if err := tx.Get(&st.ID, "SELECT id FROM polls WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?", t.Workflow, t.Trigger, t.organisation); err != nil {
		return err
	}
	_, err = tx.Exec("DELETE FROM poll_seen WHERE poll = ?", st.ID)
	return err
}

// forget drops a target's state: it begins anew when it is asked again.
func forget(ctx context.Context, s *store.Store, t target) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM poll_seen WHERE poll IN (SELECT id FROM polls WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?)",
			t.Workflow, t.Trigger, t.organisation); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM polls WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?", t.Workflow, t.Trigger, t.organisation)
		return err
	})
}

// targets lists those that have a state.
func targets(ctx context.Context, s *store.Store) ([]target, error) {
	var rows []struct {
		Workflow     string `db:"workflow"`
		Trigger      string `db:"trigger_name"`
		Organisation string `db:"organisation_id"`
	}
	if err := s.Read().SelectContext(ctx, &rows, "SELECT workflow, trigger_name, organisation_id FROM polls"); err != nil {
		return nil, store.Fault(err)
	}
	var all []target
	for _, r := range rows {
		all = append(all, target{triggers.Key{Workflow: r.Workflow, Trigger: r.Trigger}, r.Organisation})
	}
	return all, nil
}

// cursor gives the cursor as expressions see it: less late where it is a time, null at first.
func (st *state) cursor() any {
	v, err := schema.DecodeBytes([]byte(st.Cursor))
	if err != nil {
		return nil
	}
	if t, ok := st.Floor.time(); ok && v != nil {
		return writtenTime(t)
	}
	return v
}

// writtenTime writes a time as systems send it, in steps that are not finer than theirs, never later.
func writtenTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z07:00") }

func encodeFault(f *fault.Error) string {
	if f == nil {
		return ""
	}
	text, err := json.Marshal(f)
	if err != nil {
		return `{"code":"internal","message":"the error cannot be shown"}`
	}
	return string(text)
}
