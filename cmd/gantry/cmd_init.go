package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/workflows"
)

//go:embed template
var template embed.FS

func newInit(app *App) *cobra.Command {
	n := &newProject{app: app, made: []string{}}
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a project",
		Long: `Makes a project in DIR: settings, a first workflow, the workflow that tests Halo, and what VS Code
needs to complete and check workflow files. Everything in it is yours to change.

A folder that is not empty is refused; with --force the files that are missing are added, and those that
are there stay as they are.`,
		Example: `  gantry init my-workflows
  gantry init . --name "Acme MSP" --slug acme
  gantry init tour --examples`,
		GroupID: groupWrite,
		Args:    takes("DIR"),
	}
	cmd.Flags().StringVar(&n.name, "name", "My MSP", "the `name` of your company")
	cmd.Flags().StringVar(&n.slug, "slug", "", "its short `name` in commands (default made of --name)")
	cmd.Flags().BoolVar(&n.examples, "examples", false, "with example workflows to learn from, in workflows/examples")
	cmd.Flags().BoolVar(&n.force, "force", false, "also in a folder that is not empty")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		n.dir = args[0]
		if err := n.make(); err != nil {
			return err
		}
		return app.Show(map[string]any{"dir": n.dir, "files": n.made}, n.tell)
	}
	return cmd
}

// newProject is one call of gantry init.
type newProject struct {
	app             *App
	dir, name, slug string
	examples, force bool
	made            []string
}

func (n *newProject) make() error {
	if n.slug == "" {
		n.slug = orgs.SlugOf(n.name)
	}
	if n.slug == "" {
		return fault.New(fault.Usage, "no short name can be made of --name %q", n.name).WithHint("give one with --slug")
	}
	if _, err := orgs.ParseSlug(n.slug); err != nil {
		return fault.Wrap(err, fault.Usage, "--slug: %s", fault.From(err).Message).WithHint("%s", fault.From(err).Hint)
	}
	if err := n.mayUse(); err != nil {
		return err
	}
	files, err := n.files()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(n.dir, 0o755); err != nil {
		return fault.Wrap(err, fault.Usage, "%s cannot be made: %s", n.dir, err)
	}
	root, err := os.OpenRoot(n.dir)
	if err != nil {
		return fault.Wrap(err, fault.Usage, "%s cannot be used: %s", n.dir, err)
	}
	defer root.Close()
	for _, f := range files {
		if err := n.write(root, f); err != nil {
			return fault.Wrap(err, fault.Usage, "%s cannot be written: %s", filepath.Join(n.dir, f.name), err)
		}
	}
	return nil
}

// mayUse refuses a folder in which something is already, apart from version control.
func (n *newProject) mayUse() error {
	entries, err := os.ReadDir(n.dir)
	if errors.Is(err, fs.ErrNotExist) || n.force {
		return nil
	}
	if err != nil {
		return fault.Wrap(err, fault.Usage, "%s cannot be used: %s", n.dir, err)
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return fault.New(fault.Exists, "%s is not empty: there is %s", n.dir, e.Name()).
				WithHint("choose another folder; --force adds what is missing and leaves what is there")
		}
	}
	return nil
}

type projectFile struct {
	name string
	text []byte
}

func (n *newProject) files() ([]projectFile, error) {
	schema, err := workflow.JSONSchema(actions.Builtin())
	if err != nil {
		return nil, err
	}
	settings := strings.NewReplacer("{{slug}}", n.slug, "{{name}}", strconv.Quote(n.name)).Replace(string(templateFile("gantry.yaml")))
	files := []projectFile{
		{"gantry.yaml", []byte(settings)},
		{"workflows/hello.yaml", templateFile("hello.yaml")},
		{"workflows/test-halo-integration.yaml", shippedWorkflow("test-halo-integration.yaml")},
		{"crates/.gitkeep", nil},
		{".vscode/settings.json", templateFile("settings.json")},
		{".vscode/extensions.json", templateFile("extensions.json")},
		{".vscode/gantry.schema.json", schema},
		{".gitignore", templateFile("gitignore")},
	}
	if !n.examples {
		return files, nil
	}
	err = fs.WalkDir(workflows.Files, "examples", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, projectFile{path.Join("workflows", name), shippedWorkflow(name)})
		}
		return err
	})
	return files, err
}

func templateFile(name string) []byte { return embedded(template, path.Join("template", name)) }

func shippedWorkflow(name string) []byte { return embedded(workflows.Files, name) }

// embedded reads a file that is part of the program.
func embedded(files embed.FS, name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return text
}

func (n *newProject) write(root *os.Root, f projectFile) error {
	if err := root.MkdirAll(path.Dir(f.name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil // only with --force; what is there stays
	}
	if err != nil {
		return err
	}
	_, err = file.Write(f.text)
	n.made = append(n.made, f.name)
	return errors.Join(err, file.Close())
}

func (n *newProject) tell(out io.Writer) error {
	if n.app.Flags.Quiet {
		return nil
	}
	style := n.app.outStyle()
	fmt.Fprintf(out, "Made a project in %s:\n\n", style.bold(n.dir))
	for _, name := range n.made {
		if path.Base(name) != ".gitkeep" {
			fmt.Fprintf(out, "  %s\n", name)
		}
	}
	fmt.Fprintf(out, "\nNext:\n\n")
	if filepath.Clean(n.dir) != "." {
		fmt.Fprintf(out, "  cd %s\n", n.dir)
	}
	fmt.Fprint(out, `  gantry check                                     look for mistakes
  gantry run hello --sandbox                       run your first workflow
  gantry run test-halo-integration --sandbox       talk to a simulated Halo

Then change workflows/hello.yaml. `+"`gantry actions list`"+` shows what tasks can do.
`)
	return nil
}
