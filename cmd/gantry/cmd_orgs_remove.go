package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

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
	cmd.RunE = app.onOrg(Writing, func(ctx context.Context, d *Data, org orgs.Organisation) error {
		removed := []orgs.Organisation{org}
		var err error
		if children {
			if removed, err = app.removeTree(ctx, d, org, yes); err != nil {
				return err
			}
		} else if err := d.Orgs.Remove(ctx, org.ID); err != nil {
			return err
		}
		return app.Show(map[string]any{"removed": org.Slug, "organisations": slugsOf(removed)}, func(out io.Writer) error {
			fmt.Fprintf(out, "Removed %s%s. `%s` brings it back.\n", org.Name, andBelow(removed), app.command("orgs restore "+org.Slug))
			return nil
		})
	})
	return cmd
}

func (a *App) removeTree(ctx context.Context, d *Data, org orgs.Organisation, yes bool) ([]orgs.Organisation, error) {
	all, err := d.Orgs.List(ctx)
	if err != nil {
		return nil, err
	}
	below := 0
	for _, o := range all {
		if is, err := d.Orgs.IsDescendant(ctx, org.ID, o.ID); err != nil {
			return nil, err
		} else if is {
			below++
		}
	}
	if below > 0 && !yes {
		if err := a.confirm(fmt.Sprintf("this removes %s and %s below it; go on?", org.Name, counted(below, "organisation"))); err != nil {
			return nil, err
		}
	}
	return d.Orgs.RemoveTree(ctx, org.ID)
}

func slugsOf(all []orgs.Organisation) []string {
	slugs := make([]string, len(all))
	for i, o := range all {
		slugs[i] = o.Slug
	}
	return slugs
}

// andBelow says how many others went along.
func andBelow(all []orgs.Organisation) string {
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
			d, err := app.Data(ctx, Writing)
			if err != nil {
				return err
			}
			org, err := d.Orgs.Removed(ctx, args[0])
			if err != nil {
				return err
			}
			restored, err := d.Orgs.Restore(ctx, org.ID)
			if err != nil {
				return err
			}
			org.DeletedAt = nil
			doc := restoredDocument{LeftOut: []leftOut{}}
			if doc.organisationDocument, err = withParent(ctx, d, org); err != nil {
				return err
			}
			for _, left := range restored.LeftOut {
				doc.LeftOut = append(doc.LeftOut, leftOut{left.Organisation.Slug, left.Mapping.Integration, left.Mapping.ExternalID,
					left.Mapping.ExternalName, left.Holder.Slug, app.command(mapAgain(left))})
			}
			return app.Show(doc, func(out io.Writer) error {
				app.showRestored(out, org, restored)
				return nil
			})
		},
	}
}

// restoredDocument is a restored organisation in JSON.
type restoredDocument struct {
	organisationDocument
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
func mapAgain(left orgs.LeftOut) string {
	words := "mappings set " + left.Mapping.Integration + " " + shellWord(left.Mapping.ExternalID) + " --org " + left.Organisation.Slug
	if left.Instance != "" {
		words += " --owner " + left.Owner + " --instance " + shellWord(left.Instance)
	}
	return words + " --shared"
}

func (a *App) showRestored(out io.Writer, org orgs.Organisation, restored orgs.Restored) {
	but := ""
	if n := len(restored.LeftOut); n > 0 {
		but = " but " + counted(n, "mapping")
	}
	fmt.Fprintf(out, "Restored %s%s with everything it had%s.\n", org.Name, andBelow(restored.Organisations), but)
	s := a.outStyle()
	for _, left := range restored.LeftOut {
		m := left.Mapping
		fmt.Fprintf(out, "%s %s was %s in %s, which is %s (%s) by now: it is not mapped.\n", s.warn("!"), left.Organisation.Name, mappedName(m), m.Integration, left.Holder.Name, left.Holder.Slug)
		fmt.Fprintf(out, "  %s if it is this one: `%s` first; if it is both: `%s`\n", s.dim("hint:"),
			a.command("mappings remove "+m.Integration+" --org "+left.Holder.Slug), a.command(mapAgain(left)))
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
		d, err := app.Data(ctx, Writing)
		if err != nil {
			return err
		}
		id, what := "", ""
		if len(args) == 1 {
			org, err := d.Orgs.Removed(ctx, args[0])
			if err != nil {
				return err
			}
			id, what = org.ID, org.Name+" and all below it"
		} else if due, err := d.Orgs.Purgeable(ctx); err != nil {
			return err
		} else if len(due) > 0 {
			what = strings.Join(slugsOf(due), ", ")
		}
		if what != "" && !yes {
			if err := app.confirm(fmt.Sprintf("this deletes %s for good; go on?", what)); err != nil {
				return err
			}
		}
		purged, err := d.Orgs.Purge(ctx, id, now)
		if err != nil {
			return err
		}
		return app.Show(map[string]any{"purged": slugsOf(purged)}, func(out io.Writer) error {
			if len(purged) == 0 {
				fmt.Fprintln(out, "No organisation was removed 30 days ago or earlier.")
				return nil
			}
			fmt.Fprintf(out, "Deleted for good: %s.\n", strings.Join(slugsOf(purged), ", "))
			return nil
		})
	}
	return cmd
}
