package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gantry/access"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

const tagRuns = "runs"

// Policies of runs.
var (
	readRun   = Policy{Role: access.Viewer, Scope: access.RunsRead, Where: OfRun}
	changeRun = Policy{Role: access.Operator, Scope: access.RunsWrite, Where: OfRun}
)

// Run is a run as lists show it.
type Run struct {
	ID           string       `json:"id"`
	Workflow     string       `json:"workflow"`
	Version      string       `json:"version"`
	Organisation string       `json:"organisation" doc:"A slug"`
	Status       string       `json:"status" enum:"queued,running,waiting,paused,succeeded,failed,timed_out,cancelled"`
	TriggerType  string       `json:"trigger_type"`
	Trigger      string       `json:"trigger"`
	Parent       string       `json:"parent,omitempty" doc:"The run that started it"`
	Error        *fault.Error `json:"error,omitempty"`
	CreatedAt    time.Time    `json:"created_at"`
	StartedAt    *time.Time   `json:"started_at,omitempty"`
	FinishedAt   *time.Time   `json:"finished_at,omitempty"`
}

func runDocument(r history.Run) Run {
	return Run{r.ID, r.Workflow, r.Version, r.Organisation, string(r.Status), r.TriggerType, r.TriggerName, r.Parent, r.Error, r.CreatedAt, r.StartedAt, r.FinishedAt}
}

// runStatuses are the statuses that a run can have.
var runStatuses = []string{string(flow.Queued), string(flow.Running), string(flow.Waiting), string(flow.Paused), string(flow.Succeeded),
	string(flow.Failed), string(flow.TimedOut), string(flow.Cancelled)}

// ListRunsIn narrows the list, and turns its pages.
type ListRunsIn struct {
	Organisation string `query:"organisation" doc:"Only of the organisation with this slug"`
	Workflow     string `query:"workflow" doc:"Only of this workflow"`
	Status       string `query:"status" doc:"Only with this status: queued, running, waiting, paused, succeeded, failed, timed_out or cancelled"`
	Before       string `query:"before" doc:"Only older than the run with this id: the page that follows"`
	Limit        int    `query:"limit" minimum:"0" maximum:"1000" doc:"At most so many, 50 where it is left out"`
	All          bool   `query:"all" doc:"Also those that other runs started"`
}

// ListRunsOut is a page of runs, the newest first.
type ListRunsOut struct {
	Body struct {
		Runs []Run  `json:"runs"`
		Next string `json:"next,omitempty" doc:"What before is for the page that follows; left out: there is none"`
	}
}

// ListRuns lists runs.
var ListRuns = Operation[ListRunsIn, ListRunsOut]{ID: "list-runs", Method: "GET", Path: "/runs", Tag: tagRuns,
	Summary: "List runs, the newest first", Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: Filtered}}

func (a *API) listRuns(ctx context.Context, in *ListRunsIn) (*ListRunsOut, error) {
	reach := ReachFrom(ctx)
	filter, err := a.runFilter(ctx, in)
	if err != nil {
		return nil, err
	}
	runs, err := a.runsWithin(ctx, reach, filter)
	if err != nil {
		return nil, err
	}
	out := &ListRunsOut{}
	out.Body.Runs = make([]Run, len(runs))
	for i, r := range runs {
		out.Body.Runs[i] = runDocument(r)
	}
	if len(runs) == filter.Limit {
		out.Body.Next = runs[len(runs)-1].ID
	}
	return out, nil
}

const pageOfRuns = 50

func (a *API) runFilter(ctx context.Context, in *ListRunsIn) (history.Filter, error) {
	status := strings.ReplaceAll(strings.ToLower(in.Status), "-", "_")
	f := history.Filter{Workflow: workflowID(in.Workflow), Status: flow.Status(status), Children: in.All, Limit: cmp.Or(in.Limit, pageOfRuns)}
	if status != "" && !slices.Contains(runStatuses, status) {
		return f, fault.New(fault.Usage, "there is no status %q", in.Status).WithHint("%s", source.DidYouMean(in.Status, runStatuses))
	}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Viewer, access.RunsRead, in.Organisation)
		if err != nil {
			return f, err
		}
		f.OrganisationID = org.ID
	}
	if in.Before == "" {
		return f, nil
	}
	var err error
	if f.Before = in.Before; len(in.Before) < len("00000000-0000-0000-0000-000000000000") { // a whole id says nothing that it is not asked
		q := requestOf(ctx)
		if f.Before, err = a.house.History().Find(ctx, in.Before); err != nil && !q.seesAll(ctx) {
			return f, noRun(in.Before)
		}
	}
	return f, err
}

// fewOrganisations is up to how many organisations a page is put together of theirs; each page is read by key.
const fewOrganisations = 200

// runsWithin gives a page of runs of the organisations in reach.
func (a *API) runsWithin(ctx context.Context, reach Reach, f history.Filter) ([]history.Run, error) {
	h := a.house.History()
	if every, err := reach.Everywhere(ctx); err != nil || every || f.OrganisationID != "" {
		if err != nil {
			return nil, err
		}
		return h.Runs(ctx, f)
	}
	within, err := reach.ids(ctx)
	if err != nil {
		return nil, err
	}
	if len(within) > fewOrganisations {
		return a.runsAmong(ctx, within, f)
	}
	var all []history.Run
	for id := range within {
		f.OrganisationID = id
		runs, err := h.Runs(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, runs...)
	}
	slices.SortFunc(all, func(x, y history.Run) int { return strings.Compare(y.ID, x.ID) })
	return all[:min(len(all), f.Limit)], nil
}

// runsAmong reads page after page of everybody's runs: the organisations are so many that most of them fit.
func (a *API) runsAmong(ctx context.Context, within map[string]bool, f history.Filter) ([]history.Run, error) {
	found := make([]history.Run, 0, f.Limit)
	for {
		page, err := a.house.History().Runs(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			f.Before = r.ID
			if within[r.OrganisationID] {
				found = append(found, r)
			}
			if len(found) == f.Limit {
				return found, nil
			}
		}
		if len(page) < f.Limit {
			return found, nil
		}
	}
}

// ids gives the organisations in reach, removed ones as well: their runs are still shown.
func (r Reach) ids(ctx context.Context) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, removed := range []bool{false, true} {
		all, err := r.tree.Find(ctx, orgs.Filter{Removed: removed})
		if err != nil {
			return nil, err
		}
		within, err := r.Among(ctx, all)
		if err != nil {
			return nil, err
		}
		for _, org := range within {
			ids[org.ID] = true
		}
	}
	return ids, nil
}

// OfRunIn is the input of operations on one run.
type OfRunIn struct {
	Run string `path:"run" doc:"The run's id; its beginning or end is enough"`
}

// ShowRunIn says how much is shown.
type ShowRunIn struct {
	OfRunIn
	Requests bool `query:"requests" doc:"Also the HTTP requests that the tasks made"`
}

// ShowRunOut is a run with its tasks.
type ShowRunOut struct {
	Body struct {
		Run
		OrganisationName string         `json:"organisation_name,omitempty"`
		Inputs           map[string]any `json:"inputs"`
		Outputs          map[string]any `json:"outputs"`
		Tasks            []history.Task `json:"tasks" doc:"In the order in which they started"`
	}
}

// ShowRun shows what a run did.
var ShowRun = Operation[ShowRunIn, ShowRunOut]{ID: "show-run", Method: "GET", Path: "/runs/{run}", Tag: tagRuns, Summary: "Show what a run did", Policy: readRun}

func (a *API) showRun(ctx context.Context, in *ShowRunIn) (*ShowRunOut, error) {
	detail, err := a.house.History().Show(ctx, runOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	out := &ShowRunOut{}
	out.Body.Run, out.Body.Inputs, out.Body.Outputs, out.Body.Tasks = runDocument(detail.Run), detail.Inputs, detail.Outputs, []history.Task{}
	out.Body.OrganisationName = organisationOf(ctx).Name
	for _, t := range detail.Tasks {
		if !in.Requests {
			t.Requests = nil
		}
		out.Body.Tasks = append(out.Body.Tasks, t)
	}
	return out, nil
}

// RunWorkflowOut is a workflow as a run used it.
type RunWorkflowOut struct {
	Body struct {
		Workflow string `json:"workflow"`
		Version  string `json:"version"`
		Text     string `json:"text" doc:"YAML"`
	}
}

// ShowRunWorkflow gives the text of a run's workflow as it was then.
var ShowRunWorkflow = Operation[OfRunIn, RunWorkflowOut]{ID: "show-run-workflow", Method: "GET", Path: "/runs/{run}/workflow", Tag: tagRuns,
	Summary: "The text of the workflow as the run used it, for people of the MSP alone, since it may name its clients", Policy: readRun}

func (a *API) showRunWorkflow(ctx context.Context, _ *OfRunIn) (*RunWorkflowOut, error) {
	run := runOf(ctx)
	ours, err := requestOf(ctx).mayAtRoot(ctx, access.Viewer, access.WorkflowsRead)
	if err == nil && !ours {
		err = fault.New(fault.Denied, "the text of a workflow is for people of the MSP, since it may name its clients")
	}
	if err != nil {
		return nil, err
	}
	text, err := a.house.History().Version(ctx, run.Workflow, run.Version)
	out := &RunWorkflowOut{}
	out.Body.Workflow, out.Body.Version, out.Body.Text = run.Workflow, run.Version, string(text)
	return out, err
}

func runOperations(a *API) {
	ListRuns.serve(a, a.listRuns)
	StartRun.serve(a, a.startRun)
	ShowRun.serve(a, a.showRun)
	ShowRunWorkflow.serve(a, a.showRunWorkflow)
	FollowRun.serve(a, a.followRun)
	CancelRun.serve(a, a.cancelRun)
	PauseRun.serve(a, a.pauseRun)
	UnpauseRun.serve(a, a.unpauseRun)
	ResumeRun.serve(a, a.resumeRun)
}
