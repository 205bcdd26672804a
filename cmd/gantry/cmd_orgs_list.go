package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newOrgsList(app *App) *cobra.Command {
	var filter api.ListOrganisationsIn
	var tree bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the organisations as a tree",
		Long: `Lists the organisations, each above those below it. --deleted lists those that were removed, with the
day until which gantry orgs restore can bring each back for sure.`,
		Example: `  gantry orgs list --tree
  gantry orgs list --tag managed --format json
  gantry orgs list --search dental
  gantry orgs list --deleted`,
		Args: takes(),
	}
	cmd.Flags().StringVar(&filter.Tag, "tag", "", "only those with this `tag`")
	cmd.Flags().StringVar(&filter.Search, "search", "", "only those with this `text` in name, slug or tags")
	cmd.Flags().BoolVar(&filter.Removed, "deleted", false, "those that were removed")
	cmd.Flags().BoolVar(&tree, "tree", false, "draw the tree with lines")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		if tree && filter.Removed {
			return usage(cmd, "--tree and --deleted do not go together: removed organisations are a list")
		}
		c, err := app.Client(ctx, Reading)
		if err != nil {
			return err
		}
		found, err := api.ListOrganisations.Call(ctx, c, &filter)
		if err != nil {
			return err
		}
		docs := found.Body.Organisations
		return app.Show(docs, func(out io.Writer) error {
			switch {
			case len(docs) == 0:
				fmt.Fprintln(out, "No such organisations.")
			case filter.Removed:
				app.removedTable(out, docs)
			default:
				app.orgTree(out, docs, tree)
			}
			return nil
		})
	}
	return cmd
}

// orgTree lists organisations with those below them indented, or drawn with lines.
func (a *App) orgTree(out io.Writer, docs []api.Organisation, drawn bool) {
	branches := indented(docs)
	if drawn {
		branches = lines(docs)
	}
	var rows [][]string
	for i, o := range docs {
		state := ""
		if !o.Enabled {
			state = "disabled"
		}
		rows = append(rows, []string{branches[i] + o.Name, o.Slug, strings.Join(o.Tags, ", "), state})
	}
	header := []string{"NAME", "SLUG", "TAGS", "STATE"}
	if !slices.ContainsFunc(docs, func(o api.Organisation) bool { return !o.Enabled }) {
		header = header[:3]
		for i := range rows {
			rows[i] = rows[i][:3]
		}
	}
	table(out, a.outStyle(), header, rows)
}

// indented gives what stands before each name: two blanks for each level above it that is shown.
func indented(docs []api.Organisation) []string {
	depth := map[string]int{}
	before := make([]string, len(docs))
	for i, o := range docs {
		if above, ok := depth[o.ParentID]; ok {
			depth[o.ID] = above + 1
		} else {
			depth[o.ID] = 0
		}
		before[i] = strings.Repeat("  ", depth[o.ID])
	}
	return before
}

// lines gives what stands before each name in a drawn tree.
func lines(docs []api.Organisation) []string {
	last := map[string]int{} // the last child of each
	shown := map[string]bool{}
	for i, o := range docs {
		shown[o.ID] = true
		last[o.ParentID] = i
	}
	below := map[string]string{} // what stands before the children of each
	before := make([]string, len(docs))
	for i, o := range docs {
		if !shown[o.ParentID] {
			continue
		}
		if last[o.ParentID] == i {
			before[i], below[o.ID] = below[o.ParentID]+"└─ ", below[o.ParentID]+"   "
		} else {
			before[i], below[o.ID] = below[o.ParentID]+"├─ ", below[o.ParentID]+"│  "
		}
	}
	return before
}

func (a *App) removedTable(out io.Writer, docs []api.Organisation) {
	var rows [][]string
	for _, o := range docs {
		rows = append(rows, []string{o.Name, o.Slug, o.Parent, o.DeletedAt.Format(time.DateOnly), o.DeletedAt.Add(orgs.PurgeAfter).Format(time.DateOnly)})
	}
	table(out, a.outStyle(), []string{"NAME", "SLUG", "BELOW", "REMOVED", "KEPT UNTIL"}, rows)
}
