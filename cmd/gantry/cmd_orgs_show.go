package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
)

func newOrgsShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show SLUG",
		Short: "Show an organisation and what it has",
		Long: `Shows an organisation: its slugs of before, what is below it, its own instances of integrations, its
mappings, and the variables that hold for it with where each comes from.`,
		Example: "  gantry orgs show northwind-dental",
		Args:    takes("SLUG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := ofOrg(args[0])
			found, err := aboutOrg(cmd.Context(), app, Reading, args[0], api.ShowOrganisation, &in)
			if err != nil {
				return err
			}
			return app.Show(found.Body, func(out io.Writer) error { return app.showOrg(out, found.Body) })
		},
	}
}

func (a *App) showOrg(out io.Writer, doc api.OrganisationDetail) error {
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
		name := in.Name
		if in.Default {
			name += " (default)"
		}
		row("integration", in.Integration+": "+name)
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
