package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/project/graph"
	"gantry/source"
)

func newGraph(app *App) *cobra.Command {
	as, output := "", ""
	cmd := &cobra.Command{
		Use:   "graph WORKFLOW",
		Short: "Draw a workflow, as Mermaid or SVG",
		Long: `Draws a workflow: its tasks, the transitions with their conditions and what they publish, joins, and
where failures are handled. Dashed red ways are taken after failure only; numbers tell the order in which
follow: first looks at the ways.

Mermaid is text that GitHub, GitLab and many wikis draw; SVG is a picture for every browser.`,
		Example: `  gantry graph test-halo-integration
  gantry graph ticket-digest/digest --output digest.svg`,
		GroupID:           groupWrite,
		Args:              takes("WORKFLOW"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&as, "as", "", "`kind` of drawing: mermaid or svg (default by the output's ending, else mermaid)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `file` instead of standard output")
	_ = cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions([]string{"mermaid", "svg"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if as == "" {
			as = "mermaid"
			if filepath.Ext(output) == ".svg" {
				as = "svg"
			}
		}
		p, err := app.Project(cmd.Context())
		if err != nil {
			return err
		}
		w, err := p.Workflow(args[0])
		if err != nil {
			return err
		}
		switch as {
		case "mermaid":
			return app.write(output, []byte(graph.Of(w).Mermaid()))
		case "svg":
			return app.write(output, []byte(graph.Of(w).SVG()))
		}
		return fault.New(fault.Usage, "--as is mermaid or svg, not %q", as).WithHint("%s", source.DidYouMean(as, []string{"mermaid", "svg"}))
	}
	return cmd
}
