package engine_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

var historyAll = history.Filter{Limit: 100}

func recordHeader(mu *sync.Mutex, got *string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		*got = r.Header.Get("X-Key")
		mu.Unlock()
		_, _ = w.Write([]byte("you sent " + r.Header.Get("X-Key")))
	})
}

// restarted leaves a run when its request has arrived, and opens the data directory anew.
func restarted(t *testing.T, b *bench, texts map[string]string, target *target, until string, req engine.Request) string {
	t.Helper()
	id := b.start(req)
	for key := range target.arrived {
		if key == until {
			break
		}
	}
	b.close()
	target.let()
	b.open(texts)
	return id
}

func TestARestartTakesUpWhatWasRunning(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{"w": `
tasks:
  first: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/first}, next: read}
  read: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold}, next: last}
  last: {action: core.set, with: {values: "${{ tasks.first.result.body.path + tasks.read.result.body.path }}"}}
outputs: {both: "${{ tasks.last.result }}"}
`}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "GET /hold", engine.Request{Workflow: "w"})
	resumed, problems := b.engine.Recover(context.Background())
	if len(problems) > 0 || len(resumed) != 1 || resumed[0] != id {
		t.Fatal(resumed, problems)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if diff := cmp.Diff(map[string]any{"both": "/first/hold"}, d.Outputs); diff != "" {
		t.Error(diff)
	}
	if n := target.count("POST /first"); n != 1 {
		t.Errorf("the completed write was made %d times", n)
	}
	if n := target.count("GET /hold"); n != 2 {
		t.Errorf("the read that was cut off was made %d times", n)
	}
}

func TestAWriteThatWasCutOffBecomesUnknown(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{"w": `
tasks:
  write: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/hold}, next: [{when: "failed && error.code == 'unknown_outcome'", do: ask}]}
  ask: {action: core.noop}
`}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "POST /hold", engine.Request{Workflow: "w"})
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if taskOf(d, "write").Status != flow.Unknown || taskOf(d, "write").Error.Code != fault.UnknownOutcome || taskOf(d, "ask").Status != flow.Succeeded {
		t.Errorf("tasks are kept as %+v", d.Tasks)
	}
	if n := target.count("POST /hold"); n != 1 {
		t.Errorf("the write was made %d times", n)
	}
}

func TestASafeWriteIsRepeatedAfterARestart(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{"w": "tasks: {put: {action: core.http_request, with: {method: PUT, url: " + target.URL + "/hold}}}\n"}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "PUT /hold", engine.Request{Workflow: "w"})
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(id), flow.Succeeded)
	if n := target.count("PUT /hold"); n != 2 {
		t.Errorf("the write was made %d times", n)
	}
}

func TestSubRunsGoOnAfterARestart(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"parent": "tasks: {a: {workflow: child, next: b}, b: {action: core.noop}}\noutputs: {path: '${{ tasks.a.result.path }}'}\n",
		"child":  "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\noutputs: {path: '${{ tasks.r.result.body.path }}'}\n",
	}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "GET /hold", engine.Request{Workflow: "parent"})
	if resumed, problems := b.engine.Recover(context.Background()); len(problems) > 0 || len(resumed) != 1 {
		t.Fatal(resumed, problems)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if d.Outputs["path"] != "/hold" {
		t.Errorf("outputs %v", d.Outputs)
	}
}

func TestARedactedValueSurvivesARestart(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{"w": `
tasks:
  a: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/x}, redact: [result.body.password], next: hold}
  hold: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold}, redact: [result.body.password], next: b}
  b: {action: core.http_request, with: {method: GET, url: "` + target.URL + `/${{ tasks.a.result.body.password }}"}, redact: [result.body.password]}
`}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "GET /hold", engine.Request{Workflow: "w"})
	refuseOnDisk(t, b.dir, "hunter2")
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(id), flow.Succeeded)
	if target.count("GET /hunter2") != 1 {
		t.Error("the value was lost")
	}
}

func TestAbandon(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"w":     "tasks:\n  sub: {workflow: child}\n  write: {action: core.http_request, with: {method: POST, url: " + target.URL + "/hold/w}, next: after}\n  after: {action: core.noop}\n",
		"child": "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n",
	}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	<-target.arrived
	b.close()
	target.let()
	b.open(texts)
	if err := b.engine.Abandon(context.Background(), id, "no longer wanted"); err != nil {
		t.Fatal(err)
	}
	d := b.wait(id)
	b.expect(d, flow.Cancelled)
	if taskOf(d, "write").Status != flow.Unknown || taskOf(d, "after").Status != "did not run" {
		t.Errorf("tasks are kept as %+v", d.Tasks)
	}
	if child := b.show(taskOf(d, "sub").Subrun); child.Status != flow.Cancelled {
		t.Errorf("the sub-run is %s", child.Status)
	}
	if ids, _ := b.history.Unfinished(context.Background()); len(ids) != 0 {
		t.Errorf("unfinished are %v", ids)
	}
	if target.count("GET /hold")+target.count("POST /hold/w") != 2 {
		t.Error("something was called again")
	}
}

func TestCancelReachesSubRunsAndCutsReadsOff(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{
		"parent": "tasks: {a: {workflow: child, next: b}, b: {action: core.noop}}\n",
		"child":  "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n",
	})
	id := b.start(engine.Request{Workflow: "parent"})
	<-target.arrived
	if err := b.engine.Cancel(id, "enough"); err != nil {
		t.Fatal(err)
	}
	d := b.wait(id)
	b.expect(d, flow.Cancelled)
	child := b.show(taskOf(d, "a").Subrun)
	if child.Status != flow.Cancelled || taskOf(child, "r").Status != flow.Cancelled || taskOf(d, "b").Status != "did not run" {
		t.Errorf("the sub-run is %+v", child)
	}
}

func TestPauseAndUnpause(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": "tasks:\n  a: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: b}\n  b: {action: core.noop}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	if err := b.engine.Pause(id); err != nil {
		t.Fatal(err)
	}
	target.let()
	if err := b.engine.Unpause(id); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(id), flow.Succeeded)
}

func TestWorkersAreBounded(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": "tasks: {a: {for_each: {items: '${{ lists.range(40) }}', concurrency: 40}, action: core.http_request, with: {method: GET, url: '" + target.URL + "/hold'}}}\n"})
	b.close()
	b.options.Workers = 4
	b.open(map[string]string{"w": "tasks: {a: {for_each: {items: '${{ lists.range(40) }}', concurrency: 40}, action: core.http_request, with: {method: GET, url: '" + target.URL + "/hold'}}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	for range 4 {
		<-target.arrived
	}
	if n := target.count("GET /hold"); n != 4 {
		t.Errorf("%d attempts at once", n)
	}
	target.let()
	b.expect(b.wait(id), flow.Succeeded)
	if n := target.count("GET /hold"); n != 40 {
		t.Errorf("%d attempts in all", n)
	}
}

func TestARunThatCannotBeKeptBreaksOff(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	if err := b.store.Close(); err != nil {
		t.Fatal(err)
	}
	target.let()
	if _, err := b.engine.Wait(context.Background(), id); fault.From(err).Code != fault.Storage {
		t.Errorf("the run ended with %v", err)
	}
	if _, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp}); err == nil {
		t.Error("a run was accepted that cannot be kept")
	}
}

func TestTheEndOfARunsTimeCutsOffWritesOfItsSubRuns(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{
		"parent": "timeout: 200ms\ntasks: {a: {workflow: child}}\n",
		"child":  "tasks: {w: {action: core.http_request, with: {method: POST, url: " + target.URL + "/hold}}}\n",
	})
	d := b.run(engine.Request{Workflow: "parent"})
	b.expect(d, flow.TimedOut)
	child := b.show(taskOf(d, "a").Subrun)
	if child.Status != flow.Cancelled || taskOf(child, "w").Status != flow.Unknown {
		t.Errorf("the sub-run is %+v", child)
	}
}
