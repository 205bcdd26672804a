package workflow

import (
	"slices"

	"gantry/source"
)

// levels orders the files so that each comes after those it calls, whose output types it needs. Files of
// one level do not need each other and are checked in parallel. Files that call each other in a circle
// stand in one level: to them the outputs of the circle are any.
func (l *loader) levels() [][]*unit {
	t := &tarjan{loader: l, index: map[*unit]int{}, low: map[*unit]int{}, open: map[*unit]bool{}, level: map[*unit]int{}}
	for _, id := range l.ids {
		if u := l.units[id]; t.index[u] == 0 {
			t.visit(u)
		}
	}
	return t.levels
}

// tarjan finds circles (strongly connected components), callees first. Call chains can be long, so that
// it keeps its own stack.
type tarjan struct {
	*loader
	next       int
	index, low map[*unit]int
	open       map[*unit]bool
	stack      []*unit
	level      map[*unit]int
	levels     [][]*unit
}

type visit struct {
	unit *unit
	call int
}

func (t *tarjan) visit(start *unit) {
	path := []visit{t.enter(start)}
	for len(path) > 0 {
		v := &path[len(path)-1]
		if v.call == len(v.unit.calls) {
			path = path[:len(path)-1]
			t.leave(v.unit)
			if len(path) > 0 {
				up := path[len(path)-1].unit
				t.low[up] = min(t.low[up], t.low[v.unit])
			}
			continue
		}
		callee := t.units[v.unit.calls[v.call].Value.(string)]
		v.call++
		switch {
		case callee == nil:
		case t.index[callee] == 0:
			path = append(path, t.enter(callee))
		case t.open[callee]:
			t.low[v.unit] = min(t.low[v.unit], t.index[callee])
		}
	}
}

func (t *tarjan) enter(u *unit) visit {
	t.next++
	t.index[u], t.low[u], t.open[u] = t.next, t.next, true
	t.stack = append(t.stack, u)
	return visit{unit: u}
}

// leave closes a circle, or a single file, when u is the first of it that was entered.
func (t *tarjan) leave(u *unit) {
	if t.low[u] != t.index[u] {
		return
	}
	i := slices.Index(t.stack, u)
	circle := slices.Clone(t.stack[i:])
	t.stack = t.stack[:i]
	level := 0
	for _, member := range circle {
		t.open[member] = false
		for _, n := range member.calls {
			callee := t.units[n.Value.(string)]
			if callee == nil {
				continue
			}
			if slices.Contains(circle, callee) {
				callee.circular = true
				member.warnOfCircle(n, callee)
			} else {
				level = max(level, t.level[callee]+1)
			}
		}
	}
	for _, member := range circle {
		t.level[member] = level
		for len(t.levels) <= level {
			t.levels = append(t.levels, nil)
		}
		t.levels[level] = append(t.levels[level], member)
	}
}

// warnOfCircle warns of a call that comes back by way of other workflows; a direct one is the checker's.
func (u *unit) warnOfCircle(call *source.Node, callee *unit) {
	if callee != u {
		u.ds.Warnf(call.Pos, "calls-in-circle", "%s calls this workflow again, by itself or by way of others", callee.file.ID).Hint =
			"see to it that some way ends without the call"
	}
}
