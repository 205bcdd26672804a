package engine_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
)

func (b *bench) resolve(res engine.Resolution) error {
	return b.engine.Resolve(context.Background(), res)
}

func TestAWriteIsResolvedBeforeItsRunGoesOn(t *testing.T) {
	for _, done := range []bool{true, false} {
		s := newMoody(t)
		s.answers(-1, "/write")
		b := setup(t, map[string]string{"w": `
tasks:
  first: {` + s.post("/first") + `, next: write}
  write: {` + s.post("/write") + `, next: last}
  last: {` + s.post("/last") + `}
outputs: {status: "${{ tasks.write.result.status }}"}
`})
		id := b.start(engine.Request{Workflow: "w"})
		d := b.wait(id)
		b.expect(d, flow.Failed)
		if taskOf(d, "write").Status != flow.Unknown {
			t.Fatalf("%+v", taskOf(d, "write"))
		}
		plan := b.plan(engine.ResumeRequest{Run: id})
		if len(plan.Unresolved) != 1 || plan.Unresolved[0].Command() != "runs resolve "+id[len(id)-8:]+" write" {
			t.Errorf("%+v", plan.Unresolved)
		}
		expectCode(t, b.resume(engine.ResumeRequest{Run: id}), fault.Conflict, "nobody knows whether write was done")

		expectCode(t, b.resolve(engine.Resolution{Run: id, Task: "wrte"}), fault.Usage, `did you mean "write"`)
		expectCode(t, b.resolve(engine.Resolution{Run: id, Task: "first", Done: true}), fault.Conflict, "first has succeeded")
		expectCode(t, b.resolve(engine.Resolution{Run: id, Task: "last", Done: true}), fault.Missing, "has not run")
		expectCode(t, b.resolve(engine.Resolution{Run: id, Task: "write", Done: true, Result: "text"}), fault.InvalidInput, "no result of core.http_request")
		res := engine.Resolution{Run: id, Task: "write", Done: done, By: "Ann"}
		want := map[string]int{"/first": 1, "/write": 2, "/last": 1}
		if done {
			res.Result = map[string]any{"status": 200, "headers": map[string]any{}, "body": nil}
			want["/write"] = 1
		}
		other := engine.Resolution{Run: id, Task: "write", Done: !done, By: "Bob"}
		if !done {
			expectCode(t, b.resolve(other), fault.Usage, "the result of task write is read by the outputs")
			other.NoResult = true
		}
		faulttest.Must(t, b.resolve(other)) // until the run goes on the last word counts
		faulttest.Must(t, b.resolve(res))
		s.answers(0, "/write")
		d = b.again(engine.ResumeRequest{Run: id})
		b.expect(d, flow.Succeeded)
		s.expect(t, want)
		if d.Outputs["status"] != int64(200) || len(d.Resolutions) != 2 || d.Resolutions[1].By != "Ann" || d.Resolutions[1].Task != "write" || d.Resolutions[1].Done != done {
			t.Errorf("%+v", d)
		}
		if done {
			expectCode(t, b.resolve(engine.Resolution{Run: id, Task: "write"}), fault.Conflict, "nothing to be resolved")
		}
	}
}

func TestAWriteOfAPartIsResolvedThere(t *testing.T) {
	s := newMoody(t)
	s.answers(-1, "/two")
	texts := subRunTexts(s)
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "top"})
	b.expect(b.wait(id), flow.Failed)
	plan := b.plan(engine.ResumeRequest{Run: id})
	inner := taskOf(b.show(taskOf(b.show(id), "call").Subrun), "deep").Subrun
	expectCode(t, b.resume(engine.ResumeRequest{Run: id}), fault.Conflict, "runs resolve "+inner[len(inner)-8:]+" two")
	if plan.Refused() == nil {
		t.Errorf("%+v", plan)
	}
	faulttest.Must(t, b.resolve(engine.Resolution{Run: inner, Task: "two"}))
	s.answers(0, "/two")
	b.mended(texts)
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
	s.expect(t, map[string]int{"/before": 1, "/m": 1, "/one": 1, "/two": 2, "/after": 1})
}

func TestAWriteIsResolvedWhileItsRunGoesOn(t *testing.T) {
	s := newMoody(t)
	s.answers(-1, "/write")
	target := newTarget(t)
	b := setup(t, map[string]string{"w": `
tasks:
  write: {` + s.post("/write") + `}
  read: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold}}
`})
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	<-s.came
	for u, err := range b.engine.Events(context.Background(), id, 0) {
		faulttest.Must(t, err)
		if u.Error != nil {
			break
		}
	}
	faulttest.Must(t, b.resolve(engine.Resolution{Run: id, Task: "write", Done: true, By: "Ann"}))
	target.let()
	b.expect(b.wait(id), flow.Failed)
	d := b.again(engine.ResumeRequest{Run: id})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/write": 1})
	if taskOf(d, "write").Status != flow.Succeeded {
		t.Errorf("%+v", d.Tasks)
	}
}

func TestARunIsRepeatedWithWhatItBeganWith(t *testing.T) {
	text := `
inputs: {who: {type: string, required: true}, old: integer}
vars: {greeting: Hi}
tasks: {say: {action: core.set, with: {values: {text: "${{ vars.greeting + ' ' + inputs.who + ' ' + string(trigger.?body.orValue('')) }}"}}}}
outputs: {text: "${{ tasks.say.result.text }}"}
`
	b := setup(t, map[string]string{"w": text})
	first := b.run(engine.Request{Workflow: "w", Organisation: b.client, Inputs: map[string]any{"who": "Ann", "old": int64(3)}, TriggerType: "webhook", TriggerName: "hook",
		TriggerData: map[string]any{"body": "b"}, TriggerVars: map[string]any{"greeting": "Hello"}})
	b.expect(first, flow.Succeeded)
	b.mended(map[string]string{"w": "inputs: {who: {type: string, required: true}, new: {type: integer, default: 7}}\n" + text[len("\ninputs: {who: {type: string, required: true}, old: integer}\n"):]})
	ctx := context.Background()
	plan, err := b.engine.PlanRerun(ctx, engine.RerunRequest{Run: first.ID, Texts: map[string]string{"who": "Bob"}})
	faulttest.Must(t, err)
	if diff := cmp.Diff(map[string]any{"who": "Bob", "new": int64(7)}, plan.Inputs); diff != "" || plan.Was != first.Version ||
		!cmp.Equal(plan.LeftOut, []string{"old"}) || !cmp.Equal(plan.Changed, []string{"new", "who"}) {
		t.Errorf("%s %+v", diff, plan)
	}
	for same, want := range map[bool]string{false: "Hello Bob b", true: "Hello Bob b"} {
		id, err := b.engine.Rerun(ctx, engine.RerunRequest{Run: first.ID, SameVersion: same, Texts: map[string]string{"who": "Bob"}})
		faulttest.Must(t, err)
		d := b.wait(id)
		b.expect(d, flow.Succeeded)
		if d.Outputs["text"] != want || d.RerunOf != first.ID || d.Organisation != b.client.Slug || d.TriggerName != "hook" || (d.Version == first.Version) != same {
			t.Errorf("%+v", d)
		}
	}
	_, err = b.engine.PlanRerun(ctx, engine.RerunRequest{Run: first.ID, Texts: map[string]string{"wo": "Bob"}})
	expectCode(t, err, fault.Usage, `did you mean "who"`)
}

// TestInputsAreLeftOutOfARunThatRepeatsAnother: an input that is not given is not that of the earlier run.
func TestInputsAreLeftOutOfARunThatRepeatsAnother(t *testing.T) {
	b := setup(t, map[string]string{"w": "inputs: {who: {type: string, required: true}, team: {type: string, default: 1st line}, ticket: integer}\ntasks: {a: {action: core.noop}}\n"})
	first := b.run(engine.Request{Workflow: "w", Inputs: map[string]any{"who": "Ann", "team": "2nd line", "ticket": int64(3)}})
	plan, err := b.engine.PlanRerun(t.Context(), engine.RerunRequest{Run: first.ID, Without: []string{"team", "ticket"}})
	faulttest.Must(t, err)
	if plan.Inputs["who"] != "Ann" || plan.Inputs["team"] != "1st line" || plan.Inputs["ticket"] != nil || !cmp.Equal(plan.Changed, []string{"team", "ticket"}) {
		t.Errorf("%+v", plan)
	}
	_, err = b.engine.PlanRerun(t.Context(), engine.RerunRequest{Run: first.ID, Without: []string{"who"}})
	expectCode(t, err, fault.InvalidInput, "who")
	plan, err = b.engine.PlanRerun(t.Context(), engine.RerunRequest{Run: first.ID, Without: []string{"who"}, Inputs: map[string]any{"who": "Bob"}})
	faulttest.Must(t, err)
	if plan.Inputs["who"] != "Bob" {
		t.Errorf("what is given counts: %+v", plan)
	}
}

func TestNoMoreRunsOfALimitGoByResuming(t *testing.T) {
	release := make(chan struct{})
	failing := true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails" && failing {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		<-release
	}))
	t.Cleanup(srv.Close)
	b := setup(t, map[string]string{"w": "concurrency: 1\ninputs: {path: string}\ntasks: {a: {action: core.http_request, with: {method: POST, url: '" + srv.URL + "${{ inputs.path }}'}}}\n"})
	id := b.start(engine.Request{Workflow: "w", Inputs: map[string]any{"path": "/fails"}})
	b.expect(b.wait(id), flow.Failed)
	failing = false
	other := b.start(engine.Request{Workflow: "w", Inputs: map[string]any{"path": "/holds"}})
	expectCode(t, b.resume(engine.ResumeRequest{Run: id}), fault.Conflict, "has to end first")
	if plan := b.plan(engine.ResumeRequest{Run: id}); plan.Problem == nil || plan.Problem.Code != fault.Conflict {
		t.Errorf("%+v", plan.Problem)
	}
	close(release)
	b.expect(b.wait(other), flow.Succeeded)
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
}
