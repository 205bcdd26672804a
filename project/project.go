package project

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gantry/actions"
	"gantry/crates"
	"gantry/engine/assist"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Folders of a project.
const (
	WorkflowsFolder = "workflows"
	CratesFolder    = "crates"
	ActionsFolder   = "actions"
)

// Options are what Load needs beside the folder.
type Options struct {
	// Getenv is os.Getenv outside of tests.
	Getenv func(string) string
	// OrgVars are the variables that every organisation has; OrgVarsKnown, that there are no others.
	OrgVars      []schema.Field
	OrgVarsKnown bool
	// OrgSlugs are the slugs of all organisations; nil: not known.
	OrgSlugs []string
	// Extra are files beside the project's own, checked with them.
	Extra []workflow.File
}

// Project is a project folder as it was read. It does not change. Its workflows are checked when all of them, or the
// diagnostics, are first asked for; until then each one that is asked for, with those that it leads to. It is safe
// for concurrent use.
type Project struct {
	Dir       string
	Settings  Settings
	Catalogue *actions.Catalogue
	// Crates are those of the project and those that ship, by name; a project's own takes the place of
	// one that ships.
	Crates []*crates.Crate
	// Texts are the contents of all files, by their path below Dir.
	Texts source.Texts

	diagnostics source.Diagnostics
	check       func()      // checks the workflows, once: many commands have no use for them
	checked     atomic.Bool // check is done
	library     *workflow.Library
	files       map[string]workflow.File      // by id
	set         map[string]*workflow.Workflow // with what their crates' settings add
	world       workflow.World
	single      single
	assistant   *assist.Assistant
}

// Load reads a project. A wrong file is reported by Diagnostics and left out; the error is
// only for a folder that cannot be read at all.
func Load(dir string, o Options) (*Project, error) {
	root, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return load(dir, root.FS(), o), nil
}

func openFolder(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Missing, "the project folder %s cannot be opened: %s", dir, crates.Reason(err)).
			WithHint("--project names another; `gantry init DIR` makes one")
	}
	return root, nil
}

// load reads the project whose files fsys gives: those of dir, but for what is put in their place.
func load(dir string, fsys fs.FS, o Options) *Project {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	p := &Project{Dir: dir, files: map[string]workflow.File{}, set: map[string]*workflow.Workflow{}}
	p.Settings, p.diagnostics, p.Texts = ReadSettings(dir, o.Getenv)
	if o.OrgSlugs != nil {
		p.Settings.History.warn(o.OrgSlugs, &p.diagnostics)
	}
	l := &loading{Project: p, fsys: fsys, source: isGantry(fsys)}
	l.loadCatalogue()
	l.loadCrates()
	files := l.readWorkflows(o)
	l.addTexts()
	p.world = workflow.World{Catalogue: p.Catalogue, OrgVars: o.OrgVars, OrgVarsKnown: o.OrgVarsKnown, WorkflowIDs: p.IDs, Workflow: p.signature, MostValue: p.Settings.Limits.MaxValue}
	p.assistant = assist.New(p.world, p.fileOf)
	p.check = sync.OnceFunc(func() {
		l.checkWorkflows(files)
		l.applySettings()
		p.diagnostics.Sort()
		p.checked.Store(true)
	})
	return p
}

// loading is a project on its way in.
type loading struct {
	*Project
	fsys   fs.FS
	source bool // the folder is Gantry's own source tree
}

// isGantry tells Gantry's own source tree, which is a project, too: newcomers run its examples. What lies
// in its actions/ is built in already.
func isGantry(fsys fs.FS) bool {
	text, err := fs.ReadFile(fsys, "go.mod")
	return err == nil && strings.HasPrefix(string(text), "module gantry\n")
}

func (l *loading) loadCatalogue() {
	l.Catalogue = actions.Builtin()
	if l.source {
		return
	}
	var ds source.Diagnostics
	l.Catalogue, ds = actions.Load(l.Catalogue, l.fsys, ActionsFolder)
	l.diagnostics.Add(ds...)
}

func (l *loading) loadCrates() {
	own, ds := crates.Load(l.fsys, CratesFolder, l.Catalogue)
	shipped, more := crates.Builtin(l.Catalogue)
	l.diagnostics.Add(ds...)
	for _, c := range shipped {
		replaced := slices.ContainsFunc(own, func(o *crates.Crate) bool { return o.Name == c.Name })
		if !replaced {
			own = append(own, c)
			l.diagnostics.Add(slices.DeleteFunc(slices.Clone(more), func(d source.Diagnostic) bool { return d.Pos.File != c.File })...)
		}
	}
	for _, c := range own {
		l.Texts[c.File] = c.Text
		if !c.Broken() {
			l.Crates = append(l.Crates, c)
		}
	}
	slices.SortFunc(l.Crates, func(a, b *crates.Crate) int { return strings.Compare(a.Name, b.Name) })
}

func (l *loading) readWorkflows(o Options) []workflow.File {
	files := crates.WorkflowFiles(l.fsys, WorkflowsFolder, "", &l.diagnostics)
	for _, c := range l.Crates {
		files = append(files, c.Workflows...)
	}
	files = append(files, o.Extra...)
	for _, f := range files {
		l.Texts[f.Name] = f.Text
		if _, taken := l.files[f.ID]; !taken {
			l.files[f.ID] = f
		}
	}
	return files
}

func (l *loading) checkWorkflows(files []workflow.File) {
	library, ds := workflow.LoadAll(files, l.world)
	l.library = library
	l.diagnostics.Add(ds...)
}

// addTexts reads the files that diagnostics speak of and whose text is not at hand: those of actions.
func (l *loading) addTexts() {
	for _, d := range l.diagnostics {
		if _, there := l.Texts[d.Pos.File]; there || d.Pos.Line == 0 {
			continue
		}
		if text, err := fs.ReadFile(l.fsys, d.Pos.File); err == nil {
			l.Texts[d.Pos.File] = text
		}
	}
}
