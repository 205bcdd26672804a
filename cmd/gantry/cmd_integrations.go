package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
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

func instanceDoc(in orgs.Instance, org orgs.Organisation, title string) instanceDocument {
	return instanceDocument{org.Slug, in.Integration, title, in.Name, in.Default, in.Config, in.SecretFields}
}

func defaultMark(in orgs.Instance) string {
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

// integration finds an integration of the catalogue by its id or title.
func (a *App) integration(ctx context.Context, word string) (*actions.Integration, error) {
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, in := range p.Catalogue.Integrations() {
		if in.ID == word || strings.EqualFold(in.Title, word) {
			return in, nil
		}
		known = append(known, in.ID)
	}
	return nil, fault.New(fault.Missing, "there is no integration %q", word).WithHint("%s", source.DidYouMean(word, known))
}

// instanceOf finds an organisation's instance by its name; without a name, its default.
func instanceOf(ctx context.Context, d *Data, org orgs.Organisation, in *actions.Integration, name string) (orgs.Instance, error) {
	if name != "" {
		return d.Orgs.Instance(ctx, org.ID, in.ID, name)
	}
	found, err := d.Orgs.Resolve(ctx, org, in.ID, in.Title, orgs.Lent{})
	if err == nil || fault.From(err).Code != fault.NotInstalled {
		return found, err
	}
	all, listing := d.Orgs.Instances(ctx, org.ID)
	if listing != nil {
		return found, listing
	}
	return found, orUndecided(err, org, in, all)
}

// orUndecided is the fault of an organisation without a default instance: where it has instances all the same,
// one of them is to be named.
func orUndecided(err error, org orgs.Organisation, in *actions.Integration, all []orgs.Instance) error {
	var named []string
	for _, one := range all {
		if one.Integration == in.ID {
			named = append(named, "--name "+shellWord(one.Name))
		}
	}
	if len(named) == 0 {
		return err
	}
	return fault.Wrap(err, fault.Usage, "%s has %s of %s, and none of them is its default", org.Name, counted(len(named), "instance"), in.Title).
		WithHint("say which one with %s, or choose a default with `gantry integrations default %s NAME%s`", strings.Join(named, " or "), in.ID, orgFlag(org))
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
		ctx := cmd.Context()
		d, org, err := app.dataAndOrg(ctx, Reading, slug)
		if err != nil {
			return err
		}
		instances, err := d.Orgs.Instances(ctx, org.ID)
		if err != nil {
			return err
		}
		p, err := app.Project(ctx)
		if err != nil {
			return err
		}
		docs := make([]instanceDocument, len(instances))
		for i, in := range instances {
			docs[i] = instanceDoc(in, org, titleOf(p.Catalogue, in.Integration))
		}
		return app.Show(docs, func(out io.Writer) error { return app.instanceTable(out, docs, org, p.Catalogue) })
	}
	return cmd
}

func titleOf(c *actions.Catalogue, id string) string {
	if in, ok := c.Integration(id); ok {
		return in.Title
	}
	return id
}

func (a *App) instanceTable(out io.Writer, docs []instanceDocument, org orgs.Organisation, c *actions.Catalogue) error {
	if len(docs) == 0 {
		fmt.Fprintf(out, "%s has no integrations of its own. These can be added, for example with `%s`:\n", org.Name, a.command("integrations add halo"+orgFlag(org)))
		for _, in := range c.Integrations() {
			fmt.Fprintf(out, "  %s  %s\n", in.ID, in.Title)
		}
		return nil
	}
	var rows [][]string
	for _, in := range docs {
		mark := ""
		if in.Default {
			mark = "default"
		}
		rows = append(rows, []string{in.Integration, in.Title, in.Name, mark})
	}
	table(out, a.outStyle(), []string{"INTEGRATION", "TITLE", "NAME", ""}, rows)
	return nil
}

// instanceFlags choose an instance.
type instanceFlags struct{ org, name string }

func (f *instanceFlags) add(app *App, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&f.name, "name", "", "the instance's `name` (default the organisation's default instance)")
}

// chosenInstance is an instance with whose it is and what it is of.
type chosenInstance struct {
	data *Data
	org  orgs.Organisation
	of   *actions.Integration
	in   orgs.Instance
}

func (c chosenInstance) document() instanceDocument { return instanceDoc(c.in, c.org, c.of.Title) }

func (a *App) choose(ctx context.Context, access Access, word string, f instanceFlags) (chosenInstance, error) {
	var c chosenInstance
	var err error
	if c.data, c.org, err = a.dataAndOrg(ctx, access, f.org); err != nil {
		return c, err
	}
	if c.of, err = a.integration(ctx, word); err != nil {
		return c, err
	}
	c.in, err = instanceOf(ctx, c.data, c.org, c.of, f.name)
	return c, err
}

// onInstance runs a command whose first word is an integration, for the instance of it that is chosen.
func (a *App) onInstance(access Access, f *instanceFlags, act func(context.Context, chosenInstance) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, err := a.choose(cmd.Context(), access, args[0], *f)
		if err != nil {
			return err
		}
		return act(cmd.Context(), c)
	}
}

func newIntegrationsShow(app *App) *cobra.Command {
	var f instanceFlags
	cmd := &cobra.Command{
		Use:     "show INTEGRATION",
		Short:   "Show how an instance is configured",
		Example: "  gantry integrations show halo",
		Args:    takes("INTEGRATION"),
		RunE:    app.onInstance(Reading, &f, app.showInstance),
	}
	f.add(app, cmd)
	return cmd
}

func (a *App) showInstance(_ context.Context, c chosenInstance) error {
	return a.Show(c.document(), func(out io.Writer) error {
		fmt.Fprintf(out, "%s: %s of %s%s\n", c.of.Title, c.in.Name, c.org.Name, defaultMark(c.in))
		p := &valuePrinter{out: out, style: a.outStyle(), width: a.width(), full: true}
		shown := maps.Clone(c.in.Config)
		for _, secret := range c.in.SecretFields {
			shown[secret] = masked
		}
		p.fields(shown, fieldOrder(c.of.Config), "  ")
		return nil
	})
}

func fieldOrder(fields []schema.Field) []string {
	order := make([]string, len(fields))
	for i, f := range fields {
		order[i] = f.Name
	}
	return order
}
