package main

import (
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
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

Where a server works with the data, it runs the workflow, and this shows it.

Ctrl-C cancels the run. A second Ctrl-C stops at once and leaves the run unfinished, to be taken up
with gantry runs resume; where a server runs it, it only stops watching.

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
	in := &api.StartRunIn{}
	in.Body.Workflow, in.Body.Organisation, in.Body.Trigger, in.Body.Watch = workflowID(id), r.org, r.trigger, true
	var err error
	if in.Body.Inputs, in.Body.Texts, err = r.inputs.given(r.app, cmd); err != nil {
		return err
	}
	w := r.app.watchRun()
	started, err := aboutOrg(ctx, r.app, Writing, r.org, api.StartRun, in)
	if err != nil {
		return err
	}
	return w.of(started.Body.ID, started.Body.Note).finish(ctx)
}

// workflowID accepts a workflow's file for its id: people complete file names.
func workflowID(word string) string {
	word = strings.TrimPrefix(word, "./")
	if name, ok := strings.CutSuffix(word, ".yaml"); ok {
		return strings.TrimPrefix(name, "workflows/")
	}
	return word
}
