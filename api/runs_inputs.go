package api

import (
	"cmp"
	"context"

	"gantry/engine/flow"
	"gantry/engine/inside"
)

// TaskInputsOut is what a task was given.
type TaskInputsOut struct{ Body inside.Inputs }

// ShowInputs gives what one task was given.
var ShowInputs = Operation[ShowResultIn, TaskInputsOut]{ID: "show-task-inputs", Method: "GET", Path: "/runs/{run}/tasks/{task}/inputs", Tag: tagRuns,
	Summary:     "What one task of a run was given, as it was evaluated",
	Description: "It is that of the last attempt, worked out anew from the run's log. Secrets and what the workflow redacts are masked, also where an expression made something of it.",
	Policy:      readRun}

func (a *API) showInputs(ctx context.Context, in *ShowResultIn) (*TaskInputsOut, error) {
	reader, err := a.inside(ctx)
	if err != nil {
		return nil, err
	}
	item := flow.NoItem
	if in.Each {
		item = in.Item
	}
	run := runOf(ctx)
	given, err := reader.Inputs(ctx, &run, in.Task, cmp.Or(in.Instance, 1), item)
	if err != nil {
		return nil, err
	}
	return &TaskInputsOut{*given}, nil
}

// ContextIn says whose view of the published values is given.
type ContextIn struct {
	OfRunIn
	Exec int  `query:"exec" minimum:"0" doc:"As the execution with this number saw them when it came up: a task's exec in show-run"`
	End  bool `query:"end" doc:"Instead: of all branches that have ended so far, merged as the run's outputs see them"`
}

// ContextOut are published values.
type ContextOut struct {
	Body struct {
		Context map[string]any `json:"context" doc:"By name; redacted ones are masked"`
	}
}

// ShowContext gives the published values at one point of a run.
var ShowContext = Operation[ContextIn, ContextOut]{ID: "show-run-context", Method: "GET", Path: "/runs/{run}/context", Tag: tagRuns,
	Summary: "The published values as one execution of a task saw them", Policy: readRun}

func (a *API) showContext(ctx context.Context, in *ContextIn) (*ContextOut, error) {
	reader, err := a.inside(ctx)
	if err != nil {
		return nil, err
	}
	out, run := &ContextOut{}, runOf(ctx)
	if in.End {
		out.Body.Context, err = reader.SeenAtEnd(ctx, &run)
	} else {
		out.Body.Context, err = reader.Seen(ctx, &run, in.Exec)
	}
	return out, err
}
