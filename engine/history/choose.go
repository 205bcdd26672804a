package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"github.com/google/uuid"

	"gantry/engine/flow"
	"gantry/fault"
)

// choice is a filter in terms of the indexes there are: the groups whose runs pass it, or, where only the trigger's type
// and whether other runs started them matter, the origins.
type choice struct {
	filter  Filter
	within  map[string]bool // of OrganisationIDs
	known   []group         // all there are, by number
	narrow  bool            // groups count; else origins do
	groups  []int64         // with narrow
	origins []string        // without
	every   bool            // nothing but the status and the time narrow
	status  flow.Status
}

// choose finds the groups that a filter lets pass; none: no run can.
func (h *History) choose(ctx context.Context, f Filter) (c *choice, none bool, err error) {
	known, origins, err := h.knownGroups(ctx)
	if err != nil {
		return nil, false, err
	}
	c = &choice{filter: f, known: known, status: f.Status, within: map[string]bool{}}
	c.narrow = f.Workflow != "" || f.OrganisationID != "" || f.OrganisationIDs != nil || f.TriggerName != ""
	c.every = f.Children && f.TriggerType == "" && !c.narrow
	for _, id := range f.OrganisationIDs {
		c.within[id] = true
	}
	if c.narrow {
		c.groups = c.those(func(*group) bool { return true })
		return c, len(c.groups) == 0, nil
	}
	for _, of := range origins { // a group of each origin tells
		if c.lets(&of) {
			c.origins = append(c.origins, of.origin())
		}
	}
	return c, len(c.origins) == 0, nil
}

// those gives the groups that the filter lets pass, and the condition.
func (c *choice) those(condition func(*group) bool) (ids []int64) {
	for i := range c.known {
		if g := &c.known[i]; c.lets(g) && condition(g) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// letsGroup tells whether runs of the group with this number pass.
func (c *choice) letsGroup(id int64) bool {
	at, ok := slices.BinarySearchFunc(c.known, id, func(g group, id int64) int { return cmp.Compare(g.ID, id) })
	return ok && c.lets(&c.known[at])
}

func (c *choice) lets(g *group) bool {
	f := &c.filter
	return (f.Workflow == "" || g.Workflow == f.Workflow) && (f.OrganisationID == "" || g.Organisation == f.OrganisationID) &&
		(f.OrganisationIDs == nil || c.within[g.Organisation]) && (f.TriggerType == "" || g.TriggerType == f.TriggerType) &&
		(f.TriggerName == "" || g.TriggerName == f.TriggerName) && (f.Children || !g.Child)
}

// span is the part of time that a page is looked for in: from since on, and older than the place before.
type span struct {
	since  int64
	before place
	limit  int
}

func (h *History) spanOf(ctx context.Context, f Filter) (span, error) {
	s := span{since: math.MinInt64, before: place{At: math.MaxInt64}, limit: f.limit()}
	if !f.Since.IsZero() {
		s.since = f.Since.UnixNano()
	}
	if !f.Until.IsZero() {
		s.before.At = f.Until.UnixNano()
	}
	if f.Before == "" {
		return s, nil
	}
	from, err := h.placeOf(ctx, f.Before)
	if err == nil && newestFirst(from, s.before) > 0 {
		s.before = from
	}
	return s, err
}

// placeOf gives the place of a run; that of one that was removed meanwhile is told by its id.
func (h *History) placeOf(ctx context.Context, id string) (place, error) {
	p := place{ID: id}
	err := h.db.Read().GetContext(ctx, &p.At, `SELECT created_at FROM runs WHERE id = ?`, id)
	if !errors.Is(err, sql.ErrNoRows) {
		return p, readFault(err)
	}
	made, err := uuid.Parse(id)
	if err != nil || made.Version() != 7 {
		return p, fault.New(fault.Missing, "there is no run %s", id).WithHint("`gantry runs list` shows the ids")
	}
	sec, nsec := made.Time().UnixTime()
	p.At = sec*1e9 + nsec
	return p, nil
}

// args are the first arguments of every statement of places: ?1 since, ?2 and ?3 before, ?4 limit.
func (s span) args(more ...any) []any {
	return append([]any{s.since, s.before.At, s.before.ID, s.limit}, more...)
}
