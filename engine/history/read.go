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
)

// Columns of runs as rows are read: whole, and as far as lists need them.
const (
	listColumns = `id, workflow, version, organisation, organisation_slug, status, trigger_type, trigger_name, parent, parent_exec, parent_item,
		error, created_at, started_at, finished_at`
	runColumns = listColumns + `, settings, inputs, outputs, first_version`
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
		parentExec: r.ParentExec, item: r.ParentItem, first: r.FirstVersion}
	var err error
	if run.Error, err = readFaultJSON(r.Error); err != nil {
		return run, err
	}
	if r.Outputs.Valid {
		run.Outputs, err = readMap(r.Outputs.String)
	}
	return run, err
}

// Show gives a run with its tasks and their results. Values that the workflow redacts are masked.
func (h *History) Show(ctx context.Context, id string) (*Detail, error) {
	return h.ShowUpTo(ctx, id, -1)
}

// ShowUpTo is Show without the results of more than largest bytes, about as JSON: what is left out is not even read, and
// Task.Left tells its size. Of a for_each each item's result counts by itself; the item has its size as result_bytes.
func (h *History) ShowUpTo(ctx context.Context, id string, largest int) (*Detail, error) {
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
	if detail.Tasks, err = h.tasks(ctx, id, largest); err != nil {
		return nil, err
	}
	return detail, h.peoplesWords(ctx, row, detail)
}

func (h *History) row(ctx context.Context, id string) (*runRow, error) {
	var row runRow
	err := h.db.Read().GetContext(ctx, &row, `SELECT `+runColumns+` FROM runs WHERE id = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.Missing, "there is no run %s", id).WithHint("`gantry runs list` shows the ids")
	}
	if err != nil {
		return nil, readFault(err)
	}
	return &row, row.complete(h.getter(ctx))
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
	events, err := h.EventsAfter(ctx, id, 0, -1)
	if err == nil {
		err = h.checkEnd(ctx, id, len(events))
	}
	if err != nil {
		return nil, err
	}
	return &Log{Run: run, ParentUnit: flow.Unit{Exec: row.ParentExec, Item: row.ParentItem}, Settings: json.RawMessage(row.Settings), Events: events,
		First: run.FirstVersion()}, nil
}

const selectUnfinished = `SELECT id FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL AND parent_exec < 0
	AND NOT EXISTS (SELECT 1 FROM queued_runs q WHERE q.run = runs.id)` + notHeld + ` ORDER BY created_at, id`

// Unfinished gives the ids of the runs that have begun and not ended, oldest first, without those that other
// runs started and wait for, and without those that are held.
func (h *History) Unfinished(ctx context.Context) ([]string, error) {
	var ids []string
	err := h.db.Read().SelectContext(ctx, &ids, selectUnfinished)
	return ids, readFault(err)
}

// LastSeq gives the number of a run's last event, 0 for none.
func (h *History) LastSeq(ctx context.Context, id string) (int, error) {
	var seq int
	err := h.db.Read().GetContext(ctx, &seq, `SELECT coalesce(max(seq), 0) FROM events WHERE run = ?`, id)
	return seq, readFault(err)
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
