package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine"
)

// rerunCommand is one call of gantry runs rerun.
type rerunCommand struct {
	app           *App
	inputs        inputFlags
	newest, same  bool
	yes, planOnly bool
}

func newRunsRerun(app *App) *cobra.Command {
	r := &rerunCommand{app: app}
	cmd := &cobra.Command{
		Use:   "rerun RUN",
		Short: "Run a workflow again with what an earlier run began with, and watch it",
		Long: `Starts a new run of the same workflow for the same organisation, with the inputs, trigger data, variables and
overrides of an earlier one, whether that succeeded or not. Everything is done anew; gantry runs resume goes on
from what failed instead. What it starts with is shown first, and asked about on a terminal.

It runs the workflow as it is now. --same-version runs it as it was then.`,
		Example: `  gantry runs rerun 3f2a91bc
  gantry runs rerun 3f2a91bc --input ticket_id=1234
  gantry runs rerun 3f2a91bc --same-version --yes`,
		Args: takes("RUN"),
	}
	r.inputs.add(cmd)
	cmd.Flags().BoolVar(&r.newest, "newest", false, "with the workflow as it is now (the default)")
	cmd.Flags().BoolVar(&r.same, "same-version", false, "with the workflow as it was")
	cmd.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&r.planOnly, "dry-run", false, "show what would be started and start nothing")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return r.run(cmd, args[0]) }
	return cmd
}

func (r *rerunCommand) run(cmd *cobra.Command, part string) error {
	ctx := cmd.Context()
	if r.newest && r.same {
		return usage(cmd, "--newest and --same-version exclude each other")
	}
	with := api.RerunWith{SameVersion: r.same}
	var err error
	if with.Inputs, with.Texts, err = r.inputs.given(r.app, cmd); err != nil {
		return err
	}
	if _, err := r.app.Client(ctx, Writing); err != nil {
		return err
	}
	run, err := r.app.readRun(ctx, part, false)
	if err != nil {
		return err
	}
	out, err := api.PlanRerun.Call(ctx, r.app.client, &api.PlanRerunIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &with})
	if err != nil {
		return err
	}
	text := func(w io.Writer) error { return r.planText(ctx, w, &out.Body, run) }
	if r.planOnly {
		return r.app.Show(out.Body, text)
	}
	if !r.app.JSON() && !r.app.Flags.Quiet {
		if err := text(r.app.Err); err != nil {
			return err
		}
	}
	if !r.yes {
		if err := r.app.confirm("run " + run.Workflow + " again for " + run.forWhom() + "?"); err != nil {
			return err
		}
	}
	return r.start(ctx, run, with)
}

// start starts the new run and watches it.
func (r *rerunCommand) start(ctx context.Context, run *readRun, with api.RerunWith) error {
	w := r.app.watchRun()
	in := &api.RerunRunIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &api.RerunRunBody{RerunWith: with, Watch: true}}
	started, err := api.RerunRun.Call(ctx, r.app.client, in)
	if err != nil {
		return err
	}
	return w.of(started.Body.ID, "for "+run.forWhom()+", as run "+shortID(run.ID)).finish(ctx)
}

func (r *rerunCommand) planText(ctx context.Context, out io.Writer, p *engine.RerunPlan, run *readRun) error {
	s := r.app.outStyle()
	trigger := p.TriggerType
	if p.Trigger != "" {
		trigger += ", " + p.Trigger
	}
	version := p.Version
	if p.Was != "" {
		version += " (run " + shortID(run.ID) + " has " + p.Was + ")"
	}
	fmt.Fprintf(out, "%s\n", s.bold("A new run of "+p.Workflow+" for "+run.forWhom()+", as run "+shortID(run.ID)+" began:"))
	for _, row := range [][2]string{{"version", version}, {"trigger", trigger}, {"changed", strings.Join(p.Changed, ", ")}, {"left out", notTaken(p.LeftOut)}} {
		if row[1] != "" {
			fmt.Fprintf(out, "  %s %s\n", s.dim(fmt.Sprintf("%-9s", row[0])), row[1])
		}
	}
	if len(p.Inputs) == 0 {
		return nil
	}
	fmt.Fprintf(out, "  %s\n", s.dim("inputs"))
	values := &valuePrinter{out: out, style: s, width: r.app.width()}
	var order []string
	if declared := r.app.versionText(ctx, run.ID).Lookup("inputs"); declared != nil {
		for _, e := range declared.Entries {
			order = append(order, e.Key)
		}
	}
	values.fields(p.Inputs, order, "    ")
	return nil
}

func notTaken(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + ": this version does not take them"
}
