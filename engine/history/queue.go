package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// QueuedRun is what a run that waits needs to begin, beside its row.
type QueuedRun struct {
	TriggerData map[string]any
	TriggerVars map[string]any
}

// insertQueued puts a run behind all that wait: by a number, since clocks may be put back.
const insertQueued = `INSERT INTO queued_runs (run, organisation, trigger_data, trigger_vars, place)
	VALUES (?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM queued_runs))`

func (rows *entryRows) encodeQueue(e *Entry) error {
	if e.Queue == nil {
		return nil
	}
	data, err := schema.Encode(orEmpty(e.Queue.TriggerData))
	if err != nil {
		return err
	}
	vars, err := schema.Encode(orEmpty(e.Queue.TriggerVars))
	if err != nil {
		return err
	}
	rows.queue = []any{e.Run, e.New.Organisation, rows.spill(partTrigger, data, mostInRun), rows.spill(partVars, vars, mostInRun)}
	return nil
}

// leaveQueue refuses to let a run begin that does not wait: it has begun already, or was cancelled.
func leaveQueue(tx *store.Tx, run string) error {
	result, err := tx.Exec(`DELETE FROM queued_runs WHERE run = ?`, run)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return notWaiting(run)
	}
	return nil
}

// forgetTrigger forgets what stood beside the row of a run that waited: the run's first event has it.
const forgetTrigger = `DELETE FROM payloads WHERE run = ? AND part IN (-2, -3)`

// keepTrigger keeps with a run that ends before it began what it would have begun with, for who reruns it; what is large
// stays where it is.
const keepTrigger = `UPDATE runs SET settings = (SELECT json_set(runs.settings, '$.trigger_data', json(iif(q.trigger_data = '', 'null', q.trigger_data)),
	'$.trigger_vars', json(iif(q.trigger_vars = '', 'null', q.trigger_vars)))
	FROM queued_runs q WHERE q.run = runs.id) WHERE id = ?1 AND EXISTS (SELECT 1 FROM queued_runs q WHERE q.run = ?1)`

// LargeTrigger gives what a run that ended before it began would have begun with, as far as it is too large to stand in its
// settings; nil: it is not.
func (h *History) LargeTrigger(ctx context.Context, id string) (data, vars map[string]any, err error) {
	var parts []int
	if err := h.db.Read().SelectContext(ctx, &parts, `SELECT part FROM payloads WHERE run = ? AND part IN (-2, -3)`, id); err != nil {
		return nil, nil, readFault(err)
	}
	for _, part := range parts {
		text, err := payload(h.getter(ctx), id, part)
		if err != nil {
			return nil, nil, err
		}
		m, err := readMap(string(text))
		if err != nil {
			return nil, nil, err
		}
		if part == partTrigger {
			data = m
		} else {
			vars = m
		}
	}
	return data, vars, nil
}

func notWaiting(run string) error {
	return fault.New(fault.Conflict, "run %s does not wait to begin any more", run).WithHint("`gantry runs show %s` tells what became of it", run)
}

// Waiting is a run that waits to begin, as far as its place in the queue needs it.
type Waiting struct {
	Run            string
	OrganisationID string
	Paused         bool
	Settings       json.RawMessage
}

// Queued gives the runs that wait to begin, in the order in which they came, without those that are held.
func (h *History) Queued(ctx context.Context) ([]Waiting, error) {
	return h.waiting(ctx, "NOT EXISTS (SELECT 1 FROM held_runs h WHERE h.run = q.run)")
}

// QueuedRun gives one run that waits to begin, nil if it does not.
func (h *History) QueuedRun(ctx context.Context, id string) (*Waiting, error) {
	found, err := h.waiting(ctx, "q.run = ?", id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func (h *History) waiting(ctx context.Context, condition string, args ...any) ([]Waiting, error) {
	var rows []struct {
		Run          string `db:"run"`
		Organisation string `db:"organisation"`
		Status       string `db:"status"`
		Settings     string `db:"settings"`
	}
	err := h.db.Read().SelectContext(ctx, &rows, `SELECT q.run, q.organisation, r.status, r.settings
		FROM queued_runs q JOIN runs r ON r.id = q.run WHERE `+condition+` ORDER BY q.place, q.run`, args...)
	if err != nil {
		return nil, readFault(err)
	}
	out := make([]Waiting, len(rows))
	for i, r := range rows {
		out[i] = Waiting{r.Run, r.Organisation, r.Status == string(flow.Paused), json.RawMessage(r.Settings)}
	}
	return out, nil
}

// QueuedLog is all that a run that waits needs to begin.
type QueuedLog struct {
	Run      Run
	Settings json.RawMessage
	Inputs   map[string]any
	QueuedRun
}

// LoadQueued gives what a run that waits needs to begin.
func (h *History) LoadQueued(ctx context.Context, id string) (*QueuedLog, error) {
	row, err := h.row(ctx, id)
	if err != nil {
		return nil, err
	}
	var kept struct {
		Data string `db:"trigger_data"`
		Vars string `db:"trigger_vars"`
	}
	err = h.db.Read().GetContext(ctx, &kept, `SELECT trigger_data, trigger_vars FROM queued_runs WHERE run = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notWaiting(id)
	}
	if err != nil {
		return nil, readFault(err)
	}
	for text, part := range map[*string]int{&kept.Data: partTrigger, &kept.Vars: partVars} {
		if *text == elsewhere {
			whole, err := payload(h.getter(ctx), id, part)
			if err != nil {
				if waits, waitErr := h.QueuedRun(ctx, id); waitErr == nil && waits == nil { // it began meanwhile
					return nil, notWaiting(id)
				}
				return nil, err
			}
			*text = string(whole)
		}
	}
	log := &QueuedLog{Settings: json.RawMessage(row.Settings)}
	if log.Run, err = row.run(); err != nil {
		return nil, err
	}
	for text, into := range map[*string]*map[string]any{&row.Inputs: &log.Inputs, &kept.Data: &log.TriggerData, &kept.Vars: &log.TriggerVars} {
		if *into, err = readMap(*text); err != nil {
			return nil, err
		}
	}
	return log, nil
}

// EndQueued ends a run that waits to begin: it was cancelled, or cannot begin. also is called in the same
// transaction with the run as it ended and its settings; nil: nothing.
func (h *History) EndQueued(ctx context.Context, id string, status flow.Status, why *fault.Error, at time.Time, also func(*store.Tx, Run, json.RawMessage) error) (Run, error) {
	var run Run
	err := h.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(keepTrigger, id); err != nil {
			return err
		}
		if err := leaveQueue(tx, id); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE runs SET status = ?, error = ?, finished_at = ? WHERE id = ?`, string(status), faultJSON(why), at.UnixNano(), id); err != nil {
			return err
		}
		if err := countRow(tx, id, 1); err != nil {
			return err
		}
		row, err := rowIn(tx, id)
		if err != nil {
			return err
		}
		if run, err = row.run(); err != nil || also == nil {
			return err
		}
		return also(tx, run, json.RawMessage(row.Settings))
	})
	return run, err
}

// PauseQueued notes that a run that waits is not to begin for now, or is to again.
func (h *History) PauseQueued(ctx context.Context, id string, paused bool) error {
	status := flow.Queued
	if paused {
		status = flow.Paused
	}
	return h.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE runs SET status = ? WHERE id = ? AND EXISTS (SELECT 1 FROM queued_runs q WHERE q.run = runs.id)`, string(status), id)
		return err
	})
}
