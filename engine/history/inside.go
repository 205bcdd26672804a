package history

import (
	"context"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/schema"
)

// Inside is an event of a run as EachEvent gives it.
type Inside struct {
	Seq    int // its number in the run's log, from 1
	Event  flow.Event
	Opened []any // the values in it that the workflow redacts, opened: not to be shown
}

// EachEvent hands on the events of a run one by one, in their order, with redacted values opened: for the state
// machine, not to be shown. An error of do ends it and is given back. largest is as of ShowUpTo: with 0 no large
// value is even read, and results of events are not whole; less than 0: all are.
func (h *History) EachEvent(ctx context.Context, id string, largest int, do func(Inside) error) error {
	return h.eachEvent(ctx, id, which{limit: -1, largest: largest}, func(event flow.Event, row *eventRow) error {
		in := Inside{Seq: row.seq, Event: event}
		if _, result, ok := resultOf(event); ok {
			in.Event = withResult(event, h.unsealTelling(id, result, &in.Opened))
		}
		return do(in)
	})
}

// unsealTelling is unseal, and adds what it has opened.
func (h *History) unsealTelling(run string, v any, opened *[]any) any {
	return walkSealed(v, func(m map[string]any, sealed string) any {
		plain, err := h.seals.Open(sealed, run)
		if err != nil {
			return m
		}
		value, err := schema.DecodeBytes(plain)
		if err != nil {
			return m
		}
		*opened = append(*opened, value)
		return value
	})
}

// ExecutionOf names an execution of a run.
type ExecutionOf struct {
	Exec     int         `db:"exec"`
	Task     string      `db:"name"`
	Instance int         `db:"instance"`
	Items    int         `db:"items"` // less than 0: the task has no for_each
	Status   flow.Status `db:"status"`
}

// ExecutionsOf gives the executions of a run, in the order in which they came up; those of one task alone where it is
// named.
func (h *History) ExecutionsOf(ctx context.Context, run, task string) ([]ExecutionOf, error) {
	var all []ExecutionOf
	err := h.db.Read().SelectContext(ctx, &all, `SELECT exec, name, instance, items, status FROM tasks WHERE run = ? AND (? = '' OR name = ?) ORDER BY exec`, run, task, task)
	return all, readFault(err)
}

// ExecutionOf finds an execution of a task by its instance, from 1.
func (h *History) ExecutionOf(ctx context.Context, run, task string, instance int) (ExecutionOf, error) {
	all, err := h.ExecutionsOf(ctx, run, task)
	if err != nil {
		return ExecutionOf{}, err
	}
	for _, e := range all {
		if e.Instance == instance {
			return e, nil
		}
	}
	return ExecutionOf{}, fault.New(fault.Missing, "run %s has no execution %d of a task %s", run, instance, task).WithHint("`gantry runs show %s` shows its tasks", run)
}
