package main

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
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
	var f actionFilter
	cmd := &cobra.Command{
		Use:   "list [INTEGRATION | WORD...]",
		Short: "List the actions",
		Long: `Lists the actions of the catalogue: Gantry's own (core), those of the integrations that ship, and those of
the project. The name of an integration keeps its actions alone; of the other words an action's id, title,
description or effect must have all.`,
		Example: `  gantry actions list
  gantry actions list halo ticket
  gantry actions list halo --search "custom field" --effect write
  gantry actions list write --format json`,
		Args: takes("[INTEGRATION | WORD...]"),
	}
	cmd.Flags().StringVar(&f.search, "search", "", "only those that have this `text` in id, title or description")
	cmd.Flags().StringVar(&f.effect, "effect", "", "only those with this `effect`: read, write or delete")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd); err != nil {
			return err
		}
		p, err := app.Project(cmd.Context())
		if err != nil {
			return err
		}
		f.take(args, p.Catalogue)
		found := []*actions.Action{}
		for _, a := range p.Catalogue.Actions() {
			if f.fits(a) {
				found = append(found, a)
			}
		}
		return app.showActions(found)
	}
	return cmd
}

func (a *App) showActions(found []*actions.Action) error {
	lines := []actionLine{}
	for _, one := range found {
		lines = append(lines, lineOf(one))
	}
	return a.Show(lines, func(out io.Writer) error {
		switch {
		case len(found) == 0:
			a.Note("No action is like that; `%s` shows all.", a.command("actions list"))
		case isTerminal(a.Out):
			actionGroups(out, a.outStyle(), found)
		default:
			table(out, a.outStyle(), []string{"ACTION", "EFFECT", "TITLE"}, actionRows(found))
		}
		return nil
	})
}

func actionRows(found []*actions.Action) [][]string {
	var rows [][]string
	for _, one := range found {
		rows = append(rows, []string{one.ID, string(one.Effect), one.Title})
	}
	return rows
}

// actionGroups writes the actions for reading: under what they are about, which is the file that they stand in.
func actionGroups(out io.Writer, s style, found []*actions.Action) {
	about := func(a *actions.Action) string {
		id, _, _ := strings.Cut(a.ID, ".")
		if group := strings.TrimSuffix(path.Base(a.Pos.File), path.Ext(a.Pos.File)); group != id {
			return id + " " + strings.ReplaceAll(group, "_", " ")
		}
		return id
	}
	width := 0
	groups := map[string][]*actions.Action{}
	for _, a := range found {
		width = max(width, len(a.ID))
		groups[about(a)] = append(groups[about(a)], a)
	}
	for i, name := range slices.Sorted(maps.Keys(groups)) {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, s.bold(name))
		for _, a := range groups[name] {
			fmt.Fprintf(out, "  %-*s  %-6s  %s\n", width, a.ID, a.Effect, s.dim(a.Title))
		}
	}
}

// actionFilter says which actions are wanted.
type actionFilter struct {
	search, effect string
	integrations   []string
	words          []string
}

func (f *actionFilter) check(cmd *cobra.Command) error {
	known := []string{string(actions.Read), string(actions.Write), string(actions.Delete)}
	if f.effect != "" && !slices.Contains(known, f.effect) {
		return usage(cmd, "--effect is read, write or delete, not %q", f.effect).WithHint("%s", source.DidYouMean(f.effect, known))
	}
	return nil
}

// take sorts the arguments: names of integrations, and words.
func (f *actionFilter) take(args []string, c *actions.Catalogue) {
	for _, word := range args {
		if word == "core" || slices.Contains(c.IntegrationIDs(), word) {
			f.integrations = append(f.integrations, word)
		} else {
			f.words = append(f.words, strings.ToLower(word))
		}
	}
}

func (f *actionFilter) fits(a *actions.Action) bool {
	integration, _, _ := strings.Cut(a.ID, ".")
	text := strings.ToLower(a.ID + " " + a.Title + " " + a.Description)
	switch {
	case len(f.integrations) > 0 && !slices.Contains(f.integrations, integration):
		return false
	case f.effect != "" && string(a.Effect) != f.effect, !strings.Contains(text, strings.ToLower(f.search)):
		return false
	}
	text += " " + string(a.Effect)
	return !slices.ContainsFunc(f.words, func(word string) bool { return !strings.Contains(text, word) })
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
