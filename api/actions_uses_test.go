package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An action's page tells which workflows would have to be looked at when it changes.
func TestAnActionTellsWhoUsesIt(t *testing.T) {
	w := newWorld(t)
	client := w.as(local)
	of := func(action string) []ActionUse {
		return must[ShowActionOut](t)(ShowAction.Call(t.Context(), client, &OfAction{Action: action})).Body.UsedBy
	}
	if diff := cmp.Diff([]ActionUse{{Workflow: "ask", Tasks: []string{"ask"}}}, of("core.ask")); diff != "" {
		t.Error(diff)
	}
	if uses := of("core.delay_until"); uses == nil || len(uses) != 0 {
		t.Errorf("%v", uses)
	}
}

// The form of a question is described as those of workflows are, so that one form shows both.
func TestAQuestionTellsItsForm(t *testing.T) {
	w := newWorld(t)
	run := w.asked(w.contoso)
	shown := must[OneAsk](t)(ShowAsk.Call(t.Context(), w.as(local), &ShowAskIn{OfAsk: OfAsk{OfRunIn{run}, "ask"}})).Body
	want := map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{"amount": map[string]any{"type": "integer"}}}
	if diff := cmp.Diff(want, shown.FormSchema); diff != "" {
		t.Error(diff)
	}
}
