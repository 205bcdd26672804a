package api

import (
	"context"

	"gantry/engine/inside"
)

// inside gives what reads the insides of runs.
func (a *API) inside(ctx context.Context) (*inside.Reader, error) {
	workflows, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	return &inside.Reader{History: a.house.History(), Workflows: workflows, Organisations: a.house.Orgs(), Log: a.house.Log}, nil
}

// TimelineIn says what of a timeline is given.
type TimelineIn struct {
	OfRunIn
	Task  string `query:"task" doc:"Only what is about this task"`
	After int    `query:"after" minimum:"0" doc:"Only what began later: the next of the page before"`
	Limit int    `query:"limit" minimum:"0" maximum:"2000" doc:"At most about so many entries of all kinds together, 2000 where it is left out; what began with one event stays together"`
}

// TimelineOut is what happened in a run.
type TimelineOut struct{ Body inside.Timeline }

// ShowTimeline tells what happened in a run, and when.
var ShowTimeline = Operation[TimelineIn, TimelineOut]{ID: "show-run-timeline", Method: "GET", Path: "/runs/{run}/timeline", Tag: tagRuns,
	Summary:     "What happened in a run, and when: attempts, waits and published values",
	Description: "Of a run that is under way it is what is on disk so far. A run with many items has several pages.",
	Policy:      readRun}

func (a *API) showTimeline(ctx context.Context, in *TimelineIn) (*TimelineOut, error) {
	reader, err := a.inside(ctx)
	if err != nil {
		return nil, err
	}
	run := runOf(ctx)
	t, err := reader.Timeline(ctx, &run, inside.Page{Task: in.Task, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &TimelineOut{*t}, nil
}

func insideOperations(a *API) {
	ShowTimeline.serve(a, a.showTimeline)
	ShowInputs.serve(a, a.showInputs)
	ShowContext.serve(a, a.showContext)
	FindInRun.serve(a, a.findInRun)
}
