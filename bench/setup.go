package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

// bench is an engine on a fresh data directory, with a server to call.
type bench struct {
	dir           string
	store         *store.Store
	ring          *orgs.Keyring
	organisations *orgs.Service
	history       *history.History
	library       library
	engine        *engine.Engine
	msp, client   orgs.Organisation
	close         func()
}

func setup() (*bench, error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), history.Migrations(), triggers.Migrations(), webhook.Migrations())
	if err != nil {
		return nil, err
	}
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	organisations := orgs.New(db, ring, time.Now)
	msp, err := organisations.Create(ctx, orgs.NewOrganisation{Slug: "msp", Name: "MSP"})
	if err != nil {
		return nil, err
	}
	client, err := organisations.Create(ctx, orgs.NewOrganisation{Slug: "client", Name: "Client", Parent: "msp"})
	if err != nil {
		return nil, err
	}
	body := []byte(`{"items": "` + strings.Repeat("x", 2000) + `"}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			select {
			case <-time.After(2 * time.Second):
			case <-r.Context().Done():
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = bytes.NewReader(body).WriteTo(w)
	}))
	library, err := load(server.URL)
	if err != nil {
		return nil, err
	}
	runtime := actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	kept := history.New(db, ring)
	e := engine.New(engine.Options{History: kept, Organisations: organisations, Actions: runtime, Workflows: library})
	return &bench{dir: dir, store: db, ring: ring, organisations: organisations, history: kept, library: library, engine: e, msp: msp, client: client, close: func() {
		e.Close()
		runtime.Close()
		server.Close()
		_ = db.Close()
		_ = os.RemoveAll(dir)
	}}, nil
}

// library serves the benchmark's workflows.
type library struct{ *workflow.Library }

// Workflow gives one by id.
func (l library) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := l.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

// Compile is not needed: nothing is taken up again here.
func (l library) Compile(id string, _ []byte) (*workflow.Workflow, error) { return l.Workflow(id) }

func load(url string) (library, error) {
	texts := map[string]string{
		"noop3":     "tasks:\n  a: {action: core.noop, next: b}\n  b: {action: core.noop, next: c}\n  c: {action: core.noop}\n",
		"http1":     chain(1, url),
		"http10":    chain(10, url),
		"long":      chain(1, url+"/slow"),
		"hooked":    hooked,
		"each1000":  each(1000),
		"each10000": each(10_000),
	}
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: actions.Builtin()})
	return library{lib}, ds.Err()
}

// hooked is a workflow that webhooks start.
const hooked = `inputs: {ticket: {type: integer, required: true}}
triggers:
  - {name: in, type: webhook, verify: none, dedupe: {by: header, header: X-Delivery-Id}, run_for: {this: true}, inputs: {ticket: "${{ body.object_id }}"}}
tasks: {look: {action: core.noop}}
`

func each(n int) string {
	return fmt.Sprintf("tasks:\n  a: {for_each: {items: \"${{ lists.range(%d) }}\"}, action: core.noop}\n", n)
}

// chain is a workflow of n HTTP reads, one after the other.
func chain(n int, url string) string {
	var b strings.Builder
	b.WriteString("tasks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  t%d: {action: core.http_request, with: {method: GET, url: %s}", i, url)
		if i < n-1 {
			fmt.Fprintf(&b, ", next: t%d", i+1)
		}
		b.WriteString("}\n")
	}
	return b.String()
}
