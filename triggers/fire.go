package triggers

import (
	"context"
	"fmt"
	"maps"

	"gantry/fault"
)

// Fire has a person fire a trigger as if its event had come.
type Fire struct {
	Key
	Organisations []string       // ids; the trigger must fire for each
	Data          map[string]any // of the event, by name: body, due, entity …; nil: that of the organisation's last event
	SkipWhen      bool           // whatever the trigger's condition says
	By            string         // who does it; it is kept with the events
}

// Fire accepts one event for each organisation, all or none. What is left out of the data is what an empty
// event of the type has. Errors: fault.Usage for an organisation that the trigger does not fire for, or where
// there is no last event to repeat; fault.InvalidInput for a form that is not filled in right; those of Accept.
func (s *Service) Fire(ctx context.Context, f Fire) ([]Accepted, error) {
	a, err := s.shownTrigger(f.Key)
	if err != nil {
		return nil, err
	}
	if len(f.Organisations) == 0 {
		return nil, fault.New(fault.Usage, "say for which organisation the trigger %s is fired", f.Key)
	}
	events := make([]Event, len(f.Organisations))
	for i, orgID := range f.Organisations {
		org, ok := a.For(orgID)
		if !ok {
			return nil, fault.New(fault.Usage, "the trigger %s does not fire for %s: %s", f.Key, s.nameOf(ctx, orgID), a.WhyNot(orgID)).
				WithHint("see its run_for in %s:%d, and where it was switched off", a.Trigger.Pos.File, a.Trigger.Pos.Line)
		}
		data, err := s.dataToFire(ctx, a, org.ID, f.Data)
		if err == nil {
			data, err = filledIn(a.Trigger, data)
		}
		if err != nil {
			return nil, err
		}
		events[i] = Event{Key: a.Key, Type: a.Trigger.Type, OrganisationID: org.ID, Data: data, By: f.By, SkipWhen: f.SkipWhen}
	}
	return s.Accept(ctx, events, nil)
}

func (s *Service) nameOf(ctx context.Context, orgID string) string {
	org, err := s.Organisations.ByID(ctx, orgID)
	if err != nil {
		return fmt.Sprintf("the organisation %q", orgID)
	}
	return org.Name
}

// dataToFire completes what was given, or takes that of the organisation's own last event.
func (s *Service) dataToFire(ctx context.Context, a *Active, orgID string, given map[string]any) (map[string]any, error) {
	empty, known := s.emptyEvent(a.Trigger.Type)
	if given != nil {
		all := maps.Clone(empty)
		if all == nil {
			all = map[string]any{}
		}
		maps.Copy(all, given)
		return all, nil
	}
	if _, moment := empty["due"]; moment || a.Trigger.Type == AlwaysPass {
		return empty, nil // that of last time would be of then
	}
	rows, err := s.eventRows(ctx, EventFilter{Workflow: a.Key.Workflow, Trigger: a.Key.Trigger, Organisation: orgID, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		e, err := rows[0].event()
		return e.Data, err
	}
	if !known {
		return nil, fault.New(fault.Usage, "the trigger %s has had no event for this organisation that could be repeated", a.Key).
			WithHint("give the event's data yourself")
	}
	return empty, nil
}

// emptyEvent is what expressions see of an event of a type in which nothing is said; false for a type whose
// events cannot be made up.
func (s *Service) emptyEvent(triggerType string) (map[string]any, bool) {
	switch triggerType {
	case AlwaysPass:
		return map[string]any{}, true
	case "schedule", "interval":
		return map[string]any{"due": written(s.Now())}, true
	case "webhook":
		return map[string]any{"body": nil, "headers": map[string]any{}, "query": map[string]any{}, "method": "POST"}, true
	case formType:
		return map[string]any{formType: map[string]any{}}, true
	}
	return nil, false
}

// Refire accepts an event again, as a new one with the same data, to be decided with the workflow, the
// organisation and the switches of now. fault.Conflict for one that is not decided yet.
func (s *Service) Refire(ctx context.Context, eventID, by string) (Accepted, error) {
	row, err := s.row(ctx, eventID)
	if err != nil {
		return Accepted{}, err
	}
	if row.Status == Pending {
		return Accepted{}, fault.New(fault.Conflict, "the event %s is not decided yet", eventID)
	}
	e, err := row.event()
	if err != nil {
		return Accepted{}, err
	}
	again := Event{Key: e.Key, Type: e.Type, OrganisationID: e.OrganisationID, At: e.At, Data: e.Data, Causes: e.Causes, By: by, Again: e.ID, SkipWhen: e.SkipWhen}
	accepted, err := s.Accept(ctx, []Event{again}, nil)
	if err != nil {
		return Accepted{}, err
	}
	return accepted[0], nil
}
