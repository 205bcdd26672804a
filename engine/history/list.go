package history

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
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
	Search          string    // what their ids begin or end with, their workflow has in its name, or their inputs or trigger data hold: see terms
	Before          string    // a run id: only older runs, for the next page
	Limit           int       // 50 unless said, at most 1000
}

const (
	defaultPage = 50
	largestPage = 1000
)

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return defaultPage
	}
	return min(f.Limit, largestPage)
}

// Page gives a page of runs, the newest first, without outputs, and the Before of the page that follows; "": there is
// none. How much is looked at for one page is bounded, so that with filters that few runs pass a page may have fewer
// runs than Limit, or none, and others follow all the same.
func (h *History) Page(ctx context.Context, f Filter) (runs []Run, next string, err error) {
	chosen, none, err := h.choose(ctx, f)
	if err != nil || none {
		return nil, "", err
	}
	within, err := h.spanOf(ctx, f)
	if err != nil {
		return nil, "", err
	}
	var found []place
	var left *place // where looking was broken off
	if f.Search == "" {
		found, left, err = h.places(ctx, chosen, within)
	} else {
		found, left, err = h.search(ctx, f.Search, chosen, within)
	}
	if err != nil {
		return nil, "", err
	}
	switch {
	case len(found) == within.limit:
		next = found[len(found)-1].ID
	case left != nil:
		next = left.ID
	}
	runs, err = h.listed(ctx, found)
	return runs, next, err
}

// Runs is Page that looks on until the page is full, or there are no more.
func (h *History) Runs(ctx context.Context, f Filter) ([]Run, error) {
	var all []Run
	f.Limit = f.limit()
	for most := f.Limit; ; f.Limit = most - len(all) {
		page, next, err := h.Page(ctx, f)
		if err != nil {
			return nil, err
		}
		if all = append(all, page...); next == "" || len(all) == most {
			return all, nil
		}
		f.Before = next
	}
}

// place is where a run stands in lists.
type place struct {
	ID    string `db:"id"`
	At    int64  `db:"created_at"`
	Group int64  `db:"run_group"`
}

// newestFirst orders places as lists have them.
func newestFirst(a, b place) int {
	return cmp.Or(cmp.Compare(b.At, a.At), strings.Compare(b.ID, a.ID))
}

// listed reads the rows of a page.
func (h *History) listed(ctx context.Context, found []place) ([]Run, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	var rows []runRow
	if err := h.db.Read().SelectContext(ctx, &rows, `SELECT `+listColumns+` FROM runs WHERE id IN (SELECT value FROM json_each(?))`, jsonText(ids)); err != nil {
		return nil, readFault(err)
	}
	slices.SortFunc(rows, func(a, b runRow) int {
		return newestFirst(place{ID: a.ID, At: a.CreatedAt}, place{ID: b.ID, At: b.CreatedAt})
	})
	runs := make([]Run, len(rows))
	for i := range rows {
		var err error
		if runs[i], err = rows[i].run(); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// jsonText is a list as json_each takes it.
func jsonText[T string | int64 | piece](list []T) string {
	text, err := json.Marshal(list)
	if err != nil { // texts and numbers always have a form in JSON
		return "[]"
	}
	return string(text)
}
