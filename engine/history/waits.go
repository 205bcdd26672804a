package history

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gantry/engine/flow"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// Wait is something that a run waits for and that somebody outside has to give. It is kept as long as it is open.
type Wait struct {
	Run            string
	Unit           flow.Unit
	Task           string
	Kind           string // actions.ForAnswer or actions.ForWebhook
	OrganisationID string
	Since          time.Time
	Until          time.Time // when the task times out; zero: with the run
	Asks           any       // the question, as data; nil of a webhook

	// Of the run; only read.
	Workflow, Organisation string // Organisation is a slug
	RunStatus              flow.Status
}

// Early is what came for a wait before it began.
type Early struct {
	Task string
	Item int // flow.NoItem outside of a for_each
	At   time.Time
	Data any // the result of the wait
}

// WaitChanges are what changes of a run's waits; KeepWaits writes them in the transaction of an Entry.
type WaitChanges struct {
	OrganisationID string // the run's
	Opened         []Wait
	Closed         []flow.Unit
	Came           []Early // to be kept for waits that have not begun
	Taken          []Early // by their waits: Task and Item
	Over           bool    // the run has ended: nothing of it waits any more
	Seals          bool    // seal what came: some task of the run redacts results
}

// Empty tells that nothing changes.
func (c *WaitChanges) Empty() bool {
	return len(c.Opened)+len(c.Closed)+len(c.Came)+len(c.Taken) == 0 && !c.Over
}

const (
	insertWait = `INSERT OR REPLACE INTO open_waits (run, exec, item, task, kind, organisation, since, until, asks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteWait = `DELETE FROM open_waits WHERE run = ? AND exec = ? AND item = ?`
	insertCame = `INSERT INTO early_deliveries (run, task, item, at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	deleteCame = `DELETE FROM early_deliveries WHERE run = ? AND task = ? AND item = ?`
)

// waitStep is one statement of WaitChanges.
type waitStep struct {
	query string
	args  []any
}

// KeepWaits gives what writes a run's WaitChanges: for Entry.Also, so that they are kept with the events that say so.
// The encoding is done here, in the caller's goroutine. Call done when the entry is on disk, or will never be.
func (h *History) KeepWaits(run string, c WaitChanges) (also func(*store.Tx) error, done func(), err error) {
	done = func() {}
	if c.Seals && len(c.Came) > 0 {
		done = h.sealing.begin()
	}
	steps, err := h.encodeWaits(run, c)
	if err != nil {
		return nil, done, fault.Wrap(err, fault.Internal, "what run %s waits for cannot be written: %s", run, err)
	}
	return func(tx *store.Tx) error {
		for _, s := range steps {
			if _, err := tx.ExecOf(c.OrganisationID, s.query, s.args...); err != nil {
				return err
			}
			if s.query == insertCame {
				failpoint.Hit("history.came-early")
			}
		}
		failpoint.Hit("history.waits-written")
		return nil
	}, done, nil
}

func (h *History) encodeWaits(run string, c WaitChanges) (steps []waitStep, err error) {
	for _, w := range c.Opened {
		asks, err := schema.Encode(w.Asks)
		if err != nil {
			return nil, err
		}
		steps = append(steps, waitStep{insertWait, []any{run, int64(w.Unit.Exec), int64(w.Unit.Item), w.Task, w.Kind, w.OrganisationID,
			w.Since.UnixNano(), nanos(w.Until), string(asks)}})
	}
	for _, id := range c.Closed {
		steps = append(steps, waitStep{deleteWait, []any{run, int64(id.Exec), int64(id.Item)}})
	}
	for _, came := range c.Came {
		data := came.Data
		if c.Seals {
			if data, err = h.seal(run, data); err != nil {
				return nil, err
			}
		}
		text, err := schema.Encode(data)
		if err != nil {
			return nil, err
		}
		steps = append(steps, waitStep{insertCame, []any{run, came.Task, int64(came.Item), came.At.UnixNano(), string(text)}})
	}
	for _, taken := range c.Taken {
		steps = append(steps, waitStep{deleteCame, []any{run, taken.Task, int64(taken.Item)}})
	}
	if c.Over {
		steps = append(steps, waitStep{`DELETE FROM open_waits WHERE run = ?`, []any{run}}, waitStep{`DELETE FROM early_deliveries WHERE run = ?`, []any{run}})
	}
	return steps, nil
}

type waitRow struct {
	Run          string        `db:"run"`
	Exec         int           `db:"exec"`
	Item         int           `db:"item"`
	Task         string        `db:"task"`
	Kind         string        `db:"kind"`
	Organisation string        `db:"organisation"`
	Since        int64         `db:"since"`
	Until        sql.NullInt64 `db:"until"`
	Asks         []byte        `db:"asks"`
	Workflow     string        `db:"workflow"`
	Slug         string        `db:"organisation_slug"`
	Status       string        `db:"status"`
}

// WaitFilter narrows a list of waits. Zero values do not narrow.
type WaitFilter struct {
	Kind            string
	Run             string
	Task            string
	Item            *int     // flow.NoItem: outside of a for_each
	OrganisationIDs []string // of these alone; nil: of all
	After           *Wait    // only those that follow it in the list
	Limit           int      // 50 unless said
}

// Waits lists open waits, those that wait longest first.
func (h *History) Waits(ctx context.Context, f WaitFilter) ([]Wait, error) {
	query, args := waitsQuery(f)
	var rows []waitRow
	if err := h.db.Read().SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, readFault(err)
	}
	waits := make([]Wait, len(rows))
	for i := range rows {
		var err error
		if waits[i], err = rows[i].wait(); err != nil {
			return nil, err
		}
	}
	return waits, nil
}

func waitsQuery(f WaitFilter) (query string, args []any) {
	where := []string{"1 = 1"}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Kind != "" {
		add("w.kind = ?", f.Kind)
	}
	from := "open_waits w"
	if f.Run != "" {
		from += " NOT INDEXED" // by its key: a run's few, not all of a kind in their order
		add("w.run = ?", f.Run)
	}
	if f.Task != "" {
		add("w.task = ?", f.Task)
	}
	if f.Item != nil {
		add("w.item = ?", int64(*f.Item))
	}
	if f.OrganisationIDs != nil {
		marks := make([]string, len(f.OrganisationIDs))
		for i, id := range f.OrganisationIDs {
			marks[i] = "?"
			args = append(args, id)
		}
		where = append(where, "w.organisation IN ("+strings.Join(marks, ", ")+")")
	}
	if a := f.After; a != nil {
		add("(w.since, w.run, w.exec, w.item) > (?, ?, ?, ?)", a.Since.UnixNano(), a.Run, int64(a.Unit.Exec), int64(a.Unit.Item))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return `SELECT w.*, r.workflow, r.organisation_slug, r.status FROM ` + from + ` JOIN runs r ON r.id = w.run
		WHERE ` + strings.Join(where, " AND ") + ` ORDER BY w.since, w.run, w.exec, w.item LIMIT ?`, append(args, f.Limit)
}

func (r *waitRow) wait() (Wait, error) {
	asks, err := schema.DecodeBytes(r.Asks)
	if err != nil {
		return Wait{}, fault.Wrap(err, fault.Storage, "the history holds a question that is not JSON: %s", err)
	}
	w := Wait{Run: r.Run, Unit: flow.Unit{Exec: r.Exec, Item: r.Item}, Task: r.Task, Kind: r.Kind, OrganisationID: r.Organisation, Since: timeOf(r.Since),
		Asks: asks, Workflow: r.Workflow, Organisation: r.Slug, RunStatus: flow.Status(r.Status)}
	if r.Until.Valid {
		w.Until = timeOf(r.Until.Int64)
	}
	return w, nil
}

// CountWaits tells how many waits of a kind are open.
func (h *History) CountWaits(ctx context.Context, kind string) (int, error) {
	var n int
	err := h.db.Read().GetContext(ctx, &n, `SELECT count(*) FROM open_waits WHERE kind = ?`, kind)
	return n, readFault(err)
}

// Came gives what came for a run's waits that have not begun.
func (h *History) Came(ctx context.Context, run string) ([]Early, error) {
	var rows []struct {
		Task string `db:"task"`
		Item int    `db:"item"`
		At   int64  `db:"at"`
		Data []byte `db:"data"`
	}
	if err := h.db.Read().SelectContext(ctx, &rows, `SELECT task, item, at, data FROM early_deliveries WHERE run = ?`, run); err != nil {
		return nil, readFault(err)
	}
	came := make([]Early, len(rows))
	for i, r := range rows {
		data, err := schema.DecodeBytes(r.Data)
		if err != nil {
			return nil, fault.Wrap(err, fault.Storage, "the history holds a delivery that is not JSON: %s", err)
		}
		came[i] = Early{r.Task, r.Item, timeOf(r.At), h.unseal(run, data)}
	}
	return came, nil
}
