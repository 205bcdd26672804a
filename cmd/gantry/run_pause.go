package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/fault"
)

func newRunsPause(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "pause RUN",
		Short: "Let a run start nothing new",
		Long: `Pauses a run that goes on in the server: what is under way may end, and nothing new begins until gantry
runs unpause. The time counts towards the run's timeout unless the workflow excludes waiting.`,
		Example: "  gantry runs pause 3f2a91bc",
		Args:    takes("RUN"),
		RunE: app.onUnfinished(func(ctx context.Context, run *readRun) error {
			said := "Run %s of %s pauses: what is under way may end. Go on with: %s\n"
			if run.Status == flow.Paused {
				said = "Run %s of %s is paused already. Go on with: %s\n"
			}
			return app.turned(ctx, api.PauseRun, run, said, app.command("runs unpause "+shortID(run.ID)))
		}),
	}
}

func newRunsUnpause(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "unpause RUN",
		Short:   "Let a paused run go on",
		Example: "  gantry runs unpause 3f2a91bc",
		Args:    takes("RUN"),
		RunE: app.onUnfinished(func(ctx context.Context, run *readRun) error {
			said := "Run %s of %s goes on. Watch it with: %s\n"
			if run.Status == flow.Running || run.Status == flow.Waiting {
				said = "Run %s of %s was not paused: it goes on as before. Watch it with: %s\n"
			}
			return app.turned(ctx, api.UnpauseRun, run, said, app.command("runs follow "+shortID(run.ID)))
		}),
	}
}

// turned carries out an operation on a run and says so.
func (a *App) turned(ctx context.Context, o api.Operation[api.OfRunIn, api.OneRun], run *readRun, said, then string) error {
	out, err := o.Call(ctx, a.client, &api.OfRunIn{Run: run.ID})
	if err != nil {
		return err
	}
	return a.Show(listed(out.Body), func(w io.Writer) error {
		fmt.Fprintf(w, said, shortID(run.ID), run.Workflow, then)
		return nil
	})
}

func newRunsFollow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "follow RUN",
		Short: "Watch a run that goes on in the server",
		Long: `Shows what a run has done and does, live, until it has ended, and then its result, as gantry run does. Of a
run that has ended the result is shown at once.

Ctrl-C stops watching; the run goes on.`,
		Example: "  gantry runs follow 3f2a91bc",
		Args:    takes("RUN"),
		RunE:    func(cmd *cobra.Command, args []string) error { return app.followRun(cmd.Context(), args[0]) },
	}
}

func (a *App) followRun(ctx context.Context, part string) error {
	if _, err := a.Client(ctx, Reading); err != nil {
		return err
	}
	run, err := a.readRun(ctx, part, false)
	if err != nil {
		return err
	}
	w := a.watchRun().of(run.ID, "for "+run.forWhom())
	switch {
	case run.Status.Ended():
		a.grow(ctx, w.view.tree(), &run.Detail, "", 0)
		return w.result(ctx, run, nil)
	case !a.served():
		return fault.New(fault.Conflict, "no server runs %s: it goes on in another process, or was left unfinished", shortID(run.ID)).
			WithHint("`%s` goes on with one that was left", a.command("runs resume "+shortID(run.ID)))
	}
	if len(run.Resumptions) > 0 { // what was done before the last of them is told apart
		a.grow(ctx, w.view.tree(), &run.Detail, "", 0)
	}
	w.looks = true
	return w.finish(ctx)
}
