package workflow

import "slices"

// Definite assignment: which names are certainly set at a place.
//
// A fact is "tasks.x has run", "tasks.x has succeeded" or "ctx.y is set"; once true on a way through the
// graph it stays true on that way. assignment computes, for the start of every task and for the
// successful end of the run, the facts that hold whichever way the run took. A use of a name without its
// fact is an error unless it is written as optional.
//
// Facts at a transition are those of its task, the task itself, and what the transition publishes. For a
// task that runs once per arrival they are the intersection over the transitions that lead to it. A join
// that waits for all sees more: what arrives over one transition j is joined with everything else that
// arrives in the same round. So a fact f holds at the join if for each inbound j either j carries it, or
// j's arrival implies that some transition that carries f arrives too. That is so when there is a task D
// through which every way to j's source leads (it dominates it), and from which an arrival that carries f
// is inevitable unless the run fails; see inevitable.go. Flow keeps rounds together: a join does not run
// while such an arrival is still on its way.
//
// The end of the run is one more join, into which every end of a branch leads. All starts run, so the
// start of the run dominates everything.
//
// Facts form a lattice; the solution is the greatest fixpoint, found by starting with everything and
// taking away until nothing changes. In a loop this means: unless some way into the loop lacks it.
type assignment struct {
	wf    *Workflow
	names map[string]int // ctx names to fact numbers
	size  int

	first       []int // by task: the number of its first transition among all of the file
	transitions int

	order   []*Task // sources before what they lead to, as far as loops allow
	classes [][]class
	against map[*Transition][]*Transition // of the same task, with the opposite condition
	dom     []bitset                      // tasks that dominate a task, itself included
	at      []bitset                      // at the start of each task
	least   []bitset                      // the same where a number join was not reached: the task fails without having run
	end     bitset                        // at the successful end of the run

	reached map[*Task]bitset     // tasks to which there is a way
	before  map[beforeKey]bitset // see reaches
	joined  map[*Task]joined     // see join
	sets    []uint64             // room for the sets of one goal after the other
	budget  int                  // steps left; graphs that need more are taken as fine
	ends    []way                // where branches of a successful run end
	some    []bitset             // facts that hold on some way, see spreadFacts
}

// assignmentBudget bounds the work on one file; ordinary ones need a few thousand steps.
const assignmentBudget = 5_000_000

// way is an arrival: over a transition, or, at the end of the run, by a task after whose success nothing
// is taken.
type way struct {
	from       *Task
	transition *Transition // nil: none is taken
}

func newAssignment(wf *Workflow, names []string) *assignment {
	a := &assignment{wf: wf, names: map[string]int{}, budget: assignmentBudget, against: map[*Transition][]*Transition{},
		reached: map[*Task]bitset{}, before: map[beforeKey]bitset{}, joined: map[*Task]joined{}}
	for _, t := range wf.Tasks {
		a.classes = append(a.classes, classify(t))
		a.first = append(a.first, a.transitions)
		a.transitions += len(t.Next)
		for i, n := range t.Next {
			for _, other := range t.Next[:i] {
				if opposite(other, n) {
					a.against[n] = append(a.against[n], other)
					a.against[other] = append(a.against[other], n)
				}
			}
		}
	}
	for i, name := range names {
		a.names[name] = 2*len(wf.Tasks) + i
	}
	a.size = 2*len(wf.Tasks) + len(names)
	a.order = alongTheWay(wf)
	a.dominators()
	a.solve()
	a.ends = a.branchEnds()
	a.end = a.join(goalOfEnd, a.ends)
	return a
}

// number is the number of a transition among all of the file.
func (a *assignment) number(t *Transition) int { return a.first[t.Task.Index] + t.Index }

func (a *assignment) ran(t *Task) int       { return t.Index }
func (a *assignment) succeeded(t *Task) int { return len(a.wf.Tasks) + t.Index }

// dead tells that a transition is never taken.
func (a *assignment) dead(t *Transition) bool {
	cl := a.classes[t.Task.Index][t.Index]
	return cl.onSuccess == impossible && cl.onFailure == impossible
}

// solve finds the facts at the start of every task.
func (a *assignment) solve() {
	for range a.wf.Tasks {
		a.at = append(a.at, full(a.size))
		a.least = append(a.least, full(a.size))
	}
	for changed := true; changed; {
		changed = false
		for _, t := range a.order {
			at, least := a.entry(t)
			if !at.equal(a.at[t.Index]) || !least.equal(a.least[t.Index]) {
				a.at[t.Index], a.least[t.Index], changed = at, least, true
			}
			a.budget -= len(t.Inbound) + 1
		}
		if a.budget < 0 {
			return
		}
	}
}

// entry gives the facts at the start of a task, from those at its inbound transitions.
func (a *assignment) entry(t *Task) (at, least bitset) {
	if len(t.Inbound) == 0 {
		return newBitset(a.size), newBitset(a.size)
	}
	var ways []way
	for _, in := range t.Inbound {
		if !a.dead(in) {
			ways = append(ways, way{in.Task, in})
		}
	}
	least = full(a.size)
	for _, w := range ways {
		least.intersect(a.along(w))
	}
	switch t.Join.Mode {
	case JoinAll:
		at = a.join(t, ways)
	case JoinCount:
		at = a.counted(t.Join.Count, ways)
	default:
		at = least
	}
	if t.Join.Mode != JoinCount {
		return at, at
	}
	return at, least
}

// along gives the facts that an arrival carries.
func (a *assignment) along(w way) bitset {
	if w.transition == nil {
		return a.leaving(w.from, class{certain, impossible})
	}
	f := a.leaving(w.from, a.classes[w.from.Index][w.transition.Index])
	for _, p := range w.transition.Publish {
		f.add(a.names[p.Name])
	}
	return f
}

// leaving gives the facts after a task has ended, as far as the chances of what is taken tell its outcome.
func (a *assignment) leaving(t *Task, cl class) bitset {
	f := a.at[t.Index].clone()
	if cl.onFailure != impossible {
		f.intersect(a.least[t.Index])
	}
	f.add(a.ran(t))
	f.remove(a.succeeded(t))
	if cl.onFailure == impossible {
		f.add(a.succeeded(t))
	}
	return f
}

// counted: count of the distinct sources have arrived, whichever. A fact holds when fewer than that many
// lack it.
func (a *assignment) counted(count int, ways []way) bitset {
	bySource := map[*Task]bitset{}
	alone := full(a.size) // cleaning up beside the word fail runs without waiting
	for _, w := range ways {
		f := a.along(w)
		if a.cleansUp(w.transition) {
			alone.intersect(f)
		}
		if known, ok := bySource[w.from]; ok {
			known.intersect(f)
		} else {
			bySource[w.from] = f
		}
	}
	lacking := make([]int, a.size)
	for _, f := range bySource {
		for i := range lacking {
			if !f.has(i) {
				lacking[i]++
			}
		}
	}
	at := newBitset(a.size)
	for i, n := range lacking {
		if n < count || n == 0 {
			at.add(i)
		}
	}
	at.intersect(alone)
	return at
}

// joined is what was found out about a join, and from what: passes that change nothing before it need not ask again.
type joined struct {
	carried []bitset
	at      bitset
}

// join gives the facts of a join that waits for all that can come.
func (a *assignment) join(join *Task, ways []way) bitset {
	carried := make([]bitset, len(ways))
	common, open := full(a.size), newBitset(a.size)
	for i, w := range ways {
		carried[i] = a.along(w)
		common.intersect(carried[i])
		open.union(carried[i])
	}
	if known, ok := a.joined[join]; ok && slices.EqualFunc(known.carried, carried, bitset.equal) {
		return known.at.clone()
	}
	open = open.without(common) // what some carry and others do not
	if !open.empty() {
		common.union(a.arrivingWithAll(join, ways, carried, open))
	}
	a.joined[join] = joined{carried, common.clone()}
	return common
}

// arrivingWithAll gives those of the open facts of which a carrier is among the arrivals whichever arrive.
func (a *assignment) arrivingWithAll(join *Task, ways []way, carried []bitset, open bitset) bitset {
	g := a.inevitable(join, ways, carried, open)
	for i, w := range ways {
		lacking := open.without(carried[i])
		if !lacking.empty() {
			open = open.without(lacking.without(a.implied(g, w, lacking)))
		}
		if open.empty() {
			break
		}
	}
	return open
}

func hasWord(t *Transition, word Word) bool {
	if t == nil {
		return false
	}
	for _, target := range t.Do {
		if target.Word == word {
			return true
		}
	}
	return false
}

// branchEnds lists where branches of a successful run can end.
func (a *assignment) branchEnds() []way {
	var ends []way
	for _, t := range a.wf.Tasks {
		for _, n := range t.Next {
			if a.dead(n) || hasWord(n, Fail) {
				continue
			}
			if leadsNowhere(n) && a.endsWell(n) || a.leadsToLoss(n) {
				ends = append(ends, way{t, n})
			}
		}
		if !neverSucceeds(t) && a.quietly(t) {
			ends = append(ends, way{t, nil})
		}
	}
	return ends
}

// leadsToLoss tells whether an arrival over t may be absorbed and nothing else go on for it.
func (a *assignment) leadsToLoss(t *Transition) bool {
	for _, target := range t.Do {
		if target.Task != nil && a.mayBeLost(target.Task) {
			return true
		}
	}
	return false
}

// endsWell: after success always; after failure only when the word noop handles it, or another transition.
func (a *assignment) endsWell(t *Transition) bool {
	if a.classes[t.Task.Index][t.Index].onSuccess != impossible || hasWord(t, Noop) {
		return true
	}
	if t.Task.Follow == FollowFirst {
		return false
	}
	for _, other := range t.Task.Next {
		if a.classes[t.Task.Index][other.Index].onFailure != impossible && handles(other) {
			return true
		}
	}
	return false
}

// quietly tells whether after success of t no transition may be taken.
func (a *assignment) quietly(t *Task) bool {
	for i, n := range t.Next {
		if a.classes[t.Index][i].onSuccess == certain {
			return false
		}
		if len(a.against[n]) > 0 && a.classes[t.Index][i].onSuccess != impossible {
			return false
		}
	}
	return true
}

func leadsNowhere(t *Transition) bool {
	for _, target := range t.Do {
		if target.Task != nil {
			return false
		}
	}
	return true
}

// handles tells whether a failure counts as handled when t is taken.
func handles(t *Transition) bool { return !leadsNowhere(t) || hasWord(t, Noop) }

// neverSucceeds: core.fail does nothing else.
func neverSucceeds(t *Task) bool {
	return t.Action != nil && t.Action.ID == "core.fail" && t.Mock == nil
}
