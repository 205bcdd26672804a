package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
)

func newRunsCancel(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel RUN",
		Short: "Cancel a run that was left unfinished",
		Long: `Ends a run that was left unfinished when its process ended: nothing more of it is done, and a write
that was under way then counts as unknown. A run that is going on in another process is cancelled there
with Ctrl-C.`,
		Example: "  gantry runs cancel 3f2a91bc",
		Args:    takes("RUN"),
		RunE:    app.onUnfinished(app.cancelRun),
	}
}

// unfinished opens the data for writing and finds a run in it that has not ended. Where another process
// works with the data, it tells what that means for this run.
func (a *App) unfinished(ctx context.Context, part string) (string, error) {
	d, err := a.Data(ctx, Writing)
	locked := err != nil && fault.From(err).Code == fault.Locked
	if locked {
		var readErr error
		if d, readErr = a.Data(ctx, Reading); readErr != nil {
			return "", err
		}
	} else if err != nil {
		return "", err
	}
	id, findErr := a.findRun(ctx, d, part)
	if findErr != nil {
		return "", findErr
	}
	detail, readErr := d.History.Show(ctx, id)
	switch {
	case readErr != nil:
		return "", readErr
	case detail.Status.Ended():
		return "", fault.New(fault.Conflict, "run %s has ended already: %s", shortID(id), endedAs(&detail.Run)).
			WithHint("`%s` shows what it did", a.command("runs show "+shortID(id)))
	case locked:
		f := fault.From(err)
		return "", fault.Wrap(err, fault.Locked, "run %s is going on in another process, or waits for it to end. %s", shortID(id), f.Message).
			WithHint("press Ctrl-C there to cancel it").WithDetail(f.Detail)
	}
	return id, nil
}

func endedAs(r *history.Run) string {
	word := map[flow.Status]string{flow.Succeeded: "it succeeded", flow.Failed: "it failed", flow.TimedOut: "it timed out", flow.Cancelled: "it was cancelled"}[r.Status]
	if r.FinishedAt != nil {
		word += " on " + r.FinishedAt.Local().Format("2006-01-02 15:04")
	}
	return word
}

func (a *App) cancelRun(ctx context.Context, e *engine.Engine, id string) error {
	if err := e.Abandon(ctx, id, "cancelled with gantry runs cancel"); err != nil {
		return err
	}
	if _, err := e.Wait(ctx, id); err != nil {
		return err
	}
	detail, err := a.data.History.Show(ctx, id)
	if err != nil {
		return err
	}
	return a.Show(documentOf(detail), func(out io.Writer) error {
		fmt.Fprintf(out, "Run %s of %s is %s.\n", shortID(id), detail.Workflow, detail.Status)
		for _, t := range detail.Tasks {
			if t.Status == flow.Unknown {
				fmt.Fprintf(out, "Whether %s was done is not known: look in the other system.\n", t.Name)
			}
		}
		return nil
	})
}

func newRunsResume(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "resume RUN",
		Short: "Go on with a run that was left unfinished, and watch it",
		Long: `Takes up a run that was left unfinished when its process ended. What it had completed is not done
again; a write that was under way then counts as unknown unless it is safe to repeat.`,
		Example: "  gantry runs resume 3f2a91bc",
		Args:    takes("RUN"),
		RunE:    app.onUnfinished(app.resumeRun),
	}
}

// onUnfinished runs a command whose one word is a run that has not ended; act gets its full id and the engine.
func (a *App) onUnfinished(act func(ctx context.Context, e *engine.Engine, id string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		id, err := a.unfinished(ctx, args[0])
		if err != nil {
			return err
		}
		e, err := a.Engine(ctx)
		if err != nil {
			return err
		}
		return act(ctx, e, id)
	}
}

func (a *App) resumeRun(ctx context.Context, e *engine.Engine, id string) error {
	detail, err := a.data.History.Show(ctx, id)
	if err != nil {
		return err
	}
	org, err := a.data.Orgs.ByID(ctx, detail.OrganisationID)
	if err != nil {
		return err
	}
	w := a.watchRun(e, "for "+org.Name+", resumed")
	w.id = id
	a.knownBefore(ctx, w, detail)
	if err := e.Resume(ctx, id, w.feed.watch); err != nil {
		w.view.close()
		return workError{err} // the call named a run that can be resumed
	}
	wf, err := a.compiled(ctx, &detail.Run)
	if err != nil {
		wf = &workflow.Workflow{}
	}
	return w.finish(ctx, wf)
}

// compiled gives the version of the workflow that a run ran.
func (a *App) compiled(ctx context.Context, r *history.Run) (*workflow.Workflow, error) {
	text, err := a.data.History.Version(ctx, r.Workflow, r.Version)
	if err != nil {
		return nil, err
	}
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	return p.Compile(r.Workflow, text)
}
