package triggers

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
	"gantry/store"
)

// Kept is an event as it is kept, with what became of it.
type Kept struct {
	Event
	Organisation string     `json:"organisation"` // slug
	AcceptedAt   time.Time  `json:"accepted_at"`
	DecidedAt    *time.Time `json:"decided_at,omitempty"`
	Decision
}

// EventFilter says which events are meant. Empty fields leave it open.
type EventFilter struct {
	Workflow, Trigger, Organisation string // the organisation's id

	Statuses []Status
	Before   string                  // only events older than the one with this id: the next page
	Limit    int                     // 50 unless said, at most 500
	Reach    func(orgID string) bool // whose events the reader may see; nil: everybody's
}

// Bounds of EventFilter.Limit.
const (
	fewEvents  = 50
	mostEvents = 500
)

// Events gives events, the newest first.
func (s *Service) Events(ctx context.Context, f EventFilter) ([]Kept, error) {
	if f.Limit <= 0 {
		f.Limit = fewEvents
	}
	f.Limit = min(f.Limit, mostEvents)
	found := []Kept{}
	for len(found) < f.Limit {
		rows, err := s.eventRows(ctx, f)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			f.Before = rows[i].ID
			if f.Reach != nil && !f.Reach(rows[i].OrganisationID) || len(found) == f.Limit {
				continue
			}
			found = append(found, s.kept(ctx, &rows[i]))
		}
		if len(rows) < f.Limit {
			break
		}
	}
	return found, nil
}

// Event gives one event.
func (s *Service) Event(ctx context.Context, id string) (Kept, error) {
	row, err := s.row(ctx, id)
	if err != nil {
		return Kept{}, err
	}
	return s.kept(ctx, row), nil
}

func (s *Service) eventRows(ctx context.Context, f EventFilter) ([]eventRow, error) {
	var where []string
	var args []any
	and := func(condition string, value any) {
		where, args = append(where, condition), append(args, value)
	}
	for column, value := range map[string]string{"workflow": f.Workflow, "trigger_name": f.Trigger, "organisation_id": f.Organisation} {
		if value != "" {
			and(column+" = ?", value)
		}
	}
	if f.Before != "" {
		and("id < ?", f.Before)
	}
	if len(f.Statuses) > 0 {
		and("status IN (?)", f.Statuses)
	}
	query := selectEvents
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	query, args, err := sqlx.In(query+" ORDER BY id DESC LIMIT ?", append(args, f.Limit)...)
	if err != nil {
		return nil, fault.From(err)
	}
	var rows []eventRow
	err = s.Store.Read().SelectContext(ctx, &rows, query, args...)
	return rows, store.Fault(err)
}

// kept shows an event. One whose row is damaged is shown as far as it can be read, with that as its error.
func (s *Service) kept(ctx context.Context, r *eventRow) Kept {
	e, err := r.event()
	d, err2 := r.decision()
	if err = errors.Join(err, err2); err != nil {
		d.Error = fault.From(err)
	}
	k := Kept{Event: e, Organisation: s.slug(ctx, r.OrganisationID), AcceptedAt: timeOf(r.AcceptedAt), Decision: d}
	if r.DecidedAt.Valid {
		at := timeOf(r.DecidedAt.Int64)
		k.DecidedAt = &at
	}
	return k
}

// slug names an organisation, also one that was removed; "" for one that is purged.
func (s *Service) slug(ctx context.Context, orgID string) string {
	org, err := s.Organisations.ByID(ctx, orgID)
	if err != nil {
		return ""
	}
	return org.Slug
}
