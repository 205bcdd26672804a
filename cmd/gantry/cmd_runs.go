package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

func newRuns(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:     "runs",
		Aliases: []string{"history"},
		Short:   "Look at runs, watch, pause, cancel, resume and repeat them",
		Example: `  gantry runs list --status failed
  gantry runs show 3f2a91bc`,
		GroupID: groupRun,
	}, newRunsList(app), newRunsShow(app), newRunsFind(app), newRunsFollow(app), newRunsPause(app), newRunsUnpause(app), newRunsCancel(app), newRunsResume(app), newRunsResolve(app), newRunsRerun(app), newRunsPrune(app))
}

// runFilter is what `runs list` was asked for.
type runFilter struct {
	org, workflow, status, before string
	search, since, until          string
	limit                         int
	all                           bool
}

// narrows tells whether some runs may be left out.
func (f *runFilter) narrows() bool {
	return f.org+f.workflow+f.status+f.before+f.search+f.since+f.until != ""
}

// runStatuses are the statuses that a run can have.
var runStatuses = []string{string(flow.Queued), string(flow.Running), string(flow.Waiting), string(flow.Paused), string(flow.Succeeded),
	string(flow.Failed), string(flow.TimedOut), string(flow.Cancelled)}

func newRunsList(app *App) *cobra.Command {
	var f runFilter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List runs, the newest first",
		Long: `Lists runs, the newest first. Runs that other runs started (sub-workflows, on_failure) are left out
unless --all is given. The ids shown are the ends of the full ones; every command accepts them.`,
		Example: `  gantry runs list
  gantry runs list --org northwind-dental --status failed
  gantry runs list --search 20417                     a ticket's number, a client's name, …
  gantry runs list --limit 20 --before 3f2a91bc       the page that follows`,
		Args: takes(),
	}
	cmd.Flags().StringVar(&f.org, "org", "", "only of the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&f.workflow, "workflow", "", "only of this `workflow`")
	cmd.Flags().StringVar(&f.status, "status", "", "only with this `status`: "+strings.Join(runStatuses, ", "))
	cmd.Flags().StringVar(&f.search, "search", "", "only those that this `text` finds: a part of the id or of the workflow's name, or a value of the inputs or the trigger's data")
	cmd.Flags().StringVar(&f.since, "since", "", "only those created at this `time` or later: 2026-11-30, 2026-11-30T08:00:00Z, or 8h for eight hours ago")
	cmd.Flags().StringVar(&f.until, "until", "", "only those created before this `time`, written likewise")
	cmd.Flags().StringVar(&f.before, "before", "", "only older than the run with this `id`")
	cmd.Flags().IntVar(&f.limit, "limit", 20, "at most this `number`, up to 1000")
	cmd.Flags().BoolVar(&f.all, "all", false, "also those that other runs started")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return app.listRuns(cmd, f) }
	return cmd
}

func (a *App) listRuns(cmd *cobra.Command, f runFilter) error {
	ctx := cmd.Context()
	if f.limit < 1 || f.limit > 1000 {
		return usage(cmd, "--limit is between 1 and 1000, not %d", f.limit)
	}
	status := strings.ReplaceAll(strings.ToLower(f.status), "-", "_")
	if status != "" && !slices.Contains(runStatuses, status) {
		return usage(cmd, "there is no status %q", f.status).WithHint("%s", source.DidYouMean(f.status, runStatuses))
	}
	for flag, text := range map[string]*string{"--since": &f.since, "--until": &f.until} {
		var err error
		if *text, err = a.momentIn(*text); err != nil {
			return usage(cmd, "%s is not a time: %q", flag, *text).WithHint("write it as 2026-11-30, 2026-11-30T08:00:00Z, or 8h for eight hours ago")
		}
	}
	in := &api.ListRunsIn{Organisation: f.org, Workflow: workflowID(f.workflow), Status: status, Before: f.before, Limit: f.limit, All: f.all,
		Search: f.search, Since: f.since, Until: f.until}
	docs, runs := []listedRun{}, []history.Run{}
	for { // a page may have fewer than there are: how much is looked at for one is bounded
		out, err := aboutOrg(ctx, a, Reading, f.org, api.ListRuns, in)
		if err != nil {
			return err
		}
		for _, r := range out.Body.Runs {
			docs, runs = append(docs, listed(r)), append(runs, runOf(r))
		}
		if in.Before, in.Limit = out.Body.Next, f.limit-len(runs); in.Before == "" || in.Limit == 0 {
			break
		}
	}
	return a.Show(docs, func(out io.Writer) error { return a.runTable(out, runs, f) })
}

// momentIn reads a moment as people write it, a day's beginning here and a time ago included, and writes it as the API
// takes it. What is none stays as it is, with an error; "" stays "".
func (a *App) momentIn(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if ago, err := schema.ParseDuration(text); err == nil {
		return a.Now().Add(-ago).Format(time.RFC3339Nano), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04", time.DateTime} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return at.Format(time.RFC3339Nano), nil
		}
	}
	return text, fmt.Errorf("%q is not a time", text)
}

// listedRun is a run in the JSON of `runs list`.
type listedRun struct {
	ID           string       `json:"id"`
	Workflow     string       `json:"workflow"`
	Version      string       `json:"version"`
	Organisation string       `json:"organisation"`
	Status       flow.Status  `json:"status"`
	TriggerType  string       `json:"trigger_type"`
	Trigger      string       `json:"trigger"`
	Parent       string       `json:"parent,omitempty"` // the run that started it
	Error        *fault.Error `json:"error"`
	CreatedAt    time.Time    `json:"created_at"`
	StartedAt    *time.Time   `json:"started_at"`
	FinishedAt   *time.Time   `json:"finished_at"`
}

func listed(r api.Run) listedRun {
	return listedRun{r.ID, r.Workflow, r.Version, r.Organisation, flow.Status(r.Status), r.TriggerType, r.Trigger, r.Parent, r.Error, r.CreatedAt, r.StartedAt, r.FinishedAt}
}

func (a *App) runTable(out io.Writer, runs []history.Run, f runFilter) error {
	if len(runs) == 0 {
		if f.narrows() {
			fmt.Fprintln(out, "No such runs.")
		} else {
			fmt.Fprintf(out, "No runs yet. %s makes one.\n", a.command("run WORKFLOW"))
		}
		return nil
	}
	now := a.Now()
	var rows [][]string
	for _, r := range runs {
		rows = append(rows, []string{shortID(r.ID), statusGlyph(r.Status) + " " + strings.ReplaceAll(string(r.Status), "_", " "), r.Workflow, r.Organisation,
			ago(r.CreatedAt, now), r.CreatedAt.Local().Format("2006-01-02 15:04"), tookOf(&r, now)})
	}
	table(out, a.outStyle(), []string{"RUN", "STATUS", "WORKFLOW", "ORGANISATION", "STARTED", "", "TOOK"}, rows)
	if len(runs) == f.limit {
		a.Note("Older ones: %s", a.command("runs list --before "+shortID(runs[len(runs)-1].ID)))
	}
	return nil
}

// tookOf writes how long a run took. How long an unfinished one has been going on is not known: its
// process may have ended.
func tookOf(r *history.Run, now time.Time) string {
	if r.StartedAt == nil || r.FinishedAt == nil {
		return ""
	}
	return shortDuration(lasted(*r.StartedAt, *r.FinishedAt, now))
}
