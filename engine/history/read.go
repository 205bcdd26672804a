package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/schema"
)

type runRow struct {
	ID               string         `db:"id"`
	Workflow         string         `db:"workflow"`
	Version          string         `db:"version"`
	Organisation     string         `db:"organisation"`
	OrganisationSlug string         `db:"organisation_slug"`
	Status           string         `db:"status"`
	TriggerType      string         `db:"trigger_type"`
	TriggerName      string         `db:"trigger_name"`
	Parent           string         `db:"parent"`
	ParentExec       int            `db:"parent_exec"`
	ParentItem       int            `db:"parent_item"`
	Settings         string         `db:"settings"`
	Inputs           string         `db:"inputs"`
	Outputs          sql.NullString `db:"outputs"`
	Error            sql.NullString `db:"error"`
	CreatedAt        int64          `db:"created_at"`
	StartedAt        sql.NullInt64  `db:"started_at"`
	FinishedAt       sql.NullInt64  `db:"finished_at"`
	FirstVersion     string         `db:"first_version"`
}

func (r *runRow) run() (Run, error) {
	run := Run{ID: r.ID, Workflow: r.Workflow, Version: r.Version, Organisation: r.OrganisationSlug, OrganisationID: r.Organisation,
		Status: flow.Status(r.Status), TriggerType: r.TriggerType, TriggerName: r.TriggerName, Parent: r.Parent,
		CreatedAt: timeOf(r.CreatedAt), StartedAt: nullTime(r.StartedAt), FinishedAt: nullTime(r.FinishedAt),
		parentExec: r.ParentExec, item: r.ParentItem}
	var err error
	if run.Error, err = readFaultJSON(r.Error); err != nil {
		return run, err
	}
	if r.Outputs.Valid {
		run.Outputs, err = readMap(r.Outputs.String)
	}
	return run, err
}

// Find completes a run's id from its beginning or end, as people copy them.
func (h *History) Find(ctx context.Context, part string) (string, error) {
	part = strings.ToLower(strings.TrimSpace(part))
	if strings.Trim(part, "0123456789abcdef-") != "" || len(part) < 4 {
		return "", fault.New(fault.Missing, "%q is not a run's id", part).WithHint("`gantry runs list` shows the ids; the last 8 characters are enough")
	}
	var ids []string
	err := h.db.Read().SelectContext(ctx, &ids, `SELECT id FROM runs WHERE id = ? OR id LIKE ? OR id LIKE ? ORDER BY id DESC LIMIT 3`, part, part+"%", "%"+part)
	switch {
	case err != nil:
		return "", readFault(err)
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", fault.New(fault.Missing, "%q begins or ends the ids of several runs, among them %s", part, strings.Join(ids, ", ")).WithHint("give more of the id")
	}
	return "", fault.New(fault.Missing, "there is no run %s", part).WithHint("`gantry runs list` shows the ids")
}

// Show gives a run with its tasks and their results. Values that the workflow redacts are masked.
func (h *History) Show(ctx context.Context, id string) (*Detail, error) {
	row, err := h.row(ctx, id)
	if err != nil {
		return nil, err
	}
	run, err := row.run()
	if err != nil {
		return nil, err
	}
	detail := &Detail{Run: run}
	if detail.Inputs, err = readMap(row.Inputs); err != nil {
		return nil, err
	}
	if detail.Tasks, err = h.tasks(ctx, id); err != nil {
		return nil, err
	}
	return detail, nil
}

func (h *History) row(ctx context.Context, id string) (*runRow, error) {
	var row runRow
	err := h.db.Read().GetContext(ctx, &row, `SELECT * FROM runs WHERE id = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.Missing, "there is no run %s", id).WithHint("`gantry runs list` shows the ids")
	}
	if err != nil {
		return nil, readFault(err)
	}
	return &row, nil
}

// Get gives a run's row.
func (h *History) Get(ctx context.Context, id string) (*Run, error) {
	row, err := h.row(ctx, id)
	if err != nil {
		return nil, err
	}
	run, err := row.run()
	return &run, err
}

// Version gives the source of a workflow as a run used it.
func (h *History) Version(ctx context.Context, workflow, version string) ([]byte, error) {
	var text []byte
	err := h.db.Read().GetContext(ctx, &text, `SELECT text FROM workflow_versions WHERE workflow = ? AND version = ?`, workflow, version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.Missing, "version %s of workflow %s is not kept here", version, workflow)
	}
	if err != nil {
		return nil, readFault(err)
	}
	return text, nil
}

// Log is all that is needed to take a run up again.
type Log struct {
	Run        Run
	ParentUnit flow.Unit
	Settings   json.RawMessage
	Events     []flow.Event
	First      string // the version that the log begins with; Run.Version is what the run has come to
}

// Load gives a run's log, with redacted values opened.
func (h *History) Load(ctx context.Context, id string) (*Log, error) {
	row, err := h.row(ctx, id)
	if err != nil {
		return nil, err
	}
	run, err := row.run()
	if err != nil {
		return nil, err
	}
	events, err := h.events(ctx, id, func(v any) any { return h.unseal(id, v) })
	if err != nil {
		return nil, err
	}
	return &Log{Run: run, ParentUnit: flow.Unit{Exec: row.ParentExec, Item: row.ParentItem}, Settings: json.RawMessage(row.Settings), Events: events,
		First: cmp.Or(row.FirstVersion, row.Version)}, nil
}

// Unfinished gives the ids of the runs that have begun and not ended, oldest first, without those that other
// runs started and wait for.
func (h *History) Unfinished(ctx context.Context) ([]string, error) {
	var ids []string
	err := h.db.Read().SelectContext(ctx, &ids, `SELECT id FROM runs WHERE finished_at IS NULL AND parent_exec < 0
		AND NOT EXISTS (SELECT 1 FROM queued_runs q WHERE q.run = runs.id) ORDER BY id`)
	return ids, readFault(err)
}

// LastSeq gives the number of a run's last event, 0 for none.
func (h *History) LastSeq(ctx context.Context, id string) (int, error) {
	var seq int
	err := h.db.Read().GetContext(ctx, &seq, `SELECT coalesce(max(seq), 0) FROM events WHERE run = ?`, id)
	return seq, readFault(err)
}

type eventRow struct {
	At   int64  `db:"at"`
	Kind string `db:"kind"`
	Data []byte `db:"data"`
}

func (h *History) events(ctx context.Context, id string, open func(any) any) ([]flow.Event, error) {
	return h.eventsAfter(ctx, id, 0, -1, open)
}

// EventsAfter gives up to limit events of a run that follow the one with the number seq, with redacted values
// opened: for the state machine, not to be shown.
func (h *History) EventsAfter(ctx context.Context, id string, seq, limit int) ([]flow.Event, error) {
	return h.eventsAfter(ctx, id, seq, limit, func(v any) any { return h.unseal(id, v) })
}

func (h *History) eventsAfter(ctx context.Context, id string, seq, limit int, open func(any) any) ([]flow.Event, error) {
	var rows []eventRow
	if err := h.db.Read().SelectContext(ctx, &rows, `SELECT at, kind, data FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`, id, seq, limit); err != nil {
		return nil, readFault(err)
	}
	events := make([]flow.Event, len(rows))
	for i, row := range rows {
		event, err := flow.DecodeEvent(row.Kind, timeOf(row.At), row.Data)
		if err != nil {
			return nil, fault.Wrap(err, fault.Storage, "the history of run %s is damaged: %s", id, err)
		}
		if ended, ok := event.(flow.AttemptEnded); ok {
			ended.Outcome.Result = open(ended.Outcome.Result)
			event = ended
		}
		events[i] = event
	}
	return events, nil
}

func timeOf(nanos int64) time.Time { return time.Unix(0, nanos).UTC() }

func nullTime(n sql.NullInt64) *time.Time {
	if !n.Valid {
		return nil
	}
	t := timeOf(n.Int64)
	return &t
}

func readMap(text string) (map[string]any, error) {
	v, err := schema.DecodeBytes([]byte(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "the history holds text that is not JSON: %s", err)
	}
	m, _ := v.(map[string]any)
	return m, nil
}

func readFaultJSON(text sql.NullString) (*fault.Error, error) {
	if !text.Valid {
		return nil, nil
	}
	var err fault.Error
	if decodeErr := json.Unmarshal([]byte(text.String), &err); decodeErr != nil {
		return nil, fault.Wrap(decodeErr, fault.Storage, "the history holds an error that is not JSON: %s", decodeErr)
	}
	return &err, nil
}

func readFault(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Storage, "the history cannot be read: %s", err).WithHint("check that the disk is in order and that you may read the data directory")
}
