package api

import (
	"context"
	"testing"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
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

	for _, id := range []string{run, run[:30], run[len(run)-8:], "01a20344-0000-7000-8000-000000000000"} { // whether there is such a run is not told
		_, err = ListAsks.Call(ctx, w.as(stranger), &ListAsksIn{Run: id})
		refused(t, err, fault.Missing, "there is no run")
	}
	_, reader := w.program("reader", access.Admin, w.msp, access.RunsRead)
	if seen := must[ListAsksOut](t)(ListAsks.Call(ctx, w.as(reader), &ListAsksIn{Run: run[:30]})).Body.Asks; len(seen) != 1 || seen[0].MayAnswer {
		t.Errorf("a token without the scope sees %+v", seen)
	}
	_, err = AnswerAsk.Call(ctx, w.as(reader), answer)
	refused(t, err, fault.Denied, "runs:write")

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
	refused(t, err, fault.Conflict, "has been answered already")
}

// TestANamelessCallerIsNobody: a question for somebody without a name is not for callers without one.
func TestANamelessCallerIsNobody(t *testing.T) {
	w := newWorld(t)
	_, operator := w.program("operator", access.Operator, w.contoso)
	nameless := *operator
	nameless.Login = ""
	q := &request{api: w.api, caller: &nameless}
	wait := &history.Wait{OrganisationID: w.contoso.ID}
	for _, who := range []actions.Answerers{{}, {Role: "operator", Users: []string{""}}, {Role: "nobody"}, {Role: "operator", Users: []string{"dana"}}} {
		refused(t, q.mayAnswer(t.Context(), wait, &actions.Question{Who: who}), fault.Denied, "")
	}
	faulttest.Must(t, q.mayAnswer(t.Context(), wait, &actions.Question{Who: actions.Answerers{Role: "operator"}}))
}

// TestSeveralAsk: which item is meant must be said; of parallel ways of one task the one that asked first is.
func TestSeveralAsk(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	run := w.asked(w.contoso)
	waits, err := w.history.Waits(ctx, history.WaitFilter{Run: run})
	faulttest.Must(t, err)
	more := func(task string, items ...int) {
		var c history.WaitChanges
		for i, item := range items {
			one := waits[0]
			one.Unit, one.Task, one.Since = flow.Unit{Exec: 50 + i, Item: item}, task, one.Since.Add(time.Second)
			c.Opened = append(c.Opened, one)
		}
		also, done, err := w.history.KeepWaits(run, c)
		faulttest.Must(t, err)
		faulttest.Must(t, w.store.Write(ctx, also))
		done()
	}
	more("ask", flow.NoItem)
	more("each", 4, 7)
	client := w.as(local)
	if shown := must[OneAsk](t)(ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: OfAsk{OfRunIn{run}, "ask"}})).Body; !shown.Since.Equal(waits[0].Since) {
		t.Errorf("%+v", shown)
	}
	each := OfAsk{OfRunIn{run}, "each"}
	_, err = ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: each})
	refused(t, err, fault.Usage, "several items of each ask")
	if shown := must[OneAsk](t)(ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: each, Item: "7"})).Body; shown.Item == nil || *shown.Item != 7 {
		t.Errorf("%+v", shown)
	}
	_, err = ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: each, Item: "5"})
	refused(t, err, fault.Missing, "item 5 of task each")
	_, err = ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: each, Item: "x"})
	refused(t, err, fault.Usage, "number from 0")
	_, err = ShowAsk.Call(ctx, client, &ShowAskIn{OfAsk: OfAsk{OfRunIn{run}, "nothing"}})
	refused(t, err, fault.Missing, "task nothing")
}

// Who comes late is told what became of the question.
func TestWhoAnswersTooLateIsToldSo(t *testing.T) {
	w := newWorld(t)
	run := w.asked(w.contoso)
	client := w.as(local)
	shown := must[OneAsk](t)(ShowAsk.Call(t.Context(), client, &ShowAskIn{OfAsk: OfAsk{OfRunIn{run}, "ask"}})).Body
	in := &AnswerAskIn{OfAsk: OfAsk{OfRunIn{run}, "ask"}}
	in.Body.Button = shown.Buttons[0].Value
	_, err := AnswerAsk.Call(t.Context(), client, in)
	faulttest.Must(t, err)
	_, err = AnswerAsk.Call(t.Context(), client, in)
	refused(t, err, fault.Conflict, "has been answered already")
}
