package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/authoring"
	"gantry/fault"
	"gantry/source"
)

func newWorkflows(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "workflows",
		Short: "Look at the versions that workflows had, and publish them",
		Long: `Workflows are files; what becomes of them is kept: each version with who made it, when and why. These commands show
that, and publish a text as the console does: checked beside everything that runs, and in use when they end.`,
		Example: `  gantry workflows versions triage/new-ticket
  gantry workflows show triage/new-ticket --number 3
  gantry workflows publish triage/new-ticket --file new-ticket.yaml --base 0f3a5c9d2e71 --comment "Ask for the site"`,
		GroupID: groupWrite,
	}, newWorkflowsVersions(app), newWorkflowsShow(app), newWorkflowsPublish(app))
}

func newWorkflowsVersions(app *App) *cobra.Command {
	in := &api.ListVersionsIn{}
	cmd := &cobra.Command{
		Use:   "versions WORKFLOW",
		Short: "List every version that a workflow had",
		Long: `Lists what became of a workflow, the newest first, also of one that is gone: who published, moved or removed it, and
changes of its file that were made outside.`,
		Example:           `  gantry workflows versions triage/new-ticket`,
		Args:              takes("WORKFLOW"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().IntVar(&in.Limit, "limit", 50, "at most so many `versions`, up to 1000")
	cmd.Flags().Int64Var(&in.Before, "before", 0, "only those before this `number`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if in.Limit < 1 || in.Limit > 1000 || in.Before < 0 {
			return usage(cmd, "--limit is 1 to 1000, and --before is the number of a version")
		}
		in.Workflow = workflowID(args[0])
		c, err := app.Client(cmd.Context(), Reading)
		if err != nil {
			return err
		}
		out, err := api.ListVersions.Call(cmd.Context(), c, in)
		if err != nil {
			return err
		}
		return app.Show(out.Body.Versions, func(w io.Writer) error {
			app.versionTable(w, out.Body.Versions)
			if next := out.Body.Next; next > 0 {
				app.Note("There are older ones: --before %d", next)
			}
			return nil
		})
	}
	return cmd
}

func (a *App) versionTable(out io.Writer, all []api.WorkflowVersion) {
	if len(all) == 0 {
		fmt.Fprintln(out, "Nothing is kept of it yet; a server keeps what it has in use.")
		return
	}
	s := a.outStyle()
	var rows [][]string
	for _, v := range all {
		kind, version := v.Kind, cmp.Or(v.Version, "-")
		if v.Other != "" {
			kind += map[bool]string{true: " from ", false: " to "}[v.Version != ""] + source.OneLine(v.Other)
		}
		if v.Current {
			version += s.good(" in use")
		}
		rows = append(rows, []string{fmt.Sprint(v.Number), version, kind, v.At.Local().Format("2006-01-02 15:04:05"), cmp.Or(source.OneLine(v.By), "-"), source.OneLine(v.Comment)})
	}
	table(out, s, []string{"NUMBER", "VERSION", "KIND", "WHEN", "WHO", "COMMENT"}, rows)
}

func newWorkflowsShow(app *App) *cobra.Command {
	number := int64(0)
	cmd := &cobra.Command{
		Use:   "show WORKFLOW",
		Short: "Print the text of a workflow, or of one of its versions",
		Long: `Prints the text that runs, or with --number that of a version. What is printed can be published, which goes back
to it.`,
		Example: `  gantry workflows show triage/new-ticket
  gantry workflows show triage/new-ticket --number 3 > old.yaml`,
		Args:              takes("WORKFLOW"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().Int64Var(&number, "number", 0, "`number` of a version")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if number < 0 || number == 0 && cmd.Flags().Changed("number") {
			return usage(cmd, "--number is that of a version, from 1")
		}
		c, err := app.Client(cmd.Context(), Reading)
		if err != nil {
			return err
		}
		of := api.OfWorkflow{Workflow: workflowID(args[0])}
		if number == 0 {
			out, err := api.ShowWorkflow.Call(cmd.Context(), c, &of)
			if err != nil {
				return err
			}
			if out.Body.Text == "" {
				return fault.New(fault.NotChecked, "the workflow %s does not check, and no earlier version of it runs", out.Body.ID).WithHint("`gantry check` shows what to mend")
			}
			return app.Show(out.Body, func(w io.Writer) error { return app.printText(w, out.Body.Text) })
		}
		out, err := api.ShowVersion.Call(cmd.Context(), c, &api.OfVersion{OfWorkflow: of, Number: number})
		if err != nil {
			return err
		}
		return app.Show(out.Body, func(w io.Writer) error { return app.printText(w, out.Body.Text) })
	}
	return cmd
}

// printText prints a file as it is; on a terminal without what would steer that.
func (a *App) printText(w io.Writer, text string) error {
	if isTerminal(a.Out) {
		text = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				return -1
			}
			return r
		}, text)
	}
	_, err := io.WriteString(w, text)
	return err
}

func newWorkflowsPublish(app *App) *cobra.Command {
	in := &api.PublishWorkflowIn{}
	file := ""
	cmd := &cobra.Command{
		Use:   "publish WORKFLOW",
		Short: "Publish a file as a workflow",
		Long: `Checks a text beside everything that runs, writes it to the workflow's file, and keeps it as a version. When the
command ends, it is in use, if a server runs.

--base is the version that the text was made from; without it the workflow must be a new one. If the file has
another version by now, nothing is written.`,
		Example: `  gantry workflows publish triage/vip --file vip.yaml --comment "For customers who cannot wait"
  gantry workflows publish triage/vip --file vip.yaml --base 0f3a5c9d2e71
  gantry workflows show triage/vip --number 3 | gantry workflows publish triage/vip --file - --overwrite`,
		Args:              takes("WORKFLOW"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&file, "file", "", "the text's `file`; - is standard input")
	cmd.Flags().StringVar(&in.Body.Comment, "comment", "", "what the change is for, in a few `words`")
	cmd.Flags().StringVar(&in.Body.Base, "base", "", "the `version` that the text was made from")
	cmd.Flags().BoolVar(&in.Body.Overwrite, "overwrite", false, "publish whatever lies there; it is kept among the versions")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if file == "" {
			return usage(cmd, "--file is missing: the text to be published")
		}
		text, err := app.readInput(file, authoring.MostText)
		if err != nil {
			return err
		}
		in.Workflow, in.Body.Text = workflowID(args[0]), string(text)
		c, err := app.Client(cmd.Context(), Writing)
		if err != nil {
			return err
		}
		out, err := api.PublishWorkflow.Call(cmd.Context(), c, in)
		if err != nil {
			return err
		}
		return app.Show(out.Body, func(w io.Writer) error {
			fmt.Fprintf(w, "Published %s as version %s, number %d.\n", out.Body.ID, out.Body.Version, out.Body.Number)
			return nil
		})
	}
	return cmd
}
