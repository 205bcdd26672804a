package api

import (
	"context"
	"maps"

	"gantry/access"
	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/schema"
)

// AnswerAskIn is an answer.
type AnswerAskIn struct {
	OfAsk
	Body struct {
		Item   *int              `json:"item,omitempty" doc:"Which item of a for_each, from 0; needed where several ask"`
		Button string            `json:"button,omitempty" doc:"The value of a button; may be left out where there is one alone"`
		Values map[string]any    `json:"values,omitempty" doc:"What the form's fields are filled in with"`
		Texts  map[string]string `json:"texts,omitempty" doc:"The same as people type them, read by the fields' types; they go before values"`
	}
}

// AnswerAskOut tells what was answered.
type AnswerAskOut struct {
	Body struct {
		Run    Run            `json:"run"`
		Button string         `json:"button"`
		Values map[string]any `json:"values"`
		By     string         `json:"by"`
	}
}

// AnswerAsk answers a question.
var AnswerAsk = Operation[AnswerAskIn, AnswerAskOut]{ID: "answer-ask", Method: "POST", Path: "/runs/{run}/asks/{task}", Tag: tagAsks, Summary: "Answer an open question",
	Description: "The answer of this comes when yours is on disk and counts. Of several that come at once one counts; the others are told so (conflict).", Policy: changeRun}

func (a *API) answerAsk(ctx context.Context, in *AnswerAskIn) (*AnswerAskOut, error) {
	w, err := a.openAsk(ctx, in.Task, in.Body.Item)
	if err != nil {
		return nil, err
	}
	q, err := actions.ReadQuestion(w.Asks)
	if err != nil {
		return nil, err
	}
	if err := requestOf(ctx).mayAnswer(ctx, w, q); err != nil {
		return nil, err
	}
	result, err := answered(q, in)
	if err != nil {
		return nil, err
	}
	by := answeredBy(CallerOf(ctx))
	if err := a.give(ctx, w, result, by); err != nil {
		return nil, err
	}
	now, err := a.house.History().Get(ctx, w.Run)
	if err != nil {
		return nil, err
	}
	out := &AnswerAskOut{}
	out.Body.Run, out.Body.By = runDocument(*now), by
	out.Body.Button, _ = result["button"].(string)
	out.Body.Values, _ = result["values"].(map[string]any)
	return out, nil
}

// give hands the answer to the run. One that an earlier process left is taken up for that.
func (a *API) give(ctx context.Context, w *history.Wait, result map[string]any, by string) error {
	e, err := a.house.Engine(ctx)
	if err != nil {
		return err
	}
	return e.Answer(context.WithoutCancel(ctx), engine.Answer{Wait: *w, Result: result, By: by})
}

// answeredBy is the name that the run keeps of who answered.
func answeredBy(c *access.Caller) string {
	switch {
	case c.Login != "":
		return c.Login
	case c.Name != "":
		return c.Name
	}
	return string(c.Kind)
}

// answered checks an answer, and gives {button, values}.
func answered(q *actions.Question, in *AnswerAskIn) (map[string]any, error) {
	values := maps.Clone(in.Body.Values)
	typed, wrong := q.FromTexts(in.Body.Texts)
	if values == nil {
		values = map[string]any{}
	}
	maps.Copy(values, typed)
	button := in.Body.Button
	if button == "" && len(q.Buttons) == 1 {
		button = q.Buttons[0].Value
	}
	if len(wrong) > 0 {
		return nil, wrongAnswer(wrong)
	}
	result, wrong, err := q.Answered(button, values)
	if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		return nil, wrongAnswer(wrong)
	}
	return result, nil
}

func wrongAnswer(problems []schema.Problem) *fault.Error {
	return fault.New(fault.InvalidInput, "the answer does not fit the form: %s", actions.ProblemsText(problems)).
		WithHint("`gantry asks show` lists the fields").WithDetail(map[string]any{"fields": schema.ByPath(problems)})
}

func askOperations(a *API) {
	ListAsks.serve(a, a.listAsks)
	ShowAsk.serve(a, a.showAsk)
	AnswerAsk.serve(a, a.answerAsk)
}
