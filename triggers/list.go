package triggers

import (
	"context"
	"maps"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/store"
)

// Listed is a trigger as lists show it.
type Listed struct {
	Key
	Type  string `json:"type"`
	Title string `json:"title,omitempty"` // of the workflow
	File  string `json:"file"`
	Line  int    `json:"line"`

	Enabled       bool           `json:"enabled"`           // it fires for somebody
	Why           string         `json:"why,omitempty"`     // why not
	Organisations int            `json:"organisations"`     // for which it fires now
	When          string         `json:"when,omitempty"`    // its condition
	RunFor        RunFor         `json:"run_for"`           // as the workflow says
	Last          *Last          `json:"last,omitempty"`    // the last event
	Failed        *Last          `json:"failed,omitempty"`  // the last event that failed
	Detail        map[string]any `json:"details,omitempty"` // what its type adds

	Every    string `json:"every,omitempty"`    // of intervals and polls, such as 15m
	Cron     string `json:"cron,omitempty"`     // of schedules
	Timezone string `json:"timezone,omitempty"` // of schedules
}

// RunFor is a trigger's run_for.
type RunFor struct {
	This          bool     `json:"this,omitempty"`
	Organisations []string `json:"organisations,omitempty"`
	AllManaged    bool     `json:"all_managed,omitempty"`
	Tags          []string `json:"tags,omitempty"`
}

// Last is the last event of a trigger and what became of it, without its data.
type Last struct {
	ID           string    `json:"id"`
	At           time.Time `json:"at"`
	Organisation string    `json:"organisation"` // slug
	Decision
}

// ListFilter says which triggers are meant. Empty fields leave it open.
type ListFilter struct {
	Workflow, Type string
	Organisation   string                  // the id of one that run_for covers
	Reach          func(orgID string) bool // only these organisations are counted and told of; nil: all
}

func (f ListFilter) reaches(orgID string) bool { return f.Reach == nil || f.Reach(orgID) }

// List gives the triggers, by workflow and in file order.
func (s *Service) List(ctx context.Context, f ListFilter) ([]Listed, error) {
	list := []Listed{}
	for _, a := range s.Book().All() {
		if f.Workflow != "" && a.Key.Workflow != f.Workflow || f.Type != "" && a.Trigger.Type != f.Type {
			continue
		}
		if _, covers := a.covered.organisation(f.Organisation); f.Organisation != "" && !covers {
			continue
		}
		l, err := s.listed(ctx, a, f)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

func (s *Service) listed(ctx context.Context, a *Active, f ListFilter) (Listed, error) {
	t := a.Trigger
	l := Listed{Key: a.Key, Type: t.Type, Title: a.Workflow.Title, File: t.Pos.File, Line: t.Pos.Line, Why: a.off, RunFor: RunFor(t.RunFor)}
	for _, org := range a.Organisations {
		if f.reaches(org.ID) {
			l.Organisations++
		}
	}
	l.Enabled = l.Organisations > 0
	if !l.Enabled && l.Why == "" {
		l.Why = whyNobody(a)
	}
	if t.When != nil {
		l.When = t.When.Source()
	}
	l.Every, l.Cron, l.Timezone = rhythm(t)
	var err error
	if l.Last, err = s.last(ctx, EventFilter{Workflow: a.Key.Workflow, Trigger: a.Key.Trigger, Reach: f.Reach}); err != nil {
		return l, err
	}
	if l.Failed, err = s.last(ctx, EventFilter{Workflow: a.Key.Workflow, Trigger: a.Key.Trigger, Reach: f.Reach, Statuses: []Status{Failed}}); err != nil {
		return l, err
	}
	l.Detail, err = s.detail(ctx, a, "")
	return l, err
}

func whyNobody(a *Active) string {
	if len(a.refused) > 0 {
		return "switched off for each organisation that it covers"
	}
	return "its run_for covers no organisation that is there and enabled"
}

// last gives the newest event of a filter.
func (s *Service) last(ctx context.Context, f EventFilter) (*Last, error) {
	if f.Limit = 1; f.Reach != nil {
		f.Limit = fewEvents
	}
	for {
		rows, err := s.eventRows(ctx, f)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if f.Before = rows[i].ID; f.Reach == nil || f.Reach(rows[i].OrganisationID) {
				return s.lastOf(ctx, &rows[i]), nil
			}
		}
		if len(rows) < f.Limit {
			return nil, nil
		}
	}
}

func (s *Service) lastOf(ctx context.Context, row *eventRow) *Last {
	d, err := row.decision()
	if err != nil { // a damaged row hides no trigger
		d.Error = fault.From(err)
	}
	return &Last{ID: row.ID, At: timeOf(row.At), Organisation: s.slug(ctx, row.OrganisationID), Decision: d}
}

func (s *Service) detail(ctx context.Context, a *Active, orgID string) (map[string]any, error) {
	var all map[string]any
	if orgID == "" {
		all = ownFacts(a.Trigger)
	}
	for _, d := range s.details[a.Trigger.Type] {
		facts, err := d.Of(ctx, a.Key, orgID)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = facts
		} else {
			all = maps.Clone(all)
			maps.Copy(all, facts)
		}
	}
	return all, nil
}

// ownFacts are what a trigger waits for: {workflow, statuses} of completions, {poll} or {action} of polls.
func ownFacts(t *workflow.Trigger) map[string]any {
	switch {
	case t.Type == Completion:
		return map[string]any{"workflow": t.Settings["workflow"], "statuses": t.Settings["statuses"]}
	case t.Poll != nil && t.Poll.ID != "":
		return map[string]any{"poll": t.Poll.ID}
	case t.Poll != nil && t.Poll.Action != nil:
		return map[string]any{"action": t.Poll.Action.ID}
	}
	return nil
}

// Shown is a trigger with everything about it.
type Shown struct {
	Listed
	Covers   []ShownOrganisation `json:"covers"`         // whom its run_for covers, by slug
	Switches []Switch            `json:"switches"`       // what was switched by hand
	Form     *Form               `json:"form,omitempty"` // of forms
}

// ShownOrganisation is an organisation that a trigger covers.
type ShownOrganisation struct {
	ID      string         `json:"id"`
	Slug    string         `json:"slug"`
	Name    string         `json:"name"`
	Enabled bool           `json:"enabled"`
	Why     string         `json:"why,omitempty"` // why it does not fire for it
	Last    *Last          `json:"last,omitempty"`
	Detail  map[string]any `json:"details,omitempty"`
}

// Show gives a trigger with the organisations that it covers, those within reach.
func (s *Service) Show(ctx context.Context, k Key, reach func(orgID string) bool) (Shown, error) {
	a, err := s.shownTrigger(k)
	if err != nil {
		return Shown{}, err
	}
	f := ListFilter{Reach: reach}
	shown := Shown{Covers: []ShownOrganisation{}, Switches: []Switch{}, Form: formOf(a.Trigger)}
	if shown.Listed, err = s.listed(ctx, a, f); err != nil {
		return shown, err
	}
	switches, err := s.switches(ctx, &k)
	if err != nil {
		return shown, err
	}
	for _, sw := range switches {
		if sw.OrganisationID == "" || f.reaches(sw.OrganisationID) {
			shown.Switches = append(shown.Switches, sw)
		}
	}
	lasts, err := s.lasts(ctx, k)
	if err != nil {
		return shown, err
	}
	for _, org := range a.covered.organisations {
		if !f.reaches(org.ID) {
			continue
		}
		o := ShownOrganisation{ID: org.ID, Slug: org.Slug, Name: org.Name, Why: a.WhyNot(org.ID), Last: lasts[org.ID]}
		o.Enabled = o.Why == ""
		if o.Detail, err = s.detail(ctx, a, org.ID); err != nil {
			return shown, err
		}
		shown.Covers = append(shown.Covers, o)
	}
	return shown, nil
}

// lasts gives the last event of each organisation.
func (s *Service) lasts(ctx context.Context, k Key) (map[string]*Last, error) {
	var rows []eventRow
	err := s.Store.Read().SelectContext(ctx, &rows, selectEvents+` WHERE id IN (SELECT max(id) FROM trigger_events WHERE workflow = ? AND trigger_name = ? GROUP BY organisation_id)`,
		k.Workflow, k.Trigger)
	if err != nil {
		return nil, store.Fault(err)
	}
	lasts := make(map[string]*Last, len(rows))
	for i := range rows {
		lasts[rows[i].OrganisationID] = s.lastOf(ctx, &rows[i])
	}
	return lasts, nil
}
