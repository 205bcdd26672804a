package api

import (
	"testing"

	"gantry/access"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// TestInsideOfARun: who sees a run sees its inside, secrets masked; nobody else does.
func TestInsideOfARun(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	faulttest.Must(t, w.orgs.SetVariable(ctx, w.contoso.ID, orgs.Variable{Name: "door", Type: orgs.TypeSecret, Value: "open-sesame-42"}))
	run := OfRunIn{w.run("greet/hello", w.contoso, map[string]any{"name": "open-sesame-42"})}
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, other := w.program("other", access.Admin, w.northwind)
	c := w.as(viewer)
	told := must[TimelineOut](t)(ShowTimeline.Call(ctx, c, &TimelineIn{OfRunIn: run})).Body
	if len(told.Attempts) != 1 || told.Attempts[0].Task != "say" || told.Attempts[0].Status != "succeeded" || told.Waits == nil || told.Published == nil || told.More {
		t.Errorf("%+v", told)
	}
	given := must[TaskInputsOut](t)(ShowInputs.Call(ctx, c, &ShowResultIn{OfRunIn: run, Task: "say"})).Body
	if values, _ := given.Inputs["values"].(map[string]any); values["said"] != "Hello ********" {
		t.Errorf("%+v", given)
	}
	for _, in := range []ContextIn{{OfRunIn: run}, {OfRunIn: run, End: true}} {
		if seen := must[ContextOut](t)(ShowContext.Call(ctx, c, &in)).Body.Context; seen == nil || len(seen) != 0 {
			t.Errorf("%+v", seen)
		}
	}
	found := must[FindInRunOut](t)(FindInRun.Call(ctx, c, &FindInRunIn{OfRunIn: run, Text: "hello"})).Body
	if len(found.Matches) != 3 || found.Matches[1].Task != "say" || found.Matches[1].Text != "Hello ********" {
		t.Errorf("%+v", found)
	}
	found = must[FindInRunOut](t)(FindInRun.Call(ctx, c, &FindInRunIn{OfRunIn: run, Text: "sesame"})).Body
	if len(found.Matches) != 0 {
		t.Errorf("a secret is found: %+v", found)
	}
	_, err := FindInRun.Call(ctx, w.as(other), &FindInRunIn{OfRunIn: run, Text: "hello"})
	refused(t, err, fault.Missing, "there is no run")
	_, err = FindInRun.Call(ctx, c, &FindInRunIn{OfRunIn: run, Text: "h"})
	refused(t, err, fault.InvalidInput, ">= 2")
	_, err = ShowTimeline.Call(ctx, w.as(other), &TimelineIn{OfRunIn: run})
	refused(t, err, fault.Missing, "there is no run")
	_, err = ShowInputs.Call(ctx, w.as(other), &ShowResultIn{OfRunIn: run, Task: "say"})
	refused(t, err, fault.Missing, "there is no run")
	_, err = ShowContext.Call(ctx, w.as(other), &ContextIn{OfRunIn: run})
	refused(t, err, fault.Missing, "there is no run")
}

// TestInsideOfAWaitingRun: what is on disk so far is told while the run goes on.
func TestInsideOfAWaitingRun(t *testing.T) {
	w := newWorld(t)
	ctx, c := t.Context(), w.as(local)
	id, err := w.engine.Start(ctx, engine.Request{Workflow: "nap", Organisation: w.contoso})
	faulttest.Must(t, err)
	for kept, err := range w.engine.Events(ctx, id, 0) { // what is on disk
		faulttest.Must(t, err)
		if kept.Status == flow.Waiting {
			break
		}
	}
	in := &TimelineIn{OfRunIn: OfRunIn{id}}
	now := must[TimelineOut](t)(ShowTimeline.Call(ctx, c, in)).Body
	if len(now.Waits) != 1 || now.Waits[0].Over || now.Waits[0].Until == nil || now.Attempts[0].Status != "waiting" {
		t.Errorf("%+v", now)
	}
	given := must[TaskInputsOut](t)(ShowInputs.Call(ctx, c, &ShowResultIn{OfRunIn: in.OfRunIn, Task: "wait"})).Body
	if given.Inputs["duration"] != "1h" || given.Attempt != 1 {
		t.Errorf("%+v", given)
	}
	faulttest.Must(t, w.engine.Cancel(id, "enough"))
	if _, err := w.engine.Wait(ctx, id); err != nil {
		t.Error(err)
	}
	told := must[TimelineOut](t)(ShowTimeline.Call(ctx, c, in)).Body
	if len(told.Waits) != 1 || !told.Waits[0].Over || told.Waits[0].Kind != "delay" || told.Attempts[0].Status != "cancelled" {
		t.Errorf("%+v", told)
	}
}
