package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"gantry/engine"
	"gantry/engine/workflow"
	"gantry/orgs"
	"gantry/triggers"
)

func newRun(app *App) *cobra.Command {
	r := &runCommand{app: app}
	cmd := &cobra.Command{
		Use:   "run WORKFLOW",
		Short: "Run a workflow and watch it",
		Long: `Runs a workflow for an organisation and shows what happens until it has ended. The run is kept: what
it did, with which results, can be looked at later with gantry runs.

A workflow's trigger may bring integrations, inputs and variables. --trigger names it; without it the
one always_pass trigger that is enabled and runs for the organisation is used, and where there is none
the workflow is started by hand, with nothing but what is given here.

Ctrl-C cancels the run. A second Ctrl-C stops at once and leaves the run unfinished, to be taken up
with gantry runs resume.

Exit codes: 0 the run succeeded, 1 it did not, 2 it was called wrongly.`,
		Example: `  gantry run test-halo-integration --sandbox
  gantry run test-halo-integration --sandbox --org northwind-dental
  gantry run triage/new-ticket --org contoso --input ticket_id=1234
  gantry run report --inputs inputs.json --format json`,
		GroupID: groupRun,
		Args:    takes("WORKFLOW"),

		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&r.org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&r.trigger, "trigger", "", "the `name` of the trigger to start it with")
	r.inputs.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return r.run(cmd, args[0]) }
	return cmd
}

// completeOrg lets shells complete the values of --org.
func (a *App) completeOrg(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("org", a.complete(organisationSlugs)) // it fails only for a flag that is not there
}

// runCommand is one call of gantry run.
type runCommand struct {
	app     *App
	org     string
	trigger string
	inputs  inputFlags
}

func (r *runCommand) run(cmd *cobra.Command, id string) error {
	ctx := cmd.Context()
	d, err := r.app.Data(ctx, Writing)
	if err != nil {
		return err
	}
	p, err := r.app.Project(ctx)
	if err != nil {
		return err
	}
	wf, err := p.Workflow(workflowID(id))
	if err != nil {
		return err
	}
	org, err := r.app.Organisation(ctx, d, r.org)
	if err != nil {
		return err
	}
	req, note, err := r.request(cmd, wf, org)
	if err != nil {
		return err
	}
	e, err := r.app.Engine(ctx)
	if err != nil {
		return err
	}
	w := r.app.watchRun(e, note)
	req.Watch = w.feed.watch
	if w.id, err = e.Start(ctx, req); err != nil {
		return err
	}
	return w.finish(ctx, wf)
}

// workflowID accepts a workflow's file for its id: people complete file names.
func workflowID(word string) string {
	word = strings.TrimPrefix(word, "./")
	if name, ok := strings.CutSuffix(word, ".yaml"); ok {
		return strings.TrimPrefix(name, "workflows/")
	}
	return word
}

// request gathers what the run starts with, and says it for the headline.
func (r *runCommand) request(cmd *cobra.Command, wf *workflow.Workflow, org orgs.Organisation) (engine.Request, string, error) {
	ctx := cmd.Context()
	given, err := r.inputs.read(r.app, cmd, wf.Inputs)
	if err != nil {
		return engine.Request{}, "", err
	}
	starts := triggers.New(triggers.Options{Store: r.app.data.Store, Organisations: r.app.data.Orgs, Now: r.app.Now})
	return starts.ByHand(ctx, triggers.ByHand{Workflow: wf, Organisation: org, Trigger: r.trigger, Inputs: given})
}

// finish waits for the run and shows how it ended.
func (w *watching) finish(ctx context.Context, wf *workflow.Workflow) error {
	end := w.wait(ctx)
	detail, err := w.app.data.History.Show(ctx, w.id)
	if err != nil {
		return err
	}
	return w.result(detail, wf, end)
}
