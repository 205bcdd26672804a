package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/access"
	"gantry/engine"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// cancelled is a run that was cancelled in the middle.
func (w *world) cancelled(org orgs.Organisation) string {
	w.t.Helper()
	id, err := w.engine.Start(context.Background(), engine.Request{Workflow: "nap", Organisation: org})
	faulttest.Must(w.t, err)
	faulttest.Must(w.t, w.engine.Cancel(id, "enough"))
	_, err = w.engine.Wait(context.Background(), id)
	faulttest.Must(w.t, err)
	return id
}

// goingOnWays are the ways in which somebody lets a run go on, decides about it or begins it again.
var goingOnWays = []struct {
	name  string
	mspOf bool // only people of the MSP may
	try   func(ctx context.Context, c *Client, id string) error
}{
	{"plan to resume", false, func(ctx context.Context, c *Client, id string) error {
		_, err := PlanResume.Call(ctx, c, &PlanResumeIn{OfRunIn: OfRunIn{Run: id}})
		return err
	}},
	{"plan with the newest version", true, func(ctx context.Context, c *Client, id string) error {
		_, err := PlanResume.Call(ctx, c, &PlanResumeIn{OfRunIn: OfRunIn{Run: id}, Body: &ResumeWith{Newest: true}})
		return err
	}},
	{"plan with other inputs", true, func(ctx context.Context, c *Client, id string) error {
		_, err := PlanResume.Call(ctx, c, &PlanResumeIn{OfRunIn: OfRunIn{Run: id}, Body: &ResumeWith{Inputs: map[string]map[string]any{"wait": {"duration": "1s"}}}})
		return err
	}},
	{"resume with the newest version", true, func(ctx context.Context, c *Client, id string) error {
		_, err := ResumeRun.Call(ctx, c, &ResumeRunIn{OfRunIn: OfRunIn{Run: id}, Body: &ResumeRunBody{ResumeWith: ResumeWith{Newest: true}}})
		return err
	}},
	{"resume with other inputs", true, func(ctx context.Context, c *Client, id string) error {
		_, err := ResumeRun.Call(ctx, c, &ResumeRunIn{OfRunIn: OfRunIn{Run: id}, Body: &ResumeRunBody{ResumeWith: ResumeWith{Texts: map[string]map[string]string{"wait": {"duration": "1s"}}}}})
		return err
	}},
	{"resume", false, func(ctx context.Context, c *Client, id string) error {
		_, err := ResumeRun.Call(ctx, c, &ResumeRunIn{OfRunIn: OfRunIn{Run: id}})
		return err
	}},
	{"plan to run again what no trigger covers", true, func(ctx context.Context, c *Client, id string) error {
		_, err := PlanRerun.Call(ctx, c, &PlanRerunIn{OfRunIn: OfRunIn{Run: id}})
		return err
	}},
	{"run again what no trigger covers", true, func(ctx context.Context, c *Client, id string) error {
		_, err := RerunRun.Call(ctx, c, &RerunRunIn{OfRunIn: OfRunIn{Run: id}})
		return err
	}},
}

// Operators of a client may let its runs go on as they are; what may reach the MSP's systems is for the MSP to say, and
// who has nothing to do with the client does not learn that there is such a run.
func TestWhoMayLetRunsGoOn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, msp := w.program("msp", access.Operator, w.msp)
	_, client := w.program("client", access.Operator, w.contoso)
	_, other := w.program("other", access.Operator, w.northwind)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	for _, way := range goingOnWays {
		t.Run(way.name, func(t *testing.T) {
			id := w.cancelled(w.contoso)
			before := w.logOf(id)
			unknown := fault.From(way.try(ctx, w.as(other), "01a20000-0000-7000-8000-000000000000"))
			hidden := fault.From(way.try(ctx, w.as(other), id))
			if hidden.Code != fault.Missing || unknown.Code != hidden.Code || unknown.Hint != hidden.Hint {
				t.Errorf("of another organisation: %v; of none: %v", hidden, unknown)
			}
			expectDenied(t, "viewer", way.try(ctx, w.as(viewer), id))
			if way.mspOf {
				expectDenied(t, "client", way.try(ctx, w.as(client), id))
			}
			if after := w.logOf(id); after != before {
				t.Fatalf("the log has grown from %d to %d", before, after)
			}
			allowed := msp
			if !way.mspOf {
				allowed = client
			}
			faulttest.Must(t, way.try(ctx, w.as(allowed), id))
		})
	}
}

// TestARunNamesWhatHandledItsFailure: and that names the run which failed.
func TestARunNamesWhatHandledItsFailure(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	show := func(id string) *ShowRunOut {
		return must[ShowRunOut](t)(ShowRun.Call(ctx, w.as(viewer), &ShowRunIn{OfRunIn: OfRunIn{Run: id}}))
	}
	id := w.run("guarded", w.contoso, nil)
	faulttest.Must(t, w.engine.Drain(ctx))
	handled := show(id).Body.HandledBy
	if len(handled) != 1 || handled[0].Workflow != "greet/hello" || handled[0].Status != "succeeded" {
		t.Fatalf("%+v", handled)
	}
	handler := show(handled[0].ID).Body
	if handler.Parent != id || handler.TriggerType != "on_failure" || handler.HandledBy != nil {
		t.Errorf("%+v", handler)
	}
}

// TestACancelledRunSaysByWhom: unless a reason is given.
func TestACancelledRunSaysByWhom(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, client := w.program("client", access.Operator, w.contoso)
	id, err := w.engine.Start(ctx, engine.Request{Workflow: "nap", Organisation: w.contoso})
	faulttest.Must(t, err)
	must[OneRun](t)(CancelRun.Call(ctx, w.as(client), &CancelRunIn{OfRunIn: OfRunIn{Run: id}}))
	_, err = w.engine.Wait(ctx, id)
	faulttest.Must(t, err)
	run, err := w.history.Get(ctx, id)
	faulttest.Must(t, err)
	if want := "the run was cancelled: by " + client.Name; run.Error == nil || run.Error.Message != want {
		t.Errorf("%+v, want %s", run.Error, want)
	}
}

func (w *world) logOf(id string) int {
	w.t.Helper()
	n, err := w.history.LastSeq(context.Background(), id)
	faulttest.Must(w.t, err)
	return n
}

func expectDenied(t *testing.T, who string, err error) {
	t.Helper()
	if err == nil || fault.From(err).Code != fault.Denied {
		t.Errorf("%s: %v, want denied", who, err)
	}
}

// What a write answered is for people of the MSP to say; whether it was done, for the client's as well.
func TestWhoMayResolve(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, msp := w.program("msp", access.Operator, w.msp)
	_, client := w.program("client", access.Operator, w.contoso)
	_, other := w.program("other", access.Operator, w.northwind)
	id := w.cancelled(w.contoso)
	try := func(c *access.Caller, result any) error {
		in := &ResolveRunIn{OfRunIn: OfRunIn{Run: id}}
		in.Body.Task, in.Body.Outcome, in.Body.Result = "wait", "done", result
		_, err := ResolveRun.Call(ctx, w.as(c), in)
		return err
	}
	expectDenied(t, "client", try(client, map[string]any{"id": 1}))
	for who, err := range map[string]error{"client": try(client, nil), "msp": try(msp, map[string]any{"id": 1})} {
		if err == nil || fault.From(err).Code != fault.Conflict { // allowed, but there is nothing to be resolved
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := try(other, nil); err == nil || fault.From(err).Code != fault.Missing {
		t.Error(err)
	}
}

// TestAHeldRunNeedsAWord: what it does next may have been done since the backup.
func TestAHeldRunNeedsAWord(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, token := w.program("client", access.Operator, w.contoso)
	id, err := w.engine.Start(ctx, engine.Request{Workflow: "nap", Organisation: w.contoso})
	faulttest.Must(t, err)
	if _, err := w.history.HoldUnfinished(ctx, time.Now(), "restored from a backup"); err != nil {
		t.Fatal(err)
	}
	for _, body := range []*ResumeRunBody{nil, {Watch: true}} {
		_, err := ResumeRun.Call(ctx, w.as(token), &ResumeRunIn{OfRunIn: OfRunIn{Run: id}, Body: body})
		if f := fault.From(err); f.Code != fault.Conflict || !strings.Contains(f.Message, "restored from a backup") || !strings.Contains(f.Hint, "although_held: true") {
			t.Errorf("without a word: %v", err)
		}
	}
	_, err = ResumeRun.Call(ctx, w.as(token), &ResumeRunIn{OfRunIn: OfRunIn{Run: id}, Body: &ResumeRunBody{AlthoughHeld: true}})
	faulttest.Want(t, err, fault.Exists) // it gets as far as to the engine, which has the run
	faulttest.Must(t, w.engine.Cancel(id, "enough"))
	_, err = w.engine.Wait(ctx, id)
	faulttest.Must(t, err)
}

// TestAHeldRunSaysSo: a run that somebody has paused is not held, nor one that has been let go on.
func TestAHeldRunSaysSo(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, viewer := w.program("client", access.Viewer, w.contoso)
	id, err := w.engine.Start(ctx, engine.Request{Workflow: "nap", Organisation: w.contoso})
	faulttest.Must(t, err)
	faulttest.Must(t, w.engine.Pause(id))
	expect := func(when string, want *Held) {
		t.Helper()
		out, err := ShowRun.Call(ctx, w.as(viewer), &ShowRunIn{OfRunIn: OfRunIn{Run: id}})
		faulttest.Must(t, err)
		if diff := cmp.Diff(want, out.Body.Held); diff != "" || out.Body.Status != "paused" {
			t.Errorf("%s: %s %s", when, out.Body.Status, diff)
		}
	}
	expect("paused", nil)
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	_, err = w.history.HoldUnfinished(ctx, at, "restored from a backup")
	faulttest.Must(t, err)
	expect("held", &Held{at, "restored from a backup"})
	faulttest.Must(t, w.history.Release(ctx, id))
	expect("let go on", nil)
	faulttest.Must(t, w.engine.Cancel(id, "enough"))
	_, err = w.engine.Wait(ctx, id)
	faulttest.Must(t, err)
}
