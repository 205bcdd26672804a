package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

const tagAsks = "asks"

// Ask is a question that is open: a run waits for its answer.
type Ask struct {
	Run          string     `json:"run"`
	Task         string     `json:"task"`
	Item         *int       `json:"item,omitempty" doc:"Of a for_each, from 0"`
	Workflow     string     `json:"workflow"`
	Organisation string     `json:"organisation" doc:"A slug"`
	Question     string     `json:"question"`
	Since        time.Time  `json:"since"`
	Until        *time.Time `json:"until,omitempty" doc:"When the task times out; left out: with the run"`
	RunStatus    string     `json:"run_status" doc:"paused: an answer counts, and the run goes on when it is unpaused"`
	MayAnswer    bool       `json:"may_answer" doc:"Whether you may"`
}

// AskDetail is a question in full.
type AskDetail struct {
	Ask
	Details []AskLine   `json:"details"`
	Buttons []AskButton `json:"buttons"`
	Fields  []AskField  `json:"fields" doc:"In their order"`
	Who     AskWho      `json:"who"`
	Link    string      `json:"link,omitempty" doc:"Where whoever has it can answer, where the question allows that and you may answer"`
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

// ListAsksIn narrows the list, and turns its pages.
type ListAsksIn struct {
	Organisation string `query:"organisation" doc:"Only of the organisation with this slug"`
	Run          string `query:"run" doc:"Only of this run; its beginning or end is enough"`
	After        string `query:"after" doc:"The page that follows: next of the one before"`
	Limit        int    `query:"limit" minimum:"0" maximum:"1000" doc:"At most so many, 50 where it is left out"`
}

// ListAsksOut is a page of open questions, those that wait longest first.
type ListAsksOut struct {
	Body struct {
		Asks []Ask  `json:"asks"`
		Next string `json:"next,omitempty" doc:"What after is for the page that follows; left out: there is none"`
	}
}

// ListAsks lists open questions.
var ListAsks = Operation[ListAsksIn, ListAsksOut]{ID: "list-asks", Method: "GET", Path: "/asks", Tag: tagAsks,
	Summary: "List the questions that runs wait for, the oldest first", Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: Filtered}}

func (a *API) listAsks(ctx context.Context, in *ListAsksIn) (*ListAsksOut, error) {
	f := history.WaitFilter{Kind: actions.ForAnswer, Limit: cmp.Or(in.Limit, pageOfRuns)}
	reach := ReachFrom(ctx)
	every, err := reach.Everywhere(ctx)
	if err != nil {
		return nil, err
	}
	if !every {
		within, err := reach.ids(ctx)
		if err != nil {
			return nil, err
		}
		f.OrganisationIDs = make([]string, 0, len(within))
		for id := range within {
			f.OrganisationIDs = append(f.OrganisationIDs, id)
		}
	}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Viewer, access.RunsRead, in.Organisation)
		if err != nil {
			return nil, err
		}
		f.OrganisationIDs = []string{org.ID}
	}
	if in.Run != "" {
		if f.Run, err = a.runWithin(ctx, in.Run, f.OrganisationIDs); err != nil {
			return nil, err
		}
	}
	if f.After, err = readPlace(in.After); err != nil {
		return nil, err
	}
	waits, err := a.house.History().Waits(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &ListAsksOut{}
	out.Body.Asks = make([]Ask, len(waits))
	for i := range waits {
		if out.Body.Asks[i], _, err = a.askDocument(ctx, &waits[i]); err != nil {
			return nil, err
		}
	}
	if len(waits) == f.Limit {
		out.Body.Next = placeOf(&waits[len(waits)-1])
	}
	return out, nil
}

// runWithin finds a run of some organisations, nil: of all. One of others is as one that there is not.
func (a *API) runWithin(ctx context.Context, id string, organisations []string) (string, error) {
	found, err := a.house.History().Find(ctx, id)
	if err != nil && requestOf(ctx).seesAll(ctx) {
		return "", err
	} else if err != nil {
		return "", noRun(id)
	}
	run, err := a.house.History().Get(ctx, found)
	if err != nil {
		return "", err
	}
	if organisations != nil && !slices.Contains(organisations, run.OrganisationID) {
		return "", noRun(id)
	}
	return found, nil
}

// placeOf is where a wait stands in the list.
func placeOf(w *history.Wait) string {
	return fmt.Sprintf("%d_%s_%d_%d", w.Since.UnixNano(), w.Run, w.Unit.Exec, w.Unit.Item)
}

func readPlace(text string) (*history.Wait, error) {
	if text == "" {
		return nil, nil
	}
	w := &history.Wait{}
	var nanos int64
	if _, err := fmt.Sscanf(strings.ReplaceAll(text, "_", " "), "%d %s %d %d", &nanos, &w.Run, &w.Unit.Exec, &w.Unit.Item); err != nil {
		return nil, fault.New(fault.Usage, "after is not what a page gave as next")
	}
	w.Since = time.Unix(0, nanos)
	return w, nil
}

// askDocument shows a question to the caller.
func (a *API) askDocument(ctx context.Context, w *history.Wait) (Ask, *actions.Question, error) {
	q, err := actions.ReadQuestion(w.Asks)
	if err != nil {
		return Ask{}, nil, err
	}
	doc := Ask{Run: w.Run, Task: w.Task, Workflow: w.Workflow, Organisation: w.Organisation, Question: q.Text, Since: w.Since, RunStatus: string(w.RunStatus)}
	if w.Unit.Item != flow.NoItem {
		doc.Item = &w.Unit.Item
	}
	if !w.Until.IsZero() {
		doc.Until = &w.Until
	}
	doc.MayAnswer = requestOf(ctx).mayAnswer(ctx, w, q) == nil
	return doc, q, nil
}

// mayAnswer refuses who may not answer a question. What is not in the organisation's tree any more belongs to the MSP.
func (q *request) mayAnswer(ctx context.Context, w *history.Wait, question *actions.Question) error {
	path, err := q.path(ctx, w.OrganisationID)
	if err != nil {
		return err
	}
	role, err := access.ParseRole(question.Who.Role)
	if err != nil {
		return fault.New(fault.Denied, "nobody can answer this by role")
	}
	role = max(role, access.Operator)
	if !q.caller.May(role, access.RunsWrite, path) {
		return denied(q.caller, role, access.RunsWrite, w.Organisation)
	}
	if q.caller.Kind == access.ByLocal || len(question.Who.Users) == 0 {
		return nil
	}
	for _, login := range question.Who.Users {
		if login != "" && strings.EqualFold(login, q.caller.Login) { // a caller without a name is nobody's namesake
			return nil
		}
	}
	return fault.New(fault.Denied, "only %s can answer this", strings.Join(question.Who.Users, ", "))
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
	out := &OneAsk{AskDetail{Ask: doc, Details: []AskLine{}, Buttons: []AskButton{}, Fields: askFields(q.Fields), Who: AskWho{q.Who.Role, q.Who.Users, q.Who.Link}}}
	for _, d := range q.Details {
		out.Body.Details = append(out.Body.Details, AskLine{d.Name, d.Text})
	}
	for _, b := range q.Buttons {
		out.Body.Buttons = append(out.Body.Buttons, AskButton{b.Value, b.Label, b.Style, b.SkipsFields})
	}
	if q.Who.Link && doc.MayAnswer && !a.house.Unrecorded {
		out.Body.Link, err = a.linkOf(ctx, w)
	}
	return out, err
}

func (a *API) linkOf(ctx context.Context, w *history.Wait) (string, error) {
	e, err := a.house.Engine(ctx)
	if err != nil {
		return "", err
	}
	link, err := e.Link(ctx, w.Run, w.Task)
	if w.Unit.Item != flow.NoItem {
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
	case slices.Contains(names, task):
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
