package history

import (
	"context"
	"slices"
	"strings"

	"gantry/fault"
)

// shortestPart is how many characters of an id are enough to look for it.
const shortestPart = 4

// tailed is the expression of the index runs_by_tail: the end of the id, turned around.
const tailed = `substr(id, -1) || substr(id, -2, 1) || substr(id, -3, 1) || substr(id, -4, 1)
	|| substr(id, -5, 1) || substr(id, -6, 1) || substr(id, -7, 1) || substr(id, -8, 1)`

const (
	// after every character of an id
	afterAll  = "~"
	tailed8   = 8
	byBegin   = `SELECT id FROM runs WHERE id >= ?1 AND id < ?1 || '` + afterAll + `' ORDER BY id DESC LIMIT ?2`
	byTail    = `SELECT id FROM runs INDEXED BY runs_by_tail WHERE ` + tailed + ` >= ?1 AND ` + tailed + ` < ?1 || '` + afterAll + `' AND id LIKE ?3 LIMIT ?2`
	tailLimit = 1000 // ends of four characters are those of 15 among a million runs
)

// idPart gives what may be a part of an id as ids are written; "": it cannot be one.
func idPart(text string) string {
	part := strings.ToLower(strings.TrimSpace(text))
	if strings.Trim(part, "0123456789abcdef-") != "" || len(part) < shortestPart {
		return ""
	}
	return part
}

// idsOf gives the newest ids that begin or end with a part.
func (h *History) idsOf(ctx context.Context, part string, most int) ([]string, error) {
	var begin, end []string
	if err := h.db.Read().SelectContext(ctx, &begin, byBegin, part, most); err != nil {
		return nil, readFault(err)
	}
	if err := h.db.Read().SelectContext(ctx, &end, byTail, turnedAround(part), tailLimit, "%"+part); err != nil {
		return nil, readFault(err)
	}
	ids := slices.Concat(begin, end)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	slices.Reverse(ids)
	return ids[:min(len(ids), most)], nil
}

// turnedAround gives the last characters of a part from the end on, as many as the index has.
func turnedAround(part string) string {
	tail := []byte(part[max(0, len(part)-tailed8):])
	slices.Reverse(tail)
	return string(tail)
}

// Find completes a run's id from its beginning or end, as people copy them.
func (h *History) Find(ctx context.Context, part string) (string, error) {
	asked := part
	if part = idPart(part); part == "" {
		return "", fault.New(fault.Missing, "%q is not a run's id", strings.ToLower(strings.TrimSpace(asked))).WithHint("`gantry runs list` shows the ids; the last 8 characters are enough")
	}
	ids, err := h.idsOf(ctx, part, 3)
	switch {
	case err != nil:
		return "", err
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", fault.New(fault.Missing, "%q begins or ends the ids of several runs, among them %s", part, strings.Join(ids, ", ")).WithHint("give more of the id")
	}
	return "", fault.New(fault.Missing, "there is no run %s", part).WithHint("`gantry runs list` shows the ids")
}
