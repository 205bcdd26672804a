package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/project"
	"gantry/source"
)

func newCheck(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Find mistakes in workflows, crates and settings",
		Long: `Reads the whole project and tells everything that is wrong in it, each with its place in the file and
what to do about it: unknown actions and inputs, expressions that do not fit, names that may not be
set, joins that cannot be reached. Nothing is sent anywhere. What check refuses is not run.

With paths it tells only what concerns these files and folders; a path outside of the project is
checked as a workflow of it. The organisation variables that workflows may use are those of the data
folder; before there is one, they give warnings.

Exit code 1 tells that there are errors. Warnings alone end with 0.`,
		Example: `  gantry check
  gantry check workflows/triage
  gantry check --format json          a list of {file, line, column, severity, code, message, hint}`,
		GroupID: groupWrite,
		Args:    takes("[PATH...]"),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := &checking{app: app}
		if err := c.sort(cmd, args); err != nil {
			return err
		}
		o, err := app.known(cmd.Context())
		if err != nil {
			return err
		}
		o.Extra = c.extra
		p, err := project.Load(app.Flags.Project, o)
		if err != nil {
			return err
		}
		return c.show(p)
	}
	return cmd
}

// checking is one call of gantry check.
type checking struct {
	app   *App
	paths []string        // below the project, with slashes; none, where none was asked for: everything
	extra []workflow.File // workflows from outside of it
}

// sort tells paths of the project from others, whose files it reads.
func (c *checking) sort(cmd *cobra.Command, args []string) error {
	root, err := filepath.Abs(c.app.Flags.Project)
	if err != nil {
		return err
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return fault.Wrap(err, fault.Usage, "there is no file or folder %s", arg).WithHint("%s", seeHelp(cmd))
		}
		full, err := filepath.Abs(arg)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, full)
		if err == nil && filepath.IsLocal(below) && belongs(filepath.ToSlash(below), info) {
			c.paths = append(c.paths, filepath.ToSlash(below))
			continue
		}
		if err := c.outside(cmd, arg, info); err != nil {
			return err
		}
	}
	return nil
}

// outside reads what is not of this project. Another project is not taken apart into workflows of this one,
// and where there is nothing to check, that is not passed over as if all were well.
func (c *checking) outside(cmd *cobra.Command, arg string, info fs.FileInfo) error {
	folder := arg
	if !info.IsDir() {
		folder = filepath.Dir(arg)
	}
	_, err := os.Stat(filepath.Join(folder, project.SettingsFile))
	if err == nil && (info.IsDir() || filepath.Base(arg) == project.SettingsFile) {
		return fault.New(fault.Usage, "%s belongs to another project", arg).WithHint("check that one with `gantry check --project %s`", shellWord(folder))
	}
	before := len(c.extra)
	if err := c.readOutside(arg); err != nil {
		return err
	}
	if len(c.extra) == before {
		return fault.New(fault.Usage, "there are no workflows in %s", arg).WithHint("they are files that end with .yaml; %s", seeHelp(cmd))
	}
	return nil
}

// belongs tells whether a path is, holds, or lies in something that a project has.
func belongs(below string, info fs.FileInfo) bool {
	first, _, _ := strings.Cut(below, "/")
	switch first {
	case ".", project.WorkflowsFolder, project.CratesFolder, project.ActionsFolder, project.SettingsFile:
		return true
	}
	return false
}

// readOutside reads a workflow file, or those of a folder, as workflows of the project.
func (c *checking) readOutside(arg string) error {
	return filepath.WalkDir(arg, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fault.Wrap(err, fault.Usage, "%s cannot be read: %s", name, err)
		}
		ending := path.Ext(name)
		if entry.IsDir() || name != arg && ending != ".yaml" && ending != ".yml" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return fault.Wrap(err, fault.Usage, "%s cannot be read: %s", name, err)
		}
		shown := filepath.ToSlash(name)
		c.paths = append(c.paths, shown)
		c.extra = append(c.extra, workflow.File{ID: "./" + strings.TrimSuffix(shown, ending), Name: shown, Text: text})
		return nil
	})
}

// concerns tells whether a diagnostic's file is one that was asked for.
func (c *checking) concerns(file string) bool {
	if len(c.paths) == 0 {
		return true
	}
	return slices.ContainsFunc(c.paths, func(p string) bool {
		return p == "." || file == p || strings.HasPrefix(file, strings.TrimSuffix(p, "/")+"/")
	})
}

func (c *checking) show(p *project.Project) error {
	var found source.Diagnostics
	for _, d := range p.Diagnostics() {
		if c.concerns(d.Pos.File) {
			found = append(found, d)
		}
	}
	shown, texts := c.fromHere(found, p.Texts)
	err := c.app.Show(reports(shown), func(out io.Writer) error {
		shown.Render(out, texts, c.app.outStyle().on)
		if len(shown) > 0 {
			fmt.Fprintln(out)
		}
		if !c.app.Flags.Quiet {
			fmt.Fprintln(out, c.summary(p, found))
		}
		return nil
	})
	if err == nil && found.HasErrors() {
		return errFailed
	}
	c.noteSettings(p)
	return err
}

// noteSettings says that nothing runs although what was asked for is right: gantry.yaml is not.
func (c *checking) noteSettings(p *project.Project) {
	for _, d := range p.Diagnostics() {
		ofSettings := d.Pos.File == project.SettingsFile || d.Pos.File == project.AllowVariable
		if d.Severity == source.Error && ofSettings && !c.concerns(d.Pos.File) {
			c.app.Note("%s has errors, so that nothing runs: `%s` shows them.", d.Pos.File, c.app.command("check"))
			return
		}
	}
}

// fromHere names files as they are reached from the current folder, so that terminals can open them.
func (c *checking) fromHere(ds source.Diagnostics, texts source.Texts) (source.Diagnostics, source.Texts) {
	dir := filepath.ToSlash(filepath.Clean(c.app.Flags.Project))
	if dir == "." {
		return ds, texts
	}
	outside := map[string]bool{}
	for _, f := range c.extra {
		outside[f.Name] = true
	}
	at := func(file string) string {
		if outside[file] || file == project.AllowVariable {
			return file
		}
		return path.Join(dir, file)
	}
	moved, named := slices.Clone(ds), source.Texts{}
	for i := range moved {
		moved[i].Pos.File = at(moved[i].Pos.File)
	}
	for name, text := range texts {
		named[at(name)] = text
	}
	return moved, named
}

func (c *checking) summary(p *project.Project, found source.Diagnostics) string {
	shipped := map[string]bool{}
	for _, crate := range p.Crates {
		shipped[crate.File] = crate.Builtin
		for _, f := range crate.Workflows {
			shipped[f.Name] = crate.Builtin
		}
	}
	files := 0
	for name := range p.Texts {
		if c.concerns(name) && !shipped[name] {
			files++
		}
	}
	looked := counted(files, "file")
	if len(found) == 0 {
		return c.app.outStyle().good("ok") + ": " + looked + " checked, nothing is wrong"
	}
	return fmt.Sprintf("%s and %s in %s", counted(found.Errors(), "error"), counted(found.Warnings(), "warning"), looked)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// report is a diagnostic as `--format json` gives it.
type report struct {
	File     string          `json:"file"`
	Line     int             `json:"line"` // from 1; 0: the file as a whole
	Column   int             `json:"column"`
	Severity source.Severity `json:"severity"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	Hint     string          `json:"hint,omitempty"`
}

func reports(ds source.Diagnostics) []report {
	out := make([]report, len(ds))
	for i, d := range ds {
		out[i] = report{File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column, Severity: d.Severity, Code: d.Code, Message: d.Message, Hint: d.Hint}
	}
	return out
}
