package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine/inside"
)

func newRunsFind(app *App) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "find RUN TEXT",
		Short: "Find a text in what a run was given, did and gave",
		Long: `Looks for a text in a run's inputs and outputs and, of each of its tasks, in what it was given, its result,
its error, what it published, and its requests. Names count as well as values; case does not matter. What is masked
where it is shown is not found.`,
		Example: `  gantry runs find 3f2a91bc 2045                 a ticket's number
  gantry runs find 3f2a91bc northwind --format json`,
		Args: takes("RUN", "TEXT"),
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this `number` of places, up to 500")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if limit < 1 || limit > inside.MostMatches {
			return usage(cmd, "--limit is between 1 and %d, not %d", inside.MostMatches, limit)
		}
		client, err := app.Client(cmd.Context(), Reading)
		if err != nil {
			return err
		}
		out, err := api.FindInRun.Call(cmd.Context(), client, &api.FindInRunIn{OfRunIn: api.OfRunIn{Run: args[0]}, Text: args[1], Limit: limit})
		if err != nil {
			return err
		}
		return app.Show(out.Body, func(w io.Writer) error { return app.foundTable(w, &out.Body) })
	}
	return cmd
}

func (a *App) foundTable(out io.Writer, found *inside.Found) error {
	if len(found.Matches) == 0 {
		fmt.Fprintln(out, "It stands nowhere in this run.")
	} else {
		var rows [][]string
		for _, m := range found.Matches {
			rows = append(rows, []string{placeOf(m), m.In, m.Path, strings.Join(strings.Fields(m.Text), " ")})
		}
		table(out, a.outStyle(), []string{"TASK", "IN", "PATH", "TEXT"}, rows)
	}
	if found.More {
		a.Note("There are more places; a longer text or a higher --limit tells which.")
	}
	if found.Problem != nil {
		a.Note("What tasks were given and what was published was not looked through: %s", found.Problem.Message)
	}
	return nil
}

// placeOf names the part of a run that a place is in.
func placeOf(m inside.Match) string {
	if m.Task == "" {
		return "(the run)"
	}
	place := m.Task
	if m.Instance > 1 {
		place += fmt.Sprintf(" #%d", m.Instance)
	}
	if m.Item != nil {
		place += fmt.Sprintf(" [%d]", *m.Item)
	}
	return place
}
