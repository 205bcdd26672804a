// Package crates reads crates: folders that package workflows with what they need and how they can be set.
// The crates that ship with Gantry lie beside this file, as YAML.
//
// A crate is crates/<name>/ with
//
//	crate.yaml     title, description, version, needs, settings, icon, docs
//	workflows/     runnable as <name>/<path below workflows, without .yaml>
//
// Settings are declared and checked. Until crates can be unpacked and configured, a setting's default is
// all the value it has; it reaches those workflows of the crate that declare an input of the same name
// and give that input no default of their own.
package crates

import (
	"embed"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/source"
)

// File is the name of a crate's own file, in its folder.
const File = "crate.yaml"

// Crate is a crate as it is written, its workflows not yet checked.
type Crate struct {
	Name        string // the folder's, and the first part of its workflows' ids
	Title       string
	Description string
	Version     string // semantic version, https://semver.org
	Icon, Docs  string
	Needs       []Need
	Settings    []schema.Field
	Workflows   []workflow.File
	File        string // crate.yaml's path below the project
	Text        []byte // of crate.yaml
	Builtin     bool   // it ships with Gantry

	root *source.Node
}

// Need is an integration that the crate's workflows use.
type Need struct {
	Integration, Why string
	Pos              source.Pos
}

//go:embed ticket-digest
var shipped embed.FS

// Builtin reads the crates that ship. A test proves that they load without a diagnostic.
func Builtin(catalogue *actions.Catalogue) ([]*Crate, source.Diagnostics) {
	found, ds := load(shipped, ".", "crates", catalogue)
	for _, c := range found {
		c.Builtin = true
	}
	return found, ds
}

// Load reads the crates in dir of a project. A wrong crate is reported and left out; its workflows'
// files are looked into only when they are checked. A missing dir is no error.
func Load(fsys fs.FS, dir string, catalogue *actions.Catalogue) ([]*Crate, source.Diagnostics) {
	return load(fsys, dir, dir, catalogue)
}

// load reads the crates of dir, whose files are called by the name that as gives dir.
func load(fsys fs.FS, dir, as string, catalogue *actions.Catalogue) (found []*Crate, ds source.Diagnostics) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		if !isMissing(err) {
			ds.Errorf(source.Pos{File: as}, "unreadable", "the folder cannot be read: %s", Reason(err))
		}
		return nil, ds
	}
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") && entry.Name() != "testdata" {
			l := &loader{fsys: fsys, dir: path.Join(dir, entry.Name()), as: path.Join(as, entry.Name()), catalogue: catalogue, ds: &ds}
			if c := l.load(entry.Name()); c != nil {
				found = append(found, c)
			}
		}
	}
	return found, ds
}

type loader struct {
	fsys      fs.FS
	dir, as   string
	catalogue *actions.Catalogue
	ds        *source.Diagnostics
}

var namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (l *loader) load(name string) *Crate {
	before := l.ds.Errors()
	if !namePattern.MatchString(name) {
		l.ds.Errorf(source.Pos{File: l.as}, "bad-name", "the folder %q cannot be a crate's name", name).Hint = "use small letters, digits and single hyphens, such as ticket-digest"
		return nil
	}
	file := path.Join(l.as, File)
	text, err := readFile(l.fsys, path.Join(l.dir, File))
	if err != nil {
		d := l.ds.Errorf(source.Pos{File: file}, "unreadable", "%s cannot be read: %s", File, Reason(err))
		if isMissing(err) {
			d.Code, d.Message = "missing-file", "the crate "+name+" has no "+File
			d.Hint = "write one with title, description and version"
		}
		return nil
	}
	c := &Crate{Name: name, File: file, Text: text}
	root, ds := source.Parse(file, text)
	l.ds.Add(ds...)
	if root == nil {
		return c.orNothing(before, l.ds)
	}
	c.root = root
	l.read(c)
	c.Workflows = workflowFiles(l.fsys, path.Join(l.dir, "workflows"), path.Join(l.as, "workflows"), name+"/", l.ds)
	if len(c.Workflows) == 0 && l.ds.Errors() == before {
		l.ds.Errorf(source.Pos{File: file, Line: 1, Column: 1}, "no-workflows", "the crate %s has no workflows", name).Hint = "put them into " + path.Join(l.as, "workflows")
	}
	return c.orNothing(before, l.ds)
}

// orNothing leaves a crate out that was reported wrong, but keeps its text for excerpts.
func (c *Crate) orNothing(before int, ds *source.Diagnostics) *Crate {
	if ds.Errors() > before {
		return &Crate{Name: c.Name, File: c.File, Text: c.Text}
	}
	return c
}

// Broken tells that the crate was reported wrong: only its name, file and text are there.
func (c *Crate) Broken() bool { return c.Title == "" }
