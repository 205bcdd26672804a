package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

func newActions(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "actions",
		Short:   "The catalogue of what tasks can do",
		Example: "  gantry actions list ticket\n  gantry actions show halo.add_note\n  gantry actions call halo.list_agents --sandbox",
		GroupID: groupWrite,
	}
	return group(cmd, newActionsList(app), newActionsShow(app), newActionsCall(app))
}

func newActionsList(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list [FILTER...]",
		Short: "List the actions",
		Long: `Lists the actions of the catalogue: Gantry's own, those of the integrations that ship, and those of the
project. With words it lists the actions whose id, title or description has all of them.`,
		Example: "  gantry actions list\n  gantry actions list halo ticket\n  gantry actions list write --format json",
		Args:    takes("[FILTER...]"),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p, err := app.Project(cmd.Context())
		if err != nil {
			return err
		}
		found := []actionLine{}
		for _, a := range p.Catalogue.Actions() {
			if matches(a, args) {
				found = append(found, lineOf(a))
			}
		}
		return app.Show(found, func(out io.Writer) error {
			if len(found) == 0 {
				app.Note("No action matches %s; `gantry actions list` shows all.", strings.Join(args, " "))
				return nil
			}
			var rows [][]string
			for _, a := range found {
				rows = append(rows, []string{a.ID, string(a.Effect), a.Title})
			}
			table(out, app.outStyle(), []string{"ACTION", "EFFECT", "TITLE"}, rows)
			return nil
		})
	}
	return cmd
}

// actionLine is an action as the list gives it.
type actionLine struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Integration string         `json:"integration,omitempty"` // none: Gantry's own
	Effect      actions.Effect `json:"effect"`
	Endpoint    string         `json:"endpoint,omitempty"`
	Deprecated  string         `json:"deprecated,omitempty"`
}

func lineOf(a *actions.Action) actionLine {
	l := actionLine{ID: a.ID, Title: a.Title, Description: a.Description, Effect: a.Effect, Endpoint: a.Endpoint(), Deprecated: a.Deprecated}
	l.Integration = a.IntegrationID()
	return l
}

func matches(a *actions.Action, words []string) bool {
	text := strings.ToLower(a.ID + " " + a.Title + " " + a.Description + " " + string(a.Effect))
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// action finds an action of the project's catalogue.
func (a *App) action(cmd *cobra.Command, id string) (*actions.Action, error) {
	p, err := a.Project(cmd.Context())
	if err != nil {
		return nil, err
	}
	if action, ok := p.Catalogue.Action(id); ok {
		return action, nil
	}
	hint := source.DidYouMean(id, p.Catalogue.ActionIDs())
	if hint == "" {
		hint = "`gantry actions list` shows all"
	}
	return nil, fault.New(fault.Missing, "there is no action %q", id).WithHint("%s", hint)
}

func newActionsShow(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "show ACTION",
		Short:             "Show what an action does, takes and gives",
		Example:           "  gantry actions show halo.list_tickets",
		Args:              takes("ACTION"),
		ValidArgsFunction: app.complete(actionIDs),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := app.action(cmd, args[0])
		if err != nil {
			return err
		}
		return app.Show(detailOf(a), func(out io.Writer) error {
			showAction(out, app.outStyle(), a)
			return nil
		})
	}
	return cmd
}

// actionDetail is an action as `gantry actions show` gives it.
type actionDetail struct {
	actionLine
	Scopes       []string       `json:"scopes,omitempty"`
	InputSchema  map[string]any `json:"input_schema"`
	ResultSchema map[string]any `json:"result_schema,omitempty"`
	Example      string         `json:"example"`
}

func detailOf(a *actions.Action) actionDetail {
	d := actionDetail{actionLine: lineOf(a), Scopes: a.Scopes, InputSchema: a.InputType().JSONSchema(false), Example: exampleOf(a)}
	if a.Result != nil {
		d.ResultSchema = a.Result.JSONSchema(false)
	}
	return d
}

func showAction(out io.Writer, s style, a *actions.Action) {
	fmt.Fprintf(out, "%s  %s\n", s.bold(a.ID), a.Title)
	fmt.Fprintf(out, "%s\n", a.Description)
	if a.Deprecated != "" {
		fmt.Fprintf(out, "%s %s\n", s.warn("Deprecated:"), a.Deprecated)
	}
	fmt.Fprintln(out)
	facts := [][2]string{{"Effect", effectInWords(a)}, {"Endpoint", a.Endpoint()}, {"Rights", strings.Join(a.Scopes, ", ")}}
	if a.Pages() {
		facts = append(facts, [2]string{"Pages", "reads page after page and gives all of them"})
	}
	for _, f := range facts {
		if f[1] != "" {
			fmt.Fprintf(out, "%-9s %s\n", f[0], f[1])
		}
	}
	fmt.Fprintf(out, "\n%s\n", s.bold("Inputs"))
	if len(a.Inputs) == 0 {
		fmt.Fprintln(out, "  none")
	}
	showFields(out, a.Inputs)
	if a.Result != nil {
		fmt.Fprintf(out, "\n%s  %s\n", s.bold("Result"), a.Result)
		showFields(out, entityOf(a.Result).Fields)
	}
	fmt.Fprintf(out, "\n%s\n%s", s.bold("Example"), indent(exampleOf(a)))
}

func effectInWords(a *actions.Action) string {
	switch {
	case a.Effect == actions.Read:
		return "reads; changes nothing"
	case a.Integration == nil:
		return "reads or writes, as its inputs say"
	case a.Effect == actions.Delete:
		return "deletes in " + a.Integration().Title
	}
	return "writes to " + a.Integration().Title
}

// entityOf gives the object that a result consists of: itself, or the entries of a list.
func entityOf(t *schema.Type) *schema.Type {
	for t.Kind == schema.KindList && t.Items != nil {
		t = t.Items
	}
	return t
}

func showFields(out io.Writer, fields []schema.Field) {
	name, kind := 0, 0
	for _, f := range fields {
		name, kind = max(name, len([]rune(f.Name))), max(kind, min(len([]rune(fieldKind(f))), 40))
	}
	for _, f := range fields {
		fmt.Fprintln(out, strings.TrimRight(fmt.Sprintf("  %-*s  %-*s  %s", name, f.Name, kind, fieldKind(f), fieldNote(f)), " "))
	}
}

func fieldKind(f schema.Field) string {
	kind := f.Type.String()
	if f.Required {
		kind += ", required"
	}
	return kind
}

func fieldNote(f schema.Field) string {
	note := f.Type.Description
	if f.Type.HasDefault {
		note = strings.TrimSpace(note + " Default: " + yamlValue(f.Type.Default) + ".")
	}
	if len(f.Type.Enum) > 0 {
		var words []string
		for _, v := range f.Type.Enum {
			words = append(words, yamlValue(v))
		}
		note = strings.TrimSpace(note + " One of " + strings.Join(words, ", ") + ".")
	}
	if f.Deprecated != "" {
		note = strings.TrimSpace(note + " Deprecated: " + f.Deprecated)
	}
	return note
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}
