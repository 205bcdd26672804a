package triggers_test

import (
	"context"
	"flag"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "15"); err != nil { // each opens a data directory several times; the flag can say more
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

var ctx = context.Background()

// project is workflows that a test can replace, as a project folder that is edited.
type project struct {
	mu      sync.Mutex
	lib     *workflow.Library
	changed []func()
}

func (p *project) load(t testing.TB, texts map[string]string) {
	t.Helper()
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		t.Fatal(ds.Err())
	}
	p.mu.Lock()
	p.lib = lib
	told := p.changed
	p.mu.Unlock()
	for _, changed := range told {
		changed()
	}
}

func (p *project) Workflow(id string) (*workflow.Workflow, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wf, ok := p.lib.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (p *project) Compile(id string, text []byte) (*workflow.Workflow, error) {
	def, ds := workflow.Parse(id, id+".yaml", text)
	if ds.HasErrors() {
		return nil, ds.Err()
	}
	wf, ds := workflow.Check(def, workflow.World{Catalogue: actions.Builtin()})
	return wf, ds.Err()
}

func (p *project) Checked() []*workflow.Workflow {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lib.All()
}

func (p *project) OnChange(changed func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = append(p.changed, changed)
}

// bench is a data directory with an MSP and two clients, an engine and the triggers on it.
type bench struct {
	t       testing.TB
	dir     string
	store   *store.Store
	orgs    *orgs.Service
	history *history.History
	engine  *engine.Engine
	project *project
	*triggers.Service
	options triggers.Options
	now     func() time.Time
	close   func()

	msp, northwind, contoso orgs.Organisation
}

func setup(t testing.TB, texts map[string]string) *bench {
	t.Helper()
	b := prepare(t, texts)
	b.start()
	return b
}

// prepare is setup without Start.
func prepare(t testing.TB, texts map[string]string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), now: time.Now, project: &project{}}
	b.project.load(t, texts)
	b.open()
	b.msp = b.create("acme-msp", "Acme MSP", "")
	b.northwind = b.create("northwind-dental", "Northwind Dental", "acme-msp")
	b.contoso = b.create("contoso", "Contoso", "acme-msp")
	return b
}

func (b *bench) create(slug, name, parent string) orgs.Organisation {
	b.t.Helper()
	org, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: name, Parent: parent})
	faulttest.Must(b.t, err)
	return org
}

// open opens the data directory as a new process would, without starting.
func (b *bench) open() {
	b.t.Helper()
	var err error
	b.store, err = store.Open(ctx, b.dir, store.Options{}, orgs.Migrations(), history.Migrations(), triggers.Migrations())
	faulttest.Must(b.t, err)
	ring, err := orgs.OpenKeyring(b.dir, func(string) string { return "" })
	faulttest.Must(b.t, err)
	now := func() time.Time { return b.now() }
	b.orgs = orgs.New(b.store, ring, now)
	b.history = history.New(b.store, ring)
	runtime := actions.NewRuntime(actions.Options{Clock: now, Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	o := b.options
	o.Store, o.Organisations, o.Workflows, o.Now = b.store, b.orgs, b.project, now
	b.Service = triggers.New(o)
	b.engine = engine.New(engine.Options{History: b.history, Organisations: b.orgs, Actions: runtime, Workflows: b.project, Now: now, Ended: b.RunEnded})
	b.close = sync.OnceFunc(func() {
		b.Service.Close()
		b.engine.Close()
		runtime.Close()
		faulttest.Must(b.t, b.store.Close())
	})
	b.t.Cleanup(func() { b.close() })
}

func (b *bench) start() {
	b.t.Helper()
	faulttest.Must(b.t, b.Service.Start(ctx, b.engine))
	_, problems := b.engine.Recover(ctx)
	if len(problems) > 0 {
		b.t.Fatal(problems)
	}
}

// again closes everything and opens it as the next process does.
func (b *bench) again() {
	b.t.Helper()
	b.close()
	b.open()
	b.start()
}

// event is one of the webhook trigger `hook` of the workflow w, for Northwind.
func (b *bench) event(body any) triggers.Event {
	return triggers.Event{Key: triggers.Key{Workflow: "w", Trigger: "hook"}, Type: "webhook", OrganisationID: b.northwind.ID,
		Data: map[string]any{"body": body, "headers": map[string]any{}, "query": map[string]any{}, "method": "POST"}}
}

// accept hands one event in and gives its id.
func (b *bench) accept(e triggers.Event) string {
	b.t.Helper()
	accepted, err := b.Accept(ctx, []triggers.Event{e}, nil)
	faulttest.Must(b.t, err)
	return accepted[0].ID
}

// decide hands one event in and gives what became of it.
func (b *bench) decide(e triggers.Event) triggers.Decision {
	b.t.Helper()
	return b.decided(b.accept(e))
}

func (b *bench) decided(id string) triggers.Decision {
	b.t.Helper()
	d, err := b.Decided(ctx, id)
	faulttest.Must(b.t, err)
	return d
}

// run waits for a run and gives it.
func (b *bench) run(id string) *history.Detail {
	b.t.Helper()
	_, err := b.engine.Wait(ctx, id)
	faulttest.Must(b.t, err)
	d, err := b.history.Show(ctx, id)
	faulttest.Must(b.t, err)
	return d
}

// hook is a workflow with one webhook trigger and the keys that a test adds to it.
func hook(keys string) string {
	return "inputs: {n: {type: integer, default: 0}}\nvars: {greeting: hello}\ntriggers:\n  - {name: hook, type: webhook, verify: none, run_for: {all_managed: true}" + keys +
		"}\ntasks: {a: {action: core.noop}}\noutputs: {n: '${{ inputs.n }}', org: '${{ org.slug }}', greeting: '${{ vars.greeting }}'}\n"
}
