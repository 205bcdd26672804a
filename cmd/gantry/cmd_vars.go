package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newVars(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:     "vars",
		Aliases: []string{"variables", "var"},
		Short:   "Variables and secrets of organisations",
		Long: `Variables of an organisation, which workflows read as org.vars.NAME. Organisations below inherit them;
the nearest value counts. Secrets are kept encrypted and never shown.`,
		Example: `  gantry vars list --org northwind-dental
  gantry vars set default_team "Service Desk"`,
		GroupID: groupOrgs,
	}, newVarsList(app), newVarsShow(app), newVarsSet(app), newVarsRemove(app))
}

const masked = "********"

func newVarsList(app *App) *cobra.Command {
	var slug string
	var own bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the variables that hold for an organisation, and where they come from",
		Example: "  gantry vars list\n  gantry vars list --org northwind-dental",
		Args:    takes(),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().BoolVar(&own, "own", false, "only its own, not those it inherits")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		found, err := aboutOrg(cmd.Context(), app, Reading, slug, api.ListVariables, &api.ListVariablesIn{OfOrganisation: ofOrg(slug), Own: own})
		if err != nil {
			return err
		}
		org, docs := found.Body.Organisation, found.Body.Variables
		return app.Show(docs, func(out io.Writer) error {
			if len(docs) == 0 {
				fmt.Fprintf(out, "%s has no variables. `%s` sets one.\n", org.Name, app.command("vars set NAME VALUE"+flagOf(org)))
				return nil
			}
			app.variableTable(out, docs, org.Slug)
			return nil
		})
	}
	return cmd
}

// flagOf is the flag that names an organisation; the MSP needs none.
func flagOf(org api.OrganisationName) string {
	if org.MSP {
		return ""
	}
	return " --org " + org.Slug
}

func (a *App) variableTable(out io.Writer, docs []api.Variable, own string) {
	var rows [][]string
	for _, v := range docs {
		from := v.Source
		switch {
		case v.Local:
			from = "own, local"
		case v.Source == own:
			from = "own"
		}
		rows = append(rows, []string{v.Name, v.Type, ansi.Truncate(shownValue(v), 60, "…"), from})
	}
	table(out, a.outStyle(), []string{"NAME", "TYPE", "VALUE", "FROM"}, rows)
}

func shownValue(v api.Variable) string {
	if v.Type == orgs.TypeSecret {
		return masked
	}
	p := &valuePrinter{full: true}
	return p.compact(v.Value, 0)
}

func variableNamed(all []api.Variable, name string) (api.Variable, bool) {
	at := slices.IndexFunc(all, func(v api.Variable) bool { return v.Name == name })
	if at < 0 {
		return api.Variable{}, false
	}
	return all[at], true
}

func newVarsRemove(app *App) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:     "remove NAME",
		Aliases: []string{"unset"},
		Short:   "Remove an organisation's own variable",
		Long:    "Removes an organisation's own variable. What it inherits under that name then counts again.",
		Example: "  gantry vars remove default_team --org northwind-dental",
		Args:    takes("NAME"),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		removed, err := aboutOrg(cmd.Context(), app, Writing, slug, api.RemoveVariable, &api.OfVariable{OfOrganisation: ofOrg(slug), Name: args[0]})
		if err != nil {
			return err
		}
		b := removed.Body
		return app.Show(map[string]any{"removed": b.Removed, "organisation": b.Organisation}, func(out io.Writer) error {
			fmt.Fprintf(out, "Removed %s of %s.\n", b.Removed, b.OrganisationName)
			if b.Inherited != nil {
				fmt.Fprintf(out, "It now has that of %s: %s\n", b.InheritedFrom, shownValue(*b.Inherited))
			}
			return nil
		})
	}
	return cmd
}
