package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// inEvents tells whether a text stands in clear in the log of a run.
func (b *bench) inEvents(id, text string) bool {
	b.t.Helper()
	var n int
	faulttest.Must(b.t, b.store.Read().Get(&n, "SELECT count(*) FROM events WHERE run = ? AND instr(data, ?) > 0", id, text))
	return n > 0
}

// What the newest version redacts is sealed from the turn on that brings it.
func TestANewVersionRedactsFromItsFirstTurn(t *testing.T) {
	b := setup(t, map[string]string{
		"w":   "tasks:\n  a: {action: core.fail, with: {message: no}}\n",
		"top": "tasks:\n  call: {workflow: w}\n",
	})
	ids := []string{b.start(engine.Request{Workflow: "w"}), b.start(engine.Request{Workflow: "top"})}
	for _, id := range ids {
		b.expect(b.wait(id), flow.Failed)
	}
	b.mended(map[string]string{
		"w":   "tasks:\n  a: {action: core.set, with: {values: {password: tops3cret}}, redact: [result.password]}\n",
		"top": "tasks:\n  call: {workflow: w}\n",
	})
	for _, id := range ids {
		d := b.again(engine.ResumeRequest{Run: id, Newest: true})
		b.expect(d, flow.Succeeded)
		if d.Workflow == "top" {
			d = b.show(taskOf(d, "call").Subrun)
		}
		if result, _ := taskOf(d, "a").Result.(map[string]any); result["password"] != "********" || b.inEvents(d.ID, "tops3cret") {
			t.Errorf("the result is kept in clear: %v", taskOf(d, "a").Result)
		}
	}
}

// A value that is sealed serves what is repeated after a restart, and stays sealed.
func TestARedactedValueServesAResumedRun(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/for-us")
	texts := map[string]string{"w": `
tasks:
  a: {action: core.set, with: {values: {word: for-us}}, redact: [result.word], next: b}
  b: {action: core.http_request, with: {method: POST, url: "` + s.URL + `/${{ tasks.a.result.word }}"}, redact: [result.body.path]}
`}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	s.answers(0, "/for-us")
	b.mended(texts)
	d := b.again(engine.ResumeRequest{Run: id})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/for-us": 2})
	body, _ := taskOf(d, "b").Result.(map[string]any)["body"].(map[string]any)
	if body["path"] != "********" || b.inEvents(id, `"/for-us"`) || b.inEvents(id, `"for-us"`) {
		t.Errorf("kept in clear: %v", taskOf(d, "b").Result)
	}
}

// A part of a run that nobody goes on with is not taken up beside its caller.
func TestAPartIsNotTakenUpWithoutItsCaller(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"parent": "tasks: {a: {workflow: child, next: b}, b: {action: core.noop}}\n",
		"child":  "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n",
	}
	b := setup(t, texts)
	id := restarted(t, b, texts, target, "GET /hold", engine.Request{Workflow: "parent"})
	children, err := b.history.Children(context.Background(), id, 10)
	faulttest.Must(t, err)
	expectCode(t, b.resume(engine.ResumeRequest{Run: children[0].ID}), fault.Conflict, "gantry runs resume "+id[len(id)-8:])
	_, err = b.engine.PlanResume(context.Background(), engine.ResumeRequest{Run: children[0].ID})
	expectCode(t, err, fault.Conflict, "gantry runs resume "+id[len(id)-8:])
	faulttest.Must(t, b.resume(engine.ResumeRequest{Run: id}))
	b.expect(b.wait(id), flow.Succeeded)
}

// Whoever resumes a run that was left paused lets it go on.
func TestAPausedRunThatWasLeftGoesOn(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{
		"parent": "tasks: {a: {workflow: child}}\n",
		"child":  "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: s}, s: {action: core.noop}}\n",
	}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "parent"})
	<-target.arrived
	faulttest.Must(t, b.engine.Pause(id))
	b.close()
	target.let()
	b.open(texts)
	b.expect(b.show(id), flow.Paused)
	faulttest.Must(t, b.resume(engine.ResumeRequest{Run: id}))
	b.expect(b.wait(id), flow.Succeeded)
}

// A process that ends between any two of the steps of a reopening leaves what the next one goes on from.
func TestAReopeningThatWasCutOffBetweenItsLevels(t *testing.T) {
	for _, levels := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(levels), func(t *testing.T) {
			s := newMoody(t)
			s.answers(500, "/two")
			texts := subRunTexts(s)
			b := setup(t, texts)
			id := b.start(engine.Request{Workflow: "top"})
			b.expect(b.wait(id), flow.Failed)
			runs := []string{id, taskOf(b.show(id), "call").Subrun}
			runs = append(runs, taskOf(b.show(runs[1]), "deep").Subrun)
			b.mended(texts)
			for level := range levels {
				b.cutReopening(runs, level, level+1 < levels)
			}
			s.answers(0, "/two")
			if resumed, problems := b.engine.Recover(context.Background()); len(problems) > 0 || !cmp.Equal(resumed, []string{id}) {
				t.Fatal(resumed, problems)
			}
			b.expect(b.wait(id), flow.Succeeded)
			s.expect(t, map[string]int{"/before": 1, "/m": 1, "/one": 1, "/two": 2, "/after": 1})
			for _, run := range runs[1:] {
				if d := b.show(run); d.Status != flow.Succeeded || len(d.Resumptions) != 1 {
					t.Errorf("%s: %+v", d.Workflow, d.Run)
				}
			}
		})
	}
}

// cutReopening keeps of a reopening what is on disk when a run is reopened and has not had its turn; where called,
// the turn in which it reopens the run that its task called.
func (b *bench) cutReopening(runs []string, level int, called bool) {
	b.t.Helper()
	ctx := context.Background()
	log, err := b.history.Load(ctx, runs[level])
	faulttest.Must(b.t, err)
	at := time.Now().UTC()
	entry := history.Entry{Run: runs[level], FirstSeq: len(log.Events) + 1}
	if level == 0 {
		entry.Events = []flow.Event{flow.Reopened{At: at, By: "Ann"}}
		entry.Reopens = &history.Reopening{Workflow: log.Run.Workflow, Version: log.Run.Version, At: at}
	}
	entries := []history.Entry{entry}
	if called {
		below, err := b.history.Load(ctx, runs[level+1])
		faulttest.Must(b.t, err)
		entries[0].Events = append(entries[0].Events, flow.AttemptStarted{At: at, Unit: flow.Unit{Exec: level2exec(level), Item: flow.NoItem}, Subrun: runs[level+1]})
		entries = append(entries, history.Entry{Run: runs[level+1], FirstSeq: len(below.Events) + 1, Events: []flow.Event{flow.Reopened{At: at, By: "Ann"}},
			Reopens: &history.Reopening{Workflow: below.Run.Workflow, Version: below.Run.Version, At: at}})
	}
	if len(entries[0].Events) == 0 {
		return
	}
	kept := make(chan error, 1)
	b.history.Append(new(history.Chain), entries, func(err error) { kept <- err })
	faulttest.Must(b.t, <-kept)
}

// level2exec is the execution of subRunTexts' workflows that calls the next one.
func level2exec(int) int { return 1 }

// Who asked to be told of a run's end is told of the next one as well.
func TestEachEndOfARunIsTold(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/a")
	var told []flow.Status
	b := &bench{t: t}
	b.options.Ended = func(_ *store.Tx, end engine.Ended) error {
		told = append(told, end.Run.Status)
		return nil
	}
	fresh := setup(t, nil)
	fresh.close()
	fresh.options.Ended = b.options.Ended
	b = fresh
	b.open(map[string]string{"w": "tasks: {a: {" + s.post("/a") + "}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	s.answers(0, "/a")
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
	b.close()
	if !slices.Equal(told, []flow.Status{flow.Failed, flow.Succeeded}) {
		t.Error(told)
	}
}

// A sub-workflow that is to begin anew, since it is given other inputs, does not do again what nobody knows of.
func TestAnUnknownWriteOfAPartThatBeginsAnewIsResolvedFirst(t *testing.T) {
	s := newMoody(t)
	s.answers(-1, "/write")
	b := setup(t, map[string]string{
		"top":   "tasks:\n  call: {workflow: inner, with: {n: 1}}\n  each: {for_each: {items: [1], as: n}, workflow: inner, with: {n: '${{ n }}'}}\n",
		"inner": "inputs: {n: integer}\ntasks:\n  deep: {workflow: deep}\n",
		"deep":  "tasks:\n  write: {" + s.post("/write") + "}\n",
	})
	id := b.start(engine.Request{Workflow: "top"})
	b.expect(b.wait(id), flow.Failed)
	req := engine.ResumeRequest{Run: id, Texts: map[string]map[string]string{"call": {"n": "2"}, "each": {"n": "2"}}}
	plan := b.plan(req)
	if len(plan.Unresolved) != 2 || plan.Refused() == nil {
		t.Fatalf("%+v", plan)
	}
	for _, step := range plan.Steps {
		if !step.Anew {
			t.Errorf("%+v", step)
		}
	}
	expectCode(t, b.resume(req), fault.Conflict, "nobody knows whether write was done")
	s.expect(t, map[string]int{"/write": 2})
	for _, u := range plan.Unresolved {
		faulttest.Must(t, b.resolve(engine.Resolution{Run: u.Run, Task: u.Task, Done: true}))
	}
	s.answers(0, "/write")
	b.expect(b.again(req), flow.Succeeded)
	s.expect(t, map[string]int{"/write": 4})
}

// A word about a write of a run that an earlier process left does not come between it and whoever takes it up.
func TestAWriteOfARunThatWasLeftIsResolvedOnceItIsTakenUp(t *testing.T) {
	s := newMoody(t)
	s.answers(-1, "/write")
	target := newTarget(t)
	texts := map[string]string{"w": "tasks:\n  write: {" + s.post("/write") + "}\n  read: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}\n"}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	<-s.came
	for u, err := range b.engine.Events(context.Background(), id, 0) {
		if faulttest.Must(t, err); u.Error != nil {
			break
		}
	}
	b.mended(texts)
	res := engine.Resolution{Run: id, Task: "write", Done: true}
	expectCode(t, b.resolve(res), fault.Conflict, "gantry runs resume "+id[len(id)-8:])
	faulttest.Must(t, b.resume(engine.ResumeRequest{Run: id}))
	faulttest.Must(t, b.resolve(res))
	target.let()
	b.expect(b.wait(id), flow.Failed)
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
	s.expect(t, map[string]int{"/write": 1})
}

// Done, then on with the newest version: what was said is kept, and nothing is made twice.
func TestAResolvedWriteStaysDoneInTheNewestVersion(t *testing.T) {
	s := newMoody(t)
	s.answers(-1, "/write")
	text := func(next string) map[string]string {
		return map[string]string{"w": "tasks:\n  write: {" + s.post("/write") + next + "}\n  last: {" + s.post("/last") + "}\noutputs: {got: \"${{ tasks.?write.?result.?status.orValue(0) }}\"}\n"}
	}
	b := setup(t, text(", next: last"))
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	faulttest.Must(t, b.resolve(engine.Resolution{Run: id, Task: "write", Done: true, Result: map[string]any{"status": 201, "headers": map[string]any{}, "body": nil}}))
	b.mended(text(", next: [{when: result.status == 201, do: last}]"))
	d := b.again(engine.ResumeRequest{Run: id, Newest: true})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/write": 1, "/last": 1})
	if d.Outputs["got"] != int64(201) || !strings.Contains(fmt.Sprint(taskOf(d, "write").Result), "201") {
		t.Errorf("%v %v", d.Outputs, taskOf(d, "write").Result)
	}
}

// A workflow that was removed, or has another name now: its runs go on with the version that they have, and are told so.
func TestRunsOfAWorkflowThatHasGone(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks: {tell: {action: core.fail, with: {message: no}}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	b.mended(map[string]string{"other": "tasks: {a: {action: core.noop}}\n"})
	_, resumed := b.engine.PlanResume(t.Context(), engine.ResumeRequest{Run: id, Newest: true})
	_, rerun := b.engine.PlanRerun(t.Context(), engine.RerunRequest{Run: id})
	for hint, err := range map[string]error{"without --newest": resumed, "--same-version": rerun} {
		if f := fault.From(err); f.Code != fault.Missing || !strings.Contains(f.Message, "not there any more") || !strings.Contains(f.Hint, hint) {
			t.Errorf("%v", err)
		}
	}
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Failed)
	_, err := b.engine.PlanRerun(t.Context(), engine.RerunRequest{Run: id, SameVersion: true})
	faulttest.Must(t, err)
	err = b.resolve(engine.Resolution{Run: id, Task: "tell", Done: true})
	if f := fault.From(err); f.Code != fault.Conflict || !strings.Contains(f.Hint, "runs resume") {
		t.Errorf("%v; %s", err, f.Hint)
	}
}

// An organisation that has gone from below the run's own is not acted for when the run is resumed.
func TestAResumedRunActsForNoneThatHasGone(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/for-branch")
	b := setup(t, map[string]string{"w": "tasks:\n  a: {org: branch, action: core.http_request, with: {method: POST, url: " + s.URL + "/for-branch}}\n"})
	ctx := context.Background()
	branch, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "branch", Name: "Branch", Parent: "northwind-dental"})
	faulttest.Must(t, err)
	id := b.start(engine.Request{Workflow: "w", Organisation: b.client})
	b.expect(b.wait(id), flow.Failed)
	s.answers(200, "/for-branch")
	_, err = b.orgs.Move(ctx, branch.ID, b.msp.ID)
	faulttest.Must(t, err)
	d := b.show(id)
	if taskOf(d, "a").Status == flow.Unknown {
		faulttest.Must(t, b.engine.Resolve(ctx, engine.Resolution{Run: id, Task: "a", By: "kim"}))
	}
	d = b.again(engine.ResumeRequest{Run: id})
	b.expect(d, flow.Failed)
	if e := taskOf(d, "a").Error; e == nil || e.Code != fault.Tenant {
		t.Errorf("%+v", e)
	}
	s.expect(t, map[string]int{"/for-branch": 1})
}

// A run that ends as soon as it is reopened does so too where the process ended between.
func TestAReopeningThatEndsAtOnceIsTakenUp(t *testing.T) {
	texts := map[string]string{
		"top":   "inputs: {n: {type: integer, default: 0}}\ntasks:\n  first: {action: core.noop, next: call}\n  call: {workflow: parts, with: {n: '${{ inputs.n }}'}}\n",
		"parts": "inputs: {n: {type: integer, required: true}}\ntasks:\n  a: {action: core.noop}\noutputs: {part: '${{ 10 / inputs.n }}'}\n",
	}
	for _, called := range []bool{false, true} {
		t.Run(fmt.Sprint(called), func(t *testing.T) {
			b := setup(t, texts)
			runs := []string{b.start(engine.Request{Workflow: "top"})}
			b.expect(b.wait(runs[0]), flow.Failed)
			runs = append(runs, taskOf(b.show(runs[0]), "call").Subrun)
			if !called {
				runs = []string{b.start(engine.Request{Workflow: "parts", Inputs: inputs(0)})}
				b.expect(b.wait(runs[0]), flow.Failed)
			}
			b.mended(texts)
			b.cutReopening(runs, 0, called)
			if resumed, problems := b.engine.Recover(context.Background()); len(problems) > 0 || !cmp.Equal(resumed, runs[:1]) {
				t.Fatal(resumed, problems)
			}
			for _, id := range runs {
				b.expect(b.wait(id), flow.Failed)
			}
		})
	}
}
