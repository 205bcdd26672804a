package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/api"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

const levelDebug = slog.LevelDebug

func keyOf(workflow, trigger string) triggers.Key {
	return triggers.Key{Workflow: workflow, Trigger: trigger}
}

// hooked is a workflow with a webhook whose run says a word.
func hooked(word string) string {
	return fmt.Sprintf("triggers: [{name: in, type: webhook, verify: none, run_for: {this: true}}]\ntasks: {say: {action: core.set, with: {values: {word: %s}}}}\noutputs: {word: \"${{ tasks.say.result.word }}\"}\n", word)
}

// slow is a workflow that waits.
const slow = "triggers: [{name: in, type: webhook, verify: none, run_for: {this: true}}]\ntasks:\n  wait: {action: core.delay, with: {duration: 1h}, next: say}\n  say: {action: core.noop}\n"

// says gives the word that a run of a workflow puts out.
func (r *running) says(workflow string) string {
	r.t.Helper()
	_, err := r.live.Workflow(workflow)
	faulttest.Must(r.t, err)
	org, err := r.data.Orgs.Root(r.t.Context())
	faulttest.Must(r.t, err)
	id, err := r.engine.Start(r.t.Context(), engine.Request{Workflow: workflow, Organisation: org})
	faulttest.Must(r.t, err)
	_, err = r.engine.Wait(r.t.Context(), id)
	faulttest.Must(r.t, err)
	detail, err := r.data.History.Show(r.t.Context(), id)
	faulttest.Must(r.t, err)
	return fmt.Sprint(detail.Outputs["word"])
}

// TestServe: a webhook that is fired starts a run; everything else is answered as it should be, and the end is clean.
func TestServe(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one"),
		"workflows/b.yaml": "triggers: [{name: morning, type: schedule, cron: 0 6 * * *, run_for: {this: true}}]\n" + hooked("two")[strings.Index(hooked("two"), "tasks"):]}, nil)
	if r.NextTrigger != keyOf("b", "morning") || !r.NextFire.After(time.Now()) {
		t.Errorf("next: %s at %s", r.NextTrigger, r.NextFire)
	}
	if r.Triggers != 2 || r.Workflows < 1 || r.SetUpLink == "" {
		t.Errorf("%+v", r.Serving)
	}
	status, body := r.do(http.MethodPost, r.hook("a", "in"), `{"x": 1}`, "Content-Type", "application/json")
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	until(t, "its run succeeds", func() bool {
		_, text := r.get("/metrics")
		return strings.Contains(text, `gantry_runs_ended_total{status="succeeded",workflow="a"} 1`)
	})
	for path, want := range map[string]int{"/healthz/live": 200, "/healthz/ready": 200, "/nothing": 404, api.Base + "/openapi.json": 200, api.Base + "/runs": 401, "/hooks/none": 404, setUpPath: 404} {
		if got, text := r.get(path); got != want {
			t.Errorf("%s: %d, want %d: %s", path, got, want, text)
		}
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(r.Socket); err == nil {
		t.Error("the socket stays behind")
	}
}

// TestServeLocal: the unix socket is answered with every right.
func TestServeLocal(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one")}, nil)
	info, err := os.Stat(r.Socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	client := api.OverSocket(r.data.Dir)
	out, err := api.ListWorkflows.Call(t.Context(), client, &api.ListWorkflowsIn{})
	faulttest.Must(t, err)
	if len(out.Body.Workflows) == 0 {
		t.Error("no workflows")
	}
	client.Close()
}

func TestSetUpFirst(t *testing.T) {
	r := newRunning(t, map[string]string{"workflows/a.yaml": hooked("one")})
	r.start(nil)
	for path, want := range map[string]int{"/healthz/ready": 200, api.Base + "/runs": 503} {
		if got, text := r.get(path); got != want {
			t.Errorf("%s: %d, want %d: %s", path, got, want, text)
		}
	}
	if got, text := r.get(setUpPath, "Accept", "text/html"); got != http.StatusOK || !strings.Contains(text, "<script") {
		t.Errorf("the page of the set-up: %d %s", got, text)
	}
	address := r.hook("a", "in")
	if got, text := r.do(http.MethodPost, address, "{}"); got != http.StatusServiceUnavailable {
		t.Errorf("a webhook: %d %s", got, text)
	}
	if got, text := r.get(engine.LinkPath+"x/y/z", "Accept", "text/html"); got != http.StatusServiceUnavailable || !strings.Contains(text, "Try again in a few minutes.") {
		t.Errorf("the page of a question: %d %s", got, text)
	}
	_, secret, _ := strings.Cut(r.SetUpLink, "#")
	got, text := r.do(http.MethodPost, api.Base+"/set-up", fmt.Sprintf(`{"secret": %q, "login": "me", "password": "anchovy ferry umbrella quartz"}`, secret), "Content-Type", "application/json")
	if got != http.StatusOK {
		t.Fatalf("set-up: %d %s", got, text)
	}
	if got, text := r.do(http.MethodPost, address, "{}", "Content-Type", "application/json"); got != http.StatusAccepted {
		t.Errorf("a webhook: %d %s", got, text)
	}
	if strings.Contains(r.log.String(), secret) {
		t.Error("the log has the secret")
	}
}

// TestEditing goes through what editors do to files while the server runs.
func TestEditing(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one"), "workflows/slow.yaml": slow}, nil)
	says := func(want string) {
		t.Helper()
		until(t, "a says "+want, func() bool { return r.says("a") == want })
	}
	says("one")
	r.write("workflows/a.yaml", hooked("two"))
	says("two")
	r.write("workflows/a.yaml", "tasks: [")
	until(t, "the mistake is shown", func() bool { return len(r.live.Broken()) == 1 })
	says("two")
	path := filepath.Join(r.dir, "workflows/a.yaml")
	faulttest.Must(t, os.Rename(path, path+"~")) // the rename dance, with a mistake's end
	r.write("workflows/.a.yaml.tmp", hooked("three"))
	faulttest.Must(t, os.Rename(filepath.Join(r.dir, "workflows/.a.yaml.tmp"), path))
	says("three")
	r.write("workflows/new/deep/b.yaml", hooked("deep"))
	until(t, "a new folder is taken up", func() bool { _, err := r.live.Workflow("new/deep/b"); return err == nil })
	until(t, "its trigger has an address", func() bool { return r.hooks.Address(keyOf("new/deep/b", "in"), r.root()) != "" })

	org, _ := r.data.Orgs.Root(t.Context())
	id, err := r.engine.Start(t.Context(), engine.Request{Workflow: "slow", Organisation: org})
	faulttest.Must(t, err)
	faulttest.Must(t, os.Remove(filepath.Join(r.dir, "workflows/slow.yaml")))
	until(t, "slow is gone", func() bool {
		_, err := r.live.Workflow("slow")
		return err != nil && fault.From(err).Code == fault.Missing
	})
	faulttest.Must(t, r.engine.Cancel(id, "test"))
	if status, err := r.engine.Wait(t.Context(), id); err != nil || status != flow.Cancelled {
		t.Errorf("the run of a workflow that is gone: %s %v", status, err)
	}
}

// TestVariablesAtOnce: a variable that every organisation now has, or no longer, counts for the workflows at once. No
// file changes, and the folder is not looked at again for an hour.
func TestVariablesAtOnce(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked(`"${{ org.vars.colour }}"`)}, func(o *Options) { o.pace.Rest, o.pace.Poll = time.Hour, time.Hour })
	_, err := r.live.Workflow("a")
	faulttest.Want(t, err, fault.NotChecked)
	faulttest.Must(t, r.data.Orgs.SetVariable(t.Context(), r.root(), orgs.Variable{Name: "colour", Type: orgs.TypeString, Value: "blue"}))
	until(t, "the workflow is in use", func() bool { return len(r.live.Broken()) == 0 })
	if got := r.says("a"); got != "blue" {
		t.Errorf("it says %q", got)
	}
	faulttest.Must(t, r.data.Orgs.SetVariable(t.Context(), r.root(), orgs.Variable{Name: "colour", Type: orgs.TypeString, Value: "blue", Local: true}))
	until(t, "the workflow is told to be broken", func() bool { return len(r.live.Broken()) == 1 })
}

// TestRunOfDeletedWorkflow: a run goes on after a restart although its workflow's file is gone.
func TestRunOfDeletedWorkflow(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/slow.yaml": slow}, nil)
	org, _ := r.data.Orgs.Root(t.Context())
	id, err := r.engine.Start(t.Context(), engine.Request{Workflow: "slow", Organisation: org})
	faulttest.Must(t, err)
	faulttest.Must(t, r.stop())
	faulttest.Must(t, os.Remove(filepath.Join(r.dir, "workflows/slow.yaml")))
	r.start(nil)
	if r.Resumed != 1 {
		t.Errorf("%d runs taken up", r.Resumed)
	}
	faulttest.Must(t, r.engine.Cancel(id, "test"))
	if status, err := r.engine.Wait(t.Context(), id); err != nil || status != flow.Cancelled {
		t.Errorf("%s %v", status, err)
	}
}

// TestOwner: a second server on the same data names the process that owns it.
func TestOwner(t *testing.T) {
	r := serveProject(t, nil, nil)
	_, err := New(t.Context(), testOptions(r.dir))
	faulttest.Want(t, err, fault.Locked, fmt.Sprintf("process %d", os.Getpid()))
}

func TestReadiness(t *testing.T) {
	r := serveProject(t, nil, nil)
	if _, text := r.get("/healthz/ready"); !strings.Contains(text, `"workflows"`) {
		t.Errorf("this machine sees no details: %s", text)
	}
	for _, headers := range [][]string{{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "for=203.0.113.7"}} {
		if _, text := r.get("/healthz/ready", headers...); strings.Contains(text, `"workflows"`) {
			t.Errorf("%v sees details: %s", headers, text)
		}
		if status, _ := r.get("/metrics", headers...); status != http.StatusForbidden {
			t.Errorf("%v sees metrics: %d", headers, status)
		}
	}
	steps := []struct {
		why    string
		change func()
	}{
		{"shutting down", func() { r.health.ending.Store(true) }},
		{"starting", func() { r.health.ending.Store(false); r.health.ready.Store(false) }},
		{"cannot be written", func() { // a row of health's own still fits, but others' writes are lost
			r.health.ready.Store(true)
			_ = r.data.Store.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec("ROLLBACK")
				return err
			})
			r.health.mu.Lock()
			defer r.health.mu.Unlock()
			r.health.tried = time.Time{}
		}},
		{"cannot be written", func() {
			r.health.mu.Lock()
			defer r.health.mu.Unlock()
			r.health.written = fault.New(fault.Storage, "the disk is full")
			r.health.tried = time.Now().Add(time.Second)
			r.health.now = func() time.Time { return r.health.tried }
		}},
	}
	for _, step := range steps {
		step.change()
		if status, text := r.get("/healthz/ready"); status != http.StatusServiceUnavailable || !strings.Contains(text, step.why) {
			t.Errorf("%s: %d %s", step.why, status, text)
		}
		if status, _ := r.get("/healthz/live"); status != http.StatusOK {
			t.Errorf("%s: not alive", step.why)
		}
	}
}

// TestGrace: what is under way may end within the grace; a hurry ends that.
func TestGrace(t *testing.T) {
	for name, hurried := range map[string]bool{"graceful": false, "hurried": true} {
		t.Run(name, func(t *testing.T) {
			called, answer := make(chan struct{}), make(chan struct{})
			target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(called)
				select {
				case <-answer:
				case <-r.Context().Done():
				}
			}))
			defer target.Close()
			hurry := make(chan struct{})
			files := map[string]string{"workflows/call.yaml": fmt.Sprintf("tasks: {call: {action: core.http_request, with: {method: GET, url: %s}}}\n", target.URL)}
			r := serveProject(t, files, func(o *Options) {
				o.Hurry = hurry
				o.Settings.Network.Allow = append(o.Settings.Network.Allow, prefixOf(t, "127.0.0.0/8"))
			})
			org, _ := r.data.Orgs.Root(t.Context())
			id, err := r.engine.Start(t.Context(), engine.Request{Workflow: "call", Organisation: org})
			faulttest.Must(t, err)
			<-called
			r.cancel()
			until(t, "the end has begun", func() bool { return r.health.ending.Load() })
			if hurried {
				close(hurry)
			} else {
				close(answer)
			}
			faulttest.Must(t, r.stop())
			r.start(nil)
			detail, err := r.data.History.Show(t.Context(), id)
			faulttest.Must(t, err)
			if ended := detail.Status == flow.Succeeded; !hurried && !ended {
				t.Errorf("it %s", detail.Status)
			}
			if hurried {
				close(answer)
			}
		})
	}
}

// TestSandbox: a try has its simulators, their organisations, and webhooks at once.
func TestSandbox(t *testing.T) {
	r := newRunning(t, map[string]string{"workflows/a.yaml": hooked("one"),
		"workflows/halo.yaml": "tasks: {list: {action: halo.list_agents}}\noutputs: {word: \"${{ size(tasks.list.result) > 0 }}\"}\n"})
	r.start(func(o *Options) { o.Sandbox, o.Data = true, filepath.Join(o.Data, "sandbox") })
	if r.Organisations < 10 {
		t.Errorf("%d organisations", r.Organisations)
	}
	if got := r.says("halo"); got != "true" {
		t.Errorf("halo says %s", got)
	}
	if status, text := r.do(http.MethodPost, r.hook("a", "in"), "{}", "Content-Type", "application/json"); status != http.StatusAccepted {
		t.Errorf("%d %s", status, text)
	}
}

// TestPanic: a request that makes the server panic is answered, and the process goes on.
func TestPanic(t *testing.T) {
	var log logLines
	s := httptest.NewServer(named(guarded(log.logger(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("oh") }))))
	defer s.Close()
	q, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, s.URL, http.NoBody)
	answer, err := http.DefaultClient.Do(q)
	faulttest.Must(t, err)
	defer answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	id := answer.Header.Get(RequestIDHeader)
	if answer.StatusCode != http.StatusInternalServerError || id == "" || !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "oh") {
		t.Errorf("%d %q %s", answer.StatusCode, id, log.String())
	}
}

func prefixOf(t *testing.T, text string) netip.Prefix {
	t.Helper()
	p, err := netip.ParsePrefix(text)
	faulttest.Must(t, err)
	return p
}
