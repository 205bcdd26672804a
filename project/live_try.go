package project

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/source"
)

// Trial is a change of files that is not made: what would come of it beside everything else that is in use.
type Trial struct {
	ID, File string // the workflow that would be written, and where to
	Text     []byte
	Without  string // a file that would be taken away; "": none
}

// Break is a workflow that checks now, and would not any more.
type Break struct {
	Workflow, File string
	Why            string // the first mistake, with its place
}

// FileOf gives the file that holds a workflow, its path below the project; false: there is none.
func (l *Live) FileOf(id string) (string, bool) {
	f, there := l.now.Load().project.files[id]
	return f.Name, there
}

// Try tells what would come of a change. The error tells why the text would not be in use: it does not check
// (fault.NotChecked, with the mistakes as its detail), or the file would not be read. Breaks are the others that it
// would break, in the order of their ids.
func (l *Live) Try(t Trial) (breaks []Break, err error) {
	m := l.now.Load()
	root, err := openFolder(l.o.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	instead := maps.Clone(m.instead)
	if instead == nil {
		instead = map[string][]byte{}
	}
	delete(instead, t.Without)
	instead[t.File] = t.Text
	p := load(l.o.Dir, without{newSnapshot(root.FS()).with(instead), t.Without},
		Options{Getenv: l.o.Getenv, OrgVars: m.vars, OrgVarsKnown: l.o.OrgVars != nil})
	if p.files[t.ID].Name != t.File {
		return nil, fault.New(fault.InvalidInput, "%s would not be read as the workflow %s", t.File, t.ID).
			WithHint("a folder on its way may be a link, or another file holds a workflow of that name")
	}
	checks := map[string]bool{}
	for _, w := range p.Checked() {
		checks[w.ID] = true
	}
	if !checks[t.ID] {
		return nil, refusedTo("published", t.ID, t.File, errorsOf(p, t.File)).WithHint("mend it, and publish it again")
	}
	for _, w := range m.project.Checked() {
		if !checks[w.ID] && w.File != t.Without {
			breaks = append(breaks, Break{w.ID, w.File, firstOf(errorsOf(p, w.File))})
		}
	}
	return breaks, nil
}

func errorsOf(p *Project, file string) (found source.Diagnostics) {
	for _, d := range p.Diagnostics() {
		if d.Pos.File == file && d.Severity == source.Error {
			found = append(found, d)
		}
	}
	return found
}

func firstOf(ds source.Diagnostics) string {
	if len(ds) == 0 {
		return ""
	}
	return ds[0].Pos.String() + ": " + ds[0].Message
}

// UsersOf gives the ids of the workflows in use that lead to a workflow: by a task, on_failure, or a trigger that
// waits for its end. It does not count itself.
func (l *Live) UsersOf(id string) (users []string) {
	for _, w := range l.Checked() {
		if w.ID != id && leadsTo(w, id) {
			users = append(users, w.ID)
		}
	}
	return users
}

func leadsTo(w *workflow.Workflow, id string) bool {
	if w.OnFailure != nil && w.OnFailure.Workflow == id {
		return true
	}
	return slices.ContainsFunc(w.Tasks, func(t *workflow.Task) bool { return t.SubWorkflow == id }) ||
		slices.ContainsFunc(w.Triggers, func(t *workflow.Trigger) bool { return t.Settings["workflow"] == id })
}

// without is a view in which one file is not there.
type without struct {
	view
	file string
}

func (w without) missing(op, name string) error {
	if w.file != "" && name == w.file {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return nil
}

// Open implements fs.FS.
func (w without) Open(name string) (fs.File, error) {
	if err := w.missing("open", name); err != nil {
		return nil, err
	}
	return w.view.Open(name)
}

// Stat implements fs.StatFS.
func (w without) Stat(name string) (fs.FileInfo, error) {
	if err := w.missing("stat", name); err != nil {
		return nil, err
	}
	return w.view.Stat(name)
}

// ReadDir implements fs.ReadDirFS.
func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := w.view.ReadDir(name)
	if err == nil && w.file != "" && path.Dir(w.file) == strings.TrimSuffix(name, "/") {
		entries = slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return e.Name() == path.Base(w.file) })
	}
	return entries, err
}
