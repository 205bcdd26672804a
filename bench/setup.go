package main

import (
	"context"
	"fmt"
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

// bench is an engine on a data directory, with a server to call.
type bench struct {
	dir           string
	target        *target
	store         *store.Store
	ring          *orgs.Keyring
	organisations *orgs.Service
	history       *history.History
	library       library
	engine        *engine.Engine
	msp, client   orgs.Organisation
	close         func()
}

// setup makes one on a fresh directory, with a target of its own.
func setup() (*bench, error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return nil, err
	}
	t, err := openTarget()
	if err != nil {
		return nil, err
	}
	b, err := open(dir, t.url, func(*engine.Options) {})
	if err != nil {
		return nil, err
	}
	b.target = t
	closed := b.close
	b.close = func() {
		closed()
		t.close()
		_ = os.RemoveAll(dir)
	}
	return b, nil
}

// open makes an engine on a directory; change may change its options. Organisations are made where there are none.
func open(dir, url string, change func(*engine.Options)) (*bench, error) {
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), history.Migrations(), triggers.Migrations(), webhook.Migrations())
	if err != nil {
		return nil, err
	}
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, store: db, ring: ring, organisations: orgs.New(db, ring, time.Now), history: history.New(db, ring)}
	if b.msp, err = b.organisation(orgs.NewOrganisation{Slug: "msp", Name: "MSP"}); err != nil {
		return nil, err
	}
	if b.client, err = b.organisation(orgs.NewOrganisation{Slug: "client", Name: "Client", Parent: "msp"}); err != nil {
		return nil, err
	}
	if b.library, err = load(url); err != nil {
		return nil, err
	}
	runtime := actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	o := engine.Options{History: b.history, Organisations: b.organisations, Actions: runtime, Workflows: b.library}
	change(&o)
	b.engine = engine.New(o)
	b.close = func() {
		b.engine.Close()
		runtime.Close()
		_ = db.Close()
	}
	return b, nil
}

func (b *bench) organisation(n orgs.NewOrganisation) (orgs.Organisation, error) {
	ctx := context.Background()
	org, err := b.organisations.BySlug(ctx, n.Slug)
	if err != nil && fault.From(err).Code == fault.Missing {
		return b.organisations.Create(ctx, n)
	}
	return org, err
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

// Compile gives the workflow that is there: versions do not change here.
func (l library) Compile(id string, _ []byte) (*workflow.Workflow, error) { return l.Workflow(id) }

func load(url string) (library, error) {
	texts := map[string]string{
		"noop3":      noops(3),
		"noop10":     noops(10),
		"http1":      chain(1, url),
		"http10":     chain(10, url),
		"http10slow": chain(10, url+"/after/5ms"),
		"long":       chain(1, url+"/after/2s"),
		"hooked":     hooked,
		"each1000":   each(1000),
		"each10000":  each(10_000),
		"sleeper":    interrupted("action: core.delay, with: {duration: 1h}", url),
		"asker":      interrupted("action: core.http_request, with: {method: GET, url: '"+url+"/hold'}", url),
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

// noops is a workflow of n tasks that do nothing, one after the other.
func noops(n int) string { return inRow(n, "action: core.noop") }

// chain is a workflow of n HTTP reads, one after the other.
func chain(n int, url string) string {
	return inRow(n, fmt.Sprintf("action: core.http_request, with: {method: GET, url: %s}", url))
}

func inRow(n int, task string) string {
	var b strings.Builder
	b.WriteString("tasks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  t%d: {%s", i, task)
		if i < n-1 {
			fmt.Fprintf(&b, ", next: t%d", i+1)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// interrupted is a workflow whose middle task takes long; the one before it is counted by the target.
func interrupted(middle, url string) string {
	return fmt.Sprintf("tasks:\n  before: {action: core.http_request, with: {method: GET, url: %s/count}, next: middle}\n"+
		"  middle: {%s, next: after}\n  after: {action: core.noop}\n", url, middle)
}
