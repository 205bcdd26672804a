package poll

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// entity is one entry of the list that was read.
type entity struct {
	key    string
	point  point // of its cursor
	cursor any   // as the entity has it
	mark   point // of its last update, "" where updates do not count
	data   any
}

// read takes the entities out of a list, in its order. Those without a cursor are left out and counted: nobody
// can tell whether they are new.
func read(p *workflow.Poll, rows []any) (all []entity, note string, err error) {
	left := 0
	for _, row := range rows {
		m, _ := row.(map[string]any)
		e := entity{data: row}
		var ok bool
		if e.key, ok = keyText(m[p.Key]); !ok {
			return nil, "", fault.New(fault.InvalidResult, "%s gives an entry without %s", p.Action.ID, p.Key).
				WithHint("name the field that tells entities apart: key: NAME").WithDetail(map[string]any{"entry": excerpt(row)})
		}
		if p.Cursor != "" {
			if e.point, ok = pointOf(m[p.Cursor], p.Kind); !ok {
				left++
				continue
			}
			e.cursor = m[p.Cursor]
		}
		if p.Updated != "" {
			e.mark, _ = pointOf(m[p.Updated], workflow.CursorByValue)
		}
		all = append(all, e)
	}
	if left > 0 {
		note = fmt.Sprintf("%d entries had no %s and were left out", left, p.Cursor)
	}
	return all, note, nil
}

func keyText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, v != ""
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

func excerpt(v any) string {
	text := fmt.Sprint(v)
	return text[:min(len(text), 200)]
}

func ascending(all []entity) bool {
	return slices.IsSortedFunc(all, func(a, b entity) int { return strings.Compare(string(a.point), string(b.point)) })
}

// inOrder sorts by cursor, and leaves of entries that came twice the last updated one.
func inOrder(all []entity) []entity {
	byKey := map[string]int{}
	var once []entity
	for _, e := range all {
		at, twice := byKey[e.key]
		switch {
		case !twice:
			byKey[e.key] = len(once)
			once = append(once, e)
		case e.mark > once[at].mark || e.mark == once[at].mark && e.point > once[at].point:
			once[at] = e
		}
	}
	slices.SortStableFunc(once, func(a, b entity) int { return strings.Compare(string(a.point), string(b.point)) })
	return once
}

// step is what one part of a list leads to.
type step struct {
	events []entity
	learnt []seen
	cut    bool // there were more new ones than there was room for
}

// aheadOfUs is how far the other system's clock may be ahead of ours before an entity counts as dated into the
// future. Such ones are found, but the cursor does not go there, for it would pass over all that come until then.
const aheadOfUs = 10 * time.Minute

// take tells the new ones among the entities, which are in order, from those that are known or old, and moves
// the state on behind those that it has dealt with. As long as the state has not started nothing is new.
func (st *state) take(p *workflow.Poll, all []entity, known map[string]seen, room int, now time.Time) (s step, err error) {
	ahead := timePoint(now.Add(aheadOfUs))
	for _, e := range all {
		if p.Cursor != "" && e.point < st.Floor {
			continue
		}
		before, isKnown := known[e.key]
		isNew := !isKnown || e.mark > before.Mark
		if isNew && st.Started {
			if len(s.events) == room {
				s.cut = true
				break
			}
			s.events = append(s.events, e)
		}
		if isNew || p.Cursor != "" && e.point > before.Point {
			s.learnt = append(s.learnt, seen{e.key, e.point, max(e.mark, before.Mark)})
		}
		if p.Cursor == "" || e.point <= st.Point || e.point[0] == 't' && e.point > ahead {
			continue
		}
		if err := st.moveTo(e, p.Late); err != nil {
			return s, err
		}
	}
	return s, nil
}

// moveTo sets the cursor. The floor never falls: what is below may be forgotten already.
func (st *state) moveTo(e entity, late time.Duration) error {
	text, err := json.Marshal(e.cursor)
	if err != nil {
		return fault.Wrap(err, fault.InvalidResult, "the cursor of entity %s cannot be kept: %s", e.key, err)
	}
	st.Cursor, st.Point = string(text), e.point
	st.Floor = max(st.Floor, e.point.back(late))
	return nil
}
