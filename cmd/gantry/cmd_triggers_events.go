package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/source"
	"gantry/triggers"
)

// eventStatuses are what can become of an event.
var eventStatuses = []string{string(triggers.Pending), string(triggers.Started), string(triggers.Filtered), string(triggers.Skipped), string(triggers.Failed)}

func newTriggersEvents(app *App) *cobra.Command {
	in := &api.ListEventsIn{}
	cmd := &cobra.Command{
		Use:   "events [EVENT]",
		Short: "List what triggers have seen and what became of it, or show one event",
		Long: `Lists the last events of triggers, the newest first: those that started a run, those that a trigger's when did
not let through, with the values that it saw, those that were skipped, and those that failed. With an
event's id it shows that one with its data.`,
		Example: `  gantry triggers events --workflow triage/new-ticket --status filtered
  gantry triggers events 3f2a91bc`,
		Args: takes("[EVENT]"),
	}
	cmd.Flags().StringVar(&in.Workflow, "workflow", "", "only of this `workflow`")
	cmd.Flags().StringVar(&in.Trigger, "trigger", "", "only of the trigger with this `name`")
	cmd.Flags().StringVar(&in.Organisation, "org", "", "only of the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.Flags().StringSliceVar(&in.Statuses, "status", nil, "only with this `status`: pending, started, filtered, skipped or failed; may be repeated")
	cmd.Flags().StringVar(&in.Before, "before", "", "only older than the event with this `id`")
	cmd.Flags().IntVar(&in.Limit, "limit", 20, "at most this `number`, up to 500")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return app.showEvent(cmd, args[0])
		}
		return app.listEvents(cmd, in)
	}
	return cmd
}

func (a *App) listEvents(cmd *cobra.Command, in *api.ListEventsIn) error {
	if in.Limit < 1 || in.Limit > 500 {
		return usage(cmd, "--limit is between 1 and 500, not %d", in.Limit)
	}
	for _, status := range in.Statuses {
		if !slices.Contains(eventStatuses, status) {
			return usage(cmd, "there is no status %q", status).WithHint("%s", source.DidYouMean(status, eventStatuses))
		}
	}
	in.Workflow = workflowID(in.Workflow)
	out, err := aboutOrg(cmd.Context(), a, Reading, in.Organisation, api.ListEvents, in)
	if err != nil {
		return err
	}
	return a.Show(out.Body.Events, func(w io.Writer) error {
		a.eventTable(w, out.Body.Events)
		if out.Body.Next != "" {
			a.Note("Older ones: %s", a.command("triggers events --before "+out.Body.Next))
		}
		return nil
	})
}

func (a *App) eventTable(out io.Writer, events []triggers.Kept) {
	if len(events) == 0 {
		fmt.Fprintln(out, "No such events. Triggers fire where `gantry serve` runs.")
		return
	}
	s := a.outStyle()
	var rows [][]string
	for _, e := range events {
		rows = append(rows, []string{shortID(e.ID), ago(e.At, a.Now()), source.OneLine(e.Key.String()), e.Organisation, paintEvent(s, e.Status), outcomeOf(e.Decision)})
	}
	table(out, s, []string{"EVENT", "WHEN", "TRIGGER", "ORGANISATION", "STATUS", "WHAT"}, rows)
}

func (a *App) showEvent(cmd *cobra.Command, id string) error {
	c, err := a.Client(cmd.Context(), Reading)
	if err != nil {
		return err
	}
	out, err := api.ShowEvent.Call(cmd.Context(), c, &api.ShowEventIn{OfEvent: api.OfEvent{Event: id}})
	if err != nil {
		return err
	}
	return a.Show(out.Body, func(w io.Writer) error {
		a.eventInFull(w, &out.Body)
		return nil
	})
}

func (a *App) eventInFull(out io.Writer, e *triggers.Kept) {
	s := a.outStyle()
	row := func(label, text string) {
		if text != "" {
			fmt.Fprintf(out, "%s %s\n", s.dim(fmt.Sprintf("%-13s", label)), source.OneLine(text))
		}
	}
	fmt.Fprintln(out, paintEvent(s, e.Status))
	row("event", e.ID)
	row("trigger", e.Key.String()+"  "+e.Type)
	row("organisation", e.Organisation)
	row("when", e.At.Local().Format("2006-01-02 15:04:05")+"  "+ago(e.At, a.Now()))
	row("fired by", e.By)
	row("again", e.Again)
	row("why", e.Why)
	if e.Run != "" {
		row("run", a.command("runs show "+shortID(e.Run)))
	}
	if e.Error != nil {
		a.showError(out, s, e.Error, "")
	}
	if e.Status == triggers.Failed {
		fmt.Fprintf(out, "Once that is mended, fire it again: %s\n", a.command("triggers refire "+shortID(e.ID)))
	}
	if len(e.Saw) > 0 {
		fmt.Fprintf(out, "\n%s\n", s.bold("What when saw"))
		for _, seen := range e.Saw {
			fmt.Fprintf(out, "  %s = %s\n", source.OneLine(seen.Path), source.OneLine(seen.Value))
		}
	}
	if len(e.Data) > 0 {
		fmt.Fprintf(out, "\n%s\n", s.bold("Data"))
		p := &valuePrinter{out: out, style: s, width: a.width(), full: true}
		p.fields(e.Data, nil, "  ")
	}
}
