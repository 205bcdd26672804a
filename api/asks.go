package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
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
