package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

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

// variableDocument is a variable in JSON. The value of a secret is null.
type variableDocument struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Value  any    `json:"value"`
	Local  bool   `json:"local"`  // not handed down
	Source string `json:"source"` // slug of the organisation whose value it is
}

func variableDocuments(all []orgs.Variable) []variableDocument {
	docs := make([]variableDocument, len(all))
	for i, v := range all {
		docs[i] = variableDocument{v.Name, v.Type, v.Value, v.Local, v.Source.Slug}
	}
	return docs
}

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
		ctx := cmd.Context()
		d, org, err := app.dataAndOrg(ctx, Reading, slug)
		if err != nil {
			return err
		}
		read := d.Orgs.Effective
		if own {
			read = d.Orgs.Variables
		}
		all, err := read(ctx, org.ID)
		if err != nil {
			return err
		}
		docs := variableDocuments(all)
		return app.Show(docs, func(out io.Writer) error {
			if len(docs) == 0 {
				fmt.Fprintf(out, "%s has no variables. `%s` sets one.\n", org.Name, app.command("vars set NAME VALUE"+orgFlag(org)))
				return nil
			}
			app.variableTable(out, docs, org.Slug)
			return nil
		})
	}
	return cmd
}

// orgFlag is the flag that names an organisation; the MSP needs none.
func orgFlag(org orgs.Organisation) string {
	if org.ParentID == "" {
		return ""
	}
	return " --org " + org.Slug
}

// dataAndOrg opens the data and finds an organisation in it.
func (a *App) dataAndOrg(ctx context.Context, access Access, slug string) (*Data, orgs.Organisation, error) {
	d, err := a.Data(ctx, access)
	if err != nil {
		return nil, orgs.Organisation{}, err
	}
	org, err := a.Organisation(ctx, d, slug)
	return d, org, err
}

func (a *App) variableTable(out io.Writer, docs []variableDocument, own string) {
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

func shownValue(v variableDocument) string {
	if v.Type == orgs.TypeSecret {
		return masked
	}
	p := &valuePrinter{full: true}
	return p.compact(v.Value, 0)
}

func variableNamed(all []orgs.Variable, name string) (orgs.Variable, bool) {
	at := slices.IndexFunc(all, func(v orgs.Variable) bool { return v.Name == name })
	if at < 0 {
		return orgs.Variable{}, false
	}
	return all[at], true
}

func variableNames(all []orgs.Variable) []string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.Name
	}
	return names
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
		ctx := cmd.Context()
		d, org, err := app.dataAndOrg(ctx, Writing, slug)
		if err != nil {
			return err
		}
		if err := d.Orgs.RemoveVariable(ctx, org.ID, args[0]); err != nil {
			return err
		}
		left, err := d.Orgs.Effective(ctx, org.ID)
		if err != nil {
			return err
		}
		v, inherits := variableNamed(left, args[0])
		return app.Show(map[string]any{"removed": args[0], "organisation": org.Slug}, func(out io.Writer) error {
			fmt.Fprintf(out, "Removed %s of %s.\n", args[0], org.Name)
			if inherits {
				fmt.Fprintf(out, "It now has that of %s: %s\n", v.Source.Name, shownValue(variableDocuments([]orgs.Variable{v})[0]))
			}
			return nil
		})
	}
	return cmd
}
