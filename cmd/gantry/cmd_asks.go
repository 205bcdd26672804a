package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/source"
)

func newAsks(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "asks",
		Short: "Look at the questions that runs wait for, and answer them",
		Example: `  gantry asks list
  gantry asks answer 3f2a91bc approve`,
		GroupID: groupRun,
	}, newAsksList(app), newAsksShow(app), newAsksAnswer(app))
}

func newAsksList(app *App) *cobra.Command {
	in := &api.ListAsksIn{}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the questions that runs wait for, the oldest first",
		Example: "  gantry asks list --org northwind-dental",
		Args:    takes(),
	}
	cmd.Flags().StringVar(&in.Organisation, "org", "", "only of the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&in.Run, "run", "", "only of this `run`")
	cmd.Flags().IntVar(&in.Limit, "limit", 50, "at most this `number`, up to 1000")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if in.Limit < 1 || in.Limit > 1000 {
			return usage(cmd, "--limit is between 1 and 1000, not %d", in.Limit)
		}
		out, err := aboutOrg(cmd.Context(), app, Reading, in.Organisation, api.ListAsks, in)
		if err != nil {
			return err
		}
		return app.Show(out.Body.Asks, func(w io.Writer) error { return app.askTable(w, out.Body.Asks, out.Body.Next != "") })
	}
	return cmd
}

func (a *App) askTable(out io.Writer, asks []api.Ask, more bool) error {
	if len(asks) == 0 {
		fmt.Fprintln(out, "Nothing is asked at present.")
		return nil
	}
	var rows [][]string
	for _, ask := range asks {
		until := "with the run"
		if ask.Until != nil {
			until = ask.Until.Local().Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{shortID(ask.Run), askName(ask), ask.Organisation, ago(ask.Since, a.Now()), until, source.OneLine(ask.Question)})
	}
	table(out, a.outStyle(), []string{"RUN", "TASK", "ORGANISATION", "ASKED", "UNTIL", "QUESTION"}, rows)
	if more {
		a.Note("There are more: raise --limit, or narrow the list with --org.")
	}
	return nil
}

func askName(ask api.Ask) string {
	if ask.Item == nil {
		return ask.Task
	}
	return fmt.Sprintf("%s item %d", ask.Task, *ask.Item)
}

// whichAsk is --task and --item.
type whichAsk struct{ task, item string }

func (q *whichAsk) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.task, "task", "", "the `name` of the task that asks; needed where several of the run do")
	cmd.Flags().StringVar(&q.item, "item", "", "which item of a for_each, from `0`")
}

// find finds the one question of a run that is meant.
func (q *whichAsk) find(ctx context.Context, app *App, cmd *cobra.Command, run string) (*api.AskDetail, error) {
	out, err := api.ListAsks.Call(ctx, app.client, &api.ListAsksIn{Run: run, Limit: 1000})
	if err != nil {
		return nil, err
	}
	item := -1
	if q.item != "" {
		if item, err = strconv.Atoi(q.item); err != nil || item < 0 {
			return nil, usage(cmd, "--item is a number from 0, not %q", q.item)
		}
	}
	var found []api.Ask
	var names []string
	for _, ask := range out.Body.Asks {
		names = append(names, askName(ask))
		if (q.task == "" || ask.Task == q.task) && (item < 0 || ask.Item != nil && *ask.Item == item) {
			found = append(found, ask)
		}
	}
	switch {
	case len(found) == 1 || len(found) > 1 && sameAsk(found): // of parallel ways the one that asked first
		in := &api.ShowAskIn{OfAsk: api.OfAsk{OfRunIn: api.OfRunIn{Run: found[0].Run}, Task: found[0].Task}}
		if found[0].Item != nil {
			in.Item = strconv.Itoa(*found[0].Item)
		}
		shown, err := api.ShowAsk.Call(ctx, app.client, in)
		if err != nil {
			return nil, err
		}
		return &shown.Body, nil
	case len(found) > 1:
		return nil, usage(cmd, "run %s asks several things: %s", shortID(run), strings.Join(names, ", ")).WithHint("say which with --task, and in a for_each with --item")
	case len(names) > 0:
		return nil, fault.New(fault.Missing, "run %s does not ask that", shortID(run)).WithHint("these are open: %s", strings.Join(names, ", "))
	}
	if err := q.over(ctx, app, run, item); err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Missing, "run %s asks nothing at present", shortID(run)).WithHint("`%s` shows how it stands", app.command("runs show "+shortID(run)))
}

// over tells what became of the question that is meant, or of the run's last one; nil: there was none.
func (q *whichAsk) over(ctx context.Context, app *App, part string, item int) error {
	run, err := app.readRun(ctx, part, false)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(run.Tasks) {
		if q.task != "" && t.Name != q.task {
			continue
		}
		in := &api.ShowAskIn{OfAsk: api.OfAsk{OfRunIn: api.OfRunIn{Run: run.ID}, Task: t.Name}}
		if item >= 0 {
			in.Item = strconv.Itoa(item)
		}
		if _, err := api.ShowAsk.Call(ctx, app.client, in); err != nil && fault.From(err).Code == fault.Conflict {
			return err
		}
	}
	return nil
}

// sameAsk tells that questions cannot be told apart by task and item: the same task asks on several ways.
func sameAsk(asks []api.Ask) bool {
	return !slices.ContainsFunc(asks, func(ask api.Ask) bool { return ask.Run != asks[0].Run || askName(ask) != askName(asks[0]) })
}

func newAsksShow(app *App) *cobra.Command {
	var which whichAsk
	cmd := &cobra.Command{
		Use:     "show RUN",
		Short:   "Show a question: its buttons, its form, who may answer, and its link",
		Example: "  gantry asks show 3f2a91bc",
		Args:    takes("RUN"),
	}
	which.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if _, err := app.Client(ctx, Reading); err != nil {
			return err
		}
		ask, err := which.find(ctx, app, cmd, args[0])
		if err != nil {
			return err
		}
		return app.Show(ask, func(out io.Writer) error { return app.showAsk(out, ask) })
	}
	return cmd
}

func (a *App) showAsk(out io.Writer, ask *api.AskDetail) error {
	style := a.outStyle()
	fmt.Fprintln(out, style.bold(ask.Question))
	for _, d := range ask.Details {
		if d.Name == "" {
			fmt.Fprintf(out, "\n%s\n", d.Text)
		} else {
			fmt.Fprintf(out, "  %s %s\n", style.dim(source.OneLine(d.Name)+":"), source.OneLine(d.Text))
		}
	}
	fmt.Fprintln(out)
	until := "until the run's time is up"
	if ask.Until != nil {
		until = "until " + ask.Until.Local().Format("2006-01-02 15:04:05")
	}
	rows := [][2]string{{"asked by", ask.Workflow + ", task " + askName(ask.Ask)}, {"run", ask.Run}, {"organisation", ask.Organisation},
		{"asked", ago(ask.Since, a.Now())}, {"open", until}, {"who", whoText(ask.Who)}, {"link", ask.Link}}
	if ask.RunStatus == "paused" {
		rows = append(rows, [2]string{"", "the run is paused: an answer counts, and what follows begins when it is unpaused. Where it is held since a backup was restored, resume it first"})
	}
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(out, "%s %s\n", style.dim(fmt.Sprintf("%-13s", row[0])), source.OneLine(row[1]))
		}
	}
	if len(ask.Fields) > 0 {
		fmt.Fprintf(out, "\n%s\n", style.bold("Form"))
	}
	for _, f := range ask.Fields {
		fmt.Fprintf(out, "  %s  %s\n", source.OneLine(f.Name), style.dim(source.OneLine(fieldText(f))))
	}
	fmt.Fprintf(out, "\n%s\n", style.bold("Answer with"))
	for _, b := range ask.Buttons {
		fmt.Fprintf(out, "  %s\n", a.command(answerWords(ask, b)))
	}
	return nil
}

func whoText(who api.AskWho) string {
	text := "the role " + who.Role
	if len(who.Users) > 0 {
		text += ": " + strings.Join(who.Users, ", ")
	}
	if who.Link {
		text += "; and whoever has the link"
	}
	return text
}

func fieldText(f api.AskField) string {
	parts := []string{f.Type}
	if f.Required {
		parts = append(parts, "required")
	}
	if f.HasDefault {
		parts = append(parts, fmt.Sprintf("default %v", f.Default))
	}
	text := strings.Join(parts, ", ")
	for _, more := range []string{f.Title, f.Description} {
		if more != "" {
			text += " — " + more
		}
	}
	return text
}

// answerWords is how a button is chosen on the command line.
func answerWords(ask *api.AskDetail, b api.AskButton) string {
	words := "asks answer " + shortID(ask.Run) + " " + shellWord(b.Value)
	if ask.Item != nil {
		words += fmt.Sprintf(" --task %s --item %d", ask.Task, *ask.Item)
	}
	for _, f := range ask.Fields {
		if f.Required && !b.SkipsFields {
			words += " --value " + f.Name + "=…"
		}
	}
	return words
}
