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

func newOrgs(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:     "orgs",
		Aliases: []string{"organisations", "org"},
		Short:   "Organisations: the MSP and its clients, as a tree",
		Example: `  gantry orgs list
  gantry orgs add contoso --name "Contoso Ltd" --tag managed`,
		GroupID: groupOrgs,
	}, newOrgsList(app), newOrgsShow(app), newOrgsAdd(app), newOrgsRemove(app), newOrgsRestore(app))
}

// organisationDocument is an organisation in JSON.
type organisationDocument struct {
	orgs.Organisation
	Parent string `json:"parent,omitempty"` // slug
}

func newOrgsList(app *App) *cobra.Command {
	var tag string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the organisations as a tree",
		Example: "  gantry orgs list\n  gantry orgs list --tag managed --format json",
		Args:    takes(),
	}
	cmd.Flags().StringVar(&tag, "tag", "", "only those with this `tag`")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		d, err := app.Data(cmd.Context(), Reading)
		if err != nil {
			return err
		}
		all, err := d.Orgs.List(cmd.Context())
		if err != nil {
			return err
		}
		docs := withParents(all)
		if tag != "" {
			docs = slices.DeleteFunc(docs, func(o organisationDocument) bool { return !slices.Contains(o.Tags, tag) })
		}
		return app.Show(docs, func(out io.Writer) error { return app.orgTree(out, docs) })
	}
	return cmd
}

func withParents(all []orgs.Organisation) []organisationDocument {
	slugs := map[string]string{}
	docs := make([]organisationDocument, len(all))
	for i, o := range all {
		slugs[o.ID] = o.Slug
		docs[i] = organisationDocument{o, slugs[o.ParentID]}
	}
	return docs
}

func (a *App) orgTree(out io.Writer, docs []organisationDocument) error {
	if len(docs) == 0 {
		fmt.Fprintln(out, "No such organisations.")
		return nil
	}
	depth := map[string]int{}
	var rows [][]string
	for _, o := range docs {
		if above, ok := depth[o.ParentID]; ok {
			depth[o.ID] = above + 1
		} else {
			depth[o.ID] = 0
		}
		rows = append(rows, []string{strings.Repeat("  ", depth[o.ID]) + o.Name, o.Slug, strings.Join(o.Tags, ", ")})
	}
	table(out, a.outStyle(), []string{"NAME", "SLUG", "TAGS"}, rows)
	return nil
}

func newOrgsShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show SLUG",
		Short: "Show an organisation and what it has",
		Long: `Shows an organisation with its own instances of integrations, its mappings, and the variables that
hold for it.`,
		Example: "  gantry orgs show northwind-dental",
		Args:    takes("SLUG"),
		RunE: app.onOrg(Reading, func(ctx context.Context, d *Data, org orgs.Organisation) error {
			doc, err := orgWithAll(ctx, d, org)
			if err != nil {
				return err
			}
			return app.Show(doc, func(out io.Writer) error { return app.showOrg(out, doc) })
		}),
	}
}

// onOrg runs a command whose one word is the slug of an organisation.
func (a *App) onOrg(access Access, act func(context.Context, *Data, orgs.Organisation) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		d, org, err := a.dataAndOrg(cmd.Context(), access, args[0])
		if err != nil {
			return err
		}
		return act(cmd.Context(), d, org)
	}
}

// orgDocument is an organisation with all it has.
type orgDocument struct {
	organisationDocument
	Children     []string           `json:"children"` // slugs
	Integrations []orgs.Instance    `json:"integrations"`
	Mappings     []orgs.MappingTo   `json:"mappings"`
	Variables    []variableDocument `json:"variables"`
}

func orgWithAll(ctx context.Context, d *Data, org orgs.Organisation) (orgDocument, error) {
	doc := orgDocument{organisationDocument: organisationDocument{Organisation: org}, Children: []string{}}
	all, err := d.Orgs.List(ctx)
	if err != nil {
		return doc, err
	}
	for _, o := range all {
		if o.ParentID == org.ID {
			doc.Children = append(doc.Children, o.Slug)
		}
		if o.ID == org.ParentID {
			doc.Parent = o.Slug
		}
	}
	if doc.Integrations, err = d.Orgs.Instances(ctx, org.ID); err != nil {
		return doc, err
	}
	if doc.Mappings, err = d.Orgs.Mappings(ctx, org.ID); err != nil {
		return doc, err
	}
	variables, err := d.Orgs.Effective(ctx, org.ID)
	doc.Variables = variableDocuments(variables)
	return doc, err
}

func (a *App) showOrg(out io.Writer, doc orgDocument) error {
	s := a.outStyle()
	fmt.Fprintln(out, s.bold(doc.Name))
	row := func(label, text string) {
		if text != "" {
			fmt.Fprintf(out, "%s %s\n", s.dim(fmt.Sprintf("%-13s", label)), text)
		}
	}
	row("slug", doc.Slug)
	row("below", doc.Parent)
	row("tags", strings.Join(doc.Tags, ", "))
	row("since", doc.CreatedAt.Local().Format("2006-01-02"))
	row("children", strings.Join(doc.Children, ", "))
	for _, in := range doc.Integrations {
		row("integration", in.Integration+": "+in.Name+defaultMark(in))
	}
	for _, m := range doc.Mappings {
		row("mapped to", m.Integration+": "+mappedName(m))
	}
	if len(doc.Variables) > 0 {
		fmt.Fprintln(out)
		a.variableTable(out, doc.Variables, doc.Slug)
	}
	return nil
}

func newOrgsAdd(app *App) *cobra.Command {
	var wanted orgs.NewOrganisation
	cmd := &cobra.Command{
		Use:   "add SLUG",
		Short: "Add an organisation",
		Long: `Adds a client organisation below the MSP, or below another one. The slug is its short name in commands
and files, and its own for ever.`,
		Example: `  gantry orgs add contoso --name "Contoso Ltd" --tag managed
  gantry orgs add contoso-berlin --parent contoso`,
		Args: takes("SLUG"),
	}
	cmd.Flags().StringVar(&wanted.Name, "name", "", "its `name` as people know it (default the slug)")
	cmd.Flags().StringVar(&wanted.Parent, "parent", "", "the `slug` of the organisation above it (default the MSP)")
	cmd.Flags().StringSliceVar(&wanted.Tags, "tag", nil, "a `tag`, for triggers that run by tag; may be repeated")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		wanted.Slug = args[0]
		if _, err := orgs.ParseSlug(wanted.Slug); err != nil {
			return err
		}
		if wanted.Name == "" {
			wanted.Name = wanted.Slug
		}
		d, err := app.Data(ctx, Writing)
		if err != nil {
			return err
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

func newOrgsRemove(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "remove SLUG",
		Short: "Take an organisation out of use",
		Long: `Takes an organisation out of use. What it has is kept, and gantry orgs restore brings it back; its slug
stays its own.`,
		Example: "  gantry orgs remove contoso",
		Args:    takes("SLUG"),
		RunE: app.onOrg(Writing, func(ctx context.Context, d *Data, org orgs.Organisation) error {
			if err := d.Orgs.Remove(ctx, org.ID); err != nil {
				return err
			}
			return app.Show(map[string]any{"removed": org.Slug}, func(out io.Writer) error {
				fmt.Fprintf(out, "Removed %s. `%s` brings it back.\n", org.Name, app.command("orgs restore "+org.Slug))
				return nil
			})
		}),
	}
}

func newOrgsRestore(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "restore SLUG",
		Short:   "Bring a removed organisation back",
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
			if _, err := d.Orgs.Restore(ctx, org.ID); err != nil {
				return err
			}
			org.DeletedAt = nil
			parent, err := d.Orgs.ByID(ctx, org.ParentID)
			if err != nil {
				return err
			}
			return app.Show(organisationDocument{org, parent.Slug}, func(out io.Writer) error {
				fmt.Fprintf(out, "Restored %s with everything it had.\n", org.Name)
				return nil
			})
		},
	}
}
