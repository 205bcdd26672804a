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
)

// bench is an engine on a fresh data directory, with a server to call.
type bench struct {
	dir    string
	engine *engine.Engine
	msp    orgs.Organisation
	close  func()
}

func setup() (*bench, error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), history.Migrations())
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
	body := []byte(`{"items": "` + strings.Repeat("x", 2000) + `"}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = bytes.NewReader(body).WriteTo(w)
	}))
	library, err := load(server.URL)
	if err != nil {
		return nil, err
	}
	runtime := actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	e := engine.New(engine.Options{History: history.New(db, ring), Organisations: organisations, Actions: runtime, Workflows: library})
	return &bench{dir: dir, engine: e, msp: msp, close: func() {
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
