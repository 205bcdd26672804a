package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// ResumeWith says with what a run that has ended goes on. Only people of the MSP may say so: what tasks are given may
// reach the MSP's own systems.
type ResumeWith struct {
	Newest bool                         `json:"newest,omitempty" doc:"With the workflow as it is now; left out: with the version that the run has"`
	Inputs map[string]map[string]any    `json:"inputs,omitempty" doc:"By task: inputs that replace those in the workflow, where the task is repeated"`
	Texts  map[string]map[string]string `json:"texts,omitempty" doc:"The same as people type them, which are read by their types; they go before inputs"`
}

// ResumeRunIn says with what the run goes on, and whether somebody follows.
type ResumeRunIn struct {
	OfRunIn
	Body *ResumeRunBody
}

// ResumeRunBody is the body of ResumeRun.
type ResumeRunBody struct {
	ResumeWith
	Watch        bool `json:"watch,omitempty" doc:"As where a run is started"`
	AlthoughHeld bool `json:"although_held,omitempty" doc:"Of a run that is held since a backup was restored: somebody has looked whether what it does next has been done already"`
}

// ResumeRun takes up a run.
var ResumeRun = Operation[ResumeRunIn, OneRun]{ID: "resume-run", Method: "POST", Path: "/runs/{run}/resume", Tag: tagRuns,
	Summary: "Take up a run that has failed, timed out or was cancelled, or that an earlier process left unfinished",
	Description: "What is done is not done again. POST /runs/{run}/resume/plan tells beforehand what is. Of several who resume a run at once one does: " +
		"the others get the code conflict, as where a run is in the way that goes on, and where the run is held since a backup was restored " +
		"(held in its plan) and although_held does not say that it may go on.", Policy: changeRun}

func (a *API) resumeRun(ctx context.Context, in *ResumeRunIn) (*OneRun, error) {
	run := runOf(ctx)
	body := given(in.Body)
	req, err := resumption(ctx, body.ResumeWith)
	if err == nil && !body.AlthoughHeld {
		err = a.notHeld(ctx, run.ID)
	}
	if err != nil {
		return nil, err
	}
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	begun, watch, over := watchedBy(body.Watch)
	req.Watch, req.Over = watch, over
	err = e.Resume(context.WithoutCancel(ctx), req)
	switch {
	case err == nil:
		a.begun.keep(run.ID, begun)
	case fault.From(err).Code == fault.Exists:
		return nil, goingOn(run, err)
	case !run.Status.Ended():
		return nil, &WorkError{fault.From(err)} // the call named a run that can be resumed
	default:
		return nil, err
	}
	return a.oneRun(ctx, run.ID)
}

// notHeld refuses a run of which nobody has said that it may go on since a backup was restored.
func (a *API) notHeld(ctx context.Context, id string) error {
	held, err := a.house.History().HeldSince(ctx, id)
	if err != nil || held == nil {
		return err
	}
	return fault.New(fault.Conflict, "run %s is held since %s, %s: what it does next may have been done already", shortID(held.Run), held.At.UTC().Format(time.RFC3339), held.Why).
		WithHint("POST /runs/%s/resume/plan tells what that is: look in the other systems, then resume it with although_held: true, or cancel it", held.Run)
}

func goingOn(run history.Run, err error) error {
	id := shortID(run.ID)
	if run.Status == flow.Paused {
		return fault.Wrap(err, fault.Exists, "run %s is paused: it has not ended, and nobody left it", id).WithHint("`gantry runs unpause %s` lets it go on", id)
	}
	return fault.Wrap(err, fault.Exists, "run %s is going on already", id).WithHint("`gantry runs follow %s` watches it", id)
}

// resumption is the request of whoever asks, for the run in the path.
func resumption(ctx context.Context, with ResumeWith) (engine.ResumeRequest, error) {
	req := engine.ResumeRequest{Run: runOf(ctx).ID, By: CallerOf(ctx).Name, Newest: with.Newest, Inputs: with.Inputs, Texts: with.Texts}
	if !with.Newest && len(with.Inputs) == 0 && len(with.Texts) == 0 {
		return req, nil
	}
	return req, oursOnly(ctx, "only people of the MSP can resume a run with another version, or with other inputs of its tasks")
}

// oursOnly refuses whoever may not start runs for the MSP, and so for everybody.
func oursOnly(ctx context.Context, why string) error {
	ours, err := requestOf(ctx).mayAtRoot(ctx, access.Operator, access.RunsWrite)
	if err == nil && !ours {
		err = fault.New(fault.Denied, "%s: tasks may reach the MSP's own systems", why).WithHint("ask an operator of the MSP")
	}
	return err
}

// PlanResumeIn says with what the run would go on.
type PlanResumeIn struct {
	OfRunIn
	Body *ResumeWith
}

// PlanResumeOut is what resuming would do.
type PlanResumeOut struct{ Body engine.ResumePlan }

// PlanResume tells what ResumeRun would do.
var PlanResume = Operation[PlanResumeIn, PlanResumeOut]{ID: "plan-resume", Method: "POST", Path: "/runs/{run}/resume/plan", Tag: tagRuns, Asks: true,
	Summary:     "What resuming a run would do, and what is in its way",
	Description: "Nothing is changed. unresolved, misfits and problem are what is in the way, also in parts; without any of them the run can be resumed.", Policy: changeRun}

func (a *API) planResume(ctx context.Context, in *PlanResumeIn) (*PlanResumeOut, error) {
	req, err := resumption(ctx, given(in.Body))
	if err != nil {
		return nil, err
	}
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := e.PlanResume(ctx, req)
	if err != nil {
		if fault.From(err).Code == fault.Exists {
			err = goingOn(runOf(ctx), err)
		}
		return nil, err
	}
	return &PlanResumeOut{*plan}, nil
}

// ResolveRunIn is what somebody found out about a write.
type ResolveRunIn struct {
	OfRunIn
	Body struct {
		Task     string `json:"task"`
		Instance *int   `json:"instance,omitempty" minimum:"1" doc:"Where several executions of the task are to be resolved"`
		Item     *int   `json:"item,omitempty" minimum:"0" doc:"Where several items of the task's for_each are, from 0"`
		Outcome  string `json:"outcome" enum:"done,not_done" doc:"What is not done is repeated when the run is resumed"`
		Result   any    `json:"result,omitempty" doc:"What the write would have answered; with done, and from people of the MSP alone. Needed where the workflow reads fields of it"`
		NoResult bool   `json:"no_result,omitempty" doc:"Go on without a result though fields of it are read; with done"`
	}
}

// ResolveRun keeps somebody's word about a write whose outcome is unknown.
var ResolveRun = Operation[ResolveRunIn, OneRun]{ID: "resolve-run", Method: "POST", Path: "/runs/{run}/resolve", Tag: tagRuns,
	Summary:     "Say whether a write was done whose answer was lost",
	Description: "Of runs that have ended, and of those that go on. The run does not go on by it: resume it then. Said again before that, the last word counts.", Policy: changeRun}

func (a *API) resolveRun(ctx context.Context, in *ResolveRunIn) (*OneRun, error) {
	b := in.Body
	if b.Result != nil {
		if err := oursOnly(ctx, "only people of the MSP can say what a write answered"); err != nil {
			return nil, err
		}
	}
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	id := runOf(ctx).ID
	res := engine.Resolution{Run: id, Task: b.Task, Instance: b.Instance, Item: b.Item, Done: b.Outcome == "done", Result: b.Result, NoResult: b.NoResult, By: CallerOf(ctx).Name}
	if err := e.Resolve(context.WithoutCancel(ctx), res); err != nil {
		return nil, err
	}
	return a.oneRun(ctx, id)
}
