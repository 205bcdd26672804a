package history

import (
	"context"
	"database/sql"

	"gantry/engine/flow"
	"gantry/fault"
)

type taskRow struct {
	Exec       int            `db:"exec"`
	Name       string         `db:"name"`
	Instance   int            `db:"instance"`
	Status     string         `db:"status"`
	Attempts   int            `db:"attempts"`
	Items      int            `db:"items"`
	Subrun     string         `db:"subrun"`
	Error      sql.NullString `db:"error"`
	ItemEnds   sql.NullString `db:"item_ends"`
	StartedAt  sql.NullInt64  `db:"started_at"`
	FinishedAt sql.NullInt64  `db:"finished_at"`
}

// tasks gives the tasks that ran, in the order they came up, with results out of the event log; results of more than
// largest bytes are left out, less than 0: none are.
func (h *History) tasks(ctx context.Context, run string, largest int) ([]Task, error) {
	var rows []taskRow
	err := h.db.Read().SelectContext(ctx, &rows, `SELECT exec, name, instance, status, attempts, items, subrun, error, item_ends, started_at, finished_at
		FROM tasks WHERE run = ? AND started_at IS NOT NULL ORDER BY started_at, exec`, run)
	if err != nil {
		return nil, readFault(err)
	}
	results, err := h.results(ctx, run, largest)
	if err != nil {
		return nil, err
	}
	requests, err := h.requests(ctx, run)
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, len(rows))
	for i := range rows {
		if tasks[i], err = rows[i].task(results); err != nil {
			return nil, err
		}
		tasks[i].Requests = requests[rows[i].Exec]
	}
	return tasks, nil
}

func (r *taskRow) task(results map[int]map[int]flow.Outcome) (Task, error) {
	t := Task{Exec: r.Exec, Name: r.Name, Instance: r.Instance, Status: flow.Status(r.Status), Attempts: r.Attempts, Subrun: r.Subrun,
		StartedAt: nullTime(r.StartedAt), FinishedAt: nullTime(r.FinishedAt), items: r.Items}
	var err error
	if t.Error, err = readFaultJSON(r.Error); err != nil {
		return t, err
	}
	if r.Items < 0 {
		if out := results[r.Exec][flow.NoItem]; t.Status == flow.Succeeded || out.Error != nil {
			t.Result = out.Result // a wait that was cut short has none
			if left, ok := out.Result.(leftOut); ok {
				t.Result, t.Left = nil, int(left)
			}
		}
		return t, nil
	}
	ends, err := readItemEnds(r.ItemEnds)
	if err != nil {
		return t, err
	}
	list := make([]any, r.Items)
	for i := range list {
		if end, ok := ends[i]; ok {
			list[i] = flow.ItemResult(end)
		} else {
			one := itemResult(results[r.Exec], i)
			if _, ended := results[r.Exec][i]; !ended && !t.Status.Ended() { // not cut off: it is not over
				one["status"] = string(flow.Waiting)
			}
			list[i] = one
		}
	}
	t.Result = list
	return t, nil
}

func (h *History) requests(ctx context.Context, run string) (map[int][]Request, error) {
	rows, err := h.db.Read().QueryContext(ctx, `SELECT exec, item, attempt, method, url, status, duration_us, sent, received, error, waited_us
		FROM requests WHERE run = ? ORDER BY exec, item, attempt, seq`, run)
	if err != nil {
		return nil, readFault(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[int][]Request{}
	for rows.Next() {
		var exec, item int
		var r Request
		if err := rows.Scan(&exec, &item, &r.Attempt, &r.Method, &r.URL, &r.Status, &r.Micros, &r.Sent, &r.Received, &r.Error, &r.Waited); err != nil {
			return nil, fault.Wrap(err, fault.Storage, "the history cannot be read: %s", err)
		}
		if item != flow.NoItem {
			r.Item = &item
		}
		out[exec] = append(out[exec], r)
	}
	return out, readFault(rows.Err())
}
