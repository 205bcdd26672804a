package api

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"gantry/access"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schedule"
)

// RunStatisticsIn says which runs are counted, and by what time.
type RunStatisticsIn struct {
	Since        string `query:"since" doc:"From the bucket on that this time lies in, such as 2026-11-30T08:00:00Z; where it is left out a day, 30 days or 26 weeks, by the length of the buckets"`
	Until        string `query:"until" doc:"To the end of the bucket that has the last moment before this time; now where it is left out"`
	Bucket       string `query:"bucket" enum:"hour,day,week" doc:"How long a bucket is: hour, day (where it is left out) or week, which begins on Monday"`
	Timezone     string `query:"tz" doc:"By whose clocks hours, days and weeks begin, such as Europe/London; UTC where it is left out"`
	Organisation string `query:"organisation" doc:"Only of the organisation with this slug"`
	Workflow     string `query:"workflow" doc:"Only of this workflow"`
	Limit        int    `query:"limit" minimum:"0" maximum:"5000" doc:"At most so many organisations, and workflows: those with the most runs; 100 where it is left out"`
}

// RunFigures are how many runs have ended, and how.
type RunFigures struct {
	Runs      int64 `json:"runs" doc:"All together"`
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	TimedOut  int64 `json:"timed_out"`
	Cancelled int64 `json:"cancelled"`
	TimeSaved int64 `json:"time_saved_s" doc:"Seconds of people's time: the time_saved of the workflow for each run that succeeded"`
}

func runFigures(f history.Figures) RunFigures {
	return RunFigures{f.Runs(), f.Succeeded, f.Failed, f.TimedOut, f.Cancelled, f.Saved}
}

// RunsInBucket are the figures of a length of time.
type RunsInBucket struct {
	At time.Time `json:"at" doc:"When it began"`
	RunFigures
}

// RunsOfOrganisation are the figures of an organisation.
type RunsOfOrganisation struct {
	Organisation string `json:"organisation" doc:"A slug"`
	Name         string `json:"name"`
	RunFigures
}

// RunsOfWorkflow are the figures of a workflow.
type RunsOfWorkflow struct {
	Workflow string `json:"workflow"`
	Title    string `json:"title,omitempty" doc:"As it is now; left out where there is none, or the workflow is gone"`
	RunFigures
}

// RunsNow are how many runs have not ended.
type RunsNow struct {
	Queued  int64 `json:"queued"`
	Running int64 `json:"running"`
	Waiting int64 `json:"waiting"`
	Paused  int64 `json:"paused"`
}

// RunStatisticsOut are the figures in several views.
type RunStatisticsOut struct {
	Body struct {
		Buckets        []RunsInBucket       `json:"buckets" doc:"In order, without gaps"`
		Totals         RunFigures           `json:"totals" doc:"Of all buckets"`
		ByOrganisation []RunsOfOrganisation `json:"by_organisation" doc:"The most runs first"`
		ByWorkflow     []RunsOfWorkflow     `json:"by_workflow" doc:"The most runs first"`
		Now            RunsNow              `json:"now" doc:"Runs that have not ended"`
	}
}

// RunStatistics tells what has come of runs.
var RunStatistics = Operation[RunStatisticsIn, RunStatisticsOut]{ID: "run-statistics", Method: "GET", Path: "/statistics/runs", Tag: tagRuns,
	Summary: "How many runs ended how, by time, organisation and workflow, and the time that they saved",
	Description: "Runs count when they end; those that other runs started are not counted. The figures come from counters: they stay when runs are removed from the history, " +
		"and go with the organisation when that is deleted for good. Time saved is known of runs since there have been statistics.",
	Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: Filtered}}

func (a *API) runStatistics(ctx context.Context, in *RunStatisticsIn) (*RunStatisticsOut, error) {
	reach := ReachFrom(ctx)
	f := history.FigureFilter{Workflow: workflowID(in.Workflow)}
	var err error
	if f.Bounds, err = in.bounds(a.house.Now()); err != nil {
		return nil, err
	}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Viewer, access.RunsRead, in.Organisation)
		if err != nil {
			return nil, err
		}
		f.OrganisationID = org.ID
	} else if every, err := reach.Everywhere(ctx); err != nil {
		return nil, err
	} else if !every {
		within, err := reach.ids(ctx)
		if err != nil {
			return nil, err
		}
		f.OrganisationIDs = slices.AppendSeq([]string{}, maps.Keys(within))
	}
	s, err := a.house.History().Statistics(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &RunStatisticsOut{}
	out.Body.Buckets = make([]RunsInBucket, len(s.Buckets))
	for i, b := range s.Buckets {
		out.Body.Buckets[i] = RunsInBucket{f.Bounds[i], runFigures(b)}
	}
	out.Body.Totals = runFigures(s.Totals)
	out.Body.Now = RunsNow{s.Now[flow.Queued], s.Now[flow.Running], s.Now[flow.Waiting], s.Now[flow.Paused]}
	most := cmp.Or(in.Limit, 100)
	if out.Body.ByOrganisation, err = a.ofOrganisations(ctx, s.ByOrganisation, most); err != nil {
		return nil, err
	}
	out.Body.ByWorkflow, err = a.ofWorkflows(ctx, s.ByWorkflow, most)
	return out, err
}

// ofOrganisations names organisations. One that is gone for good has its id alone.
func (a *API) ofOrganisations(ctx context.Context, all []history.FiguresOf, most int) ([]RunsOfOrganisation, error) {
	out := make([]RunsOfOrganisation, min(len(all), most))
	for i, f := range all[:len(out)] {
		org, err := a.house.Orgs().ByID(ctx, f.Of)
		if err != nil && fault.From(err).Code != fault.Missing {
			return nil, err
		}
		out[i] = RunsOfOrganisation{cmp.Or(org.Slug, f.Of), org.Name, runFigures(f.Figures)}
	}
	return out, nil
}

func (a *API) ofWorkflows(ctx context.Context, all []history.FiguresOf, most int) ([]RunsOfWorkflow, error) {
	project, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, wf := range project.Checked() {
		titles[wf.ID] = wf.Title
	}
	out := make([]RunsOfWorkflow, min(len(all), most))
	for i, f := range all[:len(out)] {
		out[i] = RunsOfWorkflow{f.Of, titles[f.Of], runFigures(f.Figures)}
	}
	return out, nil
}

// dropFigures forgets the figures of organisations that are gone for good.
func (a *API) dropFigures(ctx context.Context, gone []orgs.Organisation) error {
	ids := make([]string, len(gone))
	for i, org := range gone {
		ids[i] = org.ID
	}
	return a.house.History().DropFigures(context.WithoutCancel(ctx), ids...)
}

// mostBuckets bounds what is shown at once.
const mostBuckets = 1000

// untold is what is shown where nobody says since when.
var untold = map[schedule.Bucket]time.Duration{schedule.Hours: 23 * time.Hour, schedule.Days: 29 * 24 * time.Hour, schedule.Weeks: 25 * 7 * 24 * time.Hour}

// bounds gives when the buckets begin, and when the last one ends.
func (in *RunStatisticsIn) bounds(now time.Time) ([]time.Time, error) {
	bucket := schedule.Bucket(cmp.Or(in.Bucket, string(schedule.Days)))
	if _, known := untold[bucket]; !known {
		return nil, fault.New(fault.Usage, "there are no buckets of a %q", in.Bucket).WithHint("bucket is hour, day or week")
	}
	zone, problem := schedule.Zone(cmp.Or(in.Timezone, "UTC"))
	if problem != nil {
		return nil, fault.New(fault.Usage, "%s", problem.Text).WithHint("%s", problem.Hint)
	}
	var since, until time.Time
	if err := readTimes(timeText{in.Since, &since}, timeText{in.Until, &until}); err != nil {
		return nil, err
	}
	if until.IsZero() {
		until = now
	}
	if since.IsZero() {
		since = until.Add(-untold[bucket])
	}
	if since.Unix() < 0 || until.Year() > 9999 {
		return nil, fault.New(fault.Usage, "no run is of such a time").WithHint("since is 1970 or later, until 9999 or earlier")
	}
	bounds := []time.Time{bucket.Start(since, zone)}
	for at := bounds[0]; at.Before(until); {
		if len(bounds) > mostBuckets {
			return nil, fault.New(fault.Usage, "from %s until %s there are more than %d buckets", since.Format(time.RFC3339), until.Format(time.RFC3339), mostBuckets).
				WithHint("ask for longer buckets, or for less time")
		}
		at = bucket.Next(at, zone)
		bounds = append(bounds, at)
	}
	return bounds, nil
}

func figureOperations(a *API) {
	RunStatistics.serve(a, a.runStatistics)
	ListSchedules.serve(a, a.listSchedules)
	FollowChanges.serve(a, a.followChanges)
}
