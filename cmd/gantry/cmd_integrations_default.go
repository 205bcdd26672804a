package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
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
		c, err := app.choose(ctx, Writing, args[0], instanceFlags{org: slug, name: args[1]})
		if err != nil {
			return err
		}
		if err := c.data.Orgs.SetDefault(ctx, c.org.ID, c.of.ID, c.in.Name); err != nil {
			return err
		}
		c.in.Default = true
		return app.Show(c.document(), func(out io.Writer) error {
			fmt.Fprintf(out, "%s is now the default %s of %s.\n", c.in.Name, c.of.Title, c.org.Name)
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
	d, org, err := a.dataAndOrg(ctx, Writing, slug)
	if err != nil {
		return err
	}
	of, err := a.integration(ctx, word)
	if err != nil {
		return err
	}
	if err := d.Orgs.ClearDefault(ctx, org.ID, of.ID); err != nil {
		return err
	}
	return a.Show(map[string]any{"organisation": org.Slug, "integration": of.ID, "default": nil}, func(out io.Writer) error {
		fmt.Fprintf(out, "%s has no default %s any more: tasks need an override that chooses an instance.\n", org.Name, of.Title)
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
		ctx := cmd.Context()
		c, err := app.choose(ctx, Writing, args[0], f)
		if err != nil {
			return err
		}
		users := app.workflowsNaming(ctx, c)
		before := c.in.Name
		if c.in, err = c.data.Orgs.RenameInstance(ctx, c.org.ID, c.of.ID, before, args[1]); err != nil {
			return err
		}
		if len(users) > 0 && !strings.EqualFold(before, args[1]) {
			app.Note("These workflows name it in an override and must be changed: %s.", strings.Join(slices.Compact(users), ", "))
		}
		return app.Show(c.document(), func(out io.Writer) error {
			fmt.Fprintf(out, "%s (%s) of %s is now called %s.\n", before, c.of.Title, c.org.Name, c.in.Name)
			return nil
		})
	}
	return cmd
}
