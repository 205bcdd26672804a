package api

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"gantry/access"
	"gantry/engine/assist"
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
	TriggerType  string `query:"trigger_type" doc:"Only those that a trigger of this type started, such as webhook or schedule"`
	Trigger      string `query:"trigger" doc:"Only those that a trigger of this name started"`
	Search       string `query:"search" doc:"Only those whose id begins or ends with this, whose workflow has it in its name, or whose inputs or trigger data have it as a value, or all its words as words: whole ones, in capitals or not"`
	Since        string `query:"since" doc:"Only those created at this time or later, such as 2026-11-30T08:00:00Z"`
	Until        string `query:"until" doc:"Only those created before this time"`
	Before       string `query:"before" doc:"Only older than the run with this id: the page that follows"`
	Limit        int    `query:"limit" minimum:"0" maximum:"1000" doc:"At most so many, 50 where it is left out"`
	All          bool   `query:"all" doc:"Also those that other runs started"`
}

// ListRunsOut is a page of runs, the newest first.
type ListRunsOut struct {
	Body struct {
		Runs []Run  `json:"runs"`
		Next string `json:"next,omitempty" doc:"What before is for the page that follows; left out: there is none. How much is looked at for one page is bounded: one that few runs are on, or none, may be followed by others"`
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
	runs, next, err := a.runsWithin(ctx, reach, filter)
	if err != nil {
		return nil, err
	}
	out := &ListRunsOut{}
	out.Body.Next = next
	out.Body.Runs = make([]Run, len(runs))
	for i, r := range runs {
		out.Body.Runs[i] = runDocument(r)
	}
	return out, nil
}

const pageOfRuns = 50

func (a *API) runFilter(ctx context.Context, in *ListRunsIn) (history.Filter, error) {
	status := strings.ReplaceAll(strings.ToLower(in.Status), "-", "_")
	f := history.Filter{Workflow: workflowID(in.Workflow), Status: flow.Status(status), Children: in.All, Limit: cmp.Or(in.Limit, pageOfRuns),
		TriggerType: in.TriggerType, TriggerName: in.Trigger, Search: in.Search}
	if err := readTimes(timeText{in.Since, &f.Since}, timeText{in.Until, &f.Until}); err != nil {
		return f, err
	}
	if len(in.Search) > longestSearch {
		return f, fault.New(fault.Usage, "a search is for at most %d characters", longestSearch)
	}
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

// longestSearch bounds what is searched for, in bytes.
const longestSearch = 200

// timeText is a time that somebody wrote, and where it goes.
type timeText struct {
	text string
	into *time.Time
}

// readTimes reads times as RFC 3339 writes them; an empty text says nothing.
func readTimes(all ...timeText) error {
	for _, t := range all {
		if t.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, t.text)
		if err != nil {
			return fault.New(fault.Usage, "%q is not a time", t.text).WithHint("write it as 2026-11-30T08:00:00Z")
		}
		*t.into = at
	}
	return nil
}

// runsWithin gives a page of runs of the organisations in reach, and what follows it.
func (a *API) runsWithin(ctx context.Context, reach Reach, f history.Filter) ([]history.Run, string, error) {
	h := a.house.History()
	if every, err := reach.Everywhere(ctx); err != nil || every || f.OrganisationID != "" {
		if err != nil {
			return nil, "", err
		}
		return h.Page(ctx, f)
	}
	within, err := reach.ids(ctx)
	if err != nil {
		return nil, "", err
	}
	f.OrganisationIDs = slices.AppendSeq(make([]string, 0, len(within)), maps.Keys(within))
	return h.Page(ctx, f)
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
	Requests bool   `query:"requests" doc:"Also the HTTP requests that the tasks made"`
	Results  string `query:"results" doc:"full (where it is left out): with all results; small: those of more than 64 KiB are left out, and result_bytes tells their size; none: all but the smallest are. show-result gives one that was left out"`
}

// ShowRunOut is a run with its tasks.
type ShowRunOut struct {
	Body struct {
		Run
		OrganisationName string         `json:"organisation_name,omitempty"`
		Inputs           map[string]any `json:"inputs"`
		Outputs          map[string]any `json:"outputs"`
		Tasks            []history.Task `json:"tasks" doc:"In the order in which they started"`

		Held        *Held                `json:"held,omitempty" doc:"It is held since a backup was restored, or the run that it is a part of is: what it does next may have been done already"`
		RerunOf     string               `json:"rerun_of,omitempty" doc:"The run that it repeats"`
		HandledBy   []HandlingRun        `json:"handled_by,omitempty" doc:"The runs of on_failure's workflow, the first one first: one for each time that it failed"`
		Resumptions []history.Resumption `json:"resumptions,omitempty" doc:"Who let it go on after it had ended, the first one first"`
		Resolutions []history.Resolution `json:"resolutions,omitempty" doc:"What people said of writes whose answers were lost, the first one first"`
	}
}

// Held tells since when a run is held, and why.
type Held struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
}

// HandlingRun is a run that on_failure started.
type HandlingRun struct {
	ID       string `json:"id"`
	Workflow string `json:"workflow"`
	Status   string `json:"status"`
}

// ShowRun shows what a run did.
var ShowRun = Operation[ShowRunIn, ShowRunOut]{ID: "show-run", Method: "GET", Path: "/runs/{run}", Tag: tagRuns, Summary: "Show what a run did", Policy: readRun}

func (a *API) showRun(ctx context.Context, in *ShowRunIn) (*ShowRunOut, error) {
	largest, err := largestShown(in.Results)
	if err != nil {
		return nil, err
	}
	h := a.house.History()
	detail, err := h.ShowUpTo(ctx, runOf(ctx).ID, largest)
	if err != nil {
		return nil, err
	}
	handlers, err := h.HandlersOf(ctx, detail.ID)
	if err != nil {
		return nil, err
	}
	out := &ShowRunOut{}
	if out.Body.Held, err = a.heldOf(ctx, detail.Run); err != nil {
		return nil, err
	}
	for _, r := range handlers {
		out.Body.HandledBy = append(out.Body.HandledBy, HandlingRun{r.ID, r.Workflow, string(r.Status)})
	}
	out.Body.Run, out.Body.Inputs, out.Body.Outputs, out.Body.Tasks = runDocument(detail.Run), detail.Inputs, detail.Outputs, []history.Task{}
	out.Body.RerunOf, out.Body.Resumptions, out.Body.Resolutions = detail.RerunOf, detail.Resumptions, detail.Resolutions
	out.Body.OrganisationName = organisationOf(ctx).Name
	for _, t := range detail.Tasks {
		if !in.Requests {
			t.Requests = nil
		}
		out.Body.Tasks = append(out.Body.Tasks, t)
	}
	return out, nil
}

func (a *API) heldOf(ctx context.Context, run history.Run) (*Held, error) {
	if run.Status != flow.Paused { // as all that are held are
		return nil, nil
	}
	held, err := a.house.History().HeldSince(ctx, run.ID)
	if err != nil || held == nil {
		return nil, err
	}
	return &Held{held.At.UTC(), held.Why}, nil
}

// RunWorkflowOut is a workflow as a run used it.
type RunWorkflowOut struct {
	Body struct {
		Workflow string          `json:"workflow"`
		Version  string          `json:"version"`
		Text     string          `json:"text,omitempty" doc:"YAML; for people of the MSP alone, since it may name its clients"`
		Outline  *assist.Outline `json:"outline,omitempty" doc:"The text as tasks and transitions; for people of clients by names alone, as show-workflow tells them"`
	}
}

// ShowRunWorkflow gives a run's workflow as it was then.
var ShowRunWorkflow = Operation[OfRunIn, RunWorkflowOut]{ID: "show-run-workflow", Method: "GET", Path: "/runs/{run}/workflow", Tag: tagRuns,
	Summary: "The workflow as the run used it: its tasks, and for people of the MSP its text", Policy: readRun}

func (a *API) showRunWorkflow(ctx context.Context, _ *OfRunIn) (*RunWorkflowOut, error) {
	run := runOf(ctx)
	ours, err := requestOf(ctx).mayAtRoot(ctx, access.Viewer, access.WorkflowsRead)
	if err != nil {
		return nil, err
	}
	text, err := a.house.History().Version(ctx, run.Workflow, run.Version)
	if err != nil {
		return nil, err
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &RunWorkflowOut{}
	out.Body.Workflow, out.Body.Version = run.Workflow, run.Version
	out.Body.Text, out.Body.Outline = told(w, run.Workflow, text, ours)
	return out, nil
}

func runOperations(a *API) {
	ListRuns.serve(a, a.listRuns)
	StartRun.serve(a, a.startRun)
	ShowRun.serve(a, a.showRun)
	ShowRunWorkflow.serve(a, a.showRunWorkflow)
	ShowResult.serve(a, a.showResult)
	PruneRuns.serve(a, a.pruneRuns)
	FollowRun.serve(a, a.followRun)
	CancelRun.serve(a, a.cancelRun)
	PauseRun.serve(a, a.pauseRun)
	UnpauseRun.serve(a, a.unpauseRun)
	ResumeRun.serve(a, a.resumeRun)
	PlanResume.serve(a, a.planResume)
	ResolveRun.serve(a, a.resolveRun)
	RerunRun.serve(a, a.rerunRun)
	PlanRerun.serve(a, a.planRerun)
}
