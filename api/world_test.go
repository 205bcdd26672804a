package api

import (
	"context"
	"flag"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/access"
	"gantry/actions"
	"gantry/authoring"
	"gantry/connect"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/project"
	"gantry/store"
	"gantry/triggers"
)

// TestMain lets the many properties, one an operation, try fewer inputs each than usual, unless somebody says more.
func TestMain(m *testing.M) {
	if !slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-rapid.checks") }) {
		_ = flag.Set("rapid.checks", "20") // the flag is rapid's own
	}
	goleak.VerifyTestMain(m)
}

// greet is a workflow that ends by itself, nap one that goes on until it is cancelled.
var workflowFiles = map[string]string{
	"workflows/greet/hello.yaml": `title: Greet somebody
inputs:
  name: {type: string, required: true}
  times: {type: integer, default: 1}
triggers:
  - {name: by hand, type: always_pass, inputs: {name: Ada}, run_for: {this: true, all_managed: true}}
tasks:
  say:
    action: core.set
    with: {values: {said: "Hello ${{ inputs.name }}"}}
outputs:
  said: ${{ tasks.say.result.said }}
`,
	"workflows/ask.yaml":     "tasks:\n  ask:\n    action: core.ask\n    with: {question: Buy?, buttons: [buy, leave], fields: {amount: integer}, who: {users: [dana], link: true}}\n",
	"workflows/nap.yaml":     "tasks:\n  wait:\n    action: core.delay\n    with: {duration: 1h}\n",
	"workflows/guarded.yaml": "tasks:\n  stop:\n    action: core.fail\n    with: {message: enough}\non_failure: {workflow: greet/hello, with: {name: Ada}}\n",
	"workflows/broken.yaml":  "tasks:\n  wait: {action: core.sleep}\n",
}

// world is a data directory and a project with everything that an API works with. Below the MSP stand Contoso with
// Contoso Labs, and Northwind.
type world struct {
	t       testing.TB
	dir     string // of the project
	store   *store.Store
	orgs    *orgs.Service
	history *history.History
	access  *access.Service
	engine  *engine.Engine
	house   House
	api     *API
	handler http.Handler

	msp, contoso, labs, northwind orgs.Organisation
}

func newWorld(t testing.TB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{t: t}
	dir := t.TempDir()
	w.dir = dir
	for name, text := range workflowFiles {
		path := filepath.Join(dir, name)
		faulttest.Must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		faulttest.Must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	var err error
	data := filepath.Join(dir, ".gantry")
	w.store, err = store.Open(ctx, data, store.Options{}, orgs.Migrations(), history.Migrations(), access.Migrations(), triggers.Migrations(), project.Migrations(), authoring.Migrations())
	faulttest.Must(t, err)
	ring, err := orgs.OpenKeyring(data, func(string) string { return "" })
	faulttest.Must(t, err)
	w.orgs, w.history = orgs.New(w.store, ring, time.Now), history.New(w.store, ring)
	w.access = access.New(w.store, w.orgs, time.Now)
	live, err := project.OpenLive(ctx, project.LiveOptions{Dir: dir, Store: w.store, Getenv: func(string) string { return "" }})
	faulttest.Must(t, err)
	authors, err := authoring.New(ctx, authoring.Options{Dir: dir, Store: w.store, Project: live})
	faulttest.Must(t, err)
	runtime := actions.NewRuntime(actions.Options{Clock: time.Now, Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	fires := triggers.New(triggers.Options{Store: w.store, Organisations: w.orgs, Workflows: live})
	w.engine = engine.New(engine.Options{History: w.history, Organisations: w.orgs, Actions: runtime, Workflows: live, Ended: fires.RunEnded})
	t.Cleanup(func() {
		fires.Close()
		w.engine.Close()
		runtime.Close()
		faulttest.Must(t, w.store.Close())
	})
	w.house = House{
		Orgs: func() *orgs.Service { return w.orgs }, History: func() *history.History { return w.history }, Access: func() *access.Service { return w.access },
		Project: func(context.Context) (Workflows, error) { return live, nil },
		Runtime: func(context.Context) (*actions.Runtime, error) { return runtime, nil },
		Connect: func(context.Context) (*connect.Service, error) {
			return connect.New(w.orgs, live.Catalogue(), runtime), nil
		},
		Engine:    func(context.Context) (*engine.Engine, error) { return w.engine, nil },
		Triggers:  func(context.Context) (*triggers.Service, error) { return fires, nil },
		Authoring: func(context.Context) (*authoring.Service, error) { return authors, nil },
		SignIn:    w.signIn,
		Feed:      NewFeed(w.store),
	}
	w.api = New(w.house)
	w.handler = w.api.Handler()
	w.msp = w.create("acme-msp", "Acme MSP", "")
	faulttest.Must(t, fires.Start(ctx, w.engine))
	w.contoso = w.create("contoso", "Contoso", "acme-msp")
	w.labs = w.create("contoso-labs", "Contoso Labs", "contoso")
	w.northwind = w.create("northwind", "Northwind", "acme-msp")
	return w
}

func (w *world) create(slug, name, parent string) orgs.Organisation {
	w.t.Helper()
	org, err := w.orgs.Create(context.Background(), orgs.NewOrganisation{Slug: slug, Name: name, Parent: parent})
	faulttest.Must(w.t, err)
	return org
}

func (w *world) signIn(r *http.Request) (*access.Caller, error) {
	token, ok := access.ParseToken(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if !ok {
		return nil, nil
	}
	return w.access.ByBearer(r.Context(), token, access.Origin{})
}

var local = access.Local("tester")

// program makes a program with a role over an organisation, and gives its token and who it is.
func (w *world) program(login string, role access.Role, over orgs.Organisation, scopes ...access.Scope) (string, *access.Caller) {
	w.t.Helper()
	ctx := context.Background()
	user, err := w.access.AddUser(ctx, local, access.NewUser{Kind: access.Program, Login: login, Name: login, Grants: []access.Grant{{OrganisationID: over.ID, Role: role}}})
	faulttest.Must(w.t, err)
	if len(scopes) == 0 {
		scopes = []access.Scope{access.AllScopes}
	}
	text, _, err := w.access.AddToken(ctx, local, user.Login, access.NewToken{Name: "test", Scopes: scopes})
	faulttest.Must(w.t, err)
	caller, err := w.access.ByBearer(ctx, text, access.Origin{})
	faulttest.Must(w.t, err)
	return string(text), caller
}

// as gives a client whose requests are the caller's.
func (w *world) as(c *access.Caller) *Client { return InMemory(w.handler, c) }

// run starts a workflow and waits for its end.
func (w *world) run(id string, org orgs.Organisation, inputs map[string]any) string {
	w.t.Helper()
	run, err := w.engine.Start(context.Background(), engine.Request{Workflow: id, Organisation: org, Inputs: inputs})
	faulttest.Must(w.t, err)
	if _, err := w.engine.Wait(context.Background(), run); err != nil {
		w.t.Fatal(err)
	}
	return run
}
