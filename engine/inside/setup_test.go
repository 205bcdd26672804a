package inside_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/inside"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// house is a data directory with one organisation, an engine on it, and a reader of what happened there.
type house struct {
	t       testing.TB
	orgs    *orgs.Service
	history *history.History
	engine  *engine.Engine
	reader  *inside.Reader
	org     orgs.Organisation
	library *library
	waiting chan string // ids of runs that begin to wait
}

// library gives workflows from texts. Once gone, nothing checks any more.
type library struct {
	lib  *workflow.Library
	gone bool
}

func (l *library) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := l.lib.Get(id); ok && !l.gone {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (l *library) Compile(id string, text []byte) (*workflow.Workflow, error) {
	if l.gone {
		return nil, fault.New(fault.NotChecked, "%s has 1 mistake", id)
	}
	return l.Workflow(id)
}

func open(t testing.TB, texts map[string]string) *house {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), history.Migrations())
	faulttest.Must(t, err)
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	faulttest.Must(t, err)
	h := &house{t: t, waiting: make(chan string, 100), orgs: orgs.New(db, ring, time.Now), history: history.New(db, ring)}
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		t.Fatal(ds.Err())
	}
	h.library = &library{lib: lib}
	runtime := actions.NewRuntime(actions.Options{Clock: time.Now, Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	h.engine = engine.New(engine.Options{History: h.history, Organisations: h.orgs, Actions: runtime, Workflows: h.library, Grace: time.Millisecond, Observe: func(u engine.Update) {
		if u.Status == flow.Waiting {
			h.waiting <- u.Run
		}
	}})
	t.Cleanup(func() {
		h.engine.Close()
		runtime.Close()
		faulttest.Must(t, db.Close())
	})
	h.org, err = h.orgs.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	h.reader = &inside.Reader{History: h.history, Workflows: h.library, Organisations: h.orgs, Log: slog.New(slog.DiscardHandler)}
	return h
}

// run runs a workflow to its end, whatever that is.
func (h *house) run(id string, inputs map[string]any) *history.Run {
	h.t.Helper()
	run := h.start(id, inputs)
	if _, err := h.engine.Wait(context.Background(), run); err != nil {
		h.t.Fatal(err)
	}
	return h.get(run)
}

func (h *house) start(id string, inputs map[string]any) string {
	h.t.Helper()
	run, err := h.engine.Start(context.Background(), engine.Request{Workflow: id, Organisation: h.org, Inputs: inputs})
	faulttest.Must(h.t, err)
	return run
}

func (h *house) get(id string) *history.Run {
	h.t.Helper()
	run, err := h.history.Get(context.Background(), id)
	faulttest.Must(h.t, err)
	return run
}

func (h *house) timeline(run *history.Run, page inside.Page) *inside.Timeline {
	h.t.Helper()
	t, err := h.reader.Timeline(context.Background(), run, page)
	faulttest.Must(h.t, err)
	return t
}

// text is a timeline as the tests compare it: without times.
func text(t *inside.Timeline) string {
	var b strings.Builder
	item := func(of inside.Of) string {
		if of.Item == nil {
			return fmt.Sprintf("%s#%d", of.Task, of.Instance)
		}
		return fmt.Sprintf("%s#%d.%d", of.Task, of.Instance, *of.Item)
	}
	for _, a := range t.Attempts {
		fmt.Fprintf(&b, "%s attempt %d %s\n", item(a.Of), a.Attempt, a.Status)
	}
	for _, w := range t.Waits {
		fmt.Fprintf(&b, "%s wait %s over:%v by:%s\n", item(w.Of), w.Kind, w.Over, w.By)
	}
	for _, p := range t.Published {
		values, _ := json.Marshal(p.Values)
		fmt.Fprintf(&b, "%s published %d %s%s\n", item(p.Of), p.Transition, values, p.Label)
	}
	return b.String()
}

// flaky answers 503 so many times, and then with a token.
func flaky(t testing.TB, failures int32) string {
	var calls atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if calls.Add(1) <= failures {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = fmt.Fprint(w, `{"token": "hunter2-the-token", "pin": 7, "name": "Ada"}`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
