package triggers

import (
	"context"
	"slices"
	"time"

	"gantry/engine/workflow"
	"gantry/schema"
)

// Clock is a Detail of triggers that fire by the time, and knows when.
type Clock interface {
	Detail
	// Due gives when a trigger is due next for any of some organisations, by their ids, for which it fires; false: nobody
	// knows yet.
	Due(ctx context.Context, a *Active, organisations []string) (at time.Time, known bool, err error)
}

// Scheduled is a trigger that is due by the time.
type Scheduled struct {
	Key
	Type          string    `json:"type"`
	Title         string    `json:"title,omitempty"`        // of the workflow
	Organisation  string    `json:"organisation,omitempty"` // slug; "" where it is due for several
	Organisations int       `json:"organisations"`          // for which it fires
	At            time.Time `json:"at"`                     // when it is due next for the first of them
	Every         string    `json:"every,omitempty"`        // of intervals and polls, such as 15m
	Cron          string    `json:"cron,omitempty"`         // of schedules
	Timezone      string    `json:"timezone,omitempty"`     // of schedules
}

// ScheduleFilter narrows the schedules. Empty fields leave it open.
type ScheduleFilter struct {
	Types []string
	Limit int                     // 0: all
	Reach func(orgID string) bool // only for these organisations; nil: all
}

// Schedules gives the triggers that fire by the time, each with when it is due next, soonest first. Those that fire for
// nobody, and those of which nobody knows yet, such as of an interval that no server has seen, are left out.
func (s *Service) Schedules(ctx context.Context, f ScheduleFilter) ([]Scheduled, error) {
	all := []Scheduled{}
	for _, a := range s.Book().All() {
		if len(f.Types) > 0 && !slices.Contains(f.Types, a.Trigger.Type) {
			continue
		}
		one, known, err := s.scheduled(ctx, a, f.Reach)
		if err != nil {
			return nil, err
		}
		if known {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b Scheduled) int { return a.At.Compare(b.At) })
	if f.Limit > 0 && len(all) > f.Limit {
		all = all[:f.Limit]
	}
	return all, nil
}

func (s *Service) scheduled(ctx context.Context, a *Active, reach func(string) bool) (one Scheduled, known bool, err error) {
	var ids []string
	for _, org := range a.Organisations {
		if reach == nil || reach(org.ID) {
			ids, one.Organisation = append(ids, org.ID), org.Slug
		}
	}
	if len(ids) == 0 {
		return one, false, nil
	}
	if len(ids) > 1 {
		one.Organisation = ""
	}
	for _, d := range s.details[a.Trigger.Type] {
		clock, ok := d.(Clock)
		if !ok {
			continue
		}
		at, due, err := clock.Due(ctx, a, ids)
		if err != nil {
			return one, false, err
		}
		if due && (!known || at.Before(one.At)) {
			one.At, known = at, true
		}
	}
	one.Key, one.Type, one.Title, one.Organisations = a.Key, a.Trigger.Type, a.Workflow.Title, len(ids)
	one.Every, one.Cron, one.Timezone = rhythm(a.Trigger)
	return one, known, nil
}

// rhythm is what a trigger says of its times.
func rhythm(t *workflow.Trigger) (every, cron, timezone string) {
	text := func(key string) string {
		value, _ := t.Settings[key].(string)
		return value
	}
	if t.Poll != nil {
		return schema.FormatDuration(t.Poll.Every), "", ""
	}
	return text("every"), text("cron"), text("timezone")
}
