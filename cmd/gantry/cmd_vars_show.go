package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

// originDocument is a variable in JSON with every value of it on the way up to the MSP.
type originDocument struct {
	api.Variable
	Origins []api.VariableOrigin `json:"origins"`
}

func newVarsShow(app *App) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:     "show NAME",
		Aliases: []string{"get"},
		Short:   "Show one variable in full, and where its value comes from",
		Example: "  gantry vars show default_team --org northwind-dental",
		Args:    takes("NAME"),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		found, err := aboutOrg(cmd.Context(), app, Reading, slug, api.ShowVariable, &api.OfVariable{OfOrganisation: ofOrg(slug), Name: args[0]})
		if err != nil {
			return err
		}
		doc := originDocument{found.Body.Variable, found.Body.Origins}
		return app.Show(doc, func(out io.Writer) error { app.showVariable(out, doc, found.Body.SourceName); return nil })
	}
	return cmd
}

func (a *App) showVariable(out io.Writer, v originDocument, source string) {
	fmt.Fprintf(out, "%s (%s) of %s\n", v.Name, v.Type, source)
	if v.Local {
		fmt.Fprintln(out, "It is local: organisations below do not see it.")
	}
	if v.Type == orgs.TypeSecret {
		fmt.Fprintln(out, "A secret, which is never shown.")
	} else {
		p := &valuePrinter{out: out, style: a.outStyle(), width: a.width(), full: true}
		p.named("value", v.Value, "")
	}
	if len(v.Origins) < 2 {
		return
	}
	fmt.Fprintln(out)
	var rows [][]string
	for _, o := range v.Origins {
		value := shownValue(o.Variable)
		if o.State == orgs.OriginLocal {
			value = "-"
		}
		rows = append(rows, []string{o.Source, value, map[string]string{
			orgs.OriginCounts: "counts here", orgs.OriginHidden: "hidden by the one above", orgs.OriginLocal: "local, not handed down"}[o.State]})
	}
	table(out, a.outStyle(), []string{"FROM", "VALUE", ""}, rows)
}
