package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/connect"
	ladder "gantry/connect/names"
	"gantry/schema"
)

func newMappingsSuggest(app *App) *cobra.Command {
	var f targetFlags
	var tags []string
	var all bool
	var file string
	cmd := &cobra.Command{
		Use:   "suggest INTEGRATION",
		Short: "Compare names, and suggest what each organisation is",
		Long: `Compares the names of the organisations that are not mapped with what the other system has, as it was
last read, and saves nothing. A match says how the names are the same, the surest first:

  exact     the same text
  folded    the same but for case, accents, punctuation, and & for and
  suffix    the same without legal form (Ltd, GmbH …), leading "the", country in brackets, trading-as
  squashed  the same without spaces as well
  near      a slip of spelling, and nothing else comes close

Names that several have are ambiguous, and whatever is only alike is a suggestion: both are for a person to
settle, with the command that is shown, or in the file that --out writes and ` + "`gantry mappings save --from`" + ` reads.`,
		Example: "  gantry mappings suggest halo\n  gantry mappings suggest halo --tag managed --out mappings.csv",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.Flags().StringArrayVar(&tags, "tag", nil, "only organisations with this `tag`; may be repeated")
	cmd.Flags().BoolVar(&all, "all", false, "show the organisations that are mapped already, too")
	cmd.Flags().StringVar(&file, "out", "", "write the rows to this `file` (.csv or .yaml), to be edited and saved")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if err := mappingFileKind(cmd, "--out", file); err != nil {
			return err
		}
		in := &api.SuggestMappingsIn{MappingOptionsIn: api.MappingOptionsIn{Integration: args[0], Instance: f.instance, Owner: f.owner}, Tags: tags}
		found, err := aboutOrg(ctx, app, app.toCall(Reading), f.owner, api.SuggestMappings, in)
		if err != nil {
			return err
		}
		s, t := found.Body.Suggestions, found.Body.Target
		if !all {
			s.Rows = slices.DeleteFunc(s.Rows, settled)
		}
		if file != "" {
			if err := writeMappings(file, s); err != nil {
				return err
			}
			app.Note("Wrote %s to %s. Fill in the ids that are missing, and save it with `%s`.", countOf(len(s.Rows), "row", "rows"), file,
				app.command("mappings save "+s.Integration+" --from "+shellWord(file)))
		}
		return app.Show(s, func(out io.Writer) error {
			if file == "" {
				app.suggestionTable(out, t, s)
			}
			app.suggestionSummary(out, t, s)
			return nil
		})
	}
	return cmd
}

// settled tells that nothing is to be done for a row.
func settled(r connect.Row) bool {
	return r.Status == connect.MappedElsewhere || r.Status == connect.Mapped && !r.Gone
}

func (a *App) suggestionTable(out io.Writer, t api.MappingTarget, s connect.Suggestions) {
	style := a.outStyle()
	var rows [][]string
	for _, r := range s.Rows {
		entity, how := rowWords(r, style)
		rows = append(rows, []string{r.Name + " (" + r.Organisation + ")", entity, how})
	}
	if len(rows) > 0 {
		table(out, style, []string{"ORGANISATION", strings.ToUpper(t.Title), "HOW"}, rows)
		fmt.Fprintln(out)
	}
	for _, r := range s.Rows {
		if len(r.Alternatives) > 0 && r.Status != connect.Matched {
			a.settle(out, style, targetWords(t, s), r)
		}
	}
}

// rowWords gives the entity and how it was found. The latter is the last column: it is coloured by rung.
func rowWords(r connect.Row, style style) (entity, how string) {
	switch {
	case r.Gone:
		return named(r.Current.ExternalID, r.Current.ExternalName), style.bad("mapped, but not listed any more: deleted or inactive")
	case r.Status == connect.Mapped:
		return named(r.Current.ExternalID, r.Current.ExternalName), style.dim(strings.TrimSpace("mapped "+string(r.Rung)) + sharedWith(r.SharedWith))
	case r.Status == connect.MappedElsewhere:
		return named(r.Current.ExternalID, r.Current.ExternalName), style.dim("mapped under " + r.Under)
	case r.Status == connect.Matched:
		return named(r.Suggestion.ID, r.Suggestion.Name), rungColour(style, r.Rung)(fmt.Sprintf("%s %s", r.Rung, percent(r.Confidence)))
	case r.Status == connect.Ambiguous:
		return "?", style.warn("ambiguous")
	case r.Status == connect.Suggested:
		return "?", style.paint("36", "suggestion "+percent(r.Alternatives[0].Confidence))
	}
	return "-", style.bad(r.Why)
}

func rungColour(s style, r ladder.Rung) func(string) string {
	switch r {
	case ladder.Exact, ladder.Folded:
		return s.good
	case ladder.Near:
		return s.warn
	}
	return func(text string) string { return s.paint("92", text) }
}

func named(id, name string) string { return strings.TrimSpace(id + " " + name) }

// percent rounds down: nothing that is not certain is 100 %.
func percent(sure float64) string { return fmt.Sprintf("%.0f %%", math.Floor(sure*100+1e-9)) }

// settle shows what a row may mean, each with the command that says so.
func (a *App) settle(out io.Writer, style style, target string, r connect.Row) {
	fmt.Fprintf(out, "%s: %s\n", style.bold(r.Name+" ("+r.Organisation+")"), r.Why)
	width := 0
	for _, alt := range r.Alternatives {
		width = max(width, len([]rune(named(alt.ID, alt.Name))))
	}
	for _, alt := range r.Alternatives {
		text := named(alt.ID, alt.Name)
		fmt.Fprintf(out, "  %s%s  %4s  %s\n", text, strings.Repeat(" ", width-len([]rune(text))), percent(alt.Confidence),
			style.dim(a.command("mappings save "+target+" --row "+r.Organisation+"="+shellWord(alt.ID))))
	}
	if r.More > 0 {
		fmt.Fprintf(out, "  and %d more\n", r.More)
	}
	fmt.Fprintln(out)
}

// targetWords is the integration with the flags that name the instance.
func targetWords(t api.MappingTarget, s connect.Suggestions) string {
	words := s.Integration
	if !t.Owner.MSP {
		words += " --owner " + t.Owner.Slug
	}
	if !t.Default {
		words += " --instance " + shellWord(s.Instance)
	}
	return words
}

func (a *App) suggestionSummary(out io.Writer, t api.MappingTarget, s connect.Suggestions) {
	o, e := s.Organisations, s.Entities
	fmt.Fprintf(out, "%s: %s\n", countOf(o.Total, "organisation", "organisations"), statusCounts(o))
	fmt.Fprintf(out, "%s in %s: %s\n", countOf(e.Total, "entity", "entities"), t.Title, statusCounts(e))
	age := a.Now().Sub(s.ReadAt).Round(time.Minute)
	if age < time.Minute {
		fmt.Fprintf(out, "Read just now.\n")
	} else {
		fmt.Fprintf(out, "Read %s ago; `%s` reads it anew.\n", schema.FormatDuration(age), a.command("mappings refresh "+targetWords(t, s)))
	}
	if o.Matched > 0 {
		fmt.Fprintf(out, "`%s` saves what is matched.\n", a.command("mappings save "+targetWords(t, s)+" --accept near"))
	}
}

func statusCounts(s connect.Summary) string {
	var said []string
	for _, part := range []struct {
		n    int
		word string
	}{{s.Mapped, "mapped"}, {s.MappedElsewhere, "mapped under another instance"}, {s.Matched, "matched"}, {s.Ambiguous, "ambiguous"},
		{s.Suggested, "with a suggestion"}, {s.Unmatched, "unmatched"}} {
		if part.n > 0 {
			said = append(said, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	return cmp.Or(strings.Join(said, ", "), "none")
}
