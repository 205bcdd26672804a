package main

import (
	"context"
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

// resolveCommand is one call of gantry runs resolve.
type resolveCommand struct {
	app            *App
	done, notDone  bool
	result         string
	instance, item int
	resume         bool
}

func newRunsResolve(app *App) *cobra.Command {
	r := &resolveCommand{app: app}
	cmd := &cobra.Command{
		Use:   "resolve RUN TASK",
		Short: "Say whether a write was done whose answer was lost",
		Long: `A write whose answer was lost, by a time-out, a broken connection or a crash, has an unknown outcome: Gantry
does not repeat it by itself, and a run that failed by it cannot be resumed until somebody has looked in the
other system. This keeps what was found, with who said it. Without an outcome it only shows what is known.

What is done counts as succeeded, with the result that --result gives, or none. What is not done is repeated
when the run is resumed.`,
		Example: `  gantry runs resolve 3f2a91bc create_ticket
  gantry runs resolve 3f2a91bc create_ticket --not-done --resume
  gantry runs resolve 3f2a91bc create_ticket --result '{"id": 1234}'
  gantry runs resolve 3f2a91bc add_note --item 7 --done`,
		Args: takes("RUN", "TASK"),
	}
	cmd.Flags().BoolVar(&r.done, "done", false, "it was done")
	cmd.Flags().BoolVar(&r.notDone, "not-done", false, "it was not done")
	cmd.Flags().StringVar(&r.result, "result", "", "it was done, and this is its result: `JSON`")
	cmd.Flags().IntVar(&r.instance, "instance", 0, "the `number` of the task's execution, where there are several to be resolved")
	cmd.Flags().IntVar(&r.item, "item", -1, "the `number` of the item of a for_each, from 0, likewise")
	cmd.Flags().BoolVar(&r.resume, "resume", false, "then resume the run")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return r.run(cmd, args[0], args[1]) }
	return cmd
}

func (r *resolveCommand) run(cmd *cobra.Command, part, task string) error {
	ctx := cmd.Context()
	in := &api.ResolveRunIn{}
	if err := r.said(cmd, in); err != nil {
		return err
	}
	if _, err := r.app.Client(ctx, Writing); err != nil {
		return err
	}
	run, err := r.app.readRun(ctx, part, true)
	if err != nil {
		return err
	}
	if in.Body.Outcome == "" {
		return r.look(ctx, run, task)
	}
	in.Run, in.Body.Task = run.ID, task
	if r.resume && !r.app.JSON() && !r.app.Flags.Quiet {
		r.known(r.app.Err, run, task)
	}
	out, err := api.ResolveRun.Call(ctx, r.app.client, in)
	if err != nil {
		return err
	}
	if r.resume && flow.Status(out.Body.Status).Ended() {
		resume := &resumeCommand{app: r.app, yes: true}
		return resume.planned(ctx, run, api.ResumeWith{})
	}
	return r.app.Show(listed(out.Body), func(w io.Writer) error {
		r.known(w, run, task)
		r.then(w, run, task, in.Body.Outcome == "done")
		return nil
	})
}

// said reads the flags that say what was found; none of them leaves the outcome out.
func (r *resolveCommand) said(cmd *cobra.Command, in *api.ResolveRunIn) error {
	words := 0
	for _, flag := range []string{"done", "not-done", "result"} {
		if cmd.Flags().Changed(flag) {
			words++
		}
	}
	switch {
	case r.notDone && words > 1:
		return usage(cmd, "it was done, or it was not: --not-done stands alone")
	case words == 0 && r.resume:
		return usage(cmd, "--resume goes with --done, --not-done or --result")
	case r.notDone:
		in.Body.Outcome = "not_done"
	case words > 0:
		in.Body.Outcome = "done"
	}
	if cmd.Flags().Changed("result") {
		result, err := schema.DecodeBytes([]byte(r.result))
		if err != nil {
			return fault.Wrap(err, fault.Usage, "--result is not JSON: %s", err).WithHint(`it looks like '{"id": 1234}'; text stands in quotes: '"done"'`)
		}
		in.Body.Result, in.Body.NoResult = result, result == nil
	}
	if cmd.Flags().Changed("instance") {
		in.Body.Instance = &r.instance
	}
	if cmd.Flags().Changed("item") {
		in.Body.Item = &r.item
	}
	return nil
}

// lostWrites are what is known of a task's writes.
type lostWrites struct {
	Run      string               `json:"run"`
	Workflow string               `json:"workflow"`
	Task     string               `json:"task"`
	Writes   []lostWrite          `json:"writes"`
	Said     []history.Resolution `json:"said"` // by people, about this task
}

// lostWrite is one execution of the task.
type lostWrite struct {
	Instance  int               `json:"instance"`
	Status    flow.Status       `json:"status"`
	Unknown   []int             `json:"unknown_items,omitempty"` // items of a for_each whose outcome is not known
	StartedAt *time.Time        `json:"started_at,omitempty"`
	Error     *fault.Error      `json:"error,omitempty"`
	Requests  []history.Request `json:"requests"` // the last one of each unit
}

// look shows what is known.
func (r *resolveCommand) look(ctx context.Context, run *readRun, task string) error {
	doc := lostWrites{Run: run.ID, Workflow: run.Workflow, Task: task, Writes: []lostWrite{}, Said: []history.Resolution{}}
	open := false
	for i := range run.Tasks {
		t := &run.Tasks[i]
		if !r.means(t, task) {
			continue
		}
		w := lostWrite{Instance: t.Instance, Status: t.Status, Unknown: unknownItems(t), StartedAt: t.StartedAt, Error: t.Error, Requests: r.lastRequests(t)}
		open = open || t.Status == flow.Unknown || len(w.Unknown) > 0 && t.Status != flow.Succeeded
		doc.Writes = append(doc.Writes, w)
	}
	if len(doc.Writes) == 0 {
		return r.notRun(ctx, run, task)
	}
	for _, said := range run.Resolutions {
		if said.Task == task {
			doc.Said = append(doc.Said, said)
		}
	}
	return r.app.Show(doc, func(out io.Writer) error {
		r.known(out, run, task)
		if open {
			fmt.Fprintln(out, "Look in the other system, then say what you found: --done, --not-done or --result JSON.")
		}
		return nil
	})
}

// notRun is the error about a task that the run has not come to, or does not have.
func (r *resolveCommand) notRun(ctx context.Context, run *readRun, task string) error {
	var names []string
	if tasks := r.app.versionText(ctx, run.ID).Lookup("tasks"); tasks != nil {
		for _, e := range tasks.Entries {
			names = append(names, e.Key)
		}
	}
	if len(names) > 0 && !slices.Contains(names, task) {
		return fault.New(fault.Usage, "workflow %s has no task %q", run.Workflow, task).WithHint("%s", source.DidYouMean(task, names))
	}
	return fault.New(fault.Missing, "task %s of run %s has not run", task, shortID(run.ID)).
		WithHint("`%s` shows the tasks that have", r.app.command("runs show "+shortID(run.ID)))
}

// means tells whether an execution is one that is asked about.
func (r *resolveCommand) means(t *history.Task, task string) bool {
	return t.Name == task && (r.instance == 0 || t.Instance == r.instance)
}

// unknownItems gives the items of a for_each whose outcome is not known.
func unknownItems(t *history.Task) (unknown []int) {
	items, _ := t.Result.([]any)
	for i, item := range items {
		if shown, ok := item.(map[string]any); ok && shown["status"] == string(flow.Unknown) {
			unknown = append(unknown, i)
		}
	}
	return unknown
}

// known writes what is known of the writes of a task whose outcome is not.
func (r *resolveCommand) known(out io.Writer, run *readRun, task string) {
	for i := range run.Tasks {
		t := &run.Tasks[i]
		if !r.means(t, task) {
			continue
		}
		fmt.Fprintf(out, "%s of run %s (%s): %s\n", unitName(t.Name, t.Instance, nil), shortID(run.ID), run.Workflow, t.Status)
		if t.Error != nil {
			fmt.Fprintf(out, "  %s\n", source.OneLine(t.Error.Message))
		}
		if unknown := unknownItems(t); len(unknown) > 0 {
			fmt.Fprintf(out, "  nobody knows of: item %s\n", strings.Trim(strings.ReplaceAll(fmt.Sprint(unknown), " ", ", "), "[]"))
		}
		r.requests(out, t)
	}
	for _, said := range run.Resolutions {
		if said.Task == task {
			fmt.Fprintf(out, "  said before: %s\n", resolutionText(said))
		}
	}
}

// resolutionText is what somebody said of a write.
func resolutionText(r history.Resolution) string {
	said := " was not done"
	if r.Done {
		said = " was done"
	}
	return unitName(r.Task, r.Instance, r.Item) + said + by(r.By)
}

// lastRequests gives the last request of each unit that is meant.
func (r *resolveCommand) lastRequests(t *history.Task) []history.Request {
	unknown := unknownItems(t)
	last := []history.Request{}
	for i, req := range t.Requests {
		ended := i+1 == len(t.Requests) || !sameItem(t.Requests[i+1].Item, req.Item)
		if !ended || r.item >= 0 && (req.Item == nil || *req.Item != r.item) || req.Item != nil && r.item < 0 && !slices.Contains(unknown, *req.Item) {
			continue
		}
		last = append(last, req)
	}
	return last
}

// requests writes the last request of each unit that is meant.
func (r *resolveCommand) requests(out io.Writer, t *history.Task) {
	for _, req := range r.lastRequests(t) {
		answer := "no answer"
		if req.Status > 0 {
			answer = fmt.Sprint("answer ", req.Status)
		}
		if req.Error != "" {
			answer += ": " + source.OneLine(req.Error)
		}
		where := ""
		if req.Item != nil {
			where = fmt.Sprintf("item %d: ", *req.Item)
		}
		fmt.Fprintf(out, "  %sattempt %d, %s %s, %s after %s%s\n", where, req.Attempt, req.Method, source.OneLine(req.URL), answer,
			shortDuration(time.Duration(req.Micros)*time.Microsecond), begunAt(t))
	}
}

func sameItem(a, b *int) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func begunAt(t *history.Task) string {
	if t.StartedAt == nil {
		return ""
	}
	return "; the task began " + t.StartedAt.Local().Format("2006-01-02 15:04:05")
}

// then says what was kept, and what comes next.
func (r *resolveCommand) then(out io.Writer, run *readRun, task string, done bool) {
	word := "was not done: it is repeated when the run is resumed"
	if done {
		word = "was done"
	}
	fmt.Fprintf(out, "Kept: %s %s.\n", task, word)
	if run.Status.Ended() {
		r.app.twoParts(out, "Go on with: ", r.app.command("runs resume "+shortID(run.ID)))
	}
}
