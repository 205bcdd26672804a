package history

import (
	"context"
	"slices"
	"strings"
)

// Bounds of what is looked at for one page. Only tests change them.
var (
	mostSearched   = 300 // runs with a term that are looked at for one page
	searchedAtOnce = 60  // of these, somewhat more than a page: often all of them pass
)

// search gives the newest places of a choice within a span that a text finds: by the beginning or end of an id, by a part of
// the workflow's name, or by terms. left is where looking was broken off; nil: it was not.
func (h *History) search(ctx context.Context, text string, c *choice, s span) (found []place, left *place, err error) {
	text = folded(text)
	byID, err := h.searchIDs(ctx, text, c, s)
	if err != nil {
		return nil, nil, err
	}
	found, left, err = h.searchWorkflows(ctx, text, c, s)
	if err != nil {
		return nil, nil, err
	}
	byTerm, cut, err := h.searchTerms(ctx, text, c, s)
	if err != nil {
		return nil, nil, err
	}
	if left == nil || cut != nil && newestFirst(*cut, *left) < 0 {
		left = cut
	}
	found = slices.Concat(found, byID, byTerm)
	slices.SortFunc(found, newestFirst)
	found = slices.CompactFunc(found, func(a, b place) bool { return a.ID == b.ID })
	if left != nil { // what is older comes with the next page
		found = slices.DeleteFunc(found, func(p place) bool { return newestFirst(p, *left) > 0 })
	}
	return found[:min(len(found), s.limit)], left, nil
}

// searchIDs: ids that fit are few, so that they are looked at one by one.
func (h *History) searchIDs(ctx context.Context, text string, c *choice, s span) ([]place, error) {
	part := idPart(text)
	if part == "" {
		return nil, nil
	}
	ids, err := h.idsOf(ctx, part, mostSearched)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return h.passing(ctx, c, s, ids)
}

// passing gives those runs that are in the choice and the span.
func (h *History) passing(ctx context.Context, c *choice, s span, ids []string) ([]place, error) {
	var rows []struct {
		place
		Status string `db:"status"`
	}
	query := `SELECT id, created_at, run_group, CASE WHEN status = ? THEN status ELSE '' END AS status FROM runs WHERE id IN (SELECT value FROM json_each(?))`
	if err := h.db.Read().SelectContext(ctx, &rows, query, string(c.status), jsonText(ids)); err != nil {
		return nil, readFault(err)
	}
	var found []place
	for _, row := range rows {
		if c.letsGroup(row.Group) && row.Status == string(c.status) && row.At >= s.since && newestFirst(row.place, s.before) > 0 {
			found = append(found, row.place)
		}
	}
	return found, nil
}

// searchWorkflows: the groups tell the workflows.
func (h *History) searchWorkflows(ctx context.Context, text string, c *choice, s span) ([]place, *place, error) {
	named := *c
	named.narrow = true
	looked, has := make([]bool, len(c.known.words)), make([]bool, len(c.known.words))
	named.those(func(workflow word) bool {
		if !looked[workflow] {
			looked[workflow], has[workflow] = true, strings.Contains(strings.ToLower(c.known.words[workflow]), text)
		}
		return has[workflow]
	})
	if len(named.groups) == 0 {
		return nil, nil, nil
	}
	return h.places(ctx, &named, s)
}

const selectTerm = `SELECT run AS id, created_at,
	NOT EXISTS (SELECT 1 FROM json_each(?6) w WHERE NOT EXISTS (SELECT 1 FROM run_terms o WHERE o.term = w.value AND o.created_at = t.created_at AND o.run = t.run)) AS fits
	FROM run_terms t WHERE term = ?5 AND created_at >= ?1 AND (created_at, run) < (?2, ?3) ORDER BY created_at DESC, run DESC LIMIT ?4`

// searchTerms: the runs that have the text as a value, or all its words.
func (h *History) searchTerms(ctx context.Context, text string, c *choice, s span) (found []place, left *place, err error) {
	wanted := [][]string{{text}}
	if words := wordsOf(text); len(words) > 0 && (len(words) > 1 || words[0] != text) {
		slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longest is likely the rarest
		wanted = append(wanted, words)
	}
	for _, words := range wanted {
		page, cut, err := h.searchWords(ctx, words, c, s)
		if err != nil {
			return nil, nil, err
		}
		found = append(found, page...)
		if cut != nil && (left == nil || newestFirst(*cut, *left) < 0) {
			left = cut
		}
	}
	return found, left, nil
}

func (h *History) searchWords(ctx context.Context, words []string, c *choice, s span) (found []place, left *place, err error) {
	most := s
	most.limit = mostSearched
	var all []struct {
		place
		Fits bool `db:"fits"`
	}
	if err := h.db.Read().SelectContext(ctx, &all, selectTerm, most.args(words[0], jsonText(words[1:]))...); err != nil {
		return nil, nil, readFault(err)
	}
	if len(all) == 0 {
		return nil, nil, nil
	}
	var ids []string
	for _, p := range all {
		if p.Fits {
			ids = append(ids, p.ID)
		}
	}
	for some := range slices.Chunk(ids, searchedAtOnce) {
		passed, err := h.passing(ctx, c, s, some)
		if err != nil {
			return nil, nil, err
		}
		if found = append(found, passed...); len(found) >= s.limit { // what has not been looked at is older
			return found, nil, nil
		}
	}
	if len(all) == mostSearched {
		left = &all[len(all)-1].place
	}
	return found, left, nil
}
