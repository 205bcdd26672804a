package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/schema"
)

func newRunsPrune(app *App) *cobra.Command {
	var older string
	var keep int
	var org string
	var plan, yes bool
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove old runs from the history",
		Long: `Removes runs that have ended, with all they led to, the events and results of all these, and by what they are
found. Runs that have not ended stay, and so does a run of which something has not. Versions of workflows, the events of
triggers and the audit log are left as they are. history in gantry.yaml has gantry serve do this by itself.`,
		Example: `  gantry runs prune --older-than 90d --plan             what would be removed
  gantry runs prune --older-than 90d --yes
  gantry runs prune --keep 1000 --org northwind-dental   all but the newest 1,000 of each organisation there`,
		Args: takes(),
	}
	cmd.Flags().StringVar(&older, "older-than", "", "those created longer ago than this `duration`, such as 90d")
	cmd.Flags().IntVar(&keep, "keep", 0, "all but this `number` of each organisation, the newest")
	cmd.Flags().StringVar(&org, "org", "", "only of the organisation with this `slug`, and those below it")
	app.completeOrg(cmd)
	cmd.Flags().BoolVar(&plan, "plan", false, "only tell what would be removed")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if keep <= 0 && cmd.Flags().Changed("keep") {
			return usage(cmd, "--keep %d: at least one run of each organisation stays", keep)
		}
		if older == "" && keep <= 0 {
			return usage(cmd, "say which runs are to be removed: --older-than, --keep, or both")
		}
		if age, err := schema.ParseDuration(older); older != "" && (err != nil || age <= 0) {
			return usage(cmd, "--older-than is not a duration, or none that has a length: %q", older).WithHint("write it as 90d or 8w")
		}
		in := &api.PruneRunsIn{}
		in.Body.OlderThan, in.Body.Keep, in.Body.Organisation = older, keep, org
		return app.pruneRuns(cmd.Context(), in, plan, yes)
	}
	return cmd
}

func (a *App) pruneRuns(ctx context.Context, in *api.PruneRunsIn, plan, yes bool) error {
	var planned api.PruneRunsOut
	if plan || !yes {
		in.Body.Plan = true
		out, err := aboutOrg(ctx, a, Writing, in.Body.Organisation, api.PruneRuns, in)
		if err != nil || plan {
			if err != nil {
				return err
			}
			return a.showPruned(out.Body.Removed, "Would remove")
		}
		if planned = *out; len(planned.Body.Removed) == 0 {
			return a.showPruned(nil, "")
		}
		if err := a.confirm(fmt.Sprintf("this removes %s for good; go on?", counted(prunedRuns(planned.Body.Removed), "run"))); err != nil {
			return err
		}
		in.Body.Plan = false
	}
	var all []api.PrunedRuns
	for {
		out, err := aboutOrg(ctx, a, Writing, in.Body.Organisation, api.PruneRuns, in)
		if err != nil {
			return err
		}
		all = append(all, out.Body.Removed...)
		if !out.Body.More {
			return a.showPruned(all, "Removed")
		}
		a.Note("%s removed so far", counted(prunedRuns(all), "run"))
	}
}

func prunedRuns(all []api.PrunedRuns) (n int) {
	for _, r := range all {
		n += r.Runs + r.Children
	}
	return n
}

func (a *App) showPruned(all []api.PrunedRuns, what string) error {
	if all == nil {
		all = []api.PrunedRuns{}
	}
	return a.Show(all, func(out io.Writer) error {
		if len(all) == 0 {
			fmt.Fprintln(out, "There are no such runs that have ended.")
			return nil
		}
		fmt.Fprintf(out, "%s %s:\n\n", what, counted(prunedRuns(all), "run"))
		var rows [][]string
		for _, r := range all {
			rows = append(rows, []string{r.Organisation, fmt.Sprint(r.Runs), fmt.Sprint(r.Children), r.Oldest.Local().Format("2006-01-02"), r.Newest.Local().Format("2006-01-02")})
		}
		table(out, a.outStyle(), []string{"ORGANISATION", "RUNS", "LED TO", "FROM", "UNTIL"}, rows)
		return nil
	})
}
