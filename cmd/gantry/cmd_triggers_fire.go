package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/schema"
	"gantry/triggers"
)

// firing is one call of `triggers fire`.
type firing struct {
	app            *App
	orgs           []string
	event          string
	all, last      bool
	skipWhen, wait bool
}

func newTriggersFire(app *App) *cobra.Command {
	f := &firing{app: app}
	cmd := &cobra.Command{
		Use:   "fire WORKFLOW [TRIGGER]",
		Short: "Fire a trigger as if its event had come",
		Long: `Has the server fire a trigger for the MSP, for the organisations of --org, or with --all for every one that it
fires for, and tells what became of each event. --event gives the event's data as a JSON file: what the
trigger's expressions see, such as {"body": {…}} of a webhook. --last takes the data of the organisation's
last event. --wait waits for the runs, too.`,
		Example: `  gantry triggers fire reports/weekly --org northwind-dental --wait
  gantry triggers fire triage/new-ticket "new ticket" --event ticket.json
  gantry triggers fire triage/new-ticket --last --skip-when`,
		Args:              takes("WORKFLOW", "[TRIGGER]"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringSliceVar(&f.orgs, "org", nil, "for the organisation with this `slug`; may be repeated")
	app.completeOrg(cmd)
	cmd.Flags().BoolVar(&f.all, "all", false, "for every organisation that it fires for")
	cmd.Flags().StringVar(&f.event, "event", "", "a JSON `file` with the event's data; - is standard input")
	cmd.Flags().BoolVar(&f.last, "last", false, "with the data of the last event")
	cmd.Flags().BoolVar(&f.skipWhen, "skip-when", false, "whatever its when says")
	cmd.Flags().BoolVar(&f.wait, "wait", false, "wait until the runs have ended")
	cmd.RunE = f.fire
	return cmd
}

// deciding gives the client of a server, without which no event is decided.
func (a *App) deciding(ctx context.Context, workflow string) error {
	if _, err := a.Client(ctx, Reading); err != nil {
		return err
	}
	if a.served() {
		return nil
	}
	return fault.New(fault.Conflict, "a server decides events, and none works with this data").
		WithHint("start one with `%s`; `%s` starts a run by hand", a.command("serve"), a.command("run "+workflow+" --trigger NAME"))
}

func (f *firing) fire(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	switch {
	case f.event != "" && f.last:
		return usage(cmd, "--event and --last do not go together")
	case f.all && len(f.orgs) > 0:
		return usage(cmd, "--all and --org do not go together")
	}
	if err := f.app.deciding(ctx, workflowID(args[0])); err != nil {
		return err
	}
	in := &api.FireTriggerIn{}
	var err error
	if in.OfTrigger, err = f.app.findTrigger(ctx, args); err != nil {
		return err
	}
	in.Body.SkipWhen = f.skipWhen
	if in.Body.Data, err = f.data(); err != nil {
		return err
	}
	if err := f.whom(cmd, in); err != nil {
		return err
	}
	out, err := api.FireTrigger.Call(ctx, f.app.client, in)
	if err != nil {
		return err
	}
	return f.app.fired(ctx, out.Body.Events, f.wait)
}

// whom says for which organisations, and that somebody has to say with what data.
func (f *firing) whom(cmd *cobra.Command, in *api.FireTriggerIn) error {
	shown, err := api.ShowTrigger.Call(cmd.Context(), f.app.client, &in.OfTrigger)
	if err != nil {
		return err
	}
	switch shown.Body.Type {
	case triggers.AlwaysPass, "schedule", "interval":
	default:
		if in.Body.Data == nil && !f.last {
			return usage(cmd, "say with what data: the expressions of a %s see it", shown.Body.Type).WithHint("--event FILE, or --last for that of its last event")
		}
	}
	if in.Body.Organisations = f.orgs; !f.all {
		return nil
	}
	for _, o := range shown.Body.Covers {
		if o.Enabled {
			in.Body.Organisations = append(in.Body.Organisations, o.Slug)
		}
	}
	if len(in.Body.Organisations) == 0 {
		return fault.New(fault.Conflict, "the trigger %s fires for nobody: %s", shown.Body.Key, shown.Body.Why)
	}
	return nil
}

func (f *firing) data() (map[string]any, error) {
	if f.event == "" {
		return nil, nil
	}
	in := f.app.In
	if f.event != "-" {
		file, err := os.Open(f.event)
		if err != nil {
			return nil, fault.Wrap(err, fault.Usage, "--event: %s", err)
		}
		defer file.Close()
		in = file
	}
	const limit = 16 << 20
	v, err := schema.Decode(io.LimitReader(in, limit+1), limit)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "--event %s: %s", f.event, err)
	}
	data, ok := v.(map[string]any)
	if !ok || len(data) == 0 {
		return nil, fault.New(fault.Usage, "--event %s does not hold one JSON object", f.event).WithHint(`of a webhook it looks like {"body": {"id": 12}}`)
	}
	return data, nil
}

func newTriggersRefire(app *App) *cobra.Command {
	var wait bool
	cmd := &cobra.Command{
		Use:   "refire EVENT",
		Short: "Fire an event again",
		Long: `Hands an event in again, as a new one with the same data. It is decided with the workflow, the organisation and
the switches of now.`,
		Example: "  gantry triggers refire 3f2a91bc",
		Args:    takes("EVENT"),
	}
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until the run has ended")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := app.deciding(cmd.Context(), "WORKFLOW"); err != nil {
			return err
		}
		out, err := api.RefireEvent.Call(cmd.Context(), app.client, &api.OfEvent{Event: args[0]})
		if err != nil {
			return err
		}
		return app.fired(cmd.Context(), out.Body.Events, wait)
	}
	return cmd
}

// firedEvent is an event that was fired by hand, in JSON.
type firedEvent struct {
	triggers.Kept
	RunStatus flow.Status `json:"run_status,omitempty"` // with --wait
}

// fired waits for what becomes of events, and with runs for their runs. What failed makes the exit code 1.
func (a *App) fired(ctx context.Context, events []api.Fired, runs bool) error {
	all, failed := make([]firedEvent, len(events)), false
	for i, e := range events {
		out, err := api.ShowEvent.Call(ctx, a.client, &api.ShowEventIn{OfEvent: api.OfEvent{Event: e.ID}, Wait: true})
		if err != nil {
			return err
		}
		all[i].Kept = out.Body
		if runs && out.Body.Run != "" {
			if all[i].RunStatus, err = a.ended(ctx, out.Body.Run); err != nil {
				return err
			}
		}
		failed = failed || out.Body.Status == triggers.Failed || all[i].RunStatus != "" && all[i].RunStatus != flow.Succeeded
	}
	err := a.Show(all, func(w io.Writer) error {
		s := a.outStyle()
		for _, e := range all {
			said := outcomeOf(e.Decision)
			if e.RunStatus != "" {
				said += " " + paintStatus(s, e.RunStatus, statusGlyph(e.RunStatus)+" "+string(e.RunStatus))
			}
			fmt.Fprintf(w, "%s for %s: %s  %s\n", shortID(e.ID), e.Organisation, paintEvent(s, e.Status), said)
			if e.Error != nil && e.Error.Hint != "" {
				fmt.Fprintln(w, "  hint: "+harmless(e.Error.Hint))
			}
		}
		return nil
	})
	if err == nil && failed {
		return errFailed
	}
	return err
}

// ended waits for the end of a run.
func (a *App) ended(ctx context.Context, run string) (status flow.Status, err error) {
	for u, err := range api.FollowRun.Follow(ctx, a.client, &api.FollowRunIn{OfRunIn: api.OfRunIn{Run: run}}, 0) {
		if err != nil {
			return "", err
		}
		status = u.Data.Status
	}
	return status, nil
}
