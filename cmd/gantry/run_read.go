package main

import (
	"context"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/source"
)

// readRun is a run as the API gives it.
type readRun struct {
	history.Detail
	organisation string // its name
}

// readRun finds a run by a part of its id and gives what it did; one that only the sandbox has gives a hint.
func (a *App) readRun(ctx context.Context, part string, requests bool) (*readRun, error) {
	return a.readRunWith(ctx, part, requests, "full")
}

// readRunWith is readRun with results as the API's show-run takes the word: full, small, none.
func (a *App) readRunWith(ctx context.Context, part string, requests bool, results string) (*readRun, error) {
	out, err := api.ShowRun.Call(ctx, a.client, &api.ShowRunIn{OfRunIn: api.OfRunIn{Run: part}, Requests: requests, Results: results})
	if err != nil {
		return nil, a.hintRun(ctx, err, part)
	}
	b := out.Body
	d := &readRun{Detail: history.Detail{Run: runOf(b.Run), Inputs: b.Inputs, Tasks: b.Tasks, RerunOf: b.RerunOf,
		Resumptions: b.Resumptions, Resolutions: b.Resolutions}, organisation: b.OrganisationName}
	d.Outputs = b.Outputs
	return d, nil
}

// runOf is a run of the API's as the history knows it.
func runOf(r api.Run) history.Run {
	return history.Run{ID: r.ID, Workflow: r.Workflow, Version: r.Version, Organisation: r.Organisation, Status: flow.Status(r.Status), TriggerType: r.TriggerType,
		TriggerName: r.Trigger, Parent: r.Parent, Error: r.Error, CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt}
}

// hintRun adds to the error of a run that is missing that the sandbox has it.
func (a *App) hintRun(ctx context.Context, err error, part string) error {
	if a.data == nil {
		return err
	}
	return a.HintSandbox(ctx, a.data, err, func(other *Data) bool {
		_, err := other.History.Find(ctx, part)
		return err == nil
	})
}

// versionText reads the workflow as a run ran it, as far as it can be read.
func (a *App) versionText(ctx context.Context, run string) *source.Node {
	out, err := api.ShowRunWorkflow.Call(ctx, a.client, &api.OfRunIn{Run: run})
	if err != nil || out.Body.Text == "" { // people of clients are not told it
		return nil
	}
	node, _ := source.Parse(out.Body.Workflow, []byte(out.Body.Text))
	return node
}
