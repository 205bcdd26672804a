package history

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Bounds of what is looked at for one page. Only tests change them.
var (
	mostStreams = 120  // groups whose runs are merged, each of them costs a look
	mostListed  = 2000 // groups that a statement is given as a list
	mostPassed  = 400  // runs that are passed over one by one
)

const (
	inSpan  = `created_at >= ?1 AND (created_at, id) < (?2, ?3)`
	newest  = ` ORDER BY created_at DESC, id DESC LIMIT `
	byTime  = `SELECT id, created_at FROM runs INDEXED BY runs_by_time WHERE ` + inSpan + newest + `?4`
	passing = `SELECT id, created_at, run_group FROM runs INDEXED BY runs_by_time WHERE ` + inSpan + newest + `?4`
	// of those that ended in one way, of one origin
	passingEnded = `SELECT id, created_at, run_group FROM runs INDEXED BY runs_ended_by_status WHERE finished_at IS NOT NULL AND status = ?5 AND origin = ?6 AND ` + inSpan + newest + `?4`
	ofLive       = ` FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL AND status = ?5
		AND (?6 = '' OR origin IN (SELECT value FROM json_each(?6))) AND `
	passingLive = `SELECT id, created_at, run_group` + ofLive + inSpan + newest + `?4`
	live        = `SELECT id, created_at` + ofLive + `(?7 = '' OR run_group IN (SELECT value FROM json_each(?7))) AND ` + inSpan + newest + `?4`
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
	case c.status != "" && !settled && c.narrow && len(c.groups) > mostListed, c.narrow && (c.status == "" || settled) && len(c.groups) > mostStreams:
		return "", nil
	case c.status != "" && !settled:
		groups, origins := "", ""
		if c.narrow {
			groups = jsonText(c.groups)
		} else if !c.every {
			origins = jsonText(c.origins)
		}
		return live, s.args(string(c.status), origins, groups)
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

// passOver goes through the runs of all groups, or those of one status: the groups of the choice are so many that they
// are many of all.
func (h *History) passOver(ctx context.Context, c *choice, s span) (found []place, left *place, err error) {
	switch {
	case c.status == "":
		return h.passedOver(ctx, c, s, mostPassed, passing)
	case !c.status.Ended():
		return h.passedOver(ctx, c, s, mostPassed, passingLive, string(c.status), jsonText(c.origins))
	}
	for _, origin := range c.origins {
		some, broken, err := h.passedOver(ctx, c, s, max(1, mostPassed/len(c.origins)), passingEnded, string(c.status), origin)
		if err != nil {
			return nil, nil, err
		}
		found = append(found, some...)
		if broken != nil && (left == nil || newestFirst(*broken, *left) < 0) {
			left = broken
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

// passedOver goes through at most so many runs of a statement, the newest first, until a page is full. left is where
// it was broken off for their number.
func (h *History) passedOver(ctx context.Context, c *choice, s span, most int, query string, more ...any) (found []place, left *place, err error) {
	page := s.limit
	s.limit = most
	rows, err := h.db.Read().QueryContext(ctx, query, s.args(more...)...)
	if err != nil {
		return nil, nil, readFault(err)
	}
	defer func() { _ = rows.Close() }()
	var id sql.RawBytes
	for passed := 1; rows.Next(); passed++ {
		var one place
		if err := rows.Scan(&id, &one.At, &one.Group); err != nil {
			return nil, nil, readFault(err)
		}
		lets := c.letsGroup(one.Group)
		if !lets && passed < most {
			continue
		}
		one.ID = string(id)
		if lets {
			found = append(found, one)
		}
		if len(found) == page { // the next page goes on from the last one of this
			return found, nil, nil
		}
		if passed == most {
			left = &one
		}
	}
	return found, left, readFault(rows.Err())
}
