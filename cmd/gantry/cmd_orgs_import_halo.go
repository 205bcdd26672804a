package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/connect"
)

// importFrom is one import of organisations from the entities of another system: gantry orgs import --from.
type importFrom struct {
	app    *App
	from   string // integration
	target targetFlags
	wanted connect.Import
}

func (i *importFrom) addFlags(cmd *cobra.Command) {
	i.target.add(i.app, cmd)
	flags := cmd.Flags()
	flags.StringVar(&i.from, "from", "", "make organisations of what this `integration` has, such as the clients in halo")
	flags.StringArrayVar(&i.wanted.IDs, "client", nil, "with --from: the one with this `id`; may be repeated")
	flags.StringVar(&i.wanted.Search, "search", "", "with --from: those with this `text` in the name")
	flags.BoolVar(&i.wanted.All, "all", false, "with --from: all of them")
	flags.StringArrayVar(&i.wanted.Variables, "keep", nil, "with --from: keep this `field` of each as the variable <integration>_<field>; may be repeated")
}

// run imports. Rows that fail make the command fail, after the others are done.
func (i *importFrom) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	ways := 0
	for _, given := range []bool{len(i.wanted.IDs) > 0, i.wanted.Search != "", i.wanted.All} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return usage(cmd, "say which to import: --client ID, --search TEXT, or --all")
	}
	for at, ids := range i.wanted.IDs {
		i.wanted.IDs[at] = strings.TrimSpace(ids)
	}
	access := Writing
	if i.wanted.DryRun {
		access = Calling
	}
	service, t, err := i.app.target(ctx, access, i.from, i.target)
	if err != nil {
		return err
	}
	i.wanted.By = whoami(i.app.Getenv)
	report, err := reading(i.app, t, func() (connect.ImportReport, error) { return service.Import(ctx, t, i.wanted) })
	if err != nil {
		return err
	}
	if err := i.app.Show(report, func(out io.Writer) error { i.app.showImport(out, t, report); return nil }); err != nil {
		return err
	}
	if report.Failed > 0 {
		return errFailed
	}
	return nil
}

func (a *App) showImport(out io.Writer, t connect.Target, r connect.ImportReport) {
	style := a.outStyle()
	var rows [][]string
	for _, row := range r.Rows {
		said := style.good("imported")
		switch row.Status {
		case connect.Skipped:
			said = style.dim("skipped: " + row.Why)
		case connect.Failed:
			said = style.bad("failed: " + row.Error.Error())
		}
		rows = append(rows, []string{named(row.ID, row.Name), row.Organisation, said})
	}
	if len(rows) > 0 {
		table(out, style, []string{strings.ToUpper(t.Integration.Title), "ORGANISATION", "WHAT"}, rows)
	}
	words := fmt.Sprintf("%d imported, %d skipped, %d failed", r.Imported, r.Skipped, r.Failed)
	if r.DryRun {
		words = "A dry run; nothing was written. It would be: " + words
	}
	fmt.Fprintln(out, words+".")
}
