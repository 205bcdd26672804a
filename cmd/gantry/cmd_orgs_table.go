package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// maxFile bounds what is read as a file of organisations, in bytes.
const maxFile = 64 << 20

// readInput reads a file of at most so many bytes; - is standard input.
func (a *App) readInput(path string, most int64) ([]byte, error) {
	in := a.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fault.Wrap(err, fault.Usage, "%s cannot be read: %s", path, err).
				WithHint("check the name, and the folder that it is looked for in; - is standard input")
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "%s cannot be read: %s", path, err)
	}
	if int64(len(text)) > most {
		return nil, fault.New(fault.Usage, "%s is larger than %d MiB", path, most>>20)
	}
	return text, nil
}

func newOrgsImport(app *App) *cobra.Command {
	var options api.ImportOrganisationsIn
	from := &importFrom{app: app}
	cmd := &cobra.Command{
		Use:   "import FILE.csv | --from INTEGRATION",
		Short: "Make organisations of a CSV file, or of what another system has",
		Long: `Makes an organisation of each row of a CSV file, up to 10,000. The first line names the columns: name,
slug, parent (a slug; empty is the MSP), tags (separated by semicolons), enabled, domain (the variable
of that name), and var:NAME or var:NAME:TYPE for variables. organizationName, orgSlug, managingOrgId,
tagNames and isEnabled, as Rewst writes them, are known as well. Commas, semicolons and tabs separate;
UTF-8 and UTF-16 are read. Without a slug one is made of the name.

Each row is a matter of its own: a wrong one is told with its line and does not stop the others, and one
that exists already is skipped, unless --update says to give it what its row says: an empty parent is the
MSP then, too, and an empty cell of a variable leaves that. The MSP's own row is refused. Exit code 1 tells that a row failed.

With --from it makes an organisation of each chosen client in HaloPSA (or entity of another integration),
with its mapping. Clients that are mapped already, or have the name of an organisation that is not mapped,
are skipped, and the report says what to do about them.`,
		Example: `  gantry orgs import clients.csv --dry-run
  gantry orgs import clients.csv --update
  gantry orgs import --from halo --search dental --dry-run
  gantry orgs import --from halo --client 12 --client 17 --tag managed
  gantry orgs import --from halo --all --keep website`,
		Args: takes("[FILE.csv]"),
	}
	from.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&from.wanted.Body.Parent, "parent", "", "with --from: the organisation above, by `slug` (default the MSP)")
	flags.StringArrayVar(&from.wanted.Body.Tags, "tag", nil, "with --from: a `tag` for the new organisations; may be repeated")
	flags.BoolVar(&options.DryRun, "dry-run", false, "tell what would be done and do nothing")
	flags.BoolVar(&options.Update, "update", false, "with a file: change organisations that exist")
	_ = cmd.RegisterFlagCompletionFunc("parent", app.complete(organisationSlugs))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case (from.from == "") == (len(args) == 0):
			return usage(cmd, "%s needs either a FILE.csv or --from", cmd.CommandPath())
		case from.from == "":
			return app.importTable(cmd, args[0], options)
		case options.Update:
			return usage(cmd, "--update is for files")
		}
		from.wanted.Body.DryRun = options.DryRun
		return from.run(cmd)
	}
	return cmd
}

func (a *App) importTable(cmd *cobra.Command, file string, in api.ImportOrganisationsIn) error {
	ctx := cmd.Context()
	for _, flag := range []string{"parent", "tag", "client", "search", "all", "keep"} {
		if cmd.Flags().Changed(flag) {
			return usage(cmd, "--%s goes with --from; a file has a column for it", flag)
		}
	}
	text, err := a.readInput(file, maxFile)
	if err != nil {
		return err
	}
	access := Writing
	if in.DryRun {
		access = Reading
	}
	c, err := a.Client(ctx, access)
	if err != nil {
		return err
	}
	in.RawBody = slices.Concat(text, []byte{'\n'}) // a body that is empty altogether would be none
	report, err := api.ImportOrganisations.Call(ctx, c, &in)
	if err != nil {
		return err
	}
	return a.showRows(report)
}

var rowStates = []string{orgs.RowImported, orgs.RowUpdated, orgs.RowUnchanged, orgs.RowSkipped, orgs.RowFailed}

func (a *App) showRows(report *api.ImportOrganisationsOut) error {
	doc := report.Body
	var said []string
	for _, state := range rowStates {
		if n := doc.Counts[state]; n > 0 {
			said = append(said, strconv.Itoa(n)+" "+state)
		}
	}
	if len(said) == 0 {
		said = []string{"no rows"}
	}
	err := a.Show(doc, func(out io.Writer) error {
		if len(doc.Rows) > 0 {
			a.rowTable(out, doc.Rows)
			fmt.Fprintln(out)
		}
		end := "Done"
		if doc.DryRun {
			end = "Nothing was written, it would be"
		}
		fmt.Fprintf(out, "%s: %s.\n", end, strings.Join(said, ", "))
		return nil
	})
	if err == nil && doc.Counts[orgs.RowFailed] > 0 {
		return errFailed
	}
	return err
}

func (a *App) rowTable(out io.Writer, all []orgs.ImportRow) {
	s := a.outStyle()
	for _, row := range all {
		state := fmt.Sprintf("%-9s", row.Status)
		switch row.Status {
		case orgs.RowFailed:
			state = s.bad(state)
		case orgs.RowImported, orgs.RowUpdated:
			state = s.good(state)
		}
		what := row.Name
		if row.Slug != "" {
			what = strings.TrimSpace(what + " (" + row.Slug + ")")
		}
		fmt.Fprintf(out, "line %-5d %s  %s\n", row.Line, state, source.OneLine(what)) // of a failed row it is as the file has it
		if row.Status == orgs.RowFailed {
			fmt.Fprintf(out, "    %s\n", source.OneLine(row.Reason))
			if row.Hint != "" {
				fmt.Fprintf(out, "    %s %s\n", s.dim("hint:"), source.OneLine(row.Hint))
			}
		}
	}
}

func newOrgsExport(app *App) *cobra.Command {
	as := ""
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write the organisations to a YAML or CSV file",
		Long: `Writes the organisations to a file whose ending says how: .yaml for gantry orgs apply, with variables,
instances and mappings, to be kept in git; .csv for gantry orgs import and spreadsheets. - is standard
output, as YAML unless --as says csv.

Secrets are never written: the YAML file names them with the word keep, the CSV file leaves them out. A
CSV cell that a spreadsheet would run as a formula (=, +, -, @) gets an apostrophe before it, which
import takes away again.`,
		Example: `  gantry orgs export organisations.yaml
  gantry orgs export clients.csv
  gantry orgs export - --as csv`,
		Args: takes("FILE"),
	}
	cmd.Flags().StringVar(&as, "as", "", "the `form`: yaml or csv (default as the file's name ends)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		file := args[0]
		form := as
		if form == "" {
			form = strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
		}
		if file == "-" {
			file = ""
			if as == "" {
				form = "yaml"
			}
		}
		if form != "yaml" && form != "yml" && form != "csv" {
			return usage(cmd, "%s writes yaml or csv, not %q", cmd.CommandPath(), form).WithHint("let the file's name end with .yaml or .csv, or say --as yaml or --as csv")
		}
		c, err := app.Client(ctx, Reading)
		if err != nil {
			return err
		}
		if form != "csv" {
			text, err := api.ExportOrganisationsYAML.Call(ctx, c, &struct{}{})
			if err != nil {
				return err
			}
			return app.write(file, text.Body)
		}
		table, err := api.ExportOrganisationsCSV.Call(ctx, c, &struct{}{})
		if err != nil {
			return err
		}
		if table.LeftOut > 0 {
			app.Note("%s left out: secrets, local and empty ones, and the MSP's are not for a table. YAML has them.", counted(table.LeftOut, "variable"))
		}
		return app.write(file, table.Body)
	}
	return cmd
}
