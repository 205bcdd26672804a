package triggers

import (
	"database/sql"
	"encoding/json"
	"time"

	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// eventRow is an event as the table has it.
type eventRow struct {
	ID             string         `db:"id"`
	Workflow       string         `db:"workflow"`
	Trigger        string         `db:"trigger_name"`
	Type           string         `db:"type"`
	OrganisationID string         `db:"organisation_id"`
	At             int64          `db:"at"`
	AcceptedAt     int64          `db:"accepted_at"`
	Data           string         `db:"data"`
	Causes         string         `db:"causes"`
	By             string         `db:"fired_by"`
	Again          string         `db:"again"`
	SkipWhen       bool           `db:"skip_when"`
	Status         Status         `db:"status"`
	DecidedAt      sql.NullInt64  `db:"decided_at"`
	Run            sql.NullString `db:"run_id"`
	Why            sql.NullString `db:"why"`
	Saw            sql.NullString `db:"saw"`
	Error          sql.NullString `db:"error"`

	once    string // only of one that is being kept
	until   int64
	counted bool          // by the line
	paused  time.Duration // how long it rested the last time, after it could not be decided
}

const selectEvents = `SELECT id, workflow, trigger_name, type, organisation_id, at, accepted_at, data, causes, fired_by, again, skip_when,
	status, decided_at, run_id, why, saw, error FROM trigger_events`

// event reads the event itself.
func (r *eventRow) event() (Event, error) {
	e := Event{ID: r.ID, Key: r.key(), Type: r.Type, OrganisationID: r.OrganisationID, At: timeOf(r.At),
		By: r.By, Again: r.Again, SkipWhen: r.SkipWhen}
	data, err := schema.DecodeBytes([]byte(r.Data))
	if err != nil {
		return e, damaged(r.ID, err)
	}
	e.Data, _ = data.(map[string]any)
	if err := json.Unmarshal([]byte(r.Causes), &e.Causes); err != nil {
		return e, damaged(r.ID, err)
	}
	return e, nil
}

func (r *eventRow) key() Key { return Key{Workflow: r.Workflow, Trigger: r.Trigger} }

// decision reads what became of it.
func (r *eventRow) decision() (Decision, error) {
	d := Decision{Status: r.Status, Run: r.Run.String, Why: r.Why.String}
	if r.Saw.Valid {
		if err := json.Unmarshal([]byte(r.Saw.String), &d.Saw); err != nil {
			return d, damaged(r.ID, err)
		}
	}
	if r.Error.Valid {
		if err := json.Unmarshal([]byte(r.Error.String), &d.Error); err != nil {
			return d, damaged(r.ID, err)
		}
	}
	return d, nil
}

func damaged(id string, err error) error {
	return fault.Wrap(err, fault.Storage, "the event %s cannot be read: %s", id, err)
}

func encodeTexts(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(list) // texts always can
	return string(text)
}

// errDecided says that somebody else decided the event.
var errDecided = fault.New(fault.Conflict, "the event has been decided already")

// decide writes what becomes of a pending event; errDecided when it is not pending any more.
func (r *eventRow) decide(tx *store.Tx, d Decision, now int64, keep Keep) error {
	saw, failure, err := d.encode()
	if err != nil {
		return err
	}
	done, err := tx.ExecOf(r.OrganisationID, `UPDATE trigger_events SET status = ?, decided_at = ?, run_id = ?, why = ?, saw = ?, error = ? WHERE id = ? AND status = 'pending'`,
		string(d.Status), now, orNull(d.Run), orNull(d.Why), saw, failure, r.ID)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errDecided
	}
	return keep.count(tx, r, d.Status)
}

func (d Decision) encode() (saw, failure any, err error) {
	if len(d.Saw) > 0 {
		text, err := json.Marshal(d.Saw)
		if err != nil {
			return nil, nil, fault.From(err)
		}
		saw = string(text)
	}
	if d.Error != nil {
		text, err := json.Marshal(d.Error)
		if err != nil { // its detail is what cannot be written
			text, err = json.Marshal(fault.New(d.Error.Code, "%s", d.Error.Message).WithHint("%s", d.Error.Hint))
		}
		if err != nil {
			return nil, nil, fault.From(err)
		}
		failure = string(text)
	}
	return saw, failure, nil
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
