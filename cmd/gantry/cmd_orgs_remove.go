package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newOrgsRemove(app *App) *cobra.Command {
	var children, yes bool
	cmd := &cobra.Command{
		Use:     "remove SLUG",
		Aliases: []string{"delete"},
		Short:   "Take an organisation out of use",
		Long: `Takes an organisation out of use. What it has is kept, and gantry orgs restore brings it back; its slug
stays its own. One with others below it is removed with all of them by --with-children, and restored with
all of them.`,
		Example: "  gantry orgs remove contoso\n  gantry orgs remove contoso --with-children --yes",
		Args:    takes("SLUG"),
	}
	cmd.Flags().BoolVar(&children, "with-children", false, "remove those below it, too")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		in := &api.RemoveOrganisationIn{OfOrganisation: ofOrg(args[0]), WithChildren: children}
		if children && !yes {
			if err := app.confirmRemoval(ctx, args[0], *in); err != nil {
				return err
			}
		}
		removed, err := aboutOrg(ctx, app, Writing, args[0], api.RemoveOrganisation, in)
		if err != nil {
			return err
		}
		doc := map[string]any{"removed": removed.Body.Removed, "organisations": removed.Body.Organisations}
		return app.Show(doc, func(out io.Writer) error {
			fmt.Fprintf(out, "Removed %s%s. `%s` brings it back.\n", removed.Body.Name, andBelow(removed.Body.Organisations), app.command("orgs restore "+removed.Body.Removed))
			return nil
		})
	}
	return cmd
}

// confirmRemoval asks before others are removed along with an organisation.
func (a *App) confirmRemoval(ctx context.Context, slug string, in api.RemoveOrganisationIn) error {
	in.DryRun = true
	plan, err := aboutOrg(ctx, a, Writing, slug, api.RemoveOrganisation, &in)
	if err != nil {
		return err
	}
	below := len(plan.Body.Organisations) - 1
	if below == 0 {
		return nil
	}
	return a.confirm(fmt.Sprintf("this removes %s and %s below it; go on?", plan.Body.Name, counted(below, "organisation")))
}

// andBelow says how many others went along.
func andBelow(all []string) string {
	if len(all) < 2 {
		return ""
	}
	return " and " + counted(len(all)-1, "organisation") + " below it"
}

func newOrgsRestore(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "restore SLUG",
		Short: "Bring a removed organisation back",
		Long: `Brings a removed organisation back with everything it had, and those that were removed together with it.
gantry orgs list --deleted shows which there are. A mapping to an entity that belongs to another organisation by
now is left out, and told with the command that settles it.`,
		Example: "  gantry orgs restore contoso",
		Args:    takes("SLUG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			c, err := app.Client(ctx, Writing)
			if err != nil {
				return err
			}
			restored, err := api.RestoreOrganisation.Call(ctx, c, &api.RestoreOrganisationIn{Slug: args[0]})
			if err != nil {
				return err
			}
			doc := restoredDocument{restored.Body.Organisation, []leftOut{}}
			for _, left := range restored.Body.LeftOut {
				doc.LeftOut = append(doc.LeftOut, leftOut{left.Organisation, left.Integration, left.ExternalID, left.ExternalName, left.Holder, app.command(mapAgain(left))})
			}
			return app.Show(doc, func(out io.Writer) error {
				app.showRestored(out, restored)
				return nil
			})
		},
	}
}

// restoredDocument is a restored organisation in JSON.
type restoredDocument struct {
	api.Organisation
	LeftOut []leftOut `json:"left_out"`
}

// leftOut is a mapping that did not come back.
type leftOut struct {
	Organisation string `json:"organisation"` // slug
	Integration  string `json:"integration"`
	ExternalID   string `json:"external_id"`
	ExternalName string `json:"external_name"`
	Holder       string `json:"holder"`  // slug of the organisation whose the entity is now
	Command      string `json:"command"` // maps it all the same
}

// mapAgain is the command that maps to an entity although it is another's.
func mapAgain(left api.LeftOut) string {
	words := "mappings set " + left.Integration + " " + shellWord(left.ExternalID) + " --org " + left.Organisation
	if left.Instance != "" {
		words += " --owner " + left.Owner + " --instance " + shellWord(left.Instance)
	}
	return words + " --shared"
}

func (a *App) showRestored(out io.Writer, restored *api.RestoreOrganisationOut) {
	but := ""
	if n := len(restored.Body.LeftOut); n > 0 {
		but = " but " + counted(n, "mapping")
	}
	fmt.Fprintf(out, "Restored %s%s with everything it had%s.\n", restored.Body.Name, andBelow(restored.Body.Organisations), but)
	s := a.outStyle()
	for _, left := range restored.Body.LeftOut {
		was := mappedName(orgs.MappingTo{ExternalID: left.ExternalID, ExternalName: left.ExternalName})
		if left.Holder == "" { // one that who asks does not see
			fmt.Fprintf(out, "%s %s was %s in %s, which is another organisation's by now: it is not mapped.\n", s.warn("!"), left.Name, was, left.Integration)
			continue
		}
		fmt.Fprintf(out, "%s %s was %s in %s, which is %s (%s) by now: it is not mapped.\n", s.warn("!"), left.Name, was, left.Integration, left.HolderName, left.Holder)
		fmt.Fprintf(out, "  %s if it is this one: `%s` first; if it is both: `%s`\n", s.dim("hint:"),
			a.command("mappings remove "+left.Integration+" --org "+left.Holder), a.command(mapAgain(left)))
	}
}

func newOrgsPurge(app *App) *cobra.Command {
	var now, yes bool
	cmd := &cobra.Command{
		Use:   "purge [SLUG]",
		Short: "Delete removed organisations for good",
		Long: `Deletes organisations that were removed 30 days ago or earlier, for good: their variables, secrets,
instances and mappings cannot be brought back. With a slug only that one and those below it; --now does
not wait for the 30 days. Runs keep their history, and the slugs stay taken. Nothing is ever purged by itself.`,
		Example: "  gantry orgs purge\n  gantry orgs purge contoso --now",
		Args:    takes("[SLUG]"),
	}
	cmd.Flags().BoolVar(&now, "now", false, "delete the one named although it was removed less than 30 days ago")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if now && len(args) == 0 {
			return usage(cmd, "--now needs a SLUG")
		}
		c, err := app.Client(ctx, Writing)
		if err != nil {
			return err
		}
		in := &api.PurgeOrganisationsIn{}
		if in.Body.Now = now; len(args) == 1 {
			in.Body.Slug = args[0]
		}
		if !yes {
			if err := app.confirmPurge(ctx, c, *in); err != nil {
				return err
			}
		}
		purged, err := api.PurgeOrganisations.Call(ctx, c, in)
		if err != nil {
			return err
		}
		return app.Show(map[string]any{"purged": purged.Body.Purged}, func(out io.Writer) error {
			if len(purged.Body.Purged) == 0 {
				fmt.Fprintln(out, "No organisation was removed 30 days ago or earlier.")
				return nil
			}
			fmt.Fprintf(out, "Deleted for good: %s.\n", strings.Join(purged.Body.Purged, ", "))
			return nil
		})
	}
	return cmd
}

// confirmPurge asks before organisations are deleted for good. Where there are none it has nothing to ask.
func (a *App) confirmPurge(ctx context.Context, c *api.Client, in api.PurgeOrganisationsIn) error {
	in.Body.DryRun = true
	plan, err := api.PurgeOrganisations.Call(ctx, c, &in)
	if err != nil {
		return err
	}
	what := strings.Join(plan.Body.Purged, ", ")
	switch {
	case len(plan.Body.Purged) == 0:
		return nil
	case in.Body.Slug != "":
		what = plan.Body.Names[len(plan.Body.Names)-1] + andBelow(plan.Body.Purged)
	}
	return a.confirm(fmt.Sprintf("this deletes %s for good; go on?", what))
}
