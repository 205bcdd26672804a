package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/orgs"
)

func newOrgsAdd(app *App) *cobra.Command {
	var wanted orgs.NewOrganisation
	cmd := &cobra.Command{
		Use:   "add [SLUG]",
		Short: "Add an organisation",
		Long: `Adds a client organisation below the MSP, or below another one. The slug is its short name in commands
and files, and its own for ever. Without a slug one is made of the name.`,
		Example: `  gantry orgs add contoso --name "Contoso Ltd" --tag managed
  gantry orgs add --name "Müller & Söhne GmbH"
  gantry orgs add contoso-berlin --parent contoso`,
		Args: takes("[SLUG]"),
	}
	cmd.Flags().StringVar(&wanted.Name, "name", "", "its `name` as people know it (default the slug)")
	cmd.Flags().StringVar(&wanted.Parent, "parent", "", "the `slug` of the organisation above it (default the MSP)")
	cmd.Flags().StringSliceVar(&wanted.Tags, "tag", nil, "a `tag`, for triggers that run by tag; may be repeated")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if len(args) == 0 && wanted.Name == "" {
			return usage(cmd, "%s needs a SLUG or --name", cmd.CommandPath())
		}
		if len(args) == 1 {
			wanted.Slug = args[0]
			if _, err := orgs.ParseSlug(wanted.Slug); err != nil {
				return err
			}
		}
		if wanted.Name == "" {
			wanted.Name = wanted.Slug
		}
		d, err := app.Data(ctx, Writing)
		if err != nil {
			return err
		}
		if wanted.Slug == "" {
			if wanted.Slug, err = d.Orgs.FreeSlug(ctx, wanted.Name); err != nil {
				return err
			}
		}
		org, err := d.Orgs.Create(ctx, wanted)
		if err != nil {
			return err
		}
		parent, err := d.Orgs.ByID(ctx, org.ParentID)
		if err != nil {
			return err
		}
		return app.Show(organisationDocument{org, parent.Slug}, func(out io.Writer) error {
			fmt.Fprintf(out, "Added %s (%s) below %s.\n", org.Name, org.Slug, parent.Name)
			return nil
		})
	}
	return cmd
}

func newOrgsRename(app *App) *cobra.Command {
	var c orgs.Changes
	var name, slug string
	cmd := &cobra.Command{
		Use:   "rename SLUG",
		Short: "Give an organisation another name or slug",
		Long: `Gives an organisation another name, another slug, or both. A slug that it gives up stays its own: it is
still found by it, and nobody else can take it, so that workflows and history keep their meaning.`,
		Example: `  gantry orgs rename contoso --name "Contoso AG"
  gantry orgs rename contoso --slug contoso-ag`,
		Args: takes("SLUG"),
	}
	cmd.Flags().StringVar(&name, "name", "", "its new `name`")
	cmd.Flags().StringVar(&slug, "slug", "", "its new `slug`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if name == "" && slug == "" {
			return usage(cmd, "%s needs --name or --slug", cmd.CommandPath())
		}
		if name != "" {
			c.Name = &name
		}
		if slug != "" {
			c.Slug = &slug
		}
		return app.onOrg(Writing, func(ctx context.Context, d *Data, org orgs.Organisation) error {
			now, err := d.Orgs.Update(ctx, org.ID, c)
			return app.changed(ctx, d, now, err, func(out io.Writer) {
				fmt.Fprintf(out, "%s (%s) is now %s (%s).\n", org.Name, org.Slug, now.Name, now.Slug)
				if now.Slug != org.Slug {
					fmt.Fprintf(out, "The slug %s stays its own and still finds it.\n", org.Slug)
				}
			})
		})(cmd, args)
	}
	return cmd
}

// changed shows an organisation after a change.
func (a *App) changed(ctx context.Context, d *Data, org orgs.Organisation, err error, said func(io.Writer)) error {
	if err != nil {
		return err
	}
	doc, err := withParent(ctx, d, org)
	if err != nil {
		return err
	}
	return a.Show(doc, func(out io.Writer) error { said(out); return nil })
}

func newOrgsMove(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "move SLUG PARENT",
		Short: "Put an organisation below another one",
		Long: `Puts an organisation, with all that are below it, below another one. From then on it inherits what that
one hands down, secrets included, and no longer what the former one did; the command says which
variables that concerns. Refused is what would break something: a circle, a variable of another type on
the way up, a mapping under an instance of an organisation that would no longer be above it.`,
		Example: "  gantry orgs move contoso-berlin contoso",
		Args:    takes("SLUG", "PARENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			d, org, err := app.dataAndOrg(ctx, Writing, args[0])
			if err != nil {
				return err
			}
			parent, err := app.Organisation(ctx, d, args[1])
			if err != nil {
				return err
			}
			before, err := d.Orgs.Effective(ctx, org.ID)
			if err != nil {
				return err
			}
			now, err := d.Orgs.Move(ctx, org.ID, parent.ID)
			if err != nil {
				return err
			}
			after, err := d.Orgs.Effective(ctx, org.ID)
			return app.changed(ctx, d, now, err, func(out io.Writer) {
				fmt.Fprintf(out, "%s now stands below %s.\n", org.Name, parent.Name)
				saidInheritance(out, before, after)
			})
		},
	}
}

// saidInheritance tells which variables an organisation gets from elsewhere now.
func saidInheritance(out io.Writer, before, after []orgs.Variable) {
	missing := func(some, others []orgs.Variable) (names []string) {
		for _, v := range some {
			other, ok := variableNamed(others, v.Name)
			if !ok || other.Source.ID != v.Source.ID {
				names = append(names, v.Name+" of "+v.Source.Slug)
			}
		}
		return names
	}
	if gone := missing(before, after); len(gone) > 0 {
		fmt.Fprintf(out, "It no longer has %s.\n", strings.Join(gone, ", "))
	}
	if added := missing(after, before); len(added) > 0 {
		fmt.Fprintf(out, "It now has %s.\n", strings.Join(added, ", "))
	}
}

func newOrgsTag(app *App) *cobra.Command {
	var remove []string
	var only bool
	cmd := &cobra.Command{
		Use:   "tag SLUG [TAG...]",
		Short: "Change an organisation's tags",
		Long: `Adds tags to an organisation's. --remove takes tags away; with --only the tags given become all it has,
and without any it has none. Alone it shows them.`,
		Example: `  gantry orgs tag contoso managed gold
  gantry orgs tag contoso --remove gold
  gantry orgs tag contoso --only managed`,
		Args: takes("SLUG", "[TAG...]"),
	}
	cmd.Flags().StringSliceVar(&remove, "remove", nil, "a `tag` to take away; may be repeated")
	cmd.Flags().BoolVar(&only, "only", false, "the tags given are all it has")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		tags := slices.Clone(args[1:])
		if only && len(remove) > 0 {
			return usage(cmd, "--only and --remove do not go together")
		}
		access := Writing
		if len(tags)+len(remove) == 0 && !only {
			access = Reading
		}
		d, org, err := app.dataAndOrg(ctx, access, args[0])
		if err != nil {
			return err
		}
		if only {
			org, err = d.Orgs.Update(ctx, org.ID, orgs.Changes{Tags: &tags})
		} else if access == Writing {
			org, err = d.Orgs.Tag(ctx, org.ID, tags, remove)
		}
		return app.changed(ctx, d, org, err, func(out io.Writer) {
			shown := strings.Join(org.Tags, ", ")
			if shown == "" {
				shown = "none"
			}
			fmt.Fprintf(out, "Tags of %s: %s\n", org.Name, shown)
		})
	}
	return cmd
}

func newOrgsEnable(app *App, enabled bool) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "enable SLUG",
		Short:   "Let runs begin for an organisation again",
		Example: "  gantry orgs enable contoso",
		Args:    takes("SLUG"),
	}
	said := "Runs begin for %s again.\n"
	if !enabled {
		cmd.Use, cmd.Short, cmd.Example = "disable SLUG", "Let no runs begin for an organisation", "  gantry orgs disable contoso"
		cmd.Long = `Lets no runs begin for an organisation, by hand or by triggers, and no task of another run act for it,
until it is enabled again. Everything it has can still be changed. Organisations below it are not concerned.`
		said = "No runs begin for %s until it is enabled again.\n"
	}
	cmd.RunE = app.onOrg(Writing, func(ctx context.Context, d *Data, org orgs.Organisation) error {
		now, err := d.Orgs.Update(ctx, org.ID, orgs.Changes{Enabled: &enabled})
		return app.changed(ctx, d, now, err, func(out io.Writer) { fmt.Fprintf(out, said, org.Name) })
	})
	return cmd
}
