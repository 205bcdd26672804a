package main

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newIntegrations(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:     "integrations",
		Aliases: []string{"integration"},
		Short:   "Integrations of organisations, and what organisations are mapped to",
		Long: `An instance is one configured copy of an integration, such as HaloPSA, and belongs to an organisation.
Workflows use the organisation's default instance, or one of the MSP that a trigger or task lends them.`,
		Example: `  gantry integrations list
  gantry integrations add halo
  gantry integrations test halo`,
		GroupID: groupOrgs,
	}, newIntegrationsList(app), newIntegrationsShow(app), newIntegrationsAdd(app), newIntegrationsUpdate(app), newIntegrationsRotate(app),
		newIntegrationsRename(app), newIntegrationsRemove(app), newIntegrationsDefault(app), newIntegrationsTest(app), newMap(app, "integrations", "map"), newUnmap(app, "integrations", "unmap"), newMappings(app, "integrations", "mappings"))
}

// instanceDocument is an instance in JSON. Secrets are named, never shown.
type instanceDocument struct {
	Organisation string         `json:"organisation"` // slug
	Integration  string         `json:"integration"`
	Title        string         `json:"title"`
	Name         string         `json:"name"`
	Default      bool           `json:"default"`
	Config       map[string]any `json:"config"`
	SecretFields []string       `json:"secret_fields"`
}

func instanceDoc(in api.Instance) instanceDocument {
	return instanceDocument{in.Organisation, in.Integration, in.Title, in.Name, in.Default, in.Config, in.SecretFields}
}

func defaultMark(in api.Instance) string {
	if in.Default {
		return " (default)"
	}
	return ""
}

func mappedName(m orgs.MappingTo) string {
	if m.ExternalName == "" {
		return m.ExternalID
	}
	return fmt.Sprintf("%s (%s)", m.ExternalName, m.ExternalID)
}

// titleOf gives the title of an integration that is named by its id or title.
func titleOf(ctx context.Context, c *api.Client, word string) (string, error) {
	of, err := api.ShowIntegration.Call(ctx, c, &api.OfCatalogue{Integration: word})
	if err != nil {
		return "", err
	}
	return of.Body.Title, nil
}

func newIntegrationsList(app *App) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the instances of an organisation",
		Example: "  gantry integrations list\n  gantry integrations list --org northwind-dental",
		Args:    takes(),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx, of := cmd.Context(), ofOrg(slug)
		found, err := aboutOrg(ctx, app, Reading, slug, api.ListInstances, &of)
		if err != nil {
			return err
		}
		docs := make([]instanceDocument, len(found.Body.Instances))
		for i, in := range found.Body.Instances {
			docs[i] = instanceDoc(in)
		}
		return app.Show(docs, func(out io.Writer) error {
			if len(docs) == 0 {
				return app.showCatalogue(ctx, out, found.Body.Organisation)
			}
			app.instanceTable(out, docs)
			return nil
		})
	}
	return cmd
}

// showCatalogue names what could be added for an organisation that has nothing yet.
func (a *App) showCatalogue(ctx context.Context, out io.Writer, org api.OrganisationName) error {
	there, err := api.ListIntegrations.Call(ctx, a.client, &struct{}{})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s has no integrations of its own. These can be added, for example with `%s`:\n", org.Name, a.command("integrations add halo"+flagOf(org)))
	for _, in := range there.Body.Integrations {
		fmt.Fprintf(out, "  %s  %s\n", in.ID, in.Title)
	}
	return nil
}

func (a *App) instanceTable(out io.Writer, docs []instanceDocument) {
	var rows [][]string
	for _, in := range docs {
		mark := ""
		if in.Default {
			mark = "default"
		}
		rows = append(rows, []string{in.Integration, in.Title, in.Name, mark})
	}
	table(out, a.outStyle(), []string{"INTEGRATION", "TITLE", "NAME", ""}, rows)
}

// instanceFlags choose an instance.
type instanceFlags struct{ org, name string }

func (f *instanceFlags) add(app *App, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&f.name, "name", "", "the instance's `name` (default the organisation's default instance)")
}

// of names the instance in a request.
func (f *instanceFlags) of(integration string) api.OfInstance {
	return api.OfInstance{OfOrganisation: ofOrg(f.org), Integration: integration, Name: f.name}
}

func newIntegrationsShow(app *App) *cobra.Command {
	var f instanceFlags
	cmd := &cobra.Command{
		Use:     "show INTEGRATION",
		Short:   "Show how an instance is configured",
		Example: "  gantry integrations show halo",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of := f.of(args[0])
		found, err := aboutOrg(cmd.Context(), app, Reading, f.org, api.ShowInstance, &of)
		if err != nil {
			return err
		}
		return app.Show(instanceDoc(found.Body.Instance), func(out io.Writer) error {
			app.showInstance(out, found.Body.Instance, found.Body.Fields)
			return nil
		})
	}
	return cmd
}

func (a *App) showInstance(out io.Writer, in api.Instance, order []string) {
	fmt.Fprintf(out, "%s: %s of %s%s\n", in.Title, in.Name, in.Whose, defaultMark(in))
	p := &valuePrinter{out: out, style: a.outStyle(), width: a.width(), full: true}
	shown := maps.Clone(in.Config)
	if shown == nil {
		shown = map[string]any{}
	}
	for _, secret := range in.SecretFields {
		shown[secret] = masked
	}
	p.fields(shown, order, "  ")
}
