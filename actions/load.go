package actions

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gantry/source"
)

// Load adds a project's own integrations, the folders below dir, to a catalogue, all checked. A folder may bring a new
// integration, or more actions for one that is there; it cannot replace what is there. A wrong file is
// reported and left out, the others are loaded. A missing dir is no error.
func Load(base *Catalogue, fsys fs.FS, dir string) (*Catalogue, source.Diagnostics) {
	return load(base, fsys, dir, false)
}

func load(base *Catalogue, fsys fs.FS, dir string, core bool) (*Catalogue, source.Diagnostics) {
	c := newCatalogue()
	maps.Copy(c.integrations, base.integrations)
	maps.Copy(c.actions, base.actions)
	maps.Copy(c.types, base.types)
	maps.Copy(c.polls, base.polls)
	maps.Copy(c.webhooks, base.webhooks)
	var ds source.Diagnostics
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		if !isMissing(err) {
			ds.Errorf(source.Pos{File: dir}, "unreadable", "the folder cannot be read: %s", err)
		}
		return c, ds
	}
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			f := &folder{catalogue: c, id: entry.Name(), dir: path.Join(dir, entry.Name()), core: core, ds: &ds}
			f.load(fsys)
		}
	}
	ds.Sort()
	return c, ds
}

// folder is one integration's folder on its way into the catalogue.
type folder struct {
	catalogue   *Catalogue
	id, dir     string
	core        bool // the folder core of the built-in catalogue may hold actions without a request
	ds          *source.Diagnostics
	files       []*file
	integration *Integration        // nil for core
	owner       func() *Integration // the same, as its actions know it
	types       *typeTable
}

type file struct {
	name    string
	root    *source.Node
	body    *source.Fields
	actions []*Action // those that are in the catalogue
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

const (
	integrationFile = "integration.yaml"
	coreID          = "core" // Gantry's own actions, which belong to no integration
)

func (f *folder) load(fsys fs.FS) {
	if !idPattern.MatchString(f.id) {
		f.ds.Errorf(source.Pos{File: f.dir}, "bad-name", "the folder %q cannot be an integration's id", f.id).Hint =
			"use small letters, digits and single underscores, beginning with a letter"
		return
	}
	if f.id == coreID && !f.core {
		f.ds.Errorf(source.Pos{File: f.dir}, "reserved", "core actions are part of Gantry and cannot be added to").Hint =
			"put your actions into a folder of another name, with an integration.yaml"
		return
	}
	head := f.read(fsys)
	f.types = newTypeTable(f)
	if f.id != coreID && !f.takeIntegration(head) {
		return
	}
	if f.integration != nil {
		f.owner = ready(f.integration)
	}
	for _, one := range f.files {
		f.loadFile(one)
	}
	for _, one := range f.files {
		f.checkVerifications(one)
	}
	for _, one := range f.files {
		f.loadTriggers(one)
	}
	if head != nil {
		f.checkReferences(head)
	}
	if f.integration != nil {
		f.catalogue.integrations[f.id] = ready(f.integration)
	}
}

// read parses all files, side by side, and gives that of the integration itself.
func (f *folder) read(fsys fs.FS) (head *file) {
	entries, err := fs.ReadDir(fsys, f.dir)
	if err != nil {
		f.ds.Errorf(source.Pos{File: f.dir}, "unreadable", "the folder cannot be read: %s", err)
		return nil
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		ext := path.Ext(e.Name())
		return e.IsDir() || ext != ".yaml" && ext != ".yml"
	})
	files := make([]*file, len(entries))
	found := make([]source.Diagnostics, len(entries))
	var all sync.WaitGroup
	for i, entry := range entries {
		files[i] = &file{name: path.Join(f.dir, entry.Name())}
		all.Go(func() { found[i] = files[i].parse(fsys) })
	}
	all.Wait()
	for i, one := range files {
		f.ds.Add(found[i]...)
		if path.Base(one.name) == integrationFile {
			head = one
		}
		if one.root != nil {
			f.files = append(f.files, one)
		}
	}
	return head
}

func (one *file) parse(fsys fs.FS) (ds source.Diagnostics) {
	text, err := fs.ReadFile(fsys, one.name)
	if err != nil {
		ds.Errorf(source.Pos{File: one.name}, "unreadable", "the file cannot be read: %s", err)
		return ds
	}
	one.root, ds = source.Parse(one.name, text)
	if ds.HasErrors() {
		one.root = nil
	}
	return ds
}

// takeIntegration finds what the folder's actions belong to: its own integration.yaml, or an integration
// that is in the catalogue already.
func (f *folder) takeIntegration(head *file) bool {
	known, extends := f.catalogue.integrations[f.id]
	switch {
	case extends && head != nil:
		f.ds.Errorf(source.Pos{File: head.name, Line: 1, Column: 1}, "exists", "integration %s is there already and is not replaced", f.id).Hint =
			"to add actions to it leave out " + integrationFile + "; for another integration take another folder name"
		return false
	case extends:
		f.integration = known()
		return f.integration != nil
	case head == nil:
		f.ds.Errorf(source.Pos{File: f.dir}, "missing-file", "%s has no %s", f.dir, integrationFile).Hint =
			"every integration needs one: title, config, auth, base_url"
		return false
	case head.root == nil:
		return false // its parse errors are reported
	}
	f.integration = &Integration{ID: f.id}
	before := f.ds.Errors()
	f.readIntegration(head)
	return f.ds.Errors() == before
}

// loadFile takes a file's types and actions into the catalogue, all or none of them.
func (f *folder) loadFile(one *file) {
	before := errorsIn(*f.ds, one.name)
	types := f.types.readFile(one)
	actions := f.readActions(one)
	if path.Base(one.name) != integrationFile {
		b := f.body(one)
		b.Node("polls")
		b.Node("webhooks")
		b.Close()
	}
	if errorsIn(*f.ds, one.name) > before || f.types.broken[one.name] {
		return
	}
	for name, t := range types {
		f.catalogue.types[name] = ready(t)
	}
	one.actions = actions
	for _, a := range actions {
		f.catalogue.actions[a.ID] = ready(a)
	}
}

// loadTriggers takes a file's polls and webhooks into the catalogue. It comes after loadFile of all files, whose
// actions and types they name.
func (f *folder) loadTriggers(one *file) {
	before := errorsIn(*f.ds, one.name)
	polls, webhooks := f.readPolls(one), f.readWebhooks(one)
	if errorsIn(*f.ds, one.name) > before {
		return
	}
	for _, p := range polls {
		f.catalogue.polls[p.ID] = ready(p)
	}
	for _, p := range webhooks {
		f.catalogue.webhooks[p.ID] = ready(p)
	}
}

func (f *folder) body(one *file) *source.Fields {
	if one.body == nil {
		one.body = source.ReadFields(one.root, "the file", f.ds)
	}
	return one.body
}

func errorsIn(ds source.Diagnostics, file string) (n int) {
	for _, d := range ds {
		if d.Severity == source.Error && d.Pos.File == file {
			n++
		}
	}
	return n
}
