package api

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// AskDetail is a question in full.
type AskDetail struct {
	Ask
	Details []AskLine   `json:"details"`
	Buttons []AskButton `json:"buttons"`
	Fields  []AskField  `json:"fields" doc:"In their order"`
	Who     AskWho      `json:"who"`

	FormSchema map[string]any `json:"form_schema" doc:"JSON Schema, draft-07, of the answer's values"`
	Link       string         `json:"link,omitempty" doc:"Where whoever has it can answer, where the question allows that and you may answer"`
}

// AskLine is a line below a question.
type AskLine struct {
	Name string `json:"name,omitempty"`
	Text string `json:"text"`
}

// AskButton is one way to answer.
type AskButton struct {
	Value       string `json:"value"`
	Label       string `json:"label"`
	Style       string `json:"style" enum:"default,primary,danger"`
	SkipsFields bool   `json:"skips_fields,omitempty" doc:"It answers without the form's fields"`
}

// AskField is a field of a question's form.
type AskField struct {
	ActionField
	Title  string `json:"title,omitempty"`
	Format string `json:"format,omitempty" doc:"Of text: date-time, date, email, uri, multiline …"`
}

// AskWho tells who may answer.
type AskWho struct {
	Role  string   `json:"role" doc:"The least role over the organisation"`
	Users []string `json:"users,omitempty" doc:"Of these only these, by the names they sign in with"`
	Link  bool     `json:"link" doc:"Also whoever has the link"`
}

// OfAsk names an open question.
type OfAsk struct {
	OfRunIn
	Task string `path:"task" doc:"The task that asks"`
}

// ShowAskIn names the question of an item as well.
type ShowAskIn struct {
	OfAsk
	Item string `query:"item" doc:"Which item of a for_each, from 0; needed where several ask"`
}

// OneAsk is an answer with one question.
type OneAsk struct{ Body AskDetail }

// ShowAsk shows a question.
var ShowAsk = Operation[ShowAskIn, OneAsk]{ID: "show-ask", Method: "GET", Path: "/runs/{run}/asks/{task}", Tag: tagAsks, Summary: "Show an open question", Policy: readRun}

func (a *API) showAsk(ctx context.Context, in *ShowAskIn) (*OneAsk, error) {
	var item *int
	if in.Item != "" {
		n, err := strconv.Atoi(in.Item)
		if err != nil {
			return nil, fault.New(fault.Usage, "item is a number from 0, not %q", in.Item)
		}
		item = &n
	}
	w, err := a.openAsk(ctx, in.Task, item)
	if err != nil {
		return nil, err
	}
	doc, q, err := a.askDocument(ctx, w)
	if err != nil {
		return nil, err
	}
	out := &OneAsk{AskDetail{Ask: doc, Details: []AskLine{}, Buttons: []AskButton{}, Fields: askFields(q.Fields), FormSchema: schemaOf(schema.Object("", q.Fields...)),
		Who: AskWho{q.Who.Role, q.Who.Users, q.Who.Link}}}
	for _, d := range q.Details {
		out.Body.Details = append(out.Body.Details, AskLine{d.Name, d.Text})
	}
	for _, b := range q.Buttons {
		out.Body.Buttons = append(out.Body.Buttons, AskButton{b.Value, b.Label, b.Style, b.SkipsFields})
	}
	if q.Who.Link && doc.MayAnswer {
		out.Body.Link, err = a.linkOf(ctx, w)
	}
	return out, err
}

func (a *API) linkOf(ctx context.Context, w *history.Wait) (string, error) {
	linked := a.house.Link
	if linked == nil {
		e, err := a.house.Engine(ctx)
		if err != nil {
			return "", err
		}
		linked = e.Link
	}
	link, err := linked(ctx, w.Run, w.Task)
	if link != "" && w.Unit.Item != flow.NoItem {
		link += fmt.Sprintf("/%d", w.Unit.Item)
	}
	return link, err
}

func askFields(fields []schema.Field) []AskField {
	out := make([]AskField, len(fields))
	for i, f := range actionFields(fields) {
		out[i] = AskField{f, fields[i].Type.Title, fields[i].Type.Format}
	}
	return out
}

// openAsk finds an open question of the run that the policy checked.
func (a *API) openAsk(ctx context.Context, task string, item *int) (*history.Wait, error) {
	run := runOf(ctx)
	found, err := a.house.History().Waits(ctx, history.WaitFilter{Kind: actions.ForAnswer, Run: run.ID, Task: task, Item: item, Limit: 2})
	switch {
	case err != nil:
		return nil, err
	case len(found) > 1 && found[0].Unit.Item != found[1].Unit.Item:
		return nil, fault.New(fault.Usage, "several items of %s ask: say which", task).WithHint("the first is item %d", found[0].Unit.Item)
	case len(found) > 0: // of several parallel ways the one that asked first
		return &found[0], nil
	}
	others, err := a.house.History().Waits(ctx, history.WaitFilter{Kind: actions.ForAnswer, Run: run.ID, Limit: 20})
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range others {
		if name := others[i].Task; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case slices.Contains(names, task) && item != nil:
		return nil, fault.New(fault.Missing, "item %d of task %s of run %s asks nothing at present", *item, task, shortID(run.ID)).WithHint("`gantry asks list --run %s` shows what does", shortID(run.ID))
	case len(names) > 0:
		return nil, fault.New(fault.Missing, "task %s of run %s asks nothing at present", source.OneLine(task), shortID(run.ID)).WithHint("these do: %s", strings.Join(names, ", "))
	}
	if err := a.askOver(ctx, run.ID, task, item); err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Missing, "run %s asks nothing at present", shortID(run.ID)).WithHint("`gantry runs show %s` shows how it stands", shortID(run.ID))
}

// askOver tells why a task that has asked does not ask any more; nil: it has not asked.
func (a *API) askOver(ctx context.Context, run, task string, item *int) error {
	detail, err := a.house.History().Show(ctx, run)
	if err != nil {
		return err
	}
	for i := len(detail.Tasks) - 1; i >= 0; i-- {
		t := &detail.Tasks[i]
		if t.Name != task {
			continue
		}
		status, result := t.Status, t.Result
		if items, ok := result.([]any); ok && item != nil && *item >= 0 && *item < len(items) {
			one, _ := items[*item].(map[string]any)
			text, _ := one["status"].(string)
			status, result = flow.Status(text), one["result"]
		}
		if answer, ok := result.(map[string]any); status == flow.Succeeded && (!ok || answer["button"] == nil) { // no question
			return nil
		}
		if status == flow.Succeeded || status == flow.TimedOut || status == flow.Cancelled {
			return engine.QuestionOver(status, run, task)
		}
	}
	return nil
}
