package api

import (
	"context"
	"maps"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
)

const tagTriggers = "triggers"

// Policies of triggers.
var (
	readTriggers   = Policy{Role: access.Viewer, Scope: access.TriggersRead, Where: Filtered}
	fireTriggers   = Policy{Role: access.Operator, Scope: access.TriggersFire, Where: ByHandler}
	changeTriggers = Policy{Role: access.Author, Scope: access.TriggersWrite, Where: ByHandler}
)

// OfTrigger names a trigger.
type OfTrigger struct {
	Workflow string `path:"workflow" doc:"The workflow's id, with the slash written %2F"`
	Trigger  string `path:"trigger" doc:"The trigger's name in it"`
}

func (o OfTrigger) key() triggers.Key {
	return triggers.Key{Workflow: workflowID(o.Workflow), Trigger: o.Trigger}
}

// ListTriggersIn narrows the list.
type ListTriggersIn struct {
	Workflow string `query:"workflow" doc:"Only of this workflow"`
	Type     string `query:"type" doc:"Only of this type, such as webhook"`

	Organisation string `query:"organisation" doc:"Only those whose run_for covers the organisation with this slug"`
}

// ListTriggersOut are triggers, by workflow and in the order of the file.
type ListTriggersOut struct {
	Body struct {
		Triggers []triggers.Listed `json:"triggers"`
	}
}

// ListTriggers lists the triggers.
var ListTriggers = Operation[ListTriggersIn, ListTriggersOut]{ID: "list-triggers", Method: "GET", Path: "/triggers", Tag: tagTriggers,
	Summary: "List the triggers, with their last events", Policy: readTriggers}

func (a *API) listTriggers(ctx context.Context, in *ListTriggersIn) (*ListTriggersOut, error) {
	t, reach, err := a.triggersAndReach(ctx)
	if err != nil {
		return nil, err
	}
	f := triggers.ListFilter{Workflow: workflowID(in.Workflow), Type: in.Type, Reach: reach}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Viewer, access.TriggersRead, in.Organisation)
		if err != nil {
			return nil, err
		}
		f.Organisation = org.ID
	}
	all, err := t.List(ctx, f)
	if reach != nil {
		for i := range all {
			withoutOthers(&all[i])
		}
	}
	out := &ListTriggersOut{}
	out.Body.Triggers = all
	return out, err
}

// withoutOthers takes from a trigger what may name other clients, as a workflow's text may.
func withoutOthers(t *triggers.Listed) { t.RunFor.Organisations, t.When = nil, "" }

// triggersAndReach gives the triggers, and which organisations the caller sees; nil: all.
func (a *API) triggersAndReach(ctx context.Context) (*triggers.Service, func(string) bool, error) {
	reach := ReachFrom(ctx)
	t, err := a.house.Triggers(ctx)
	if err != nil {
		return nil, nil, err
	}
	every, err := reach.Everywhere(ctx)
	if every || err != nil {
		return t, nil, err
	}
	ids, err := reach.ids(ctx)
	return t, func(id string) bool { return ids[id] }, err
}

// ShowTriggerOut is a trigger with the organisations that it covers.
type ShowTriggerOut struct{ Body triggers.Shown }

// ShowTrigger shows a trigger.
var ShowTrigger = Operation[OfTrigger, ShowTriggerOut]{ID: "show-trigger", Method: "GET", Path: "/triggers/{workflow}/{trigger}", Tag: tagTriggers,
	Summary:     "Show a trigger: for whom it fires and when, its addresses, and its last events",
	Description: "Addresses of webhooks are shown to those who may renew them: whoever knows one may be able to fire the trigger.", Policy: readTriggers}

func (a *API) showTrigger(ctx context.Context, in *OfTrigger) (*ShowTriggerOut, error) {
	t, reach, err := a.triggersAndReach(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := t.Show(ctx, in.key(), reach)
	if err != nil {
		return nil, err
	}
	if reach != nil {
		withoutOthers(&shown.Listed)
	}
	q := requestOf(ctx)
	for i, org := range shown.Covers {
		path, err := q.path(ctx, org.ID)
		if err != nil {
			return nil, err
		}
		if _, there := org.Detail["address"]; there && !q.caller.May(access.Author, access.TriggersWrite, path) {
			shown.Covers[i].Detail = maps.Clone(org.Detail)
			delete(shown.Covers[i].Detail, "address")
		}
	}
	return &ShowTriggerOut{shown}, nil
}

// ListEventsIn narrows the list, and turns its pages.
type ListEventsIn struct {
	Workflow     string   `query:"workflow" doc:"Only of this workflow"`
	Trigger      string   `query:"trigger" doc:"Only of the trigger with this name"`
	Organisation string   `query:"organisation" doc:"Only of the organisation with this slug"`
	Statuses     []string `query:"status,explode" enum:"pending,started,filtered,skipped,failed" doc:"Only with one of these statuses; may be repeated"`
	Before       string   `query:"before" doc:"Only older than the event with this id: the page that follows"`
	Limit        int      `query:"limit" minimum:"0" maximum:"500" doc:"At most so many, 50 where it is left out"`
}

// ListEventsOut is a page of events, the newest first.
type ListEventsOut struct {
	Body struct {
		Events []triggers.Kept `json:"events"`
		Next   string          `json:"next,omitempty" doc:"What before is for the page that follows; left out: there is none"`
	}
}

// ListEvents lists what triggers have seen.
var ListEvents = Operation[ListEventsIn, ListEventsOut]{ID: "list-trigger-events", Method: "GET", Path: "/trigger-events", Tag: tagTriggers,
	Summary: "List the events of triggers, and what became of each", Policy: readTriggers}

func (a *API) listEvents(ctx context.Context, in *ListEventsIn) (*ListEventsOut, error) {
	t, reach, err := a.triggersAndReach(ctx)
	if err != nil {
		return nil, err
	}
	f := triggers.EventFilter{Workflow: workflowID(in.Workflow), Trigger: in.Trigger, Before: in.Before, Limit: in.Limit, Reach: reach}
	if f.Limit == 0 {
		f.Limit = 50
	}
	for _, s := range in.Statuses {
		f.Statuses = append(f.Statuses, triggers.Status(s))
	}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Viewer, access.TriggersRead, in.Organisation)
		if err != nil {
			return nil, err
		}
		f.Organisation = org.ID
	}
	events, err := t.Events(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &ListEventsOut{}
	out.Body.Events = events
	if len(events) == f.Limit {
		out.Body.Next = events[len(events)-1].ID
	}
	return out, nil
}

// OfEvent names an event.
type OfEvent struct {
	Event string `path:"event" doc:"The event's id; its beginning or end is enough"`
}

// ShowEventIn says whether one waits for the decision.
type ShowEventIn struct {
	OfEvent
	Wait bool `query:"wait" doc:"Answer when it is decided, or after 30 seconds"`
}

// ShowEventOut is an event with its data.
type ShowEventOut struct{ Body triggers.Kept }

// ShowEvent shows an event.
var ShowEvent = Operation[ShowEventIn, ShowEventOut]{ID: "show-trigger-event", Method: "GET", Path: "/trigger-events/{event}", Tag: tagTriggers,
	Summary: "Show an event and what became of it", Policy: Policy{Role: access.Viewer, Scope: access.TriggersRead, Where: ByHandler}}

func (a *API) showEvent(ctx context.Context, in *ShowEventIn) (*ShowEventOut, error) {
	t, kept, err := a.event(ctx, in.Event, access.Viewer, access.TriggersRead)
	if err != nil || !in.Wait || kept.Status != triggers.Pending {
		return &ShowEventOut{kept}, err
	}
	waiting, cancel := context.WithTimeout(ctx, longestDecision)
	defer cancel()
	if _, err := t.Decided(waiting, kept.ID); err != nil && waiting.Err() == nil {
		return nil, err
	}
	kept, err = t.Event(ctx, kept.ID)
	return &ShowEventOut{kept}, err
}

// longestDecision is how long an answer waits for an event to be decided.
const longestDecision = 30 * time.Second

// event finds an event, over whose organisation the caller must have the role.
func (a *API) event(ctx context.Context, id string, role access.Role, scope access.Scope) (*triggers.Service, triggers.Kept, error) {
	q := requestOf(ctx)
	q.required = true // also where there is none
	t, err := a.house.Triggers(ctx)
	if err != nil {
		return nil, triggers.Kept{}, err
	}
	unseen := fault.New(fault.Missing, "there is no event %q", id)
	kept, err := t.FindEvent(ctx, id)
	if err != nil {
		if fault.From(err).Code == fault.Missing && !q.seesAll(ctx) {
			return nil, kept, unseen
		}
		return nil, kept, err
	}
	org := orgs.Organisation{ID: kept.OrganisationID, Slug: kept.Organisation, Name: kept.Organisation}
	return t, kept, q.check(ctx, role, scope, org, unseen)
}

func triggerOperations(a *API) {
	ListTriggers.serve(a, a.listTriggers)
	ShowTrigger.serve(a, a.showTrigger)
	ListEvents.serve(a, a.listEvents)
	ShowEvent.serve(a, a.showEvent)
	FireTrigger.serve(a, a.fireTrigger)
	RefireEvent.serve(a, a.refireEvent)
	EnableTrigger.serve(a, a.enableTrigger)
	DisableTrigger.serve(a, a.disableTrigger)
	RotateAddress.serve(a, a.rotateAddress)
}
