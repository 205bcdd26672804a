package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// originDocument is a variable in JSON with every value of it on the way up to the MSP.
type originDocument struct {
	variableDocument
	Origins []originValue `json:"origins"`
}

type originValue struct {
	variableDocument
	State string `json:"state"` // counts, hidden, local
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
		ctx := cmd.Context()
		d, org, err := app.dataAndOrg(ctx, Reading, slug)
		if err != nil {
			return err
		}
		all, err := d.Orgs.Effective(ctx, org.ID)
		if err != nil {
			return err
		}
		origins, err := d.Orgs.Origins(ctx, org.ID, args[0])
		if err != nil {
			return err
		}
		v, ok := variableNamed(all, args[0])
		if !ok {
			return unknownVariable(org, args[0], all, origins)
		}
		doc := originDocument{variableDocument: variableDocuments([]orgs.Variable{v})[0], Origins: []originValue{}}
		for _, o := range origins {
			doc.Origins = append(doc.Origins, originValue{variableDocuments([]orgs.Variable{o.Variable})[0], o.State})
		}
		return app.Show(doc, func(out io.Writer) error { app.showVariable(out, v, doc); return nil })
	}
	return cmd
}

// unknownVariable tells that a variable does not hold, and whether somebody above keeps it to themselves.
func unknownVariable(org orgs.Organisation, name string, all []orgs.Variable, origins []orgs.Origin) error {
	f := fault.New(fault.Missing, "%s has no variable %q", org.Name, name)
	if len(origins) > 0 {
		return f.WithHint("%s has it, but local: it is not handed down", origins[0].Source.Name)
	}
	return f.WithHint("%s", source.DidYouMean(name, variableNames(all)))
}

func (a *App) showVariable(out io.Writer, v orgs.Variable, doc originDocument) {
	fmt.Fprintf(out, "%s (%s) of %s\n", v.Name, v.Type, v.Source.Name)
	if v.Local {
		fmt.Fprintln(out, "It is local: organisations below do not see it.")
	}
	if v.Type == orgs.TypeSecret {
		fmt.Fprintln(out, "A secret, which is never shown.")
	} else {
		p := &valuePrinter{out: out, style: a.outStyle(), width: a.width(), full: true}
		p.named("value", v.Value, "")
	}
	if len(doc.Origins) < 2 {
		return
	}
	fmt.Fprintln(out)
	var rows [][]string
	for _, o := range doc.Origins {
		value := shownValue(o.variableDocument)
		if o.State == orgs.OriginLocal {
			value = "-"
		}
		rows = append(rows, []string{o.Source, value, map[string]string{
			orgs.OriginCounts: "counts here", orgs.OriginHidden: "hidden by the one above", orgs.OriginLocal: "local, not handed down"}[o.State]})
	}
	table(out, a.outStyle(), []string{"FROM", "VALUE", ""}, rows)
}
