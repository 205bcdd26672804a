package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

func newRunsCancel(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel RUN",
		Short: "Cancel a run",
		Long: `Ends a run that goes on in the server: what is under way is cut off, a write may finish. It also ends a run
that was left unfinished when its process ended: nothing more of it is done, and a write that was under
way then counts as unknown. A run that is going on in another process is cancelled there with Ctrl-C.`,
		Example: "  gantry runs cancel 3f2a91bc",
		Args:    takes("RUN"),
		RunE:    app.onUnfinished(app.cancelRun),
	}
}

// unfinished opens the data for writing and finds a run in it that has not ended. Where another process
// works with the data, it tells what that means for this run.
func (a *App) unfinished(ctx context.Context, part string) (*readRun, error) {
	_, err := a.Client(ctx, Writing)
	locked := err != nil && fault.From(err).Code == fault.Locked
	if locked {
		if _, readErr := a.Client(ctx, Reading); readErr != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	run, readErr := a.readRun(ctx, part, false)
	switch {
	case readErr != nil:
		return nil, readErr
	case run.Status.Ended():
		return nil, fault.New(fault.Conflict, "run %s has ended already: %s", shortID(run.ID), endedAs(&run.Run)).
			WithHint("`%s` shows what it did", a.command("runs show "+shortID(run.ID)))
	case locked:
		f := fault.From(err)
		return nil, fault.Wrap(err, fault.Locked, "run %s is going on in another process, or waits for it to end. %s", shortID(run.ID), f.Message).
			WithHint("press Ctrl-C there to cancel it").WithDetail(f.Detail)
	}
	return run, nil
}

func endedAs(r *history.Run) string {
	word := map[flow.Status]string{flow.Succeeded: "it succeeded", flow.Failed: "it failed", flow.TimedOut: "it timed out", flow.Cancelled: "it was cancelled"}[r.Status]
	if r.FinishedAt != nil {
		word += " on " + r.FinishedAt.Local().Format("2006-01-02 15:04")
	}
	return word
}

// onUnfinished runs a command whose one word is a run that has not ended.
func (a *App) onUnfinished(act func(ctx context.Context, run *readRun) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		run, err := a.unfinished(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return act(cmd.Context(), run)
	}
}

func (a *App) cancelRun(ctx context.Context, run *readRun) error {
	in := &api.CancelRunIn{OfRunIn: api.OfRunIn{Run: run.ID}}
	if !a.served() { // else who it was says more
		in.Body = &struct {
			Reason string `json:"reason,omitempty"`
		}{"cancelled with gantry runs cancel"}
	}
	if _, err := api.CancelRun.Call(ctx, a.client, in); err != nil {
		return err
	}
	for _, err := range api.FollowRun.Follow(ctx, a.client, &api.FollowRunIn{OfRunIn: in.OfRunIn}, 0) { // a write may finish
		if err != nil {
			return err
		}
	}
	ended, err := a.readRun(ctx, run.ID, false)
	if err != nil {
		return err
	}
	return a.Show(documentOf(&ended.Detail), func(out io.Writer) error {
		fmt.Fprintf(out, "Run %s of %s is %s.\n", shortID(ended.ID), ended.Workflow, ended.Status)
		for _, t := range ended.Tasks {
			if t.Status == flow.Unknown {
				fmt.Fprintf(out, "Whether %s was done is not known: look in the other system.\n", t.Name)
			}
		}
		return nil
	})
}

// forWhom names the run's organisation.
func (r *readRun) forWhom() string {
	if r.organisation == "" {
		return r.Organisation
	}
	return r.organisation
}
