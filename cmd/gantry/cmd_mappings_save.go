package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/connect"
	ladder "gantry/connect/names"
	"gantry/fault"
	"gantry/source"
)

// savingMappings is one call of gantry mappings save.
type savingMappings struct {
	app         *App
	target      targetFlags
	tags, rows  []string
	accept      string
	from        string
	shared, dry bool
}

func newMappingsSave(app *App) *cobra.Command {
	s := &savingMappings{app: app}
	cmd := &cobra.Command{
		Use:   "save INTEGRATION",
		Short: "Save mappings: those that are matched, named ones, or an edited file",
		Long: `Saves mappings, all of them or none. The other system is read once more: what has vanished there or is
called otherwise by now is reported, and nothing is saved then.

--accept takes what ` + "`gantry mappings suggest`" + ` matches, down to a rung: exact, folded, suffix, squashed or near;
all is every rung. What is ambiguous or only a suggestion is never among it: name it with --row, or in the file.

An entity goes to one organisation, unless --shared allows several.`,
		Example: "  gantry mappings save halo --accept near\n  gantry mappings save halo --row contoso=12 --row contoso-labs=31\n  gantry mappings save halo --from mappings.csv --dry-run",
		Args:    takes("INTEGRATION"),
		RunE:    s.run,
	}
	s.target.add(app, cmd)
	cmd.Flags().StringVar(&s.accept, "accept", "", "save what is matched, down to this `rung`: exact, folded, suffix, squashed, near, or all")
	cmd.Flags().StringArrayVar(&s.rows, "row", nil, "map the organisation to the entity with this id, as `SLUG=ID`; may be repeated")
	cmd.Flags().StringVar(&s.from, "from", "", "save the rows of this `file`, as --out of suggest writes it")
	cmd.Flags().StringArrayVar(&s.tags, "tag", nil, "with --accept: only organisations with this `tag`; may be repeated")
	cmd.Flags().BoolVar(&s.shared, "shared", false, "allow several organisations to be one entity")
	cmd.Flags().BoolVar(&s.dry, "dry-run", false, "check everything and save nothing")
	return cmd
}

func (s *savingMappings) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	if s.accept == "" && s.from == "" && len(s.rows) == 0 {
		return usage(cmd, "say what to save: --accept near, --row SLUG=ID, or --from FILE")
	}
	if err := acceptedRung(cmd, s.accept); err != nil {
		return err
	}
	choices, err := s.named(cmd)
	if err != nil {
		return err
	}
	c, err := s.app.Client(ctx, Writing)
	if err != nil {
		return err
	}
	title, err := titleOf(ctx, c, args[0])
	if err != nil {
		return err
	}
	in := &api.SaveMappingsIn{Integration: args[0]}
	b := &in.Body
	b.TargetOf, b.Choices, b.Accept, b.Tags, b.Shared, b.DryRun = s.target.of(), choices, s.accept, s.tags, s.shared, s.dry
	done, err := reading(s.app, title, func() (*api.SaveMappingsOut, error) {
		return aboutOrg(ctx, s.app, Writing, s.target.owner, api.SaveMappings, in)
	})
	if err != nil {
		return err
	}
	saved := done.Body.Saved
	if err := s.app.Show(saved, func(out io.Writer) error { s.app.showSaved(out, title, saved); return nil }); err != nil {
		return err
	}
	if len(saved.Problems) > 0 {
		return errFailed
	}
	return nil
}

func acceptedRung(cmd *cobra.Command, word string) error {
	if word == "" || word == "all" || slices.Contains(ladder.Rungs(), ladder.Rung(word)) {
		return nil
	}
	hint := "it takes exact, folded, suffix, squashed, near or all"
	if word == string(ladder.Suggestion) {
		hint = "suggestions are saved one by one with --row SLUG=ID, or from an edited file with --from"
	}
	return usage(cmd, "--accept does not take %q", word).WithHint("%s", hint)
}

// named gives the choices of --row and --from.
func (s *savingMappings) named(cmd *cobra.Command) ([]api.MappingChoice, error) {
	var choices []api.MappingChoice
	for _, row := range s.rows {
		slug, id, ok := strings.Cut(row, "=")
		if !ok || strings.TrimSpace(slug) == "" || strings.TrimSpace(id) == "" {
			return nil, usage(cmd, "--row is SLUG=ID, such as contoso=12, not %q", row)
		}
		choices = append(choices, api.MappingChoice{Organisation: strings.TrimSpace(slug), EntityID: strings.TrimSpace(id)})
	}
	if s.from == "" {
		return choices, nil
	}
	if err := mappingFileKind(cmd, "--from", s.from); err != nil {
		return nil, err
	}
	fromFile, err := s.app.readMappings(s.from)
	if err == nil && len(fromFile) == 0 {
		err = fault.New(fault.InvalidInput, "%s has no row with an id", s.from).WithHint("fill in the ids of the rows to save")
	}
	return append(choices, fromFile...), err
}

func (a *App) showSaved(out io.Writer, title string, saved connect.Saved) {
	style := a.outStyle()
	if len(saved.Problems) > 0 {
		for _, p := range saved.Problems {
			fmt.Fprintf(out, "%s %s = %s: %s\n", style.bad("✗"), source.OneLine(p.Organisation), source.OneLine(p.EntityID), source.OneLine(p.Error.Message))
			if p.Error.Hint != "" {
				fmt.Fprintf(out, "  %s %s\n", style.dim("hint:"), source.OneLine(p.Error.Hint))
			}
		}
		fmt.Fprintf(out, "Nothing was saved: %s cannot be.\n", countOf(len(saved.Problems), "row", "rows"))
		return
	}
	var rows [][]string
	for _, m := range saved.Saved {
		how := "by hand"
		if m.Rung != "" {
			how = rungColour(style, ladder.Rung(m.Rung))(m.Rung + " " + percent(m.Confidence))
		}
		rows = append(rows, []string{m.Organisation, named(m.ExternalID, m.ExternalName), how})
	}
	if len(rows) > 0 {
		table(out, style, []string{"ORGANISATION", strings.ToUpper(title), "HOW"}, rows)
	}
	word := "Saved"
	if saved.DryRun {
		word = "A dry run; it would save"
	}
	fmt.Fprintf(out, "%s %s", word, countOf(len(saved.Saved), "mapping", "mappings"))
	if saved.Unchanged > 0 {
		fmt.Fprintf(out, ", and leave %d as they were", saved.Unchanged)
	}
	fmt.Fprintln(out, ".")
}
