package history

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"gantry/engine/flow"
)

// Filter narrows a list of runs. Zero values do not narrow.
type Filter struct {
	Workflow        string
	OrganisationID  string
	OrganisationIDs []string // any of these, such as a subtree; nil: all, empty: none
	Status          flow.Status
	TriggerType     string
	TriggerName     string
	Since, Until    time.Time // created from Since on and before Until
	Children        bool      // also runs that other runs started
	Before          string    // a run id: only older runs, for the next page
	Limit           int       // 50 unless said, at most 1000
}

// Runs lists runs, newest first.
func (h *History) Runs(ctx context.Context, f Filter) ([]Run, error) {
	query, args := f.query()
	var rows []runRow
	if err := h.db.Read().SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, readFault(err)
	}
	runs := make([]Run, len(rows))
	for i := range rows {
		var err error
		if runs[i], err = rows[i].run(); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// conditions are what a row must fulfil, with the values in their order.
type conditions struct {
	where []string
	args  []any
}

func (c *conditions) add(when bool, condition string, values ...any) {
	if when {
		c.where = append(c.where, condition)
		c.args = append(c.args, values...)
	}
}

func (c *conditions) text() string {
	if len(c.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.where, " AND ")
}

// query makes the statement. Pages go by id; with a time range by the time and the id, so that a page of
// long ago need not pass all that came since.
func (f Filter) query() (string, []any) {
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 1000)
	var c conditions
	c.add(f.Workflow != "", "workflow = ?", f.Workflow)
	c.add(f.OrganisationID != "", "organisation = ?", f.OrganisationID)
	c.add(f.Status != "", "status = ?", string(f.Status))
	c.add(f.TriggerType != "", "trigger_type = ?", f.TriggerType)
	c.add(f.TriggerName != "", "trigger_name = ?", f.TriggerName)
	c.add(!f.Children, "parent = ''")
	if !f.Since.IsZero() || !f.Until.IsZero() {
		return f.byTime(&c, limit)
	}
	c.add(f.Before != "", "id < ?", f.Before)
	if f.OrganisationIDs != nil && f.OrganisationID == "" {
		return f.ofSeveral(&c, limit)
	}
	if f.OrganisationIDs != nil {
		c.add(true, "organisation IN (SELECT value FROM json_each(?))", f.organisations())
	}
	return "SELECT * FROM runs" + c.text() + " ORDER BY id DESC LIMIT ?", append(c.args, limit)
}

func (f Filter) byTime(c *conditions, limit int) (string, []any) {
	c.add(!f.Since.IsZero(), "created_at >= ?", f.Since.UnixNano())
	c.add(!f.Until.IsZero(), "created_at < ?", f.Until.UnixNano())
	c.add(f.Before != "", "(created_at, id) < ((SELECT created_at FROM runs WHERE id = ?), ?)", f.Before, f.Before)
	c.add(f.OrganisationIDs != nil, "organisation IN (SELECT value FROM json_each(?))", f.organisations())
	return "SELECT * FROM runs INDEXED BY runs_by_time" + c.text() + " ORDER BY created_at DESC, id DESC LIMIT ?", append(c.args, limit)
}

// ofSeveral takes a page of each organisation and of these the newest: SQLite would else look through the
// runs of all the others, or sort all runs of these.
func (f Filter) ofSeveral(c *conditions, limit int) (string, []any) {
	c.add(true, "organisation = o.value")
	query := `SELECT * FROM runs WHERE id IN (SELECT r.id FROM json_each(?) o JOIN runs r
		ON r.id IN (SELECT id FROM runs` + c.text() + ` ORDER BY id DESC LIMIT ?)
		ORDER BY r.id DESC LIMIT ?) ORDER BY id DESC`
	args := append([]any{f.organisations()}, c.args...)
	return query, append(args, limit, limit)
}

func (f Filter) organisations() string {
	text, err := json.Marshal(f.OrganisationIDs)
	if err != nil { // text always has a form in JSON
		return "[]"
	}
	return string(text)
}
