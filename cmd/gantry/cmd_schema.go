package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
)

func newSchema(app *App) *cobra.Command {
	output := ""
	cmd := &cobra.Command{
		Use:   "schema [orgs]",
		Short: "Write the JSON Schema of workflow files, or of files of organisations, for editors",
		Long: `Writes the language as JSON Schema (draft-07), with every action of the catalogue and its inputs, the
project's own included. VS Code's YAML extension completes, documents and checks workflow files with
it; gantry init sets that up. Write it again after adding actions of your own.

With the word orgs it writes the schema of the files that gantry orgs apply reads.`,
		Example: `  gantry schema --output .vscode/gantry.schema.json
  gantry schema > gantry.schema.json
  gantry schema orgs --output .vscode/organisations.schema.json`,
		GroupID: groupWrite,
		Args:    takes("[orgs]"),
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `file` instead of standard output")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && args[0] != "orgs" {
			return usage(cmd, "there is no schema of %q", args[0])
		}
		if len(args) == 1 {
			return app.write(output, orgs.FileSchema())
		}
		p, err := app.Project(cmd.Context())
		if err != nil {
			return err
		}
		text, err := workflow.JSONSchema(p.Catalogue)
		if err != nil {
			return err
		}
		return app.write(output, append(bytes.TrimSpace(text), '\n'))
	}
	return cmd
}

// write puts text into a file, or on standard output where none is named. With --format json and a file
// the one document tells where it went.
func (a *App) write(file string, text []byte) error {
	if file == "" {
		_, err := a.Out.Write(text)
		return unwritten(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fault.Wrap(err, fault.Usage, "%s cannot be written: %s", file, err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return fault.Wrap(err, fault.Usage, "%s cannot be written: %s", file, err)
	}
	if a.JSON() {
		return a.document(map[string]any{"file": file, "bytes": len(text)})
	}
	a.Note("Wrote %s.", file)
	return nil
}
