package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
)

func newIntegrationsRemove(app *App) *cobra.Command {
	var f instanceFlags
	var force bool
	cmd := &cobra.Command{
		Use:   "remove INTEGRATION",
		Short: "Remove an instance with its secrets",
		Long: `Removes an instance of an organisation with its secrets. Of several it must be named. Where it was the
default, the oldest that is left becomes it.

An instance that organisations are mapped under, or that workflows name, is not removed unless --force
is given.`,
		Example: "  gantry integrations remove halo --org contoso\n  gantry integrations remove halo --name \"Old Halo\" --force",
		Args:    takes("INTEGRATION"),
		RunE: app.onInstance(Writing, &f, func(ctx context.Context, c chosenInstance) error {
			if f.name == "" {
				if err := onlyOne(ctx, c); err != nil {
					return err
				}
			}
			return app.removeInstance(ctx, c, force)
		}),
	}
	f.add(app, cmd)
	cmd.Flags().BoolVar(&force, "force", false, "remove it although it is in use, with the mappings under it")
	return cmd
}

func (a *App) removeInstance(ctx context.Context, c chosenInstance, force bool) error {
	if users := a.workflowsNaming(ctx, c); len(users) > 0 && !force {
		return fault.New(fault.Conflict, "%s is in use: it is named in overrides of %s", c.in.Name, strings.Join(users, ", ")).
			WithHint("change those first, or remove it all the same with --force")
	}
	if err := c.data.Orgs.RemoveInstance(ctx, c.org.ID, c.of.ID, c.in.Name, force); err != nil {
		return err
	}
	if a.runtime != nil {
		a.runtime.Forget(c.in.ID)
	}
	return a.Show(map[string]any{"removed": c.in.Name, "integration": c.of.ID, "organisation": c.org.Slug}, func(out io.Writer) error {
		fmt.Fprintf(out, "Removed %s (%s) of %s.\n", c.in.Name, c.of.Title, c.org.Name)
		return nil
	})
}

// workflowsNaming gives the workflows of the project whose triggers or tasks name the MSP's instance.
// Overrides lend instances of the MSP only.
func (a *App) workflowsNaming(ctx context.Context, c chosenInstance) []string {
	p, err := a.Project(ctx)
	if err != nil || c.org.ParentID != "" {
		return nil
	}
	names := func(o *orgs.Override) bool {
		return o != nil && o.Use == orgs.UseInstance && strings.EqualFold(o.Name, c.in.Name)
	}
	var users []string
	for _, wf := range p.Checked() {
		inTask := slices.ContainsFunc(wf.Tasks, func(t *workflow.Task) bool {
			return t.Action != nil && t.Action.IntegrationID() == c.of.ID && names(t.Integration)
		})
		inTrigger := slices.ContainsFunc(wf.Triggers, func(t *workflow.Trigger) bool { return names(t.Integrations[c.of.ID]) })
		if inTask || inTrigger {
			users = append(users, wf.ID)
		}
	}
	return users
}

// onlyOne refuses to guess which of several instances is meant to be removed.
func onlyOne(ctx context.Context, c chosenInstance) error {
	all, err := c.data.Orgs.Instances(ctx, c.org.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, in := range all {
		if in.Integration == c.of.ID {
			names = append(names, in.Name)
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
		return fault.New(fault.Usage, "%s has several instances of %s: %s", c.org.Name, c.of.Title, quoted(names)).WithHint("say which with --name")
	}
	return nil
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(all, ", ")
}
