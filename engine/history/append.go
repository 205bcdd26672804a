package history

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"gantry/engine/flow"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// Entry is what is to be kept of one run at one moment. All entries of one Append are kept together or
// not at all.
type Entry struct {
	Run      string
	New      *NewRun // with a run's first entry
	Of       *Run    // what does not change of its row, for entries that follow; nil: it is looked up where it is needed
	FirstSeq int     // of Events; counts from 1
	Events   []flow.Event
	Redact   func(exec int) []string // result paths to seal, by execution; nil: none
	Tasks    []Task
	State    *RunState // nil: unchanged
	Requests []RequestOf
	Queue    *QueuedRun // with New and without Events: the run waits to begin
	Begins   bool       // with the first Events of a run that was queued
	Reopens  *Reopening // with the first Events after a run's end; nil: it had not ended
	Aside    bool       // the events are of somebody who does not hold the run: refused as a conflict where others came first
	// Also is called last, in the same transaction; its error undoes it all. nil: nothing.
	Also func(tx *store.Tx) error
}

// NewRun is what a run is created with.
type NewRun struct {
	Workflow, Version string
	Text              []byte // the workflow's source
	Organisation      string // id
	OrganisationSlug  string
	TriggerType       string
	TriggerName       string
	Parent            string
	ParentUnit        flow.Unit
	Settings          any // JSON: what the runner needs to go on after a restart
	Inputs            map[string]any
	CreatedAt         time.Time
}

// RunState is what changes of a run's row.
type RunState struct {
	Status     flow.Status
	StartedAt  time.Time
	FinishedAt time.Time // zero: not yet
	Outputs    map[string]any
	Error      *fault.Error
	Saved      time.Duration // with the end of a run that succeeded: what it saves people of their time
}

// RequestOf is a request and the unit that made it.
type RequestOf struct {
	Unit flow.Unit
	Seq  int
	Request
}

// Chain is the order of what is appended to one run. After a part that could not be kept none is: from a
// log with a hole nobody could rebuild the run.
type Chain struct{ broken atomic.Bool }

// Append keeps entries; done is called, in the order of the calls, once they are on disk or could not be
// kept. The encoding is done here, in the caller's goroutine: the writer only writes.
func (h *History) Append(chain *Chain, entries []Entry, done func(error)) {
	if redacts(entries) {
		ended, told := h.sealing.begin(), done
		done = func(err error) { ended(); told(err) }
	}
	rows, bad := h.encodeAll(entries)
	h.db.Submit(func(tx *store.Tx) error {
		if bad == nil && chain.broken.Load() {
			bad = fault.New(fault.Storage, "the history of run %s cannot be continued: an earlier part of it could not be kept", entries[0].Run)
		}
		err := bad
		for i := 0; err == nil && i < len(rows); i++ {
			err = rows[i].write(tx)
		}
		if err != nil {
			chain.broken.Store(true)
		}
		return err
	}, func(err error) {
		if err != nil {
			chain.broken.Store(true)
		} else {
			h.groups.keep(rows)
		}
		done(err)
	})
}

func (h *History) encodeAll(entries []Entry) ([]entryRows, error) {
	rows := make([]entryRows, len(entries))
	for i := range entries {
		var err error
		if rows[i], err = h.encode(&entries[i]); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "the history of run %s cannot be written: %s", entries[i].Run, err)
		}
	}
	return rows, nil
}

// entryRows is an entry made ready for the database.
type entryRows struct {
	run      string
	version  []any
	insert   []any
	update   []any
	events   [][]any
	tasks    [][]any
	requests [][]any
	queue    []any
	begins   bool
	aside    bool
	reopen   []any
	also     func(*store.Tx) error
	group    *group // of a new run
	fresh    bool   // the group is not known to be on disk
	payloads [][]any
	terms    [][]any
	sums     summer

	organisation string   // its id; "": not known
	ends         bool     // the run ends with this
	end          *counted // that it does; nil: its row tells
}

func (h *History) encode(e *Entry) (entryRows, error) {
	rows := entryRows{run: e.Run, begins: e.Begins, aside: e.Aside || e.Reopens != nil, also: e.Also}
	rows.encodeReopening(e)
	switch {
	case e.New != nil:
		rows.organisation = e.New.Organisation
	case e.Of != nil:
		rows.organisation = e.Of.OrganisationID
	}
	for i, event := range e.Events {
		if e.Redact != nil {
			var err error
			if event, err = h.sealEvent(e.Run, event, e.Redact); err != nil {
				return rows, err
			}
		}
		kind, data, err := flow.EncodeEvent(event)
		if err != nil {
			return rows, err
		}
		row, err := rows.eventRow(e.FirstSeq+i, event.When().UnixNano(), kind, data)
		if err != nil {
			return rows, err
		}
		rows.events = append(rows.events, row)
	}
	for i := range e.Tasks {
		t := &e.Tasks[i]
		rows.tasks = append(rows.tasks, []any{e.Run, int64(t.Exec), t.Name, int64(t.Instance), string(t.Status), int64(t.Attempts),
			int64(t.items), t.Subrun, faultJSON(t.Error), itemEndsJSON(t.itemEnds), nanosOf(t.StartedAt), nanosOf(t.FinishedAt)})
	}
	for _, r := range e.Requests {
		rows.requests = append(rows.requests, []any{e.Run, int64(r.Unit.Exec), int64(r.Unit.Item), int64(r.Attempt), int64(r.Seq), r.Method, r.URL,
			int64(r.Status), r.Micros, r.Sent, r.Received, r.Error, r.Waited})
	}
	if err := rows.encodeQueue(e); err != nil {
		return rows, err
	}
	if err := rows.encodeRun(e); err != nil {
		return rows, err
	}
	rows.encodeEnd(e)
	if rows.group == nil {
		return rows, nil
	}
	_, kept := h.groups.kept.Load(*rows.group)
	rows.fresh = !kept
	return rows, nil
}

func (rows *entryRows) encodeRun(e *Entry) error {
	state := e.State
	var outputs any
	if state != nil && state.Outputs != nil {
		text, err := schema.Encode(state.Outputs)
		if err != nil {
			return err
		}
		outputs = rows.spill(partOutputs, text, mostInRun)
	}
	if e.New == nil {
		if state != nil {
			rows.update = []any{string(state.Status), outputs, faultJSON(state.Error), nanos(state.StartedAt), nanos(state.FinishedAt), e.saved(), e.Run}
		}
		return nil
	}
	n := e.New
	if state == nil {
		state = &RunState{Status: flow.Queued}
	}
	settings, err := json.Marshal(n.Settings)
	if err != nil {
		return err
	}
	inputs, err := schema.Encode(orEmpty(n.Inputs))
	if err != nil {
		return err
	}
	rows.version = []any{n.Workflow, n.Version, n.Text, n.CreatedAt.UnixNano()}
	own := groupOf(n)
	rows.group = &own
	terms := termsOf(e)
	for _, term := range terms {
		rows.terms = append(rows.terms, []any{term, n.CreatedAt.UnixNano(), e.Run})
	}
	rows.insert = append([]any{e.Run, n.Workflow, n.Version, n.Organisation, n.OrganisationSlug, string(state.Status), n.TriggerType, n.TriggerName,
		n.Parent, int64(n.ParentUnit.Exec), int64(n.ParentUnit.Item), string(settings), rows.spill(partInputs, inputs, mostInRun), outputs, faultJSON(state.Error),
		n.CreatedAt.UnixNano(), nanos(state.StartedAt), nanos(state.FinishedAt), strings.Join(terms, "\n"), e.saved()}, own.args()...)
	return nil
}

const (
	insertVersion = `INSERT INTO workflow_versions (workflow, version, text, first_used) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	insertRun     = `INSERT INTO runs (id, workflow, version, organisation, organisation_slug, status, trigger_type, trigger_name,
		parent, parent_exec, parent_item, settings, inputs, outputs, error, created_at, started_at, finished_at, terms, saved, run_group)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM run_groups
		WHERE organisation = ? AND workflow = ? AND trigger_type = ? AND trigger_name = ? AND child = ?))`
	insertTerm  = `INSERT INTO run_terms (term, created_at, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	updateRun   = `UPDATE runs SET status = ?, outputs = ?, error = ?, started_at = ?, finished_at = ?, saved = iif(parent = '', ?, 0) WHERE id = ?`
	insertEvent = `INSERT INTO events (run, seq, at, kind, data, payload, crc) VALUES (?, ?, ?, ?, ?, ?, ?)`
	upsertTask  = `INSERT INTO tasks (run, exec, name, instance, status, attempts, items, subrun, error, item_ends, started_at, finished_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (run, exec) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, items = excluded.items,
		subrun = excluded.subrun, error = excluded.error, item_ends = excluded.item_ends, started_at = excluded.started_at, finished_at = excluded.finished_at`
	insertRequest = `INSERT INTO requests (run, exec, item, attempt, seq, method, url, status, duration_us, sent, received, error, waited_us)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
)

func (rows *entryRows) write(tx *store.Tx) error {
	if rows.insert != nil {
		failpoint.Hit("history.before-run")
	}
	if rows.begins {
		if err := leaveQueue(tx, rows.run); err != nil {
			return err
		}
		if _, err := tx.Exec(forgetTrigger, rows.run); err != nil {
			return err
		}
		failpoint.Hit("history.left-queue")
	}
	if err := rows.leaveEnd(tx); err != nil {
		return err
	}
	update := updateRun
	if rows.ends {
		update = endRun
	}
	steps := []struct {
		query string
		rows  [][]any
	}{
		{insertVersion, one(rows.version)}, {insertGroup, rows.newGroup()}, {insertRun, one(rows.insert)}, {insertQueued, one(rows.queue)}, {update, one(rows.update)},
		{insertEvent, rows.events}, {upsertTask, rows.tasks}, {insertRequest, rows.requests},
		{insertPayload, rows.payloads}, {insertTerm, rows.terms},
	}
	for _, step := range steps {
		for _, args := range step.rows {
			written, err := tx.ExecOf(rows.organisation, step.query, args...)
			if err != nil {
				return rows.refusal(step.query, err)
			}
			if rows.ends && (step.query == insertRun || step.query == endRun) {
				if err := rows.countEnd(tx, written); err != nil {
					return err
				}
			}
			failpoint.Hit("history.between-rows")
		}
	}
	if len(rows.payloads) > 0 {
		failpoint.Hit("history.large-written")
	}
	if rows.also != nil {
		failpoint.Hit("history.rows-written")
		return rows.also(tx)
	}
	return nil
}

// refusal tells of an id that is taken what it means.
func (rows *entryRows) refusal(query string, err error) error {
	if query == insertRun && store.IsUnique(err) {
		return fault.Wrap(err, fault.Exists, "there is a run %s already", rows.run)
	}
	if query == insertEvent && rows.aside && store.IsUnique(err) {
		return wentOn(rows.run)
	}
	return err
}

func one(row []any) [][]any {
	if row == nil {
		return nil
	}
	return [][]any{row}
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func nanos(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

func nanosOf(t *time.Time) any {
	if t == nil {
		return nil
	}
	return nanos(*t)
}

func faultJSON(err *fault.Error) any {
	if err == nil {
		return nil
	}
	kept := *err
	text, encodeErr := json.Marshal(&kept)
	if encodeErr != nil { // the detail is not JSON data; the message is what matters
		kept.Detail = nil
		text, _ = json.Marshal(&kept)
	}
	return string(text)
}

// TaskOf is the row of an execution.
func TaskOf(e *flow.Execution) Task {
	t := Task{Exec: e.ID, Name: e.Task.Name, Instance: e.Instance, Status: e.Status, Attempts: e.Attempts,
		Error: e.Error, Subrun: e.Subrun, items: -1}
	if !e.StartedAt.IsZero() {
		t.StartedAt = &e.StartedAt
	}
	if !e.FinishedAt.IsZero() {
		t.FinishedAt = &e.FinishedAt
		t.itemEnds = e.UnheardItems() // not before: written at every change they would cost the square of the items
	}
	if _, _, all := e.Progress(); e.Task.ForEach != nil {
		t.items = all
	}
	return t
}
