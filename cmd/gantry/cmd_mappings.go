package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
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

// mapped is the organisation and the integration of which a mapping speaks.
type mapped struct {
	app  *App
	slug string
	data *Data
	org  orgs.Organisation
	of   *actions.Integration
}

func (m *mapped) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.slug, "org", "", "the organisation's `slug`")
	m.app.completeOrg(cmd)
}

// find looks for both. The MSP is not meant unless it is named: mapping the wrong organisation is easily done.
func (m *mapped) find(cmd *cobra.Command, integration string) (err error) {
	if m.slug == "" {
		return usage(cmd, "%s needs --org", cmd.CommandPath())
	}
	if m.data, m.org, err = m.app.dataAndOrg(cmd.Context(), Writing, m.slug); err != nil {
		return err
	}
	m.of, err = m.app.integration(cmd.Context(), integration)
	return err
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
		ctx := cmd.Context()
		err := m.find(cmd, args[0])
		if err != nil {
			return err
		}
		in, err := app.instanceFor(ctx, m, under)
		if err != nil && (name == "" || under != targetFlags{}) {
			return withHint(err, "with --name NAME it is mapped without asking")
		}
		if name == "" && m.of.Mapping != nil {
			if name, err = app.entityName(ctx, m, in, args[1]); err != nil {
				return err
			}
		}
		to := orgs.MappingTo{Integration: m.of.ID, InstanceID: in.ID, ExternalID: args[1], ExternalName: name, By: whoami(app.Getenv)}
		problems, err := m.data.Orgs.SaveMappings(ctx, []orgs.MappingChange{{OrganisationID: m.org.ID, To: to}}, shared, false)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems[0].Fault
		}
		return app.Show(mappingDocument{Organisation: m.org.Slug, MappingTo: to}, func(out io.Writer) error {
			fmt.Fprintf(out, "%s is %s in %s.\n", m.org.Name, mappedName(to), m.of.Title)
			return nil
		})
	}
	return cmd
}

// mappingDocument is a mapping in JSON.
type mappingDocument struct {
	Organisation string `json:"organisation"` // slug
	orgs.MappingTo
	At         time.Time `json:"mapped_at,omitzero"`
	SharedWith []string  `json:"shared_with,omitempty"` // slugs of the others that are the same entity
}

// howMapped says how a mapping came to be: by which comparison, or by hand.
func howMapped(m orgs.MappingTo) string {
	if m.Rung == "" {
		return "by hand"
	}
	return m.Rung + " " + percent(m.Confidence)
}

// instanceFor is the instance under which an organisation is mapped: the one that the flags name, else the
// organisation's own, else the MSP's.
func (a *App) instanceFor(ctx context.Context, m *mapped, f targetFlags) (orgs.Instance, error) {
	if a.Flags.Sandbox {
		if _, err := a.Runtime(ctx); err != nil { // it starts the simulators before the instance is read
			return orgs.Instance{}, err
		}
	}
	if f != (targetFlags{}) {
		_, t, err := a.target(ctx, Writing, m.of.ID, f)
		return t.Instance, err
	}
	in, err := instanceOf(ctx, m.data, m.org, m.of, "")
	if err != nil {
		in, err = m.data.Orgs.Resolve(ctx, m.org, m.of.ID, m.of.Title, orgs.Lent{Trigger: &orgs.Override{Use: orgs.UseDefault}})
	}
	return in, err
}

// entityName asks the other system for the name of the entity with an id.
func (a *App) entityName(ctx context.Context, m *mapped, in orgs.Instance, id string) (string, error) {
	of, org := m.of, m.org
	secrets, err := m.data.Orgs.InstanceSecrets(ctx, in.OrganisationID, in.ID)
	if err != nil {
		return "", err
	}
	out, err := a.callFor(ctx, of.Mapping.Action, of.Mapping.With, org, in, secrets)
	if err != nil {
		return "", err
	}
	if out.Err != nil {
		return "", withHint(workError{out.Err}, "with --name NAME it is mapped without asking")
	}
	list, _ := out.Result.([]any)
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && fmt.Sprint(m[of.Mapping.ID]) == id {
			return scalar(m[of.Mapping.Name]), nil
		}
	}
	return "", fault.New(fault.Missing, "%s knows nothing with the id %s", of.Title, id).
		WithHint("`%s` lists what it knows; with --name NAME it is mapped without asking", a.command("actions call "+of.Mapping.Action))
}

// withHint adds to the hint of an error.
func withHint(err error, more string) error {
	f := fault.From(err)
	if f.Hint != "" {
		more = f.Hint + "; " + more
	}
	return fault.Wrap(err, f.Code, "%s", f.Message).WithHint("%s", more).WithDetail(f.Detail)
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
		if err := m.find(cmd, args[0]); err != nil {
			return err
		}
		if err := m.data.Orgs.RemoveMapping(cmd.Context(), m.org.ID, m.of.ID); err != nil {
			return err
		}
		return app.Show(map[string]any{"removed": m.of.ID, "organisation": m.org.Slug}, func(out io.Writer) error {
			fmt.Fprintf(out, "%s is no longer mapped in %s.\n", m.org.Name, m.of.Title)
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
		ctx := cmd.Context()
		d, err := app.Data(ctx, Reading)
		if err != nil {
			return err
		}
		of := ""
		if len(args) == 1 {
			in, err := app.integration(ctx, args[0])
			if err != nil {
				return err
			}
			of = in.ID
		}
		all, err := app.mappings(ctx, d, slug, of)
		if err != nil {
			return err
		}
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

func (a *App) mappings(ctx context.Context, d *Data, slug, integration string) ([]mappingDocument, error) {
	list, err := d.Orgs.List(ctx)
	if slug != "" {
		var org orgs.Organisation
		org, err = a.Organisation(ctx, d, slug)
		list = []orgs.Organisation{org}
	}
	if err != nil {
		return nil, err
	}
	mapped, err := d.Orgs.AllMappings(ctx, integration) // of all at once: there may be thousands
	if err != nil {
		return nil, err
	}
	shared, err := d.Orgs.SharedWith(ctx, mapped)
	if err != nil {
		return nil, err
	}
	byOrganisation := map[string][]mappingDocument{}
	for i, m := range mapped {
		byOrganisation[m.OrganisationID] = append(byOrganisation[m.OrganisationID], mappingDocument{"", m.MappingTo, m.MappedAt(), shared[i]})
	}
	all := []mappingDocument{}
	for _, org := range list {
		for _, m := range byOrganisation[org.ID] {
			m.Organisation = org.Slug
			all = append(all, m)
		}
	}
	return all, nil
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
