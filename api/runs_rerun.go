package api

import (
	"context"

	"gantry/access"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault"
)

// RerunWith says what is different from the run that is repeated.
type RerunWith struct {
	SameVersion bool              `json:"same_version,omitempty" doc:"With the version of that run; left out: with the workflow as it is now"`
	Inputs      map[string]any    `json:"inputs,omitempty" doc:"They replace that run's"`
	Texts       map[string]string `json:"texts,omitempty" doc:"The same as people type them, which are read by their types; they go before inputs"`
	Without     []string          `json:"without,omitempty" doc:"Names of inputs of that run that this one is not given, so that their defaults count"`
}

// RerunRunIn says what is different, and whether somebody follows.
type RerunRunIn struct {
	OfRunIn
	Body *RerunRunBody
}

// RerunRunBody is the body of RerunRun.
type RerunRunBody struct {
	RerunWith
	Watch bool `json:"watch,omitempty" doc:"As where a run is started"`
}

// RerunRun starts a new run with what a kept one began with.
var RerunRun = Operation[RerunRunIn, OneRun]{ID: "rerun-run", Method: "POST", Path: "/runs/{run}/rerun", Tag: tagRuns,
	Summary:     "Start a new run with the inputs, trigger data, variables and overrides of a kept one",
	Description: "The answer is the new run, which is on disk. POST /runs/{run}/rerun/plan tells beforehand what it starts with.", Policy: changeRun}

func (a *API) rerunRun(ctx context.Context, in *RerunRunIn) (*OneRun, error) {
	body := given(in.Body)
	e, req, err := a.rerun(ctx, body.RerunWith)
	if err != nil {
		return nil, err
	}
	var begun *engine.Watching
	begun, req.Watch, req.Over = watchedBy(body.Watch)
	id, err := e.Rerun(ctx, req)
	if err != nil {
		return nil, err
	}
	a.begun.keep(id, begun)
	requestOf(ctx).record.Concerns(organisationOf(ctx).ID, id)
	return a.oneRun(ctx, id)
}

// rerun is the request of whoever asks, for the run in the path.
func (a *API) rerun(ctx context.Context, with RerunWith) (*engine.Engine, engine.RerunRequest, error) {
	run := runOf(ctx)
	req := engine.RerunRequest{Run: run.ID, SameVersion: with.SameVersion, Inputs: with.Inputs, Texts: with.Texts, Without: with.Without}
	if err := a.stillCovered(ctx, &run); err != nil {
		return nil, req, err
	}
	e, err := a.house.Engine(ctx)
	return e, req, err
}

// stillCovered refuses whoever may not start runs for the MSP what covered refuses: the trigger that the run was of
// has to run for the organisation still.
func (a *API) stillCovered(ctx context.Context, run *history.Run) error {
	everywhere, err := requestOf(ctx).mayAtRoot(ctx, access.Operator, access.RunsWrite)
	if err != nil || everywhere {
		return err
	}
	if run.TriggerName == "" || run.Parent != "" {
		return fault.New(fault.Denied, "no trigger of %s started run %s, so only people of the MSP can run it again", run.Workflow, shortID(run.ID)).
			WithHint("ask somebody of the MSP; or, where it failed: `gantry runs resume %s`", shortID(run.ID))
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return err
	}
	wf, err := w.Workflow(run.Workflow)
	if err != nil {
		return err
	}
	t, err := a.house.Triggers(ctx)
	if err != nil {
		return err
	}
	org, err := a.house.Orgs().ByID(ctx, run.OrganisationID)
	if err != nil {
		return err
	}
	return t.Covers(ctx, wf, org, run.TriggerName)
}

// PlanRerunIn says what is different.
type PlanRerunIn struct {
	OfRunIn
	Body *RerunWith
}

// PlanRerunOut is what would be started.
type PlanRerunOut struct{ Body engine.RerunPlan }

// PlanRerun tells what RerunRun would start.
var PlanRerun = Operation[PlanRerunIn, PlanRerunOut]{ID: "plan-rerun", Method: "POST", Path: "/runs/{run}/rerun/plan", Tag: tagRuns, Asks: true,
	Summary: "What running a kept run again would start", Description: "Nothing is changed. All is checked that a start checks, but for limits and room.", Policy: changeRun}

func (a *API) planRerun(ctx context.Context, in *PlanRerunIn) (*PlanRerunOut, error) {
	e, req, err := a.rerun(ctx, given(in.Body))
	if err != nil {
		return nil, err
	}
	plan, err := e.PlanRerun(ctx, req)
	if err != nil {
		return nil, err
	}
	return &PlanRerunOut{*plan}, nil
}
