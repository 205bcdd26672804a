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
	known                                            known
	organisation, workflow, triggerType, triggerName word
	within                                           []bool // by word: those of OrganisationIDs; nil: all
	children                                         bool

	narrow  bool     // groups count; else origins do
	groups  []int64  // with narrow; of very many only the first ones
	origins []string // of the runs that pass
	every   bool     // nothing but the status and the time narrow
	status  flow.Status
}

// choose finds the groups that a filter lets pass; none: no run can.
func (h *History) choose(ctx context.Context, f Filter) (c *choice, none bool, err error) {
	if c, err = h.choiceOf(ctx, &f); err != nil {
		return nil, false, err
	}
	if c.narrow {
		c.those(func(word) bool { return true })
		return c, len(c.groups) == 0, nil
	}
	for i := range c.known.firsts { // a group of each origin tells
		if of := &c.known.firsts[i]; c.lets(of) {
			c.origins = append(c.origins, c.known.words[of.origin])
		}
	}
	return c, len(c.origins) == 0, nil
}

// choiceOf gives a filter in numbers, for the groups that there are now.
func (h *History) choiceOf(ctx context.Context, f *Filter) (*choice, error) {
	g := &h.groups
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := h.readGroups(ctx); err != nil {
		return nil, err
	}
	c := &choice{known: g.known, children: f.Children, status: f.Status, organisation: g.wordOf(f.OrganisationID),
		workflow: g.wordOf(f.Workflow), triggerType: g.wordOf(f.TriggerType), triggerName: g.wordOf(f.TriggerName)}
	c.narrow = f.Workflow != "" || f.OrganisationID != "" || f.OrganisationIDs != nil || f.TriggerName != ""
	c.every = f.Children && f.TriggerType == "" && !c.narrow
	if f.OrganisationIDs == nil {
		return c, nil
	}
	c.within = make([]bool, len(g.known.words))
	for _, id := range f.OrganisationIDs {
		if number, ok := g.words[id]; ok {
			c.within[number] = true
		}
	}
	return c, nil
}

// those finds the groups that the filter lets pass and whose workflow meets the condition, and their origins.
func (c *choice) those(condition func(workflow word) bool) {
	c.groups, c.origins = nil, nil
	seen := make([]bool, len(c.known.words))
	for i := range c.known.keys {
		g := &c.known.keys[i]
		if !c.lets(g) || !condition(g.workflow) {
			continue
		}
		if len(c.groups) <= max(mostStreams, mostListed) { // more are not gone through one by one
			c.groups = append(c.groups, g.id)
		}
		if !seen[g.origin] {
			seen[g.origin] = true
			c.origins = append(c.origins, c.known.words[g.origin])
		}
	}
}

// letsGroup tells whether runs of the group with this number pass.
func (c *choice) letsGroup(id int64) bool {
	at, ok := slices.BinarySearchFunc(c.known.keys, id, func(g groupKey, id int64) int { return cmp.Compare(g.id, id) })
	return ok && c.lets(&c.known.keys[at])
}

func (c *choice) lets(g *groupKey) bool {
	return (c.within == nil || c.within[g.organisation]) && (c.children || !g.child) &&
		(c.organisation == anyWord || g.organisation == c.organisation) && (c.workflow == anyWord || g.workflow == c.workflow) &&
		(c.triggerType == anyWord || g.triggerType == c.triggerType) && (c.triggerName == anyWord || g.triggerName == c.triggerName)
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
