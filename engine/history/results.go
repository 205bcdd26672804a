package history

import (
	"context"
	"database/sql"
	"errors"

	"gantry/engine/flow"
	"gantry/fault"
)

// leftOut stands for a result of so many bytes that was not read.
type leftOut int

// outcomes are the last outcomes of units: by execution, then by item.
type outcomes map[int]map[int]flow.Outcome

func (o outcomes) keep(id flow.Unit, out flow.Outcome) {
	if o[id.Exec] == nil {
		o[id.Exec] = map[int]flow.Outcome{}
	}
	o[id.Exec][id.Item] = out
}

// take notes what an event says of a unit's end; size is of a result that is too large to be shown, 0: it is not.
func (o outcomes) take(event flow.Event, size int) {
	shown := func(result any) any {
		if size > 0 {
			return leftOut(size)
		}
		return mask(result)
	}
	switch ev := event.(type) {
	case flow.AttemptEnded:
		ev.Outcome.Result = shown(ev.Outcome.Result)
		o.keep(ev.Unit, ev.Outcome)
	case flow.AttemptWaits:
		if ev.Awaits != "" { // what is asked is no result
			delete(o[ev.Exec], ev.Item)
			return
		}
		o.keep(ev.Unit, flow.Outcome{Result: shown(ev.Result)})
	case flow.Answered:
		o.keep(ev.Unit, flow.Outcome{Result: shown(ev.Result)})
	case flow.AttemptVerified:
		if ev.Verdict == flow.Done {
			o.keep(ev.Unit, flow.Outcome{Result: shown(ev.Result)})
		}
	case flow.Resolved:
		if ev.Done {
			o.keep(ev.Unit, flow.Outcome{Result: shown(ev.Result)})
		}
	}
}

// results gives the last outcome of every unit, masked.
func (h *History) results(ctx context.Context, run string, largest int) (outcomes, error) {
	out := outcomes{}
	err := h.eachEvent(ctx, run, which{limit: -1, largest: largest}, func(event flow.Event, row *eventRow) error {
		size := 0
		if largest >= 0 && row.size() > max(largest, smallEvent) {
			size = row.size()
		}
		out.take(event, size)
		return nil
	})
	return out, err
}

// smallEvent is how large an event without a result may be.
const smallEvent = 1 << 10

// itemResult is how an item of a for_each is shown.
func itemResult(items map[int]flow.Outcome, i int) map[string]any {
	out, ended := items[i]
	if !ended {
		return map[string]any{"status": string(flow.Cancelled), "result": nil, "error": nil}
	}
	left, large := out.Result.(leftOut)
	if !large {
		return flow.ItemResult(out)
	}
	out.Result = nil
	shown := flow.ItemResult(out)
	shown["result_bytes"] = int64(left)
	return shown
}

// ResultOf gives the result of one execution of a task, or of one item of its for_each, whatever its size. Values that
// the workflow redacts are masked. item is flow.NoItem for a task without for_each.
func (h *History) ResultOf(ctx context.Context, run, task string, instance, item int) (any, error) {
	var row taskRow
	err := h.db.Read().GetContext(ctx, &row, `SELECT exec, name, instance, status, attempts, items, subrun, error, item_ends, started_at, finished_at
		FROM tasks WHERE run = ? AND name = ? AND instance = ?`, run, task, instance)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fault.New(fault.Missing, "run %s has no execution %d of a task %s", run, instance, task).WithHint("`gantry runs show %s` shows its tasks", run)
	case err != nil:
		return nil, readFault(err)
	case row.Items < 0 && item != flow.NoItem:
		return nil, fault.New(fault.Missing, "task %s has no items", task)
	case row.Items >= 0 && (item < 0 || item >= row.Items):
		return nil, fault.New(fault.Missing, "task %s has %d items, counted from 0: say which of them", task, row.Items)
	}
	out := outcomes{}
	unit := flow.Unit{Exec: row.Exec, Item: item}
	err = h.eachEvent(ctx, run, which{limit: -1, largest: -1, unit: &unit}, func(event flow.Event, _ *eventRow) error {
		out.take(event, 0)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out[row.Exec][item].Result, nil
}
