package workflow

import (
	"maps"
	"runtime"
	"slices"
	"sync"

	"gantry/actions"
	"gantry/source"
)

// File is a workflow file to be loaded.
type File struct {
	ID, Name string
	Text     []byte
}

// Library holds the workflows of a project. It does not change.
type Library struct {
	workflows map[string]*Workflow
	broken    map[string]source.Diagnostics
}

// Get gives the workflow of an id; a broken one is not there.
func (l *Library) Get(id string) (*Workflow, bool) {
	w, ok := l.workflows[id]
	return w, ok
}

// IDs lists the workflows that check, in alphabetical order.
func (l *Library) IDs() []string { return slices.Sorted(maps.Keys(l.workflows)) }

// All gives the workflows that check, in the order of their ids.
func (l *Library) All() []*Workflow {
	var all []*Workflow
	for _, id := range l.IDs() {
		all = append(all, l.workflows[id])
	}
	return all
}

// Broken gives what is wrong with a workflow that does not check.
func (l *Library) Broken(id string) (source.Diagnostics, bool) {
	ds, ok := l.broken[id]
	return ds, ok
}

// LoadAll parses and checks all files. A wrong file is reported and left out, as are those that call it;
// the others are loaded. w.Workflow and w.WorkflowIDs are not looked at: the files are each other's world.
func LoadAll(files []File, w World) (*Library, source.Diagnostics) {
	l := newLoader(w)
	l.parse(l.add(files))
	l.known = l.ids
	return l.load()
}

// LoadOne is LoadAll for one workflow, and for those that it leads to or waits for: what calls it, and circles of
// completion triggers that only others close, are not looked at. The library holds what was loaded.
func LoadOne(id string, files []File, w World) *Library {
	l := newLoader(w)
	byID := make(map[string]File, len(files))
	for _, f := range files {
		if _, taken := byID[f.ID]; !taken {
			byID[f.ID] = f
		}
	}
	l.known = slices.Sorted(maps.Keys(byID))
	for wanted := []string{id}; len(wanted) > 0; {
		var next []File
		for _, id := range wanted {
			f, there := byID[id]
			if _, known := l.units[id]; there && !known && !slices.ContainsFunc(next, func(other File) bool { return other.ID == id }) {
				next = append(next, f)
			}
		}
		units := l.add(next)
		l.parse(units)
		wanted = nil
		for _, u := range units {
			wanted = append(wanted, u.names()...)
		}
	}
	library, _ := l.load()
	return library
}

func newLoader(w World) *loader {
	if w.Catalogue == nil {
		w.Catalogue = actions.Builtin()
	}
	return &loader{world: w, units: map[string]*unit{}}
}

// load checks what is parsed.
func (l *loader) load() (*Library, source.Diagnostics) {
	l.world.WorkflowIDs = func() []string { return l.known }
	l.world.Workflow = l.signature
	l.world = l.world.share()
	for _, level := range l.levels() {
		l.each(level, l.check)
		for _, u := range level { // only now: on_failure and completion may look sideways meanwhile
			if u.workflow != nil && !u.circular {
				u.sig = u.workflow.Signature()
			}
		}
	}
	l.checkCompletions()
	l.handlersAreCalls()
	l.refuseCircles()
	l.refuseCallers()
	return l.library()
}

// unit is one file on its way into the library.
type unit struct {
	file     File
	def      *Definition
	sig      *Signature
	calls    []*source.Node // the workflows that its tasks and on_failure name
	ds       source.Diagnostics
	workflow *Workflow
	circular bool // it calls itself, by way of others or not

	completions []*source.Node        // the workflows whose ends its triggers wait for
	seen        map[string]*Signature // what was known of those when it was checked
	before      int                   // how many diagnostics there were then
}

// names gives the ids of the workflows that it leads to or waits for.
func (u *unit) names() (ids []string) {
	for _, n := range slices.Concat(u.calls, u.completions) {
		ids = append(ids, n.Value.(string))
	}
	if u.def != nil && u.def.OnFailure != nil {
		ids = append(ids, u.def.OnFailure.Workflow.Value.(string))
	}
	return ids
}

type loader struct {
	world World
	units map[string]*unit
	ids   []string // of the units, in alphabetical order
	known []string // the ids that there are, in alphabetical order
	ds    source.Diagnostics
}

// each does the work on the cores there are.
func (l *loader) each(units []*unit, work func(*unit)) {
	queue := make(chan *unit)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(units)) {
		wg.Go(func() {
			for u := range queue {
				work(u)
			}
		})
	}
	for _, u := range units {
		queue <- u
	}
	close(queue)
	wg.Wait()
}

// add makes units of files. Of several of one id the first counts.
func (l *loader) add(files []File) (all []*unit) {
	for _, f := range files {
		if other, taken := l.units[f.ID]; taken {
			l.ds.Errorf(source.Pos{File: f.Name}, "same-id", "this workflow has the id %s, as has %s", f.ID, other.file.Name).Hint = "rename one of the files"
			continue
		}
		u := &unit{file: f}
		l.units[f.ID] = u
		all = append(all, u)
	}
	l.ids = slices.Sorted(maps.Keys(l.units))
	return all
}

func (l *loader) parse(units []*unit) {
	l.each(units, func(u *unit) {
		u.def, u.ds = Parse(u.file.ID, u.file.Name, u.file.Text)
		if u.def == nil {
			return
		}
		u.def.inputs = inputsOf(u.def, l.world.Catalogue)
		u.sig = &Signature{ID: u.def.ID, Title: u.def.Title, Inputs: u.def.inputs.fields, Output: anyType}
		for _, t := range u.def.Tasks {
			if t.Workflow != nil {
				u.calls = append(u.calls, t.Workflow)
			}
		}
		u.completions = completions(u.def)
	})
}

// signature answers for World.Workflow. A workflow that could not be read is known nevertheless, so that
// its callers are told so and not that there is none; its inputs are not.
func (l *loader) signature(id string) (*Signature, bool) {
	u, ok := l.units[id]
	if !ok {
		return nil, false
	}
	return u.sig, true
}

func (l *loader) check(u *unit) {
	if u.def == nil {
		return
	}
	u.before, u.seen = len(u.ds), map[string]*Signature{}
	for _, n := range u.completions {
		of := n.Value.(string)
		u.seen[of], _ = l.signature(of)
	}
	workflow, ds := Check(u.def, l.world)
	u.ds.Add(ds...)
	u.workflow = workflow
}

// handlersAreCalls counts on_failure among the calls, which it is not as long as output types are sought.
func (l *loader) handlersAreCalls() {
	for _, u := range l.units {
		if u.def != nil && u.def.OnFailure != nil {
			u.calls = append(u.calls, u.def.OnFailure.Workflow)
		}
	}
}

// refuseCallers leaves out the workflows that call a broken one, and those that call them.
func (l *loader) refuseCallers() {
	for changed := true; changed; {
		changed = false
		for _, id := range l.ids {
			u := l.units[id]
			if u.workflow == nil {
				continue
			}
			for _, n := range u.calls {
				if callee := l.units[n.Value.(string)]; callee != nil && callee.workflow == nil && u.workflow != nil {
					u.ds.Errorf(n.Pos, "calls-broken", "this workflow calls %s, which does not check", callee.file.ID).Hint = "mend " + callee.file.Name + " first"
					u.workflow, changed = nil, true
				}
			}
		}
	}
}

func (l *loader) library() (*Library, source.Diagnostics) {
	lib := &Library{workflows: map[string]*Workflow{}, broken: map[string]source.Diagnostics{}}
	ds := l.ds
	for _, id := range l.ids {
		u := l.units[id]
		u.ds.Sort()
		ds.Add(u.ds...)
		if u.workflow != nil {
			lib.workflows[id] = u.workflow
		} else {
			lib.broken[id] = u.ds
		}
	}
	ds.Sort()
	return lib, ds
}
