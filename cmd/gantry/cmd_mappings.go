package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

// newMappingsGroup is `gantry mappings`: what `gantry integrations` does with mappings, under their own word.
func newMappingsGroup(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "mappings",
		Short: "Which entities of other systems the organisations are",
		Long: `Organisations are mapped to the entities of other systems, such as the clients in HaloPSA: read the entities
with refresh, compare names with suggest, and save what fits. Workflows see the mapping as
org.integrations.halo.id, a number as in Halo.`,
		Example: "  gantry mappings refresh halo\n  gantry mappings suggest halo\n  gantry mappings save halo --accept near\n  gantry mappings set halo 12 --org northwind-dental",
		GroupID: groupOrgs,
	}, newMappingsRefresh(app), newMappingsSuggest(app), newMappingsSave(app), newMappings(app, "mappings", "list"), newMap(app, "mappings", "set"), newUnmap(app, "mappings", "remove"))
}

// mapped is the organisation of which a mapping speaks.
type mapped struct {
	app  *App
	slug string
}

func (m *mapped) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.slug, "org", "", "the organisation's `slug`")
	m.app.completeOrg(cmd)
}

// of names it in a request. The MSP is not meant unless it is named: mapping the wrong organisation is easily done.
func (m *mapped) of(cmd *cobra.Command, integration string) (api.OfIntegration, error) {
	if m.slug == "" {
		return api.OfIntegration{}, usage(cmd, "%s needs --org", cmd.CommandPath())
	}
	return api.OfIntegration{OfOrganisation: ofOrg(m.slug), Integration: integration}, nil
}

func newMap(app *App, group, word string) *cobra.Command {
	m := &mapped{app: app}
	name, shared := "", false
	var under targetFlags
	cmd := &cobra.Command{
		Use:   word + " INTEGRATION ID --org SLUG",
		Short: "Say which entity of the other system an organisation is",
		Long: `Maps an organisation to an entity of the other system, such as a client in HaloPSA; workflows see it as
org.integrations.halo.id. The other system is asked whether it knows the id and how it calls it, unless
--name says that. The mapping is kept with the instance that was asked: the organisation's own, else the MSP's,
unless --instance and --owner say another.`,
		Example: fmt.Sprintf("  gantry %s %s halo 12 --org northwind-dental\n  gantry %[1]s %[2]s halo 12 --org northwind-dental --name \"Northwind Dental\"", group, word),
		Args:    takes("INTEGRATION", "ID"),
	}
	m.flag(cmd)
	cmd.Flags().StringVar(&name, "name", "", "the `name` by which the other system calls it; it is not asked then")
	cmd.Flags().BoolVar(&shared, "shared", false, "allow several organisations to be one entity")
	under.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of, err := m.of(cmd, args[0])
		if err != nil {
			return err
		}
		in := &api.SetMappingIn{OfIntegration: of}
		in.Body.TargetOf, in.Body.ID, in.Body.Name, in.Body.Shared = under.of(), args[1], name, shared
		set, err := aboutOrg(cmd.Context(), app, Writing, m.slug, api.SetMapping, in)
		if err != nil {
			return err
		}
		return app.Show(set.Body.Mapping, func(out io.Writer) error {
			fmt.Fprintf(out, "%s is %s in %s.\n", set.Body.Whose, mappedName(set.Body.MappingTo), set.Body.Title)
			return nil
		})
	}
	return cmd
}

// howMapped says how a mapping came to be: by which comparison, or by hand.
func howMapped(m orgs.MappingTo) string {
	if m.Rung == "" {
		return "by hand"
	}
	return m.Rung + " " + percent(m.Confidence)
}

func newUnmap(app *App, group, word string) *cobra.Command {
	m := &mapped{app: app}
	cmd := &cobra.Command{
		Use:     word + " INTEGRATION --org SLUG",
		Short:   "Remove an organisation's mapping",
		Example: fmt.Sprintf("  gantry %s %s halo --org northwind-dental", group, word),
		Args:    takes("INTEGRATION"),
	}
	m.flag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of, err := m.of(cmd, args[0])
		if err != nil {
			return err
		}
		removed, err := aboutOrg(cmd.Context(), app, Writing, m.slug, api.RemoveMapping, &of)
		if err != nil {
			return err
		}
		gone := removed.Body
		return app.Show(map[string]any{"removed": gone.Removed, "organisation": gone.Organisation}, func(out io.Writer) error {
			fmt.Fprintf(out, "%s is no longer mapped in %s.\n", gone.Name, gone.Title)
			return nil
		})
	}
	return cmd
}

func newMappings(app *App, group, word string) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:     word + " [INTEGRATION]",
		Short:   "List which entities of other systems the organisations are",
		Example: fmt.Sprintf("  gantry %s %s\n  gantry %[1]s %[2]s halo --org northwind-dental", group, word),
		Args:    takes("[INTEGRATION]"),
	}
	cmd.Flags().StringVar(&slug, "org", "", "only of the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.ListMappingsIn{Organisation: slug}
		if len(args) == 1 {
			in.Integration = args[0]
		}
		found, err := aboutOrg(cmd.Context(), app, Reading, slug, api.ListMappings, in)
		if err != nil {
			return err
		}
		all := found.Body.Mappings
		return app.Show(all, func(out io.Writer) error {
			if len(all) == 0 {
				fmt.Fprintf(out, "No organisation is mapped. `%s` maps one.\n", app.command("mappings set INTEGRATION ID --org SLUG"))
				return nil
			}
			var rows [][]string
			for _, m := range all {
				rows = append(rows, []string{m.Organisation, m.Integration, m.ExternalID, m.ExternalName, howMapped(m.MappingTo) + sharedWith(m.SharedWith)})
			}
			table(out, app.outStyle(), []string{"ORGANISATION", "INTEGRATION", "ID", "NAME", "HOW"}, rows)
			return nil
		})
	}
	return cmd
}

// sharedWith says that others are the same entity.
func sharedWith(slugs []string) string {
	switch len(slugs) {
	case 0:
		return ""
	case 1:
		return ", shared with " + slugs[0]
	}
	return fmt.Sprintf(", shared with %s and %d more", slugs[0], len(slugs)-1)
}
