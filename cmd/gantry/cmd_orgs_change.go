package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newOrgsAdd(app *App) *cobra.Command {
	var wanted api.CreateOrganisationIn
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
	cmd.Flags().StringVar(&wanted.Body.Name, "name", "", "its `name` as people know it (default the slug)")
	cmd.Flags().StringVar(&wanted.Body.Parent, "parent", "", "the `slug` of the organisation above it (default the MSP)")
	cmd.Flags().StringSliceVar(&wanted.Body.Tags, "tag", nil, "a `tag`, for triggers that run by tag; may be repeated")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if len(args) == 0 && wanted.Body.Name == "" {
			return usage(cmd, "%s needs a SLUG or --name", cmd.CommandPath())
		}
		if len(args) == 1 {
			wanted.Body.Slug = args[0]
			if _, err := orgs.ParseSlug(wanted.Body.Slug); err != nil {
				return err
			}
		}
		c, err := app.Client(ctx, Writing)
		if err != nil {
			return err
		}
		made, err := api.CreateOrganisation.Call(ctx, c, &wanted)
		if err != nil {
			return err
		}
		return app.Show(made.Body.Organisation, func(out io.Writer) error {
			fmt.Fprintf(out, "Added %s (%s) below %s.\n", made.Body.Name, made.Body.Slug, made.Body.ParentName)
			return nil
		})
	}
	return cmd
}

func newOrgsRename(app *App) *cobra.Command {
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
		in := &api.UpdateOrganisationIn{OfOrganisation: ofOrg(args[0])}
		if name != "" {
			in.Body.Name = &name
		}
		if slug != "" {
			in.Body.Slug = &slug
		}
		changed, err := aboutOrg(cmd.Context(), app, Writing, args[0], api.UpdateOrganisation, in)
		if err != nil {
			return err
		}
		now, was := changed.Body.Organisation, changed.Body.Was
		return app.Show(now, func(out io.Writer) error {
			fmt.Fprintf(out, "%s (%s) is now %s (%s).\n", was.Name, was.Slug, now.Name, now.Slug)
			if now.Slug != was.Slug {
				fmt.Fprintf(out, "The slug %s stays its own and still finds it.\n", was.Slug)
			}
			return nil
		})
	}
	return cmd
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
			in := &api.MoveOrganisationIn{OfOrganisation: ofOrg(args[0])}
			in.Body.Parent = args[1]
			moved, err := aboutOrg(cmd.Context(), app, Writing, args[0], api.MoveOrganisation, in)
			if err != nil {
				return err
			}
			return app.Show(moved.Body.Organisation, func(out io.Writer) error {
				fmt.Fprintf(out, "%s now stands below %s.\n", moved.Body.Name, moved.Body.ParentName)
				saidInherited(out, "It no longer has", moved.Body.Lost)
				saidInherited(out, "It now has", moved.Body.Gained)
				return nil
			})
		},
	}
}

// saidInherited tells which variables an organisation gets from elsewhere now.
func saidInherited(out io.Writer, words string, all []api.Inherited) {
	if len(all) == 0 {
		return
	}
	said := make([]string, len(all))
	for i, v := range all {
		said[i] = v.Name + " of " + v.Source
	}
	fmt.Fprintf(out, "%s %s.\n", words, strings.Join(said, ", "))
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
		org, err := app.tag(ctx, args[0], tags, remove, only)
		if err != nil {
			return err
		}
		return app.Show(org, func(out io.Writer) error {
			fmt.Fprintf(out, "Tags of %s: %s\n", org.Name, cmp.Or(strings.Join(org.Tags, ", "), "none"))
			return nil
		})
	}
	return cmd
}

// tag changes an organisation's tags and gives it as it is then. Without any it is only looked at.
func (a *App) tag(ctx context.Context, slug string, tags, remove []string, only bool) (api.Organisation, error) {
	switch {
	case only:
		in := &api.UpdateOrganisationIn{OfOrganisation: ofOrg(slug)}
		in.Body.Tags = &tags
		out, err := aboutOrg(ctx, a, Writing, slug, api.UpdateOrganisation, in)
		if err != nil {
			return api.Organisation{}, err
		}
		return out.Body.Organisation, nil
	case len(tags)+len(remove) == 0:
		in := ofOrg(slug)
		out, err := aboutOrg(ctx, a, Reading, slug, api.ShowOrganisation, &in)
		if err != nil {
			return api.Organisation{}, err
		}
		return out.Body.Organisation, nil
	}
	in := &api.TagOrganisationIn{OfOrganisation: ofOrg(slug)}
	in.Body.Add, in.Body.Remove = tags, remove
	out, err := aboutOrg(ctx, a, Writing, slug, api.TagOrganisation, in)
	if err != nil {
		return api.Organisation{}, err
	}
	return out.Body, nil
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
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.UpdateOrganisationIn{OfOrganisation: ofOrg(args[0])}
		in.Body.Enabled = &enabled
		changed, err := aboutOrg(cmd.Context(), app, Writing, args[0], api.UpdateOrganisation, in)
		if err != nil {
			return err
		}
		return app.Show(changed.Body.Organisation, func(out io.Writer) error {
			fmt.Fprintf(out, said, changed.Body.Name)
			return nil
		})
	}
	return cmd
}
