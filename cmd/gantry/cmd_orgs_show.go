package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/orgs"
)

func newOrgsShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show SLUG",
		Short: "Show an organisation and what it has",
		Long: `Shows an organisation: its slugs of before, what is below it, its own instances of integrations, its
mappings, and the variables that hold for it with where each comes from.`,
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

// orgDocument is an organisation with all it has.
type orgDocument struct {
	organisationDocument
	FormerSlugs  []string           `json:"former_slugs"`
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
	if doc.FormerSlugs, err = d.Orgs.FormerSlugs(ctx, org.ID); err != nil {
		return doc, err
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
	row("formerly", strings.Join(doc.FormerSlugs, ", "))
	if !doc.Enabled {
		row("state", "disabled: no runs begin for it")
	}
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
