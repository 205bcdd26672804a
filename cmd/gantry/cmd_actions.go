package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/api"
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
	in := &api.ListActionsIn{}
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
	cmd.Flags().StringVar(&in.Search, "search", "", "only those that have this `text` in id, title or description")
	cmd.Flags().StringVar(&in.Effect, "effect", "", "only those with this `effect`: read, write or delete")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := knownEffect(cmd, in.Effect); err != nil {
			return err
		}
		in.Words = args
		c, err := app.catalogue(cmd.Context())
		if err != nil {
			return err
		}
		found, err := api.ListActions.Call(cmd.Context(), c, in)
		if err != nil {
			return err
		}
		return app.showActions(found.Body.Actions)
	}
	return cmd
}

func knownEffect(cmd *cobra.Command, effect string) error {
	known := []string{string(actions.Read), string(actions.Write), string(actions.Delete)}
	if effect == "" || slices.Contains(known, effect) {
		return nil
	}
	return usage(cmd, "--effect is read, write or delete, not %q", effect).WithHint("%s", source.DidYouMean(effect, known))
}

// catalogue gives the API for what concerns no data: that of a server where there is one, else one in this process over
// the project alone.
func (a *App) catalogue(ctx context.Context) (*api.Client, error) {
	c, err := a.remote()
	if c == nil && err == nil {
		c, err = a.overSocket(ctx, Calling)
	}
	if c == nil && err == nil {
		h := api.House{Project: a.workflows, Runtime: a.Runtime, Now: a.Now, Log: a.log()}
		return api.InMemory(api.New(h).Handler(), localCaller()), nil
	}
	a.client = c
	return c, err
}

func (a *App) showActions(found []api.Action) error {
	lines := make([]actionLine, len(found))
	for i, one := range found {
		lines[i] = lineOf(one)
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

func actionRows(found []api.Action) [][]string {
	var rows [][]string
	for _, one := range found {
		rows = append(rows, []string{one.ID, one.Effect, one.Title})
	}
	return rows
}

// actionGroups writes the actions for reading: under what they are about, which is the file that they stand in.
func actionGroups(out io.Writer, s style, found []api.Action) {
	about := func(a api.Action) string {
		id, _, _ := strings.Cut(a.ID, ".")
		if a.Group != id {
			return id + " " + strings.ReplaceAll(a.Group, "_", " ")
		}
		return id
	}
	width := 0
	groups := map[string][]api.Action{}
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

// actionLine is an action as the list gives it.
type actionLine struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Integration string `json:"integration,omitempty"` // none: Gantry's own
	Effect      string `json:"effect"`
	Endpoint    string `json:"endpoint,omitempty"`
	Deprecated  string `json:"deprecated,omitempty"`
}

func lineOf(a api.Action) actionLine {
	return actionLine{a.ID, a.Title, a.Description, a.Integration, a.Effect, a.Endpoint, a.Deprecated}
}
