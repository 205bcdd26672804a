package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
)

func newIntegrationsDefault(app *App) *cobra.Command {
	var slug string
	var none bool
	cmd := &cobra.Command{
		Use:   "default INTEGRATION [NAME]",
		Short: "Make an instance the organisation's default, or none",
		Long: `Makes an instance the organisation's default: tasks work with it unless an override chooses another one.
With --clear the organisation has no default any more.`,
		Example: "  gantry integrations default halo \"Halo production\"\n  gantry integrations default halo --clear --org contoso",
		Args: func(cmd *cobra.Command, args []string) error {
			return takesUnless(none, "INTEGRATION", "NAME")(cmd, args)
		},
	}
	cmd.Flags().StringVar(&slug, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().BoolVar(&none, "clear", false, "leave the organisation without a default")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if none {
			return app.clearDefault(ctx, args[0], slug)
		}
		in := &api.SetDefaultInstanceIn{OfOrganisation: ofOrg(slug), Integration: args[0]}
		in.Body.Name = args[1]
		set, err := aboutOrg(ctx, app, Writing, slug, api.SetDefaultInstance, in)
		if err != nil {
			return err
		}
		return app.Show(instanceDoc(set.Body), func(out io.Writer) error {
			fmt.Fprintf(out, "%s is now the default %s of %s.\n", set.Body.Name, set.Body.Title, set.Body.Whose)
			return nil
		})
	}
	return cmd
}

// takesUnless leaves the last of the words out when a flag stands for it.
func takesUnless(flag bool, words ...string) cobra.PositionalArgs {
	if flag {
		return takes(words[:len(words)-1]...)
	}
	return takes(words...)
}

func (a *App) clearDefault(ctx context.Context, word, slug string) error {
	cleared, err := aboutOrg(ctx, a, Writing, slug, api.ClearDefaultInstance, &api.OfIntegration{OfOrganisation: ofOrg(slug), Integration: word})
	if err != nil {
		return err
	}
	return a.Show(map[string]any{"organisation": cleared.Body.Organisation, "integration": cleared.Body.Integration, "default": nil}, func(out io.Writer) error {
		fmt.Fprintf(out, "%s has no default %s any more: tasks need an override that chooses an instance.\n", cleared.Body.Whose, cleared.Body.Title)
		return nil
	})
}

func newIntegrationsRename(app *App) *cobra.Command {
	var f instanceFlags
	cmd := &cobra.Command{
		Use:   "rename INTEGRATION NEW-NAME",
		Short: "Give an instance another name",
		Long: `Gives an instance another name. Mappings under it go along; overrides of workflows that name it do not,
and are told.`,
		Example: `  gantry integrations rename halo "Halo production"`,
		Args:    takes("INTEGRATION", "NEW-NAME"),
	}
	f.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.RenameInstanceIn{OfInstance: f.of(args[0])}
		in.Body.NewName = args[1]
		renamed, err := aboutOrg(cmd.Context(), app, Writing, f.org, api.RenameInstance, in)
		if err != nil {
			return err
		}
		now := renamed.Body
		if len(now.NamedBy) > 0 {
			app.Note("These workflows name it in an override and must be changed: %s.", strings.Join(now.NamedBy, ", "))
		}
		return app.Show(instanceDoc(now.Instance), func(out io.Writer) error {
			fmt.Fprintf(out, "%s (%s) of %s is now called %s.\n", now.Before, now.Title, now.Whose, now.Name)
			return nil
		})
	}
	return cmd
}
