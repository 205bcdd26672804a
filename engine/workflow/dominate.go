package workflow

import "slices"

// dominators finds, for each task, the tasks through which every way from a start to it leads.
func (a *assignment) dominators() {
	n := len(a.wf.Tasks)
	for _, t := range a.wf.Tasks {
		d := full(n)
		if len(t.Inbound) == 0 {
			d = newBitset(n)
			d.add(t.Index)
		}
		a.dom = append(a.dom, d)
	}
	for changed := true; changed; {
		changed = false
		for _, t := range a.order {
			if len(t.Inbound) == 0 {
				continue
			}
			d := full(n)
			for _, in := range t.Inbound {
				d.intersect(a.dom[in.Task.Index])
			}
			d.add(t.Index)
			if !d.equal(a.dom[t.Index]) {
				a.dom[t.Index], changed = d, true
			}
		}
	}
}

// alongTheWay orders the tasks so that what is found out flows through the graph in few passes: reverse
// postorder from the starts. What no start leads to comes last.
func alongTheWay(wf *Workflow) []*Task {
	seen := newBitset(len(wf.Tasks))
	var done []*Task
	visit := func(start *Task) {
		type step struct {
			task *Task
			next []*Task
		}
		if seen.has(start.Index) {
			return
		}
		seen.add(start.Index)
		path := []step{{start, targetsOf(start)}}
		for len(path) > 0 {
			at := &path[len(path)-1]
			if len(at.next) == 0 {
				done = append(done, at.task)
				path = path[:len(path)-1]
				continue
			}
			t := at.next[0]
			at.next = at.next[1:]
			if !seen.has(t.Index) {
				seen.add(t.Index)
				path = append(path, step{t, targetsOf(t)})
			}
		}
	}
	for _, t := range slices.Backward(wf.Start) {
		visit(t)
	}
	order := slices.Clone(done)
	slices.Reverse(order)
	for _, t := range wf.Tasks {
		if !seen.has(t.Index) {
			order = append(order, t)
		}
	}
	return order
}

// targetsOf gives the tasks to which t's transitions lead.
func targetsOf(t *Task) []*Task {
	var tasks []*Task
	for _, n := range t.Next {
		for _, target := range n.Do {
			if target.Task != nil {
				tasks = append(tasks, target.Task)
			}
		}
	}
	return tasks
}

// reachedFrom gives the tasks to which there is a way from t, t itself only by a loop.
func (a *assignment) reachedFrom(t *Task) bitset {
	if known, ok := a.reached[t]; ok {
		return known
	}
	r := newBitset(len(a.wf.Tasks))
	for _, target := range targetsOf(t) {
		spread(target, r)
	}
	a.reached[t] = r
	return r
}

type beforeKey struct{ to, avoiding *Task }

// reaches gives the tasks from which there is a way to `to` that does not pass the other one.
func (a *assignment) reaches(to, avoiding *Task) bitset {
	key := beforeKey{to, avoiding}
	if known, ok := a.before[key]; ok {
		return known
	}
	r := newBitset(len(a.wf.Tasks))
	r.add(to.Index)
	todo := []*Task{to}
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, in := range t.Inbound {
			a.budget--
			if from := in.Task; from != avoiding && !r.has(from.Index) {
				r.add(from.Index)
				todo = append(todo, from)
			}
		}
	}
	a.before[key] = r
	return r
}

// blocked gives the tasks through which a way to the join does not count: itself, and joins that could
// wait for it and stand later in the file (flow lets the earlier of two that wait for each other go).
func (a *assignment) blocked(join *Task) bitset {
	b := newBitset(len(a.wf.Tasks))
	if join == nil {
		return b
	}
	b.add(join.Index)
	reached := a.reachedFrom(join)
	if !reached.has(join.Index) {
		return b // no loop: nothing behind it leads back
	}
	for _, t := range a.wf.Tasks[join.Index+1:] {
		if reached.has(t.Index) && (t.Join.Mode == JoinAll || t.Join.Mode == JoinCount) && a.reachedFrom(t).has(join.Index) {
			b.add(t.Index)
		}
	}
	return b
}

// passesBlocked tells whether a way from d (nil: the start of the run) to the task may pass a join for
// which g's does not wait. Ways through g's join itself belong to its next round.
func (g *goal) passesBlocked(d, to *Task) bool {
	if g.join == nil || !g.hasOthers() {
		return false
	}
	before := newBitset(len(g.a.wf.Tasks)) // of the task, without passing d or the join
	before.add(to.Index)
	for todo := []*Task{to}; len(todo) > 0; {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, in := range t.Inbound {
			if from := in.Task; from != d && from != g.join && !before.has(from.Index) {
				before.add(from.Index)
				todo = append(todo, from)
			}
		}
	}
	behind := g.behind(d)
	found := false
	g.blocked.each(func(i int) {
		if k := g.a.wf.Tasks[i]; k != g.join && k != d && before.has(i) && behind.has(i) {
			found = true
		}
	})
	return found
}

// hasOthers tells whether joins other than g's own are blocked.
func (g *goal) hasOthers() bool {
	n := 0
	g.blocked.each(func(int) { n++ })
	return n > 1
}

// behind gives the tasks to which there is a way from d (nil: from a start) that does not pass the join.
func (g *goal) behind(d *Task) bitset {
	reached := newBitset(len(g.a.wf.Tasks))
	todo := g.a.wf.Start
	if d != nil {
		todo = targetsOf(d)
	}
	for todo = slices.Clone(todo); len(todo) > 0; {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		g.a.budget--
		if t != g.join && !reached.has(t.Index) {
			reached.add(t.Index)
			todo = append(todo, targetsOf(t)...)
		}
	}
	return reached
}
