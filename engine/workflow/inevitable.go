package workflow

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
//
// Each fact has other arrivals that are wanted, those that carry it. The question is asked for all facts of
// a join at once: in place of yes and no stand sets of facts, in place of and and or what they have in
// common and what they have together.

// goalOfEnd stands for the end of the run.
var goalOfEnd *Task

// goal is the question and, as far as worked out, its answer. Its sets are of facts.
type goal struct {
	a       *assignment
	join    *Task    // nil: the end of the run
	open    bitset   // those that are asked about
	wanted  []bitset // by transition: those that its arrival carries; nil: it does not arrive here
	quiet   []bitset // by task: those that the end of a branch after success with nothing taken carries; nil: none
	none    bitset
	blocked bitset   // tasks, see blocked
	from    []bitset // by task: inevitable from its start
	led     []bitset // by transition: inevitable once it is taken
}

// inevitable works out from where an arrival that carries an open fact is inevitable. The answer holds until the next
// question.
func (a *assignment) inevitable(join *Task, ways []way, carried []bitset, open bitset) *goal {
	tasks, words := len(a.wf.Tasks), len(open)
	g := &goal{a: a, join: join, open: open, none: newBitset(a.size), blocked: a.blocked(join),
		wanted: make([]bitset, a.transitions), quiet: make([]bitset, tasks)}
	if a.sets == nil {
		a.sets = make([]uint64, (tasks+a.transitions)*words)
	}
	clear(a.sets)
	for i := range tasks + a.transitions {
		set := a.sets[i*words : (i+1)*words]
		if i < tasks {
			g.from = append(g.from, set)
		} else {
			g.led = append(g.led, set)
		}
	}
	for i, w := range ways {
		if w.transition != nil {
			g.wanted[a.number(w.transition)] = carried[i]
		} else {
			g.quiet[w.from.Index] = carried[i]
		}
	}
	g.solve()
	return g
}

// solve begins with everything and takes away, from what comes last back to the starts, until nothing changes.
func (g *goal) solve() {
	tasks := g.a.wf.Tasks
	waited, todo := g.waitedFor(), full(len(tasks))
	for i, t := range tasks {
		if waited.has(i) && !g.a.mayBeLost(t) {
			copy(g.from[i], g.open)
		}
	}
	for again := true; again && g.a.budget > 0; {
		again = false
		for k := len(g.a.order) - 1; k >= 0; k-- {
			t := g.a.order[k]
			if !todo.has(t.Index) {
				continue
			}
			todo.remove(t.Index)
			if !g.takeAway(t) {
				continue
			}
			for _, in := range t.Inbound {
				todo.add(in.Task.Index)
			}
			again = true
		}
	}
}

// takeAway takes from a task what is not inevitable from it, as far as known of those behind it; it tells whether that
// was something.
func (g *goal) takeAway(t *Task) bool {
	g.a.budget -= len(t.Next) + 1
	for _, n := range t.Next {
		g.lead(n)
	}
	from := g.from[t.Index]
	if from.empty() {
		return false
	}
	left := g.afterSuccess(t)
	left.intersect(from)
	if !left.empty() {
		left.intersect(g.afterFailure(t))
	}
	if left.equal(from) {
		return false
	}
	copy(from, left)
	return true
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

// lead works out what a taken transition makes inevitable.
func (g *goal) lead(t *Transition) {
	number := g.a.number(t)
	led := g.led[number]
	if hasWord(t, Fail) {
		copy(led, g.open)
		return
	}
	clear(led)
	if carried := g.wanted[number]; carried != nil {
		led.union(carried)
	}
	for _, target := range t.Do {
		if target.Task != nil {
			led.union(g.from[target.Task.Index])
		}
	}
}

// leads gives what a taken transition makes inevitable.
func (g *goal) leads(t *Transition) bitset { return g.led[g.a.number(t)] }

// quietEnd gives what is carried when t succeeds and nothing is taken.
func (g *goal) quietEnd(t *Task) bitset {
	if carried := g.quiet[t.Index]; carried != nil {
		return carried
	}
	return g.none
}

func (g *goal) afterSuccess(t *Task) bitset {
	all := g.open.clone()
	if neverSucceeds(t) {
		return all
	}
	first := t.Follow == FollowFirst
	for _, n := range t.Next {
		switch c := g.a.classes[t.Index][n.Index].onSuccess; {
		case c == impossible:
		case c == certain && !first:
			return g.certainly(t, onSuccess)
		default:
			all.intersect(g.leads(n))
			if c == certain {
				return all
			}
		}
	}
	all.intersect(g.quietEnd(t))
	if !first {
		all.union(g.certainly(t, onSuccess))
	}
	return all
}

func (g *goal) afterFailure(t *Task) bitset {
	all, first := g.open.clone(), t.Follow == FollowFirst
	for _, n := range t.Next {
		c := g.a.classes[t.Index][n.Index].onFailure
		if c == impossible {
			continue
		}
		if handles(n) {
			all.intersect(g.leads(n))
		}
		if c == certain && first {
			return all
		}
	}
	if !first {
		all.union(g.certainly(t, onFailure))
	}
	return all
}

func onSuccess(c class) chance { return c.onSuccess }
func onFailure(c class) chance { return c.onFailure }

// certainly gives what, of all transitions being followed, one that leads there brings, whatever else is taken.
func (g *goal) certainly(t *Task, chanceOf func(class) chance) bitset {
	found := newBitset(g.a.size)
	for _, n := range t.Next {
		c := chanceOf(g.a.classes[t.Index][n.Index])
		if c == certain {
			found.union(g.leads(n))
		}
		if c != possible {
			continue
		}
		for _, other := range g.a.against[n] {
			both := g.leads(n).clone()
			both.intersect(g.leads(other))
			found.union(both)
		}
	}
	return found
}

// implied gives those facts of which an arrival over w implies that one that carries them arrives in the same round. It
// is asked about some, and need not find others.
func (a *assignment) implied(g *goal, w way, asked bitset) bitset {
	if a.budget <= 0 {
		return asked
	}
	if a.cleansUp(w.transition) {
		return g.none
	}
	found := g.given(w.from, w.transition)
	consider := func(d *Task, more bitset) {
		more.intersect(asked)
		if !more.within(found) && !g.passesBlocked(d, w.from) {
			found.union(more)
		}
	}
	if !asked.within(found) {
		consider(nil, g.fromStart())
	}
	a.dom[w.from.Index].each(func(i int) {
		if d := a.wf.Tasks[i]; d != w.from && !asked.within(found) {
			consider(d, g.givenWays(d, w.from))
		}
	})
	return found
}

// fromStart gives what is inevitable from the start of the run: from one of the tasks that start.
func (g *goal) fromStart() bitset {
	found := newBitset(g.a.size)
	for _, t := range g.a.wf.Start {
		found.union(g.from[t.Index])
	}
	return found
}

// givenWays gives what is inevitable from d, given that d went on to the task `to`.
func (g *goal) givenWays(d, to *Task) bitset {
	before := g.a.reaches(to, d)
	var all bitset
	for _, n := range d.Next {
		if g.a.dead(n) {
			continue
		}
		for _, target := range n.Do {
			if target.Task != nil && before.has(target.Task.Index) {
				if given := g.given(d, n); all == nil {
					all = given
				} else {
					all.intersect(given)
				}
				break
			}
		}
	}
	if all == nil {
		return newBitset(g.a.size)
	}
	return all
}

// given gives what is inevitable when t's transition n is taken (nil: t succeeded and none was).
func (g *goal) given(t *Task, n *Transition) bitset {
	if n == nil {
		return g.quietEnd(t).clone()
	}
	if t.Follow == FollowFirst {
		return g.leads(n).clone()
	}
	all, cl := g.open.clone(), g.a.classes[t.Index][n.Index]
	if cl.onSuccess != impossible {
		all.intersect(g.certainly(t, onSuccess))
	}
	if cl.onFailure != impossible {
		all.intersect(g.certainly(t, onFailure))
	}
	all.union(g.leads(n))
	return all
}
