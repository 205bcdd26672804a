package api

import (
	"context"
	"testing"
	"time"

	"gantry/access"
	"gantry/engine"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// asked starts the workflow that asks for an organisation, and waits until it does.
func (w *world) asked(org orgs.Organisation) string {
	w.t.Helper()
	run, err := w.engine.Start(w.t.Context(), engine.Request{Workflow: "ask", Organisation: org})
	faulttest.Must(w.t, err)
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	for u, err := range w.engine.Events(ctx, run, 0) {
		faulttest.Must(w.t, err)
		for _, s := range u.Changed {
			if s.Awaits != "" {
				return run
			}
		}
	}
	w.t.Fatal("it never asked")
	return ""
}

// TestAsksOfOthers: questions are seen and answered by people of their organisation and those above it, and only by
// those whom the question names.
func TestAsksOfOthers(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	run := w.asked(w.contoso)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, operator := w.program("operator", access.Operator, w.contoso)
	_, dana := w.program("dana", access.Operator, w.msp)
	_, stranger := w.program("stranger", access.Admin, w.northwind)
	of := OfAsk{OfRunIn: OfRunIn{run}, Task: "ask"}
	answer := &AnswerAskIn{OfAsk: of}
	answer.Body.Button, answer.Body.Texts = "buy", map[string]string{"amount": "x"}

	if seen := must[ListAsksOut](t)(ListAsks.Call(ctx, w.as(stranger), &ListAsksIn{})).Body.Asks; len(seen) != 0 {
		t.Errorf("%+v", seen)
	}
	_, err := ShowAsk.Call(ctx, w.as(stranger), &ShowAskIn{OfAsk: of})
	refused(t, err, fault.Missing, "there is no run")
	_, err = AnswerAsk.Call(ctx, w.as(stranger), answer)
	refused(t, err, fault.Missing, "there is no run")

	for _, c := range []*access.Caller{viewer, operator} {
		seen := must[ListAsksOut](t)(ListAsks.Call(ctx, w.as(c), &ListAsksIn{})).Body.Asks
		if len(seen) != 1 || seen[0].Run != run || seen[0].MayAnswer {
			t.Errorf("%s sees %+v", c.Login, seen)
		}
		if shown := must[OneAsk](t)(ShowAsk.Call(ctx, w.as(c), &ShowAskIn{OfAsk: of})).Body; shown.Link != "" || len(shown.Fields) != 1 {
			t.Errorf("%s is shown %+v", c.Login, shown)
		}
	}
	_, err = AnswerAsk.Call(ctx, w.as(viewer), answer)
	refused(t, err, fault.Denied, "operator")
	_, err = AnswerAsk.Call(ctx, w.as(operator), answer)
	refused(t, err, fault.Denied, "only dana")

	if shown := must[OneAsk](t)(ShowAsk.Call(ctx, w.as(dana), &ShowAskIn{OfAsk: of})).Body; shown.Link == "" || !shown.MayAnswer {
		t.Errorf("%+v", shown)
	}
	_, err = AnswerAsk.Call(ctx, w.as(dana), answer)
	refused(t, err, fault.InvalidInput, "whole number")
	answer.Body.Texts["amount"] = "3"
	if given := must[AnswerAskOut](t)(AnswerAsk.Call(ctx, w.as(dana), answer)).Body; given.By != "dana" || given.Button != "buy" {
		t.Errorf("%+v", given)
	}
	_, err = w.engine.Wait(ctx, run)
	faulttest.Must(t, err)
	_, err = AnswerAsk.Call(ctx, w.as(dana), answer)
	refused(t, err, fault.Missing, "asks nothing")
}
