package workflow

import (
	"fmt"
	"strings"

	"gantry/source"
)

// A run leads to another one in three ways: by a call of its tasks, by on_failure, and by a completion trigger
// that waits for its end. A way that comes back is endless where nobody has to call: where one of its steps is
// a completion trigger.

// completions gives where a file's completion triggers name the workflows whose ends they wait for.
func completions(def *Definition) (nodes []*source.Node) {
	for _, t := range def.Triggers {
		if t.Type == nil || t.Type.Name != "completion" {
			continue
		}
		if n := t.Settings.Lookup("workflow"); n != nil && n.Kind == source.String {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// refuseCircles reports each completion trigger whose run would lead to itself again.
func (l *loader) refuseCircles() {
	follows := l.followers()
	for _, id := range l.ids {
		u := l.units[id]
		for _, n := range u.completions {
			of := n.Value.(string)
			if of == id {
				continue // the checker has said so
			}
			if way := shortestWay(follows, id, of); way != nil {
				u.ds.Errorf(n.Pos, "completion-circle", "this trigger would start its workflow again and again: %s → %s", strings.Join(way, " → "), id).
					Hint = circleHint(way)
				u.workflow = nil
			}
		}
	}
}

func circleHint(way []string) string {
	if len(way) == 2 {
		return fmt.Sprintf("a run of %s leads to one of %s, whose end this trigger waits for; take one of the two out", way[0], way[1])
	}
	return "take one of these steps out: a call, an on_failure or a completion trigger"
}

// followers gives, for each workflow, those of which its runs lead to a run.
func (l *loader) followers() map[string][]string {
	follows := map[string][]string{}
	for _, id := range l.ids {
		u := l.units[id]
		for _, n := range u.calls {
			follows[id] = append(follows[id], n.Value.(string))
		}
		for _, n := range u.completions {
			of := n.Value.(string)
			follows[of] = append(follows[of], id)
		}
	}
	return follows
}

// shortestWay gives the workflows from one to another, both included; nil when there is no way.
func shortestWay(follows map[string][]string, from, to string) []string {
	before := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == to {
			var way []string
			for ; at != ""; at = before[at] {
				way = append([]string{at}, way...)
			}
			return way
		}
		for _, next := range follows[at] {
			if _, seen := before[next]; !seen {
				before[next] = at
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// checkCompletions checks those files once more whose completion triggers wait for a workflow of which only now
// is known what it gives.
func (l *loader) checkCompletions() {
	var again []*unit
	for _, id := range l.ids {
		u := l.units[id]
		for of, seen := range u.seen {
			if target := l.units[of]; target != nil && target.sig != seen && u.def != nil {
				again = append(again, u)
				break
			}
		}
	}
	l.each(again, func(u *unit) {
		u.ds = u.ds[:u.before]
		l.check(u)
	})
}
