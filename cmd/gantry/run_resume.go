package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// resumeCommand is one call of gantry runs resume.
type resumeCommand struct {
	app       *App
	newest    bool
	pairs     []string
	files     []string
	yes, plan bool
}

func newRunsResume(app *App) *cobra.Command {
	r := &resumeCommand{app: app}
	cmd := &cobra.Command{
		Use:   "resume RUN",
		Short: "Go on with a run that failed, timed out, was cancelled or left unfinished, and watch it",
		Long: `Lets a run that has failed, timed out or was cancelled go on from what did not succeed. What is done is not
done again: a task that failed is repeated, of a for_each the items that failed, and a sub-workflow goes on in
its own run. What it will do is shown first, and asked about on a terminal.

A write of which nobody knows whether it was done is in the way: gantry runs resolve tells it.

--newest goes on with the workflow as it is now. That has to fit what has been done: what has not run yet, and
what is repeated, may be changed freely. --set replaces inputs of tasks that are repeated.

A run that was left unfinished when its process ended goes on where it was; a write that was under way then
counts as unknown unless it is safe to repeat. A server takes up by itself what an earlier one left. Only a run
that is held since a backup was restored is shown and asked about first, too.`,
		Example: `  gantry runs resume 3f2a91bc
  gantry runs resume 3f2a91bc --dry-run
  gantry runs resume 3f2a91bc --newest --yes
  gantry runs resume 3f2a91bc --set create_ticket.team=Escalations`,
		Args: takes("RUN"),
	}
	cmd.Flags().BoolVar(&r.newest, "newest", false, "with the workflow as it is now")
	cmd.Flags().StringArrayVar(&r.pairs, "set", nil, "another input of a task that is repeated, as `TASK.input=value`; value @FILE takes the file's text; may be repeated")
	cmd.Flags().StringArrayVar(&r.files, "set-file", nil, "a JSON file with inputs of a task that is repeated, as `TASK=file`; may be repeated")
	cmd.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&r.plan, "dry-run", false, "show what would be done and do nothing")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return r.run(cmd, args[0]) }
	return cmd
}

func (r *resumeCommand) run(cmd *cobra.Command, part string) error {
	ctx := cmd.Context()
	with, err := r.with(cmd)
	if err != nil {
		return err
	}
	run, err := r.app.resumable(ctx, part)
	if err != nil {
		return err
	}
	if !run.Status.Ended() && run.Status != flow.Paused && !r.plan { // a paused one may be held
		return r.app.resume(ctx, run, api.ResumeRunBody{ResumeWith: with})
	}
	return r.planned(ctx, run, with)
}

// planned shows what resuming a run does, asks, and does it. Only of a run that was left unfinished and is not held
// nobody is asked: it goes on where it was.
func (r *resumeCommand) planned(ctx context.Context, run *readRun, with api.ResumeWith) error {
	out, err := api.PlanResume.Call(ctx, r.app.client, &api.PlanResumeIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &with})
	if err != nil {
		return err
	}
	if !r.plan && out.Body.Unfinished && out.Body.Held == nil {
		return r.app.resume(ctx, run, api.ResumeRunBody{ResumeWith: with})
	}
	if err := r.app.showPlan(&out.Body, run, r.plan); err != nil {
		return err
	}
	if err := out.Body.Refused(); err != nil {
		if r.plan && r.app.JSON() { // the plan says so
			return errFailed
		}
		return err
	}
	if r.plan {
		return nil
	}
	if !r.yes {
		if err := r.app.confirm("resume run " + shortID(run.ID) + " of " + run.Workflow + "?"); err != nil {
			return err
		}
	}
	return r.app.resume(ctx, run, api.ResumeRunBody{ResumeWith: with, AlthoughHeld: out.Body.Held != nil})
}

// with reads the flags that say with what the run goes on.
func (r *resumeCommand) with(cmd *cobra.Command) (api.ResumeWith, error) {
	with := api.ResumeWith{Newest: r.newest}
	for _, pair := range r.pairs {
		name, text, err := namedText(cmd, "--set", "TASK.input", "--set-file", pair)
		if err != nil {
			return with, err
		}
		task, input, ok := strings.Cut(name, ".")
		if !ok || task == "" || input == "" {
			return with, usage(cmd, "--set %q is not TASK.input=value", pair)
		}
		if with.Texts == nil {
			with.Texts = map[string]map[string]string{}
		}
		if with.Texts[task] == nil {
			with.Texts[task] = map[string]string{}
		}
		with.Texts[task][input] = text
	}
	for _, pair := range r.files {
		task, path, ok := strings.Cut(pair, "=")
		if !ok || task == "" || path == "" {
			return with, usage(cmd, "--set-file %q is not TASK=file", pair)
		}
		inputs, err := r.app.readObject("--set-file "+task, path)
		if err != nil {
			return with, err
		}
		if with.Inputs == nil {
			with.Inputs = map[string]map[string]any{}
		}
		with.Inputs[task] = inputs
	}
	return with, nil
}

// resumable opens the data for writing and finds a run in it.
func (a *App) resumable(ctx context.Context, part string) (*readRun, error) {
	_, err := a.Client(ctx, Writing)
	if err != nil && fault.From(err).Code == fault.Locked {
		return a.unfinished(ctx, part) // what that means for a run that has not ended
	}
	if err != nil {
		return nil, err
	}
	return a.readRun(ctx, part, false)
}

// resume takes a run up and watches it.
func (a *App) resume(ctx context.Context, run *readRun, with api.ResumeRunBody) error {
	with.Watch = true

	w := a.watchRun().of(run.ID, "for "+run.forWhom()+", resumed")
	a.grow(ctx, w.view.tree(), &run.Detail, "", 0) // what it had done before
	if n := w.view.tree().root; n.Status.Ended() {
		n.Resumed = a.Now()
	}
	in := &api.ResumeRunIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &with}
	if _, err := api.ResumeRun.Call(ctx, a.client, in); err != nil {
		w.view.close()
		return err
	}
	return w.finish(ctx)
}

// showPlan shows what resuming does: as the result where nothing else is wanted, else as progress.
func (a *App) showPlan(p *engine.ResumePlan, run *readRun, only bool) error {
	if only {
		return a.Show(p, a.planText(p, run, a.outStyle()))
	}
	if a.JSON() || a.Flags.Quiet {
		return nil
	}
	return a.planText(p, run, a.errStyle())(a.Err)
}
