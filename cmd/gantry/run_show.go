package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/source"
)

func newRunsShow(app *App) *cobra.Command {
	var requests, full bool
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show what a run did",
		Long: `Shows a run: how it ended, its inputs and outputs, and its tasks with their results and errors. The
run's id may be shortened to its beginning or its end. Long values are shortened unless --full is given.`,
		Example: `  gantry runs show 3f2a91bc
  gantry runs show 3f2a91bc --requests          with the HTTP requests that were made
  gantry runs show 3f2a91bc --format json`,
		Args: takes("RUN"),
	}
	cmd.Flags().BoolVar(&requests, "requests", false, "also the HTTP requests that the tasks made")
	cmd.Flags().BoolVar(&full, "full", false, "values in full length")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if _, err := app.Client(ctx, Reading); err != nil {
			return err
		}
		results := "small"
		if full || app.JSON() {
			results = "full"
		}
		detail, err := app.readRunWith(ctx, args[0], requests, results)
		if err != nil {
			return err
		}
		return app.Show(shownDocument(&detail.Detail, requests), func(out io.Writer) error {
			s := &runShow{app: app, out: out, style: app.outStyle(), requests: requests}
			s.values = &valuePrinter{out: out, style: s.style, width: app.width(), full: full}
			return s.show(ctx, detail)
		})
	}
	return cmd
}

// shownRun is the JSON of `runs show`: that of `run`, and more about how the run began.
type shownRun struct {
	runDocument
	Inputs      map[string]any `json:"inputs"`
	TriggerType string         `json:"trigger_type"`
	Trigger     string         `json:"trigger"`
	Parent      string         `json:"parent,omitempty"`
	CreatedAt   time.Time      `json:"created_at"`
	Tasks       []history.Task `json:"tasks"` // with sub-runs and, where asked for, requests

	RerunOf     string               `json:"rerun_of,omitempty"`
	Resumptions []history.Resumption `json:"resumptions,omitempty"`
	Resolutions []history.Resolution `json:"resolutions,omitempty"`
}

func shownDocument(d *history.Detail, requests bool) shownRun {
	doc := shownRun{runDocument: documentOf(d), Inputs: d.Inputs, TriggerType: d.TriggerType, Trigger: d.TriggerName, Parent: d.Parent,
		CreatedAt: d.CreatedAt, Tasks: []history.Task{}, RerunOf: d.RerunOf, Resumptions: d.Resumptions, Resolutions: d.Resolutions}
	for _, t := range d.Tasks {
		if !requests {
			t.Requests = nil
		}
		doc.Tasks = append(doc.Tasks, t)
	}
	return doc
}

// runShow writes a run for people.
type runShow struct {
	app      *App
	out      io.Writer
	style    style
	values   *valuePrinter
	requests bool
}

func (s *runShow) show(ctx context.Context, d *readRun) error {
	s.head(d)
	fmt.Fprintln(s.out)
	p := &picture{style: s.style, width: s.app.width(), now: s.app.Now()}
	tree := newRunTree()
	s.app.grow(ctx, tree, &d.Detail, "", 0)
	p.draw(tree)
	for _, line := range p.lines {
		fmt.Fprintln(s.out, line.text)
	}
	text := s.app.versionText(ctx, d.ID)
	s.section("Inputs", d.Inputs, text.Lookup("inputs"))
	s.results(&d.Detail)
	s.section("Outputs", d.Outputs, text.Lookup("outputs"))
	if !d.Status.Ended() {
		s.openAsks(ctx, d.ID)
	}
	if d.Error != nil {
		fmt.Fprintln(s.out)
		s.app.showError(s.out, s.style, d.Error, "")
	}
	if s.values.cut {
		fmt.Fprintln(s.out, s.style.dim("\n(values are shortened; --full shows them whole)"))
	}
	switch {
	case d.Status.Ended():
	case s.app.served():
		fmt.Fprintf(s.out, "\n%s\n", s.app.unended(d.ID))
	default:
		fmt.Fprintf(s.out, "\nIf the process that ran it has ended: %s goes on with it, %s gives it up.\n",
			s.app.command("runs resume "+shortID(d.ID)), s.app.command("runs cancel "+shortID(d.ID)))
	}
	return nil
}

func (s *runShow) head(d *readRun) {
	org := d.Organisation
	if d.organisation != "" {
		org = fmt.Sprintf("%s (%s)", d.organisation, d.Organisation)
	}
	trigger := d.TriggerType
	if d.TriggerName != "" {
		trigger += ", " + d.TriggerName
	}
	s.app.showStatus(s.out, s.style, &d.Run)
	for _, row := range [][2]string{
		{"run", d.ID}, {"workflow", d.Workflow + "  version " + d.Version}, {"organisation", org}, {"trigger", trigger}, {"called by", shortID(d.Parent)}, {"repeats run", shortID(d.RerunOf)},
		{"started", s.moment(d.StartedAt)}, {"ended", s.moment(d.FinishedAt)},
	} {
		if row[1] != "" {
			s.row(row[0], row[1])
		}
	}
	s.words(d)
}

// words writes what people did about a run, in the order in which they did it.
func (s *runShow) words(d *readRun) {
	type word struct {
		at         time.Time
		name, text string
	}
	var words []word
	for _, r := range d.Resumptions {
		text := s.moment(&r.At) + by(r.By)
		if r.Version != "" {
			text += ", with version " + r.Version
		}
		if len(r.Edited) > 0 {
			text += ", with other inputs of " + strings.Join(r.Edited, ", ")
		}
		words = append(words, word{r.At, "resumed", text})
	}
	for _, r := range d.Resolutions {
		said := "was not done"
		if r.Done {
			said = "was done"
		}
		words = append(words, word{r.At, "resolved", s.moment(&r.At) + by(r.By) + ": " + unitName(r.Task, r.Instance, r.Item) + " " + said})
	}
	slices.SortStableFunc(words, func(a, b word) int { return a.at.Compare(b.at) })
	for _, w := range words {
		s.row(w.name, w.text)
	}
}

func (s *runShow) row(name, text string) {
	fmt.Fprintf(s.out, "%s %s\n", s.style.dim(fmt.Sprintf("%-13s", name)), source.OneLine(text))
}

func by(who string) string {
	if who == "" {
		return ""
	}
	return "  by " + who
}

// unitName names what was attempted: a task, one of its executions, an item of its for_each.
func unitName(task string, instance int, item *int) string {
	if instance > 1 {
		task += fmt.Sprintf(" #%d", instance)
	}
	if item != nil {
		task += fmt.Sprintf(", item %d,", *item)
	}
	return task
}

func (s *runShow) moment(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.Local().Format("2006-01-02 15:04:05") + "  " + ago(*at, s.app.Now())
}

// section writes named values in the order in which the workflow declares them.
func (s *runShow) section(title string, values map[string]any, declared *source.Node) {
	if len(values) == 0 || onlyNulls(values) {
		return
	}
	fmt.Fprintf(s.out, "\n%s\n", s.style.bold(title))
	var order []string
	if declared != nil {
		for _, e := range declared.Entries {
			order = append(order, e.Key)
		}
	}
	s.values.fields(values, order, "  ")
}

// results writes what each task gave, and its requests.
func (s *runShow) results(d *history.Detail) {
	title := "\n" + s.style.bold("Results") + "\n"
	for _, t := range d.Tasks {
		if t.Result == nil && t.Left == 0 && (!s.requests || len(t.Requests) == 0) {
			continue
		}
		fmt.Fprint(s.out, title)
		title = ""
		name := t.Name
		if t.Instance > 1 {
			name = fmt.Sprintf("%s #%d", name, t.Instance)
		}
		if t.Result != nil {
			s.values.named(name, t.Result, "  ")
		}
		if t.Left > 0 {
			fmt.Fprintf(s.out, "  %s: %.1f MB, left out\n", name, float64(t.Left)/1e6)
			s.values.cut = true
		}
		if s.requests {
			s.requestsOf(name, t)
		}
	}
}

func (s *runShow) requestsOf(name string, t history.Task) {
	for _, r := range t.Requests {
		answer := fmt.Sprint(r.Status)
		if r.Status == 0 {
			answer = "no answer"
		}
		if r.Error != "" {
			answer += " " + source.OneLine(r.Error)
		}
		where := ""
		if r.Item != nil {
			where = fmt.Sprintf(" item %d", *r.Item)
		}
		took := shortDuration(time.Duration(r.Micros) * time.Microsecond)
		if waited := time.Duration(r.Waited) * time.Microsecond; waited >= time.Millisecond {
			took += fmt.Sprintf(" (waited %s for the rate limit)", shortDuration(waited))
		}
		fmt.Fprintf(s.out, "  %s %s %s  %s  %s\n", s.style.dim(name+where+fmt.Sprintf(" attempt %d:", r.Attempt)), r.Method, source.OneLine(r.URL), answer, took)
	}
}

// shownLevels is how deep sub-workflows are drawn.
const shownLevels = 5

// grow adds a run that is kept to a tree, and the runs that its tasks called.
func (a *App) grow(ctx context.Context, tree *runTree, d *history.Detail, task string, level int) {
	n := &runNode{ID: d.ID, Workflow: d.Workflow, Task: task, Status: d.Status, Started: d.CreatedAt}
	if d.StartedAt != nil {
		n.Started = *d.StartedAt
	}
	if d.FinishedAt != nil {
		n.Finished = *d.FinishedAt
	}
	for _, r := range d.Resumptions { // the last one
		n.Resumed = r.At
	}
	tree.byID[d.ID] = n
	if parent := tree.byID[d.Parent]; parent != nil {
		n.parent = parent
		parent.children = append(parent.children, n)
	} else {
		tree.root = n
	}
	text := a.versionText(ctx, d.ID)
	for _, t := range d.Tasks {
		n.change(stepOfTask(t, text.Lookup("tasks").Lookup(t.Name)))
		if t.Subrun == "" || level == shownLevels {
			continue
		}
		if sub, err := a.readRunWith(ctx, t.Subrun, false, "none"); err == nil {
			a.grow(ctx, tree, &sub.Detail, t.Name, level+1)
		}
	}
}

// stepOfTask makes of a kept task what a watcher of the run saw; written is how the workflow writes it.
func stepOfTask(t history.Task, written *source.Node) engine.Step {
	s := engine.Step{ID: t.Exec, Name: t.Name, Instance: t.Instance, Status: t.Status, Attempts: t.Attempts, Error: t.Error, Subrun: t.Subrun}
	if t.StartedAt != nil {
		s.Started = *t.StartedAt
	}
	if t.FinishedAt != nil {
		s.Finished = *t.FinishedAt
	}
	for _, r := range t.Requests {
		s.Waited += time.Duration(r.Waited) * time.Microsecond
	}
	for _, key := range []string{"action", "workflow"} {
		if name, ok := written.Lookup(key).Data().(string); ok {
			s.Action = name
		}
	}
	items, isList := t.Result.([]any)
	if written.Lookup("for_each") == nil || !isList {
		return s
	}
	s.Items = len(items)
	for _, item := range items {
		m, _ := item.(map[string]any)
		switch m["status"] {
		case string(flow.Succeeded):
			s.ItemsEnded++
		case string(flow.Cancelled), string(flow.Waiting):
		default:
			s.ItemsEnded++
			s.ItemsFailed++
		}
	}
	return s
}
