package history

import (
	"context"
	"fmt"
	"slices"
)

// Bounds of what is looked at for one page. Only tests change them.
var (
	mostStreams = 120 // groups whose runs are merged, each of them costs a look
	mostPassed  = 400 // runs that are passed over one by one
)

const (
	inSpan  = `created_at >= ?1 AND (created_at, id) < (?2, ?3)`
	newest  = ` ORDER BY created_at DESC, id DESC LIMIT `
	byTime  = `SELECT id, created_at FROM runs INDEXED BY runs_by_time WHERE ` + inSpan + newest + `?4`
	passing = `SELECT id, created_at, run_group FROM runs INDEXED BY runs_by_time WHERE ` + inSpan + newest + `?4`
	// of those that ended in one way, of one origin
	passingEnded = `SELECT id, created_at, run_group FROM runs INDEXED BY runs_ended_by_status WHERE finished_at IS NOT NULL AND status = ?5 AND origin = ?6 AND ` + inSpan + newest + `?4`
	live         = `SELECT id, created_at FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL AND status = ?5
		AND (?6 = '' OR run_group IN (SELECT value FROM json_each(?6))) AND (?7 = '' OR origin IN (SELECT value FROM json_each(?7))) AND ` + inSpan + newest + `?4`
)

// streams is the statement that merges the runs of several keys of an index, newest first. The newest run of each key
// tells which keys can be on the page; the newest few of each, together somewhat more than a page, from when on, so
// that little more than the page is read.
func streams(index, column, condition string) string {
	each := fmt.Sprintf(`FROM runs INDEXED BY %s WHERE %s = %%s%s AND `, index, column, condition)
	return `WITH heads(key, at)` + once + `(SELECT k.value, (SELECT created_at ` + fmt.Sprintf(each, "k.value") + inSpan + newest + `1) FROM json_each(?5) k),
		known(at)` + once + `(SELECT few.value FROM heads CROSS JOIN json_each((SELECT json_group_array(created_at) FROM (SELECT created_at ` + fmt.Sprintf(each, "heads.key") +
		inSpan + newest + `iif(json_array_length(?5) >= ?4, 1, 2 + 2 * ?4 / json_array_length(?5))))) few WHERE heads.at IS NOT NULL),
		cut(at)` + once + `(SELECT coalesce((SELECT at FROM known ORDER BY at DESC LIMIT 1 OFFSET ?4 - 1), ?1))
		SELECT r.id, r.created_at FROM heads CROSS JOIN runs r ON r.id IN (SELECT id ` + fmt.Sprintf(each, "heads.key") +
		`created_at >= (SELECT at FROM cut) AND ` + inSpan + newest + `?4)
		WHERE heads.at >= (SELECT at FROM cut) ORDER BY r.created_at DESC, r.id DESC LIMIT ?4`
}

// once has SQLite work out a part of a statement once.
const once = ` AS MATERIALIZED ` //nolint:misspell // a word of SQL

const whichEnded = ` AND status = ?6 AND finished_at IS NOT NULL`

var (
	ofGroups       = streams("runs_by_group", "run_group", "")
	ofGroupsEnded  = streams("runs_ended_by_group", "run_group", whichEnded)
	ofOrigins      = streams("runs_by_origin", "origin", "")
	ofOriginsEnded = streams("runs_ended_by_status", "origin", whichEnded)
)

// query gives the statement for a choice; "": the runs are to be passed over one by one.
func (c *choice) query(s span) (string, []any) {
	settled := c.status.Ended()
	switch {
	case c.status != "" && !settled:
		groups, origins := "", ""
		if c.narrow {
			groups = jsonText(c.groups)
		} else if !c.every {
			origins = jsonText(c.origins)
		}
		return live, s.args(string(c.status), groups, origins)
	case c.narrow && len(c.groups) > mostStreams:
		return "", nil
	case c.narrow && settled:
		return ofGroupsEnded, s.args(jsonText(c.groups), string(c.status))
	case c.narrow:
		return ofGroups, s.args(jsonText(c.groups))
	case settled:
		return ofOriginsEnded, s.args(jsonText(c.origins), string(c.status))
	case c.every:
		return byTime, s.args()
	}
	return ofOrigins, s.args(jsonText(c.origins))
}

// places gives the newest places of a choice within a span, and where looking was broken off; nil: it was not.
func (h *History) places(ctx context.Context, c *choice, s span) (found []place, left *place, err error) {
	query, args := c.query(s)
	if query == "" {
		return h.passOver(ctx, c, s)
	}
	err = h.db.Read().SelectContext(ctx, &found, query, args...)
	return found, nil, readFault(err)
}

// passOver goes through the runs of all groups, or those that ended in one way: the groups of the choice are so many that
// they are many of all.
func (h *History) passOver(ctx context.Context, c *choice, s span) (found []place, left *place, err error) {
	origins := []string{""}
	if c.status != "" {
		origins = c.originsOfGroups()
	}
	most := s
	most.limit = max(1, mostPassed/len(origins))
	for _, origin := range origins {
		var rows []place
		if origin == "" {
			err = h.db.Read().SelectContext(ctx, &rows, passing, most.args()...)
		} else {
			err = h.db.Read().SelectContext(ctx, &rows, passingEnded, most.args(string(c.status), origin)...)
		}
		if err != nil {
			return nil, nil, readFault(err)
		}
		if last := len(rows) - 1; len(rows) == most.limit && (left == nil || newestFirst(rows[last], *left) < 0) {
			left = &rows[last]
		}
		for _, row := range rows {
			if c.letsGroup(row.Group) {
				found = append(found, row)
			}
		}
	}
	slices.SortFunc(found, newestFirst)
	if left != nil { // what is older comes with the next page, for others of its time have not been looked at
		found = slices.DeleteFunc(found, func(p place) bool { return newestFirst(p, *left) > 0 })
	}
	if len(found) >= s.limit {
		return found[:s.limit], nil, nil
	}
	return found, left, nil
}

// originsOfGroups are those of the groups that the choice lets pass.
func (c *choice) originsOfGroups() (origins []string) {
	for i := range c.known {
		if g := &c.known[i]; c.lets(g) && !slices.Contains(origins, g.origin()) {
			origins = append(origins, g.origin())
		}
	}
	return origins
}
