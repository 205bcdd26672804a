package history

import (
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
	groups  []int64
	all     []group // of groups
	narrow  bool    // groups count; else origins do
	origins []string
	every   bool // nothing but the status and the time narrow
	status  flow.Status
}

// choose finds the groups that a filter lets pass; none: no run can.
func (h *History) choose(ctx context.Context, f Filter) (c choice, none bool, err error) {
	all, err := h.knownGroups(ctx)
	if err != nil {
		return c, false, err
	}
	c.status = f.Status
	c.narrow = f.Workflow != "" || f.OrganisationID != "" || f.OrganisationIDs != nil || f.TriggerName != ""
	c.every = f.Children && f.TriggerType == "" && !c.narrow
	within := map[string]bool{}
	for _, id := range f.OrganisationIDs {
		within[id] = true
	}
	for _, g := range all {
		if f.lets(&g, within) {
			c.groups, c.all = append(c.groups, g.ID), append(c.all, g)
		}
	}
	c.origins = originsOf(c.all)
	return c, len(c.groups) == 0, nil
}

func (f *Filter) lets(g *group, within map[string]bool) bool {
	return (f.Workflow == "" || g.Workflow == f.Workflow) && (f.OrganisationID == "" || g.Organisation == f.OrganisationID) &&
		(f.OrganisationIDs == nil || within[g.Organisation]) && (f.TriggerType == "" || g.TriggerType == f.TriggerType) &&
		(f.TriggerName == "" || g.TriggerName == f.TriggerName) && (f.Children || !g.Child)
}

func originsOf(all []group) []string {
	seen := map[string]bool{}
	var origins []string
	for _, g := range all {
		if origin := g.origin(); !seen[origin] {
			seen[origin] = true
			origins = append(origins, origin)
		}
	}
	slices.Sort(origins)
	return origins
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
