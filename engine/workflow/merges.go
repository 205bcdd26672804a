package workflow

import (
	"slices"

	"gantry/expr"
)

// merges.go warns of names that two ways publish side by side and that then meet: the publisher later in
// the file wins there. Two publications meet when neither comes before the other, both lead to the same
// join (or to the end of the run, for names that outputs use), and some task sends ways to both at once.

const maxMergePairs = 100 // of one name

type publication struct {
	transition *Transition
	named      Named
}

func (c *checker) checkMerges() {
	used := c.namesInOutputs()
	for _, name := range c.boundNames() {
		var all []publication
		for _, t := range c.wf.Tasks {
			for _, n := range t.Next {
				if i := slices.IndexFunc(n.Publish, func(p Named) bool { return p.Name == name }); i >= 0 && !c.assign.dead(n) {
					all = append(all, publication{n, n.Publish[i]})
				}
			}
		}
		c.warnOfMerges(all, used[name])
	}
}

func (c *checker) namesInOutputs() map[string]bool {
	used := map[string]bool{}
	for _, o := range c.wf.Outputs {
		if o.Value == nil {
			continue
		}
		o.Value.Each(func(p *expr.Program) {
			for _, ref := range p.References() {
				if len(ref.Path) >= 2 && ref.Path[0] == "ctx" {
					used[ref.Path[1]] = true
				}
			}
		})
	}
	return used
}

// warnOfMerges warns once for each publication that wins over an earlier one.
func (c *checker) warnOfMerges(all []publication, atEnd bool) {
	pairs := 0
	for k, winner := range all {
		for _, loser := range all[:k] {
			if pairs++; pairs > maxMergePairs {
				return
			}
			if where := c.meet(loser.transition, winner.transition, atEnd); where != "" {
				c.ds.Warnf(winner.named.Pos, "merged-name", "%s is published here and in task %s (line %d), and both can come together %s: this value wins there",
					winner.named.Name, loser.transition.Task.Name, loser.named.Pos.Line, where).
					Hint = "of branches that meet, the task later in the file wins; publish under two names if both are wanted"
				break
			}
		}
	}
}

// meet tells where two publications come together, "" if they never do.
func (c *checker) meet(p, q *Transition, atEnd bool) string {
	if c.leadsTo(p, q.Task) || c.leadsTo(q, p.Task) || !c.sideBySide(p, q) {
		return ""
	}
	for _, j := range c.wf.Tasks {
		if len(j.Inbound) > 1 && (j.Join.Mode == JoinAll || j.Join.Mode == JoinCount) && c.leadsTo(p, j) && c.leadsTo(q, j) {
			return "at task " + j.Name
		}
	}
	if atEnd {
		return "at the end of the run"
	}
	return ""
}

// leadsTo tells whether there is a way from a transition to a task.
func (c *checker) leadsTo(t *Transition, to *Task) bool {
	for _, target := range t.Do {
		if target.Task != nil && (target.Task == to || c.assign.reachedFrom(target.Task).has(to.Index)) {
			return true
		}
	}
	return false
}

// sideBySide tells whether both can be on the way at once: some task behind the last one that comes
// before both sends a way to each, or two starts do.
func (c *checker) sideBySide(p, q *Transition) bool {
	if p.Task == q.Task {
		return c.assign.bothTaken(p, q)
	}
	common := c.assign.dom[p.Task.Index].clone()
	common.intersect(c.assign.dom[q.Task.Index])
	last := c.last(common)
	if last == nil && c.startsSplit(p, q) {
		return true
	}
	for _, f := range c.wf.Tasks {
		if (last == nil || c.assign.dom[f.Index].has(last.Index)) && c.forks(f, p, q) {
			return true
		}
	}
	return false
}

// last gives the task of a set of dominators that all others of it dominate.
func (c *checker) last(common bitset) *Task {
	var last *Task
	common.each(func(i int) {
		if last == nil || c.assign.dom[i].has(last.Index) {
			last = c.wf.Tasks[i]
		}
	})
	return last
}

func (c *checker) startsSplit(p, q *Transition) bool {
	for _, s := range c.wf.Start {
		for _, other := range c.wf.Start {
			if s != other && c.comesTo(s, p) && c.comesTo(other, q) {
				return true
			}
		}
	}
	return false
}

// forks tells whether f can send one way to p and another to q.
func (c *checker) forks(f *Task, p, q *Transition) bool {
	for _, m := range f.Next {
		for _, n := range f.Next {
			if m != n && !c.assign.bothTaken(m, n) {
				continue
			}
			for _, t := range heads(m, p) {
				for _, u := range heads(n, q) {
					if (m != n || t != u) && (t == nil || c.comesTo(t, p)) && (u == nil || c.comesTo(u, q)) {
						return true
					}
				}
			}
		}
	}
	return false
}

// heads are the tasks that a transition starts; nil stands for the transition itself when it is the one
// that publishes.
func heads(m, publishing *Transition) []*Task {
	if m == publishing {
		return []*Task{nil}
	}
	var tasks []*Task
	for _, target := range m.Do {
		if target.Task != nil {
			tasks = append(tasks, target.Task)
		}
	}
	return tasks
}

func (c *checker) comesTo(t *Task, p *Transition) bool {
	return t == p.Task || c.assign.reachedFrom(t).has(p.Task.Index)
}
