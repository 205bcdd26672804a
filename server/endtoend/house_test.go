package endtoend_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gantry/api"
	"gantry/fault/faulttest"
	"gantry/server"
	"gantry/store"
)

// house is a project with its data directory, which one server after the other serves.
type house struct {
	t    *testing.T
	dir  string
	data string
	url  atomic.Pointer[string] // of the server that was started last
}

// newHouse writes a project. Names are below workflows/, without their ending.
func newHouse(t *testing.T, workflows map[string]string) *house {
	t.Helper()
	return newHouseIn(t, t.TempDir(), workflows)
}

func newHouseIn(t *testing.T, dir string, workflows map[string]string) *house {
	t.Helper()
	h := &house{t: t, dir: dir, data: filepath.Join(dir, ".gantry", "sandbox")}
	faulttest.Must(t, os.MkdirAll(filepath.Join(dir, "workflows"), 0o755))
	h.write("gantry.yaml", "msp: {slug: acme-msp, name: Acme MSP}\n")
	for name, text := range workflows {
		h.write("workflows/"+name+".yaml", text)
	}
	return h
}

// write puts a file into the project in one step, as editors do.
func (h *house) write(name, text string) {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	faulttest.Must(h.t, os.WriteFile(path+".new", []byte(text), 0o644))
	faulttest.Must(h.t, os.Rename(path+".new", path))
}

// client asks the API of the server that runs now, with all rights.
func (h *house) client() *api.Client {
	c := api.OverSocket(h.data)
	h.t.Cleanup(c.Close)
	return c
}

// hook is the address of a webhook for one organisation: a path, since each server listens on another port.
type hook struct{ path, organisation string }

// hooks gives the addresses of a workflow's trigger `in`, by organisation.
func (h *house) hooks(workflow string) []hook {
	h.t.Helper()
	shown, err := api.ShowTrigger.Call(h.t.Context(), h.client(), &api.OfTrigger{Workflow: workflow, Trigger: "in"})
	faulttest.Must(h.t, err)
	var all []hook
	for _, org := range shown.Body.Covers {
		address, _ := org.Detail["address"].(string)
		_, token, ok := strings.Cut(address, "/hooks/")
		if !ok {
			h.t.Fatalf("%s has no address: %v", org.Slug, org.Detail)
		}
		all = append(all, hook{"/hooks/" + token, org.Slug})
	}
	return all
}

// count asks the database for a number, beside the server that may own it.
func (h *house) count(query string, args ...any) (n int) {
	h.t.Helper()
	s := h.look()
	defer s.Close()
	faulttest.Must(h.t, s.Read().Get(&n, query, args...))
	return n
}

func (h *house) look() *store.Store {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), h.data, store.Options{ReadOnly: true}, server.Tables()...)
	faulttest.Must(h.t, err)
	return s
}

// settled waits until every event is decided and every run has ended.
func (h *house) settled() {
	h.t.Helper()
	s := h.look()
	defer s.Close()
	var left int
	until(h.t, time.Minute, func() bool {
		faulttest.Must(h.t, s.Read().Get(&left, "SELECT (SELECT count(*) FROM trigger_events WHERE status = 'pending') + (SELECT count(*) FROM runs WHERE finished_at IS NULL)"))
		return left == 0
	}, func() string { return fmt.Sprintf("%d events and runs are stuck", left) })
}

// until waits for what a process of its own does: there is no clock to turn but the real one.
func until(t *testing.T, most time.Duration, done func() bool, otherwise func() string) {
	t.Helper()
	for began := time.Now(); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > most {
			t.Fatal(otherwise())
		}
	}
}

// ready tells what readiness says.
func (h *house) ready() (status int, text string) {
	resp, err := http.Get(*h.url.Load() + "/healthz/ready")
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, textOf(resp)
}
