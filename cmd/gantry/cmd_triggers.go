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
	"gantry/fault"
	"gantry/source"
	"gantry/triggers"
)

func newTriggers(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "triggers",
		Short: "Look at what starts workflows, fire it, and switch it on and off",
		Long: `Triggers stand in the workflows' files; a server (gantry serve) fires them. These commands show for whom each
fires and when, what it has seen and what became of that, and switch it.`,
		Example: `  gantry triggers list
  gantry triggers show triage/new-ticket
  gantry triggers events --status failed`,
		GroupID: groupRun,
	}, newTriggersList(app), newTriggersShow(app), newTriggersEvents(app), newTriggersFire(app), newTriggersRefire(app),
		newTriggersSwitch(app, true), newTriggersSwitch(app, false), newTriggersRotate(app), newTriggersAddress(app))
}

func newTriggersList(app *App) *cobra.Command {
	in := &api.ListTriggersIn{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the triggers",
		Long: `Lists the triggers by workflow: whether each is on, for how many organisations it fires, when it fires next,
and what became of its last event.`,
		Example: `  gantry triggers list --type webhook
  gantry triggers list --org northwind-dental`,
		Args: takes(),
	}
	cmd.Flags().StringVar(&in.Workflow, "workflow", "", "only of this `workflow`")
	cmd.Flags().StringVar(&in.Type, "type", "", "only of this `type`, such as webhook")
	cmd.Flags().StringVar(&in.Organisation, "org", "", "only those that cover the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		in.Workflow = workflowID(in.Workflow)
		out, err := aboutOrg(cmd.Context(), app, Reading, in.Organisation, api.ListTriggers, in)
		if err != nil {
			return err
		}
		return app.Show(out.Body.Triggers, func(w io.Writer) error {
			app.triggerTable(w, out.Body.Triggers)
			return nil
		})
	}
	return cmd
}

func (a *App) triggerTable(out io.Writer, all []triggers.Listed) {
	if len(all) == 0 {
		fmt.Fprintln(out, "No such triggers. A workflow's file has them under triggers:, see docs/triggers.md.")
		return
	}
	s, now := a.outStyle(), a.Now()
	var rows [][]string
	for _, l := range all {
		state := s.good("on")
		if !l.Enabled {
			state = s.warn("off")
		}
		rows = append(rows, []string{l.Workflow, source.OneLine(l.Trigger), l.Type, state, fmt.Sprint(l.Organisations), momentOf(l.Detail["next"], now), lastWords(s, l.Last, now)})
	}
	table(out, s, []string{"WORKFLOW", "TRIGGER", "TYPE", "STATE", "ORGS", "NEXT", "LAST EVENT"}, rows)
	for _, l := range all {
		if l.Why != "" {
			fmt.Fprintf(out, "%s is off: %s\n", source.OneLine(l.Key.String()), source.OneLine(l.Why))
		}
		if l.Failed != nil && l.Failed.Error != nil {
			fmt.Fprintf(out, "%s failed %s for %s: %s\n", source.OneLine(l.Key.String()), ago(l.Failed.At, now), l.Failed.Organisation, source.OneLine(l.Failed.Error.Message))
		}
	}
}

// lastWords says what became of an event.
func lastWords(s style, last *triggers.Last, now time.Time) string {
	if last == nil {
		return "none yet"
	}
	return paintEvent(s, last.Status) + " " + ago(last.At, now)
}

func paintEvent(s style, status triggers.Status) string {
	switch status {
	case triggers.Started:
		return s.good(string(status))
	case triggers.Failed:
		return s.bad(string(status))
	case triggers.Pending:
		return s.warn(string(status))
	}
	return string(status)
}

// momentOf writes a moment of a trigger's details, which are JSON, for people; "" where there is none.
func momentOf(v any, now time.Time) string {
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return ""
	}
	said := at.Local().Format("2006-01-02 15:04:05")
	if left := at.Sub(now); left > 0 {
		said += " (in " + shortDuration(left.Round(time.Second)) + ")"
	}
	return said
}

// shownTrigger reads WORKFLOW [TRIGGER], and all that is told of that trigger.
func (a *App) shownTrigger(ctx context.Context, args []string) (*triggers.Shown, error) {
	if _, err := a.Client(ctx, Reading); err != nil {
		return nil, err
	}
	of, err := a.findTrigger(ctx, args)
	if err != nil {
		return nil, err
	}
	out, err := api.ShowTrigger.Call(ctx, a.client, &of)
	if err != nil {
		return nil, err
	}
	return &out.Body, nil
}

// findTrigger reads WORKFLOW [TRIGGER]: of a workflow with one trigger, that one is meant.
func (a *App) findTrigger(ctx context.Context, args []string) (api.OfTrigger, error) {
	of := api.OfTrigger{Workflow: workflowID(args[0])}
	if len(args) > 1 {
		of.Trigger = args[1]
		return of, nil
	}
	out, err := api.ListTriggers.Call(ctx, a.client, &api.ListTriggersIn{Workflow: of.Workflow})
	if err != nil {
		return of, err
	}
	var names []string
	for _, l := range out.Body.Triggers {
		names = append(names, fmt.Sprintf("%q", l.Trigger))
	}
	switch len(names) {
	case 0:
		of.Trigger = "?" // whose error says what there is
		return of, nil
	case 1:
		of.Trigger = out.Body.Triggers[0].Trigger
		return of, nil
	}
	slices.Sort(names)
	return of, fault.New(fault.Usage, "%s has several triggers: %s", of.Workflow, strings.Join(names, ", ")).WithHint("name one behind the workflow")
}
