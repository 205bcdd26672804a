package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
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
	"gantry/triggers/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// project is workflows that a test can replace.
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

// clock is time as a value.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// bench is a data directory with an MSP and two clients, an engine, the triggers, the webhooks and a server.
type bench struct {
	t       testing.TB
	dir     string
	clock   *clock
	store   *store.Store
	ring    *orgs.Keyring
	orgs    *orgs.Service
	history *history.History
	engine  *engine.Engine
	events  *triggers.Service
	hooks   *webhook.Hooks
	server  *httptest.Server
	project *project
	close   func()

	wrap   func(webhook.Events) webhook.Events // what stands before the triggers; nil: nothing
	limits webhook.Limits
	queue  triggers.Queue

	msp, northwind, contoso orgs.Organisation
}

func setup(t testing.TB, texts map[string]string, change ...func(*bench)) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), project: &project{}, clock: &clock{at: time.Unix(1_790_000_000, 0)}}
	for _, c := range change {
		c(b)
	}
	b.project.load(t, texts)
	b.open()
	b.msp = b.create("acme-msp", "")
	b.northwind = b.create("northwind-dental", "acme-msp")
	b.contoso = b.create("contoso", "acme-msp")
	b.secret(b.msp, "hook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	b.project.load(t, texts) // for the organisations that have come
	return b
}

func (b *bench) create(slug, parent string) orgs.Organisation {
	b.t.Helper()
	org, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: slug, Parent: parent})
	faulttest.Must(b.t, err)
	return org
}

func (b *bench) secret(org orgs.Organisation, name, value string) {
	b.t.Helper()
	faulttest.Must(b.t, b.orgs.SetVariable(ctx, org.ID, orgs.Variable{Name: name, Type: orgs.TypeSecret, Value: value}))
}

// open opens the data directory as a new process would.
func (b *bench) open() {
	b.t.Helper()
	var err error
	b.store, err = store.Open(ctx, b.dir, store.Options{}, orgs.Migrations(), history.Migrations(), triggers.Migrations(), webhook.Migrations())
	faulttest.Must(b.t, err)
	b.ring, err = orgs.OpenKeyring(b.dir, func(string) string { return "" })
	faulttest.Must(b.t, err)
	b.orgs = orgs.New(b.store, b.ring, b.clock.now)
	b.history = history.New(b.store, b.ring)
	runtime := actions.NewRuntime(actions.Options{Clock: b.clock.now, Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	b.events = triggers.New(triggers.Options{Store: b.store, Organisations: b.orgs, Workflows: b.project, Now: b.clock.now, Queue: b.queue})
	b.engine = engine.New(engine.Options{History: b.history, Organisations: b.orgs, Actions: runtime, Workflows: b.project, Now: b.clock.now, Ended: b.events.RunEnded})
	faulttest.Must(b.t, b.events.Start(ctx, b.engine))
	_, problems := b.engine.Recover(ctx)
	if len(problems) > 0 {
		b.t.Fatal(problems)
	}
	var events webhook.Events = b.events
	if b.wrap != nil {
		events = b.wrap(events)
	}
	b.server = httptest.NewUnstartedServer(nil)
	b.hooks, err = webhook.New(ctx, webhook.Options{Store: b.store, Sealer: b.ring, Organisations: b.orgs, Events: events, Runs: b.engine,
		History: b.history, URL: "https://gantry.example.com/", Now: b.clock.now, Limits: b.limits})
	faulttest.Must(b.t, err)
	b.server.Config.Handler = b.hooks
	b.server.Start()
	b.close = sync.OnceFunc(func() {
		b.server.Close()
		faulttest.Must(b.t, b.hooks.Close(ctx))
		b.events.Close()
		b.engine.Close()
		runtime.Close()
		faulttest.Must(b.t, b.store.Close())
	})
	b.t.Cleanup(func() { b.close() })
}

// again closes everything and opens it as the next process does.
func (b *bench) again() {
	b.t.Helper()
	b.close()
	b.open()
}

// path is where the webhook `hook` of workflow w takes Northwind's requests.
func (b *bench) path() string { return b.pathOf(b.northwind) }

func (b *bench) pathOf(org orgs.Organisation) string {
	b.t.Helper()
	address := b.hooks.Address(hookKey, org.ID)
	path, ok := strings.CutPrefix(address, "https://gantry.example.com")
	if !ok {
		b.t.Fatalf("the address is %s", address)
	}
	return path
}

var hookKey = triggers.Key{Workflow: "w", Trigger: "hook"}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	data   map[string]any
}

// send posts a body with headers as name, value, name, value.
func (b *bench) send(body string, headers ...string) answer {
	b.t.Helper()
	return b.do("POST", b.path(), body, headers...)
}

func (b *bench) do(method, path, body string, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequest(method, b.server.URL+path, strings.NewReader(body))
	faulttest.Must(b.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	got, err := b.server.Client().Do(r)
	faulttest.Must(b.t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	faulttest.Must(b.t, err)
	a := answer{status: got.StatusCode, header: got.Header, text: string(text)}
	if strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		_ = d.Decode(&a.data)
	}
	return a
}

func (a answer) wants(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("answered %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

func (a answer) event(t testing.TB) string {
	t.Helper()
	id, _ := a.data["event"].(string)
	if id == "" {
		t.Fatalf("no event in %s", a.text)
	}
	return id
}

// run waits until the event of an answer has become a run and that has ended.
func (b *bench) run(a answer) *history.Detail {
	b.t.Helper()
	return b.runOf(a.event(b.t))
}

func (b *bench) runOf(event string) *history.Detail {
	b.t.Helper()
	d, err := b.events.Decided(ctx, event)
	faulttest.Must(b.t, err)
	if d.Status != triggers.Started {
		b.t.Fatalf("the event was %s: %s %v", d.Status, d.Why, d.Error)
	}
	_, err = b.engine.Wait(ctx, d.Run)
	faulttest.Must(b.t, err)
	detail, err := b.history.Show(ctx, d.Run)
	faulttest.Must(b.t, err)
	return detail
}

func (b *bench) runs() []history.Run {
	b.t.Helper()
	var all []history.Run
	f := history.Filter{Limit: 1000}
	for {
		page, err := b.history.Runs(ctx, f)
		faulttest.Must(b.t, err)
		for _, run := range page { // lists have no outputs
			whole, err := b.history.Get(ctx, run.ID)
			faulttest.Must(b.t, err)
			all = append(all, *whole)
		}
		if len(page) < f.Limit {
			return all
		}
		f.Before = page[len(page)-1].ID
	}
}

// refused gives the kinds of what was refused, with their last reasons.
func (b *bench) refused() map[string]string {
	b.t.Helper()
	list, err := b.hooks.Refusals(ctx, hookKey, b.northwind.ID)
	faulttest.Must(b.t, err)
	kinds := map[string]string{}
	for _, r := range list {
		kinds[r.Kind] = r.Why
	}
	return kinds
}

// flow is a workflow with the webhook `hook` that has the keys, and gives back what it saw.
func flow(keys string) map[string]string {
	return map[string]string{"w": `inputs: {body: {type: any}, headers: {type: map}, query: {type: map}, method: string, content_type: string}
triggers:
  - name: hook
    type: webhook
    run_for: {all_managed: true}
    ` + keys + `
    inputs: {body: "${{ body }}", headers: "${{ headers }}", query: "${{ query }}", method: "${{ method }}", content_type: "${{ content_type }}"}
tasks: {a: {action: core.noop}}
outputs: {body: "${{ inputs.body }}", org: "${{ org.slug }}"}
`}
}

// slowly sends the beginning of a request and gives the answer to it.
func (b *bench) slowly(head string) string {
	b.t.Helper()
	conn, err := net.Dial("tcp", b.server.Listener.Addr().String())
	faulttest.Must(b.t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, head)
	faulttest.Must(b.t, err)
	text, err := io.ReadAll(conn) // until the server hangs up
	faulttest.Must(b.t, err)
	return string(text)
}

// holding begins a request, and gives what ends it, once the server has room for it: it says so when it reads the body.
func (b *bench) holding(path string) (finish func()) {
	b.t.Helper()
	conn, err := net.Dial("tcp", b.server.Listener.Addr().String())
	faulttest.Must(b.t, err)
	b.t.Cleanup(func() { _ = conn.Close() })
	answers := bufio.NewReader(conn)
	send := func(text string, want int) {
		b.t.Helper()
		_, err := io.WriteString(conn, text)
		faulttest.Must(b.t, err)
		got, err := http.ReadResponse(answers, nil)
		faulttest.Must(b.t, err)
		got.Body.Close()
		if got.StatusCode != want {
			b.t.Fatalf("%s, want %d", got.Status, want)
		}
	}
	send("POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", http.StatusContinue)
	return func() {
		b.t.Helper()
		send("2\r\n{}\r\n0\r\n\r\n", http.StatusAccepted)
	}
}
