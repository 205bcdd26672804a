package inside

import (
	"cmp"
	"context"
	"strings"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
)

// Inputs are what the last attempt of a task was given.
type Inputs struct {
	Inputs  map[string]any `json:"inputs" doc:"As they were evaluated; secrets and redacted values are masked"`
	Attempt int            `json:"attempt" doc:"Which attempt was given them, from 1"`
}

// Inputs gives what the last attempt of one execution of a task, or of one item of its for_each, was given. item is
// flow.NoItem for a task without for_each. The errors: fault.Missing, also where nothing was attempted, and
// fault.NotChecked where the workflow as it was then does not check any more.
func (r *Reader) Inputs(ctx context.Context, run *history.Run, task string, instance, item int) (*Inputs, error) {
	of, err := r.History.ExecutionOf(ctx, run.ID, task, instance)
	switch {
	case err != nil:
		return nil, err
	case of.Items < 0 && item != flow.NoItem:
		return nil, fault.New(fault.Missing, "task %s has no items", task)
	case of.Items >= 0 && (item < 0 || item >= of.Items):
		return nil, fault.New(fault.Missing, "task %s has %d items, counted from 0: say which of them", task, of.Items)
	}
	leave, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	unit := flow.Unit{Exec: of.Exec, Item: item}
	var last *flow.StartAttempt
	var hide hiding
	_, err = r.replay(ctx, run, &hide, func(s step) error {
		for _, c := range s.commands {
			if start, ok := c.(flow.StartAttempt); ok && start.Unit == unit {
				last = &start
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case last == nil:
		return nil, fault.New(fault.Missing, "task %s was not attempted, so it was given nothing", task).WithHint("the task's error, if it has one, tells why")
	}
	if err := hide.secretsOf(ctx, r.Organisations, run.OrganisationID, cmp.Or(last.Org, run.OrganisationID)); err != nil {
		return nil, err
	}
	return &Inputs{hide.inputs(last.Task, last.With), last.Attempt}, nil
}

// inputs gives what a task was given, as it may be shown.
func (h *hiding) inputs(task *workflow.Task, with map[string]any) map[string]any {
	shown := h.shown(task.Name, task.With, with)
	for _, path := range task.Redact {
		if parts := strings.Split(path, "."); parts[0] == "with" {
			shown = maskAt(shown, parts[1:])
		}
	}
	if m, ok := shown.(map[string]any); ok {
		return m
	}
	all := make(map[string]any, len(with)) // all of it is redacted: the names alone
	for name := range with {
		all[name] = masked
	}
	return all
}
