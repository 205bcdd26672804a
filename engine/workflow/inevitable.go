package workflow

import "slices"

// inevitable.go answers: from which tasks is it inevitable, unless the run fails, that one of some wanted
// arrivals at a join happens?
//
// A task ends with success or failure. For each outcome a set of its transitions is taken: those that are
// certain, and any of those that are possible (classify.go); of two opposite conditions exactly one. With
// follow: first it is one of the possible ones up to the first certain one. The arrival is inevitable from
// the task if every such set has a transition that is wanted itself, or leads to a task from which it is
// inevitable. After a failure, sets that do not handle it fail the run, so nothing is asked of them; the
// same goes for the word fail.
//
// Ways through the join itself do not count: they belong to its next round. Nor do ways through joins that
// flow would let the join run without: those that could themselves wait for it and stand later in the file.
//
// The answer is a greatest fixpoint too: a loop that never ends never lets the join run. That, and that a
// failed run never lets it run, is so only for tasks that the join waits for: others count as if the
// arrival was not inevitable from them.

// goalOfEnd stands for the end of the run.
var goalOfEnd *Task

// goal is the question and, as far as worked out, its answer.
type goal struct {
	a       *assignment
	join    *Task // nil: the end of the run
	wanted  []bool
	quiet   []bool // by task: the end of a branch after success with nothing taken is wanted
	blocked bitset
	from    []bool // by task: inevitable from its start
}

func (s bitset) key() string {
	b := make([]byte, 0, len(s)*8)
	for _, w := range s {
		for i := range 8 {
			b = append(b, byte(w>>(8*i)))
		}
	}
	return string(b)
}

// inevitable works out from where one of the wanted ways is inevitable.
func (a *assignment) inevitable(join *Task, ways []way, wanted bitset) *goal {
	g := &goal{a: a, join: join, wanted: make([]bool, a.transitions), quiet: make([]bool, len(a.wf.Tasks)), blocked: a.blocked(join)}
	key := wanted.key()
	if join != nil {
		key += join.Name
	}
	wanted.each(func(i int) {
		if t := ways[i].transition; t != nil {
			g.wanted[a.number(t)] = true
		} else {
			g.quiet[ways[i].from.Index] = true
		}
	})
	if known, ok := a.goals[key]; ok {
		g.from = known
		return g
	}
	g.solve()
	a.goals[key] = g.from
	return g
}

func (g *goal) solve() {
	tasks := g.a.wf.Tasks
	g.from = make([]bool, len(tasks))
	waited := g.waitedFor()
	for i, t := range tasks {
		g.from[i] = waited.has(i) && !g.a.mayBeLost(t)
	}
	todo := append([]*Task(nil), tasks...)
	for len(todo) > 0 && g.a.budget > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		g.a.budget -= len(t.Next) + 1
		if !g.from[t.Index] || g.afterSuccess(t) && g.afterFailure(t) {
			continue
		}
		g.from[t.Index] = false
		for _, in := range t.Inbound {
			if g.from[in.Task.Index] {
				todo = append(todo, in.Task)
			}
		}
	}
}

// mayBeLost tells whether an arrival at t may go nowhere: any and number joins absorb what comes late,
// which does no harm as their one execution goes on, unless what that leads to comes back and is absorbed.
func (a *assignment) mayBeLost(t *Task) bool {
	return (t.Join.Mode == JoinAny || t.Join.Mode == JoinCount) && a.reachedFrom(t).has(t.Index)
}

// waitedFor gives the tasks that keep the join from running while they are in progress: those from which
// there is a way to it. The end of the run waits for all.
func (g *goal) waitedFor() bitset {
	if g.join == nil {
		return full(len(g.a.wf.Tasks))
	}
	waited := newBitset(len(g.a.wf.Tasks))
	todo := []*Task{g.join}
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, in := range t.Inbound {
			if from := in.Task; !waited.has(from.Index) && !g.blocked.has(from.Index) {
				waited.add(from.Index)
				todo = append(todo, from)
			}
		}
	}
	return waited
}

// leads tells whether a taken transition makes it inevitable.
func (g *goal) leads(t *Transition) bool {
	if g.wanted[g.a.number(t)] || hasWord(t, Fail) {
		return true
	}
	for _, target := range t.Do {
		if target.Task != nil && g.from[target.Task.Index] {
			return true
		}
	}
	return false
}

func (g *goal) afterSuccess(t *Task) bool {
	if neverSucceeds(t) {
		return true
	}
	chanceOf := func(n *Transition) chance { return g.a.classes[t.Index][n.Index].onSuccess }
	if t.Follow == FollowFirst {
		for _, n := range t.Next {
			switch c := chanceOf(n); {
			case c == impossible:
			case !g.leads(n):
				return false
			case c == certain:
				return true
			}
		}
		return g.quiet[t.Index]
	}
	if g.certainly(t, chanceOf) {
		return true
	}
	for _, n := range t.Next {
		if c := chanceOf(n); c == certain || c == possible && !g.leads(n) {
			return false
		}
	}
	return g.quiet[t.Index]
}

func (g *goal) afterFailure(t *Task) bool {
	chanceOf := func(n *Transition) chance { return g.a.classes[t.Index][n.Index].onFailure }
	if t.Follow != FollowFirst && g.certainly(t, chanceOf) {
		return true
	}
	for _, n := range t.Next {
		c := chanceOf(n)
		if c == impossible {
			continue
		}
		if handles(n) && !g.leads(n) {
			return false
		}
		if c == certain && t.Follow == FollowFirst {
			return true
		}
	}
	return true
}

// certainly tells whether, of all transitions being followed, one that leads there is taken whatever else is.
func (g *goal) certainly(t *Task, chanceOf func(*Transition) chance) bool {
	for _, n := range t.Next {
		if chanceOf(n) == impossible || !g.leads(n) {
			continue
		}
		if chanceOf(n) == certain || slices.ContainsFunc(g.a.against[n], g.leads) {
			return true
		}
	}
	return false
}

// implies tells whether an arrival over w implies that a wanted one arrives in the same round.
func (a *assignment) implies(g *goal, w way) bool {
	if a.budget <= 0 {
		return true
	}
	if a.cleansUp(w.transition) {
		return false
	}
	if g.given(w.from, w.transition) || g.fromStart() && !g.passesBlocked(nil, w.from) {
		return true
	}
	found := false
	a.dom[w.from.Index].each(func(i int) {
		if d := a.wf.Tasks[i]; !found && d != w.from {
			found = g.givenWays(d, w.from) && !g.passesBlocked(d, w.from)
		}
	})
	return found
}

// fromStart tells whether it is inevitable from the start of the run: from one of the tasks that start.
func (g *goal) fromStart() bool {
	return slices.ContainsFunc(g.a.wf.Start, func(t *Task) bool { return g.from[t.Index] })
}

// givenWays tells whether it is inevitable from d, given that d went on to the task `to`.
func (g *goal) givenWays(d, to *Task) bool {
	before := g.a.reaches(to, d)
	any := false
	for _, n := range d.Next {
		if g.a.dead(n) {
			continue
		}
		for _, target := range n.Do {
			if target.Task != nil && before.has(target.Task.Index) {
				any = true
				if !g.given(d, n) {
					return false
				}
				break
			}
		}
	}
	return any
}

// given tells whether it is inevitable when t's transition n is taken (nil: t succeeded and none was).
func (g *goal) given(t *Task, n *Transition) bool {
	if n == nil {
		return g.quiet[t.Index]
	}
	if g.leads(n) {
		return true
	}
	if t.Follow == FollowFirst {
		return false
	}
	cl := g.a.classes[t.Index]
	if cl[n.Index].onSuccess != impossible && !g.certainly(t, func(n *Transition) chance { return cl[n.Index].onSuccess }) {
		return false
	}
	return cl[n.Index].onFailure == impossible || g.certainly(t, func(n *Transition) chance { return cl[n.Index].onFailure })
}
