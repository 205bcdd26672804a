package project

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
	"gantry/store"
)

// Away is how long a file that is gone is still taken to be there: editors put a new file in the place of
// the old one, and for a moment there is none.
const Away = time.Second

// LiveOptions are what a Live project is made of. Dir and Store are needed.
type LiveOptions struct {
	Dir   string
	Store *store.Store // with Migrations; keeps the last good versions over restarts
	// OrgVars gives the variables that every organisation has, whenever the project is read; nil: not known.
	OrgVars func(ctx context.Context) ([]schema.Field, error)
	Getenv  func(string) string // os.Getenv unless said
	Now     func() time.Time    // time.Now unless said
	Log     *slog.Logger
}

// Live is a project whose files may change while it is in use. What runs always checks as a whole: a file
// with a mistake, or one that would break another that uses it, is kept as it was when it was last good,
// until it is mended. It is engine.Workflows, and safe for concurrent use.
type Live struct {
	o         LiveOptions
	reloading sync.Mutex // held by the one reload at a time
	kept      map[string]published
	now       atomic.Pointer[moment]

	mu       sync.Mutex
	watchers []func()
}

// moment is the project as it is in use from one reload to the next. It does not change.
type moment struct {
	read      map[string][]byte // the files as they lay there
	unread    map[string]string // those that could not be read, and why
	vars      []schema.Field
	project   *Project // with what is kept in the place of broken files
	workflows map[string]*workflow.Workflow
	good      map[string]published // by file
	away      map[string]time.Time // files that are gone, and since when
	broken    []Broken
	instead   map[string][]byte // what is in use in the place of files as they lie there
	compiled  sync.Map          // [32]byte of id and text -> *workflow.Workflow, for runs of earlier versions
}

// Broken is a file that is not in use as it lies there.
type Broken struct {
	File     string
	Workflow string // its id; "" for a file that is no workflow
	Version  string // that runs in its place; "" none
	Since    time.Time
	// Diagnostics are what is wrong, or why the file waits for another one.
	Diagnostics source.Diagnostics
}

// Change tells what a reload did.
type Change struct {
	Published []string // ids of workflows with a new version, in order
	Removed   []string // ids of workflows that are gone
	Broken    []Broken // everything that is broken now
	// LookAgain tells that files are gone, and perhaps only for a moment: Reload is to be called after Away.
	LookAgain bool
}

// OpenLive reads a project for the first time. What is broken from the start runs in the version that the
// store kept. The error is for a folder that cannot be read at all, and for a store that cannot.
func OpenLive(ctx context.Context, o LiveOptions) (*Live, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	kept, err := readPublished(ctx, o.Store)
	if err != nil {
		return nil, err
	}
	l := &Live{o: o, kept: kept}
	_, err = l.Reload(ctx)
	return l, err
}

// Workflow gives the version of a workflow that runs now. The errors: fault.Missing, and fault.NotChecked for
// one that never checked.
func (l *Live) Workflow(id string) (*workflow.Workflow, error) {
	m := l.now.Load()
	if w, ok := m.workflows[id]; ok {
		return w, nil
	}
	return m.project.Workflow(id)
}

// Compile checks a version that the history kept, against the project as it is now.
func (l *Live) Compile(id string, text []byte) (*workflow.Workflow, error) {
	m := l.now.Load()
	if w, ok := m.workflows[id]; ok && bytes.Equal(w.Text, text) {
		return w, nil
	}
	key := sha256.Sum256(append([]byte(id+"\x00"), text...))
	if w, ok := m.compiled.Load(key); ok {
		return w.(*workflow.Workflow), nil
	}
	w, err := m.project.Compile(id, text)
	if err == nil {
		m.compiled.Store(key, w)
	}
	return w, err
}

// Checked gives the workflows that run now, in the order of their ids.
func (l *Live) Checked() []*workflow.Workflow {
	m := l.now.Load()
	all := make([]*workflow.Workflow, 0, len(m.workflows))
	for _, id := range slices.Sorted(maps.Keys(m.workflows)) {
		all = append(all, m.workflows[id])
	}
	return all
}

// IDs gives the ids of all workflows, also of those that never checked, in alphabetical order.
func (l *Live) IDs() []string { return l.now.Load().project.IDs() }

// Catalogue gives the actions as they are now.
func (l *Live) Catalogue() *actions.Catalogue { return l.now.Load().project.Catalogue }

// Broken lists the files that are not in use as they lie there, by name.
func (l *Live) Broken() []Broken { return slices.Clone(l.now.Load().broken) }

// OnChange calls changed after each reload that changed something, one at a time. It must not call Reload.
func (l *Live) OnChange(changed func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers = append(l.watchers, changed)
}

func (l *Live) tell() {
	l.mu.Lock()
	watchers := slices.Clone(l.watchers)
	l.mu.Unlock()
	for _, changed := range watchers {
		changed()
	}
}

// Reload reads the folder again, and puts into use what changed and checks. A folder that cannot be opened is
// an error that leaves everything as it is.
func (l *Live) Reload(ctx context.Context) (Change, error) { return l.reloadBut(ctx, "") }

// ReloadTaken is Reload after a file was taken away on purpose: it is gone at once, not only after Away.
func (l *Live) ReloadTaken(ctx context.Context, file string) (Change, error) {
	return l.reloadBut(ctx, file)
}

func (l *Live) reloadBut(ctx context.Context, taken string) (Change, error) {
	l.reloading.Lock()
	defer l.reloading.Unlock()
	vars, known, err := l.orgVars(ctx)
	if err != nil {
		return Change{}, err
	}
	root, err := openFolder(l.o.Dir)
	if err != nil {
		return Change{}, err
	}
	defer root.Close()
	r := &reload{live: l, was: l.now.Load(), snapshot: newSnapshot(root.FS()), vars: vars, taken: taken,
		options: Options{Getenv: l.o.Getenv, OrgVars: vars, OrgVarsKnown: known}}
	is, change := r.run()
	if is == nil {
		return change, nil
	}
	if l.o.Store.ReadOnly() {
		l.kept = is.good
	} else if err := keepPublished(ctx, l.o.Store, l.kept, is.good); err != nil {
		l.o.Log.Error("the versions in use could not be kept for a restart", "error", fault.From(err).Message)
	} else {
		l.kept = is.good
	}
	l.now.Store(is)
	r.report(is)
	l.tell()
	return change, nil
}

// Stale tells whether the variables that every organisation has are others than when the project was last read.
// What cannot be told is left to the next Reload.
func (l *Live) Stale(ctx context.Context) bool {
	vars, _, err := l.orgVars(ctx)
	return err == nil && !reflect.DeepEqual(vars, l.now.Load().vars)
}

func (l *Live) orgVars(ctx context.Context) (vars []schema.Field, known bool, err error) {
	if l.o.OrgVars == nil {
		return nil, false, nil
	}
	vars, err = l.o.OrgVars(ctx)
	return vars, err == nil, err
}
