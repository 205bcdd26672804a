package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

func TestARunIsKeptWithItsTasks(t *testing.T) {
	b := setup(t, map[string]string{"three": `
inputs: {n: {type: integer, default: 4}}
tasks:
  a: {action: core.noop, next: b}
  b: {action: core.set, with: {values: {double: "${{ inputs.n * 2 }}"}}, next: c}
  c: {action: core.noop}
outputs: {double: "${{ tasks.b.result.double }}"}
`})
	d := b.run(engine.Request{Workflow: "three", Inputs: map[string]any{"n": int64(21)}})
	b.expect(d, flow.Succeeded)
	if diff := cmp.Diff(map[string]any{"double": int64(42)}, d.Outputs); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, task := range d.Tasks {
		names = append(names, task.Name)
		if task.Status != flow.Succeeded || task.StartedAt == nil || task.FinishedAt == nil || task.Attempts != 1 || task.Instance != 1 {
			t.Errorf("task is kept as %+v", task)
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" {
		t.Error(diff)
	}
	if d.Organisation != "acme-msp" || d.TriggerType != "always_pass" || d.Version == "" || d.StartedAt == nil || d.FinishedAt == nil {
		t.Errorf("run is kept as %+v", d.Run)
	}
}

func TestInputsAreCheckedBeforeAnythingStarts(t *testing.T) {
	b := setup(t, map[string]string{"w": "inputs: {id: {type: integer, required: true}}\ntasks: {a: {action: core.noop}}\n"})
	for _, inputs := range []map[string]any{nil, {"id": "x"}, {"id": int64(1), "idd": int64(2)}} {
		_, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp, Inputs: inputs})
		if fault.From(err) == nil || fault.From(err).Code != fault.InvalidInput {
			t.Errorf("inputs %v: %v", inputs, err)
		}
	}
	if runs, _ := b.history.Runs(context.Background(), historyAll); len(runs) != 0 {
		t.Errorf("%d runs were kept", len(runs))
	}
}

func TestHaloThroughAnOverride(t *testing.T) {
	b := setup(t, map[string]string{"agents": "tasks: {list: {action: halo.list_agents}}\noutputs: {n: '${{ size(tasks.list.result) }}'}\n"})
	ctx := context.Background()
	server := halo.New(halo.Options{})
	base, err := server.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	c := server.Credentials()
	_, err = b.orgs.AddInstance(ctx, b.msp.ID, "halo", "main", map[string]any{"resource_server": base, "client_id": c.ClientID, "tenant": c.Tenant, "on_premise": false},
		map[string]string{"client_secret": c.ClientSecret}, true)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("the MSP has its own", func(t *testing.T) {
		d := b.run(engine.Request{Workflow: "agents"})
		b.expect(d, flow.Succeeded)
		if n, _ := d.Outputs["n"].(int64); n < 5 {
			t.Errorf("%v agents", d.Outputs["n"])
		}
		if len(taskOf(d, "list").Requests) == 0 {
			t.Error("no request was recorded")
		}
	})
	t.Run("a client has none", func(t *testing.T) {
		d := b.run(engine.Request{Workflow: "agents", Organisation: b.client})
		b.expect(d, flow.Failed)
		if d.Error.Code != fault.NotInstalled || d.Error.Message != "HaloPSA integration is not installed for Northwind Dental" || d.Error.Hint == "" || d.Error.Task != "list" {
			t.Errorf("error is %+v", d.Error)
		}
	})
	t.Run("a client is lent the MSP's", func(t *testing.T) {
		d := b.run(engine.Request{Workflow: "agents", Organisation: b.client, Integrations: map[string]*orgs.Override{"halo": {Use: orgs.UseDefault}}})
		b.expect(d, flow.Succeeded)
	})
	t.Run("nothing of the secret is on disk", func(t *testing.T) {
		refuseOnDisk(t, b.dir, c.ClientSecret)
	})
}

func refuseOnDisk(t *testing.T, dir, clear string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(clear)) {
			t.Errorf("%q stands in %s", clear, filepath.Base(file))
		}
	}
}

func TestSecretsGoToActionsOnly(t *testing.T) {
	var got string
	var mu sync.Mutex
	target := newTarget(t)
	target.Config.Handler = recordHeader(&mu, &got)
	b := setup(t, map[string]string{
		"use":   "tasks: {a: {action: core.http_request, with: {method: GET, url: " + target.URL + ", headers: {X-Key: 'Bearer ${{ org.vars.api_key }}'}}}}\noutputs: {body: '${{ tasks.a.result.body }}'}\n",
		"leak":  "tasks: {a: {action: core.noop, next: [{publish: {k: '${{ org.vars.?api_key.orValue(null) }}'}}]}}\n",
		"child": "inputs: {k: any}\ntasks: {a: {action: core.noop}}\n",
		"hand":  "tasks: {a: {workflow: child, with: {k: '${{ org.vars.?api_key.orValue(null) }}'}}}\n",
	})
	if err := b.orgs.SetVariable(context.Background(), b.msp.ID, orgs.Variable{Name: "api_key", Type: orgs.TypeSecret, Value: "tops3cret-value"}); err != nil {
		t.Fatal(err)
	}
	d := b.run(engine.Request{Workflow: "use", Organisation: b.client})
	b.expect(d, flow.Succeeded)
	if got != "Bearer tops3cret-value" {
		t.Errorf("the server was sent %q", got)
	}
	if text := fmt.Sprint(d.Outputs); strings.Contains(text, "tops3cret") || !strings.Contains(text, "****") {
		t.Errorf("the answer that echoes the secret is kept as %s", text)
	}
	for _, id := range []string{"leak", "hand"} {
		d := b.run(engine.Request{Workflow: id})
		b.expect(d, flow.Failed)
		if d.Error.Code != fault.Secret {
			t.Errorf("%s: %v", id, d.Error)
		}
	}
	refuseOnDisk(t, b.dir, "tops3cret")
}

func TestRedactedResultsAreSealedAndStillUsable(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": `
tasks:
  a: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/x}, redact: [result.body.password], next: b}
  b: {action: core.http_request, with: {method: GET, url: "` + target.URL + `/${{ tasks.a.result.body.password }}"}, redact: [result]}
`})
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Succeeded)
	if target.count("GET /hunter2") != 1 {
		t.Error("the second task was not given the value in clear")
	}
	body := taskOf(d, "a").Result.(map[string]any)["body"].(map[string]any)
	if body["password"] != "********" || body["path"] != "/x" {
		t.Errorf("the result is shown as %v", body)
	}
	if taskOf(d, "b").Result != "********" {
		t.Errorf("the result is shown as %v", taskOf(d, "b").Result)
	}
}

func TestSubWorkflows(t *testing.T) {
	b := setup(t, map[string]string{
		"parent": "tasks:\n  a: {for_each: {items: [1, 2, 3]}, workflow: child, with: {n: '${{ item }}'}}\n  b: {workflow: bad, next: [{when: failed, publish: {why: '${{ error.message }}'}}, {when: failed, do: noop}]}\noutputs: {all: '${{ tasks.a.result.map(r, r.result.square) }}', why: '${{ ctx.?why.orValue(\"\") }}'}\n",
		"child":  "inputs: {n: {type: integer, required: true}}\ntasks: {s: {action: core.set, with: {values: '${{ inputs.n * inputs.n }}'}}}\noutputs: {square: '${{ tasks.s.result }}'}\n",
		"bad":    "tasks: {s: {action: core.fail, with: {message: no luck}}}\n",
	})
	d := b.run(engine.Request{Workflow: "parent"})
	b.expect(d, flow.Succeeded)
	if diff := cmp.Diff(map[string]any{"all": []any{int64(1), int64(4), int64(9)}, "why": "sub-workflow bad: no luck"}, d.Outputs); diff != "" {
		t.Error(diff)
	}
	if taskOf(d, "b").Error.Code != fault.SubrunFailed || taskOf(d, "b").Subrun == "" {
		t.Errorf("task is kept as %+v", taskOf(d, "b"))
	}
	child := b.show(taskOf(d, "b").Subrun)
	if child.Parent != d.ID || child.TriggerType != "workflow" || child.Status != flow.Failed {
		t.Errorf("sub-run is kept as %+v", child.Run)
	}
}

func TestOnFailure(t *testing.T) {
	b := setup(t, map[string]string{
		"w":       "tasks: {s: {action: core.fail, with: {message: no luck}}}\non_failure: {workflow: handler}\n",
		"handler": "inputs: {failed_run: any}\ntasks: {s: {action: core.fail, with: {message: 'handled ${{ inputs.failed_run.workflow }}: ${{ inputs.failed_run.error.message }}'}}}\non_failure: {workflow: w}\n",
	})
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Failed)
	if err := b.engine.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	all := historyAll
	all.Children = true
	runs, err := b.history.Runs(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	if len(runs) != 2 || runs[0].Workflow != "handler" || runs[0].Parent != d.ID || runs[0].Error.Message != "handled w: no luck" {
		t.Errorf("runs are %+v", runs)
	}
}

func TestTasksActForTheRunsOwnOrganisationOrBelow(t *testing.T) {
	b := setup(t, map[string]string{
		"down": "tasks: {a: {workflow: who, org: northwind-dental}}\noutputs: {who: '${{ tasks.a.result.who }}'}\n",
		"up":   "tasks: {a: {workflow: who, org: acme-msp}}\n",
		"none": "tasks: {a: {workflow: who, org: nobody}}\n",
		"who":  "tasks: {a: {action: core.noop}}\noutputs: {who: '${{ org.slug }}'}\n",
	})
	d := b.run(engine.Request{Workflow: "down"})
	b.expect(d, flow.Succeeded)
	if d.Outputs["who"] != "northwind-dental" {
		t.Errorf("ran for %v", d.Outputs["who"])
	}
	d = b.run(engine.Request{Workflow: "up", Organisation: b.client})
	b.expect(d, flow.Failed)
	if d.Error.Code != fault.Tenant {
		t.Errorf("error is %v", d.Error)
	}
	d = b.run(engine.Request{Workflow: "none"})
	b.expect(d, flow.Failed)
	if d.Error.Code != fault.Tenant {
		t.Errorf("error is %v", d.Error)
	}
}

func TestManyRunsAtOnce(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": "inputs: {n: integer}\ntasks:\n  a: {action: core.http_request, with: {method: GET, url: '" + target.URL + "/${{ inputs.n }}'}, next: b}\n  b: {action: core.noop}\n"})
	const n = 200
	ids := make([]string, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { ids[i] = b.start(engine.Request{Workflow: "w", Inputs: map[string]any{"n": int64(i)}}) })
	}
	wg.Wait()
	for _, id := range ids {
		b.expect(b.wait(id), flow.Succeeded)
	}
	for i := range n {
		if c := target.count(fmt.Sprintf("GET /%d", i)); c != 1 {
			t.Errorf("run %d called %d times", i, c)
		}
	}
}

func TestWatchersHearOfEveryTaskAndSubRun(t *testing.T) {
	b := setup(t, map[string]string{
		"w": "tasks: {a: {workflow: c, next: b}, b: {action: core.noop}}\n",
		"c": "tasks: {x: {action: core.noop}}\n",
	})
	var mu sync.Mutex
	seen := map[string]flow.Status{}
	b.run(engine.Request{Workflow: "w", Watch: func(u engine.Update) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range u.Changed {
			seen[u.Workflow+"."+s.Name] = s.Status
		}
	}})
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff(map[string]flow.Status{"w.a": flow.Succeeded, "w.b": flow.Succeeded, "c.x": flow.Succeeded}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestATasksTimeoutBoundsItsSubWorkflow(t *testing.T) {
	b := setup(t, map[string]string{
		"w":    "tasks: {a: {workflow: slow, timeout: 50ms, next: [{when: \"timed_out && error.code == 'timeout'\", do: b}]}, b: {action: core.noop}}\n",
		"slow": "tasks: {d: {action: core.delay, with: {duration: 1h}}}\ntimeout_excludes_waiting: true\n",
	})
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Succeeded)
	if taskOf(d, "a").Status != flow.TimedOut || b.show(taskOf(d, "a").Subrun).Status != flow.TimedOut {
		t.Errorf("tasks are kept as %+v", d.Tasks)
	}
}

func TestItemsThatNeverHadAnAttemptAreKeptAsTheyEnded(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks: {a: {for_each: {items: [1, 0, 2], as: n, on_error: continue}, action: core.set, with: {values: '${{ 10 / n }}'}}}\noutputs: {all: '${{ tasks.a.result }}'}\n"})
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Succeeded)
	if diff := cmp.Diff(d.Outputs["all"], taskOf(d, "a").Result, cmp.Comparer(func(a, b fault.Code) bool { return a == b })); diff != "" {
		t.Errorf("outputs and history differ:\n%s", diff)
	}
}

func TestATaskSeesTheVariablesAndSecretsOfWhomItActsFor(t *testing.T) {
	var got string
	var mu sync.Mutex
	target := newTarget(t)
	target.Config.Handler = recordHeader(&mu, &got)
	b := setup(t, map[string]string{"w": "tasks: {a: {org: northwind-dental, action: core.http_request, with: {method: GET, url: " + target.URL + ", query: {who: '${{ org.slug }}'}, headers: {X-Key: '${{ org.vars.api_key }}'}}}}\n"})
	ctx := context.Background()
	for _, org := range []orgs.Organisation{b.msp, b.client} {
		if err := b.orgs.SetVariable(ctx, org.ID, orgs.Variable{Name: "api_key", Type: orgs.TypeSecret, Value: "secret-of-" + org.Slug}); err != nil {
			t.Fatal(err)
		}
	}
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Succeeded)
	if got != "secret-of-northwind-dental" {
		t.Errorf("the server was sent %q", got)
	}
	if url := taskOf(d, "a").Requests[0].URL; !strings.Contains(url, "who=northwind-dental") {
		t.Errorf("the request went to %s", url)
	}
	refuseOnDisk(t, b.dir, "secret-of-northwind")
}
