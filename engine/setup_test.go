package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/actions/wire"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// bench is a data directory with two organisations, an engine on it, and a server that counts calls.
type bench struct {
	t       *testing.T
	dir     string
	store   *store.Store
	orgs    *orgs.Service
	history *history.History
	engine  *engine.Engine
	library library
	msp     orgs.Organisation
	client  orgs.Organisation
	options engine.Options
	now     func() time.Time         // nil: time.Now
	commit  func(func() error) error // in place of the disk's own; nil: that
	http    wire.Sender              // in place of the network; nil: the network, loopback only
	close   func()
}

// library gives workflows from texts.
type library struct {
	world workflow.World
	lib   *workflow.Library
}

func (l library) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := l.lib.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (l library) Compile(id string, text []byte) (*workflow.Workflow, error) {
	def, ds := workflow.Parse(id, id+".yaml", text)
	if ds.HasErrors() {
		return nil, ds.Err()
	}
	world := l.world
	world.Workflow = func(id string) (*workflow.Signature, bool) {
		wf, ok := l.lib.Get(id)
		if !ok {
			return nil, false
		}
		return &workflow.Signature{ID: id, Inputs: wf.Inputs, Output: wf.OutputType, Title: wf.Title}, true
	}
	wf, ds := workflow.Check(def, world)
	return wf, ds.Err()
}

func setup(t *testing.T, texts map[string]string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir()}
	b.open(texts)
	ctx := context.Background()
	var err error
	if b.msp, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"}); err != nil {
		t.Fatal(err)
	}
	if b.client, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "northwind-dental", Name: "Northwind Dental", Parent: "acme-msp"}); err != nil {
		t.Fatal(err)
	}
	return b
}

// open opens the data directory as a new process would.
func (b *bench) open(texts map[string]string) {
	b.t.Helper()
	ctx := context.Background()
	var err error
	if b.store, err = store.Open(ctx, b.dir, store.Options{Commit: b.commit}, orgs.Migrations(), history.Migrations()); err != nil {
		b.t.Fatal(err)
	}
	ring, err := orgs.OpenKeyring(b.dir, func(string) string { return "" })
	if err != nil {
		b.t.Fatal(err)
	}
	if b.now == nil {
		b.now = time.Now
	}
	b.orgs = orgs.New(b.store, ring, b.now)
	b.history = history.New(b.store, ring)
	world := workflow.World{Catalogue: actions.Builtin()}
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, world)
	if ds.HasErrors() {
		b.t.Fatal(ds.Err())
	}
	b.library = library{world, lib}
	runtime := actions.NewRuntime(actions.Options{Clock: b.now, HTTP: b.http, Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	b.options.History, b.options.Organisations, b.options.Actions, b.options.Workflows = b.history, b.orgs, runtime, b.library
	if b.options.Now == nil {
		b.options.Now = b.now
	}
	if b.options.Grace == 0 {
		b.options.Grace = time.Millisecond
	}
	b.engine = engine.New(b.options)
	closed := sync.OnceFunc(func() {
		b.engine.Close()
		runtime.Close()
		if err := b.store.Close(); err != nil {
			b.t.Error(err)
		}
	})
	b.close = closed
	b.t.Cleanup(closed)
}

// run starts a workflow and waits for its end.
func (b *bench) run(req engine.Request) *history.Detail {
	b.t.Helper()
	id := b.start(req)
	return b.wait(id)
}

func (b *bench) start(req engine.Request) string {
	b.t.Helper()
	if req.Organisation.ID == "" {
		req.Organisation = b.msp
	}
	id, err := b.engine.Start(context.Background(), req)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func (b *bench) wait(id string) *history.Detail {
	b.t.Helper()
	if _, err := b.engine.Wait(context.Background(), id); err != nil {
		b.t.Fatal(err)
	}
	return b.show(id)
}

func (b *bench) show(id string) *history.Detail {
	b.t.Helper()
	detail, err := b.history.Show(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return detail
}

func (b *bench) expect(d *history.Detail, status flow.Status) {
	b.t.Helper()
	if d.Status != status {
		b.t.Fatalf("run is %s, want %s: %v", d.Status, status, d.Error)
	}
}

func taskOf(d *history.Detail, name string) *history.Task {
	for i := range d.Tasks {
		if d.Tasks[i].Name == name {
			return &d.Tasks[i]
		}
	}
	return &history.Task{Name: name, Status: "did not run"}
}

// target is a server that counts what it is asked, by "METHOD /path". Paths that begin with /hold answer
// when let is called.
type target struct {
	*httptest.Server
	mu      sync.Mutex
	hits    map[string]int
	arrived chan string
	gate    chan struct{}
}

func newTarget(t *testing.T) *target {
	s := &target{hits: map[string]int{}, arrived: make(chan string, 10_000), gate: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Method + " " + r.URL.Path
		s.mu.Lock()
		s.hits[key]++
		s.mu.Unlock()
		s.arrived <- key
		if len(r.URL.Path) >= 5 && r.URL.Path[:5] == "/hold" {
			select {
			case <-s.gate:
			case <-r.Context().Done():
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"path": %q, "password": "hunter2"}`, r.URL.Path)
	}))
	t.Cleanup(func() {
		s.let()
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *target) let() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.gate:
	default:
		close(s.gate)
	}
}

func (s *target) count(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits[key]
}
