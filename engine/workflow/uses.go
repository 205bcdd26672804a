package workflow

import (
	"fmt"
	"slices"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// place is where expressions stand, for judging the names they use.
type place struct {
	facts bitset
	task  *Task // whose start, or end, it is; nil: the end of the run
	own   bool  // result is the task's own
	won   bool  // the task has succeeded here

	transition *Transition // in which it stands, if what that publishes is set already; nil: none
}

// checkAssignment judges every use of ctx, tasks and result by the facts of its place.
func (c *checker) checkAssignment() {
	a := newAssignment(c.wf, c.boundNames())
	c.assign = a
	for _, w := range c.works {
		start := place{facts: a.at[w.task.Index], task: w.task}
		w.eachTemplate(func(t *expr.Template) { c.usesIn(t, start) })
		c.uses(w.retryWhen(), start)
		c.usesInNext(w.task)
	}
	for _, o := range c.wf.Outputs {
		c.usesIn(o.Value, place{facts: a.end})
	}
}

func (c *checker) usesInNext(t *Task) {
	a := c.assign
	for i, n := range t.Next {
		at := place{facts: a.leaving(t, class{possible, possible}), task: t, own: true}
		c.uses(n.When, at)
		cl := a.classes[t.Index][i]
		at.facts, at.won = a.leaving(t, cl), cl.onFailure == impossible
		for _, p := range n.Publish {
			c.usesIn(p.Value, at)
			at.facts.add(a.names[p.Name])
		}
	}
}

func (c *checker) usesIn(t *expr.Template, at place) {
	if t != nil {
		t.Each(func(p *expr.Program) { c.uses(p, at) })
	}
}

func (c *checker) uses(p *expr.Program, at place) {
	if p == nil {
		return
	}
	refs := p.References()
	said := map[string]bool{}
	for _, ref := range refs {
		message := len(c.ds)
		switch {
		case len(ref.Path) >= 2 && ref.Path[0] == "ctx":
			c.usesName(ref, refs, at)
		case len(ref.Path) >= 2 && ref.Path[0] == "tasks":
			c.usesTask(ref, refs, at)
		case ref.Path[0] == "result" && at.own:
			c.usesResult(ref, refs, at)
		}
		if len(c.ds) > message { // one message for one name of one expression
			if key := c.ds[message].Message; said[key] {
				c.ds = c.ds[:message]
			} else {
				said[key] = true
			}
		}
	}
}

// optional tells whether a use is written so that the name may be missing: with .?, or beside a has(…)
// of the same name in the same expression.
func optional(ref expr.Reference, refs []expr.Reference) bool {
	if ref.Optional {
		return true
	}
	return slices.ContainsFunc(refs, func(other expr.Reference) bool {
		return other.Optional && len(other.Path) >= 2 && slices.Equal(other.Path[:2], ref.Path[:2])
	})
}

func (c *checker) usesName(ref expr.Reference, refs []expr.Reference, at place) {
	name := ref.Path[1]
	fact, bound := c.assign.names[name]
	switch {
	case !bound:
		d := c.ds.Errorf(ref.Pos, "never-set", "nothing publishes %s, so ctx.%s is never set", name, name)
		d.Hint = source.DidYouMean(name, c.boundNames())
		offerPath(d, "ctx", name, source.Suggest(name, c.boundNames()))
		if len(c.bound) == 0 {
			d.Hint = "write publish: {" + name + ": …} in next of a task that comes before"
		}
	case at.facts.has(fact) || optional(ref, refs):
	case !c.possible(at).has(fact):
		c.ds.Errorf(ref.Pos, "never-set", "ctx.%s is never set on any way to here", name).
			Hint = fmt.Sprintf("it is published only in %s: publish it in a task that comes before", c.publishersOf(name))
	default:
		d := c.ds.Errorf(ref.Pos, "may-be-unset", "ctx.%s may not be set here%s", name, c.lacking(fact, at))
		d.Hint = fmt.Sprintf("publish it there too, or write ctx.?%s.orValue(…)", name)
		if none := emptyValue(c.bound[name].current()); none != "" && len(ref.Path) == 2 {
			d.Corrections = append(d.Corrections, source.Correction{At: ref.Pos, Word: "ctx." + name,
				With: fmt.Sprintf("ctx.?%s.orValue(%s)", name, none), Says: "Take " + none + " where it is not set"})
		}
	}
}

// offerPath offers another name behind the dot of a path.
func offerPath(d *source.Diagnostic, root, name, meant string) {
	if meant != "" {
		d.Offer(root+"."+name, root+"."+meant)
	}
}

// emptyValue writes a value of a type that stands for none; "": there is none for it.
func emptyValue(t *schema.Type) string {
	switch t.Kind {
	case schema.KindString:
		return "''"
	case schema.KindInteger:
		return "0"
	case schema.KindNumber:
		return "0.0"
	case schema.KindBoolean:
		return "false"
	case schema.KindList:
		return "[]"
	}
	return ""
}

func (c *checker) usesTask(ref expr.Reference, refs []expr.Reference, at place) {
	name := ref.Path[1]
	t := c.byName[name]
	if t == nil {
		d := c.ds.Errorf(ref.Pos, "never-set", "there is no task %q, so tasks.%s is never set", name, name)
		d.Hint = source.DidYouMean(name, c.names)
		offerPath(d, "tasks", name, source.Suggest(name, c.names))
		return
	}
	if fact := c.assign.ran(t); !at.facts.has(fact) {
		switch {
		case optional(ref, refs):
		case at.task == t && !at.own:
			c.ds.Errorf(ref.Pos, "never-set", "task %s has not run yet where its own inputs are made", name).Hint = "use what a task before gives"
		case !c.possible(at).has(fact):
			c.ds.Errorf(ref.Pos, "never-set", "task %s never runs on any way to here", name).
				Hint = "use only tasks that lead here; to wait for a parallel branch, let both lead to one task"
		default:
			c.ds.Errorf(ref.Pos, "may-be-unset", "task %s may not have run here%s", name, c.lacking(fact, at)).
				Hint = fmt.Sprintf("write tasks.?%s.?result.orValue(…)", name)
		}
		return
	}
	if len(ref.Path) < 3 || ref.Path[2] != "result" || ref.OptionalFrom > 0 || at.facts.has(c.assign.succeeded(t)) || t.ForEach != nil {
		return
	}
	if asks(refs, name) || neverFails(t) {
		return
	}
	c.ds.Warnf(ref.Pos, "may-have-failed", "task %s may have failed on the way here: then its result is null", name).
		Hint = fmt.Sprintf("ask first: tasks.%s.status == 'succeeded' ? … : …", name)
}

// asks tells whether an expression looks at a task's status or error, so that its author knows.
func asks(refs []expr.Reference, task string) bool {
	return slices.ContainsFunc(refs, func(ref expr.Reference) bool {
		return len(ref.Path) >= 3 && ref.Path[0] == "tasks" && ref.Path[1] == task && (ref.Path[2] == "status" || ref.Path[2] == "error")
	})
}

func (c *checker) usesResult(ref expr.Reference, refs []expr.Reference, at place) {
	if at.won || ref.Guard.Succeeded || ref.OptionalFrom > 0 || at.task.ForEach != nil || len(ref.Path) < 2 || neverFails(at.task) {
		return
	}
	if slices.ContainsFunc(refs, func(other expr.Reference) bool { return other.Path[0] == "error" }) {
		return
	}
	c.ds.Warnf(ref.Pos, "may-have-failed", "task %s may have failed here: then result is null", at.task.Name).
		Hint = "write when: succeeded && …"
}

// neverFails: what core.noop is given cannot be wrong, and a mocked result needs nobody.
func neverFails(t *Task) bool {
	return t.Action != nil && t.Action.ID == "core.noop" && t.With == nil && t.ForEach == nil && t.Join.Mode != JoinCount
}

// publishersOf lists the tasks that publish a name.
func (c *checker) publishersOf(name string) string {
	var tasks []string
	for _, p := range c.bound[name].publishers {
		if n := p.work.task.Name; !slices.Contains(tasks, n) {
			tasks = append(tasks, n)
		}
	}
	return orList(tasks)
}

// lacking finds a way that lacks the fact, for the message: back from the place until several ways meet.
func (c *checker) lacking(fact int, at place) string {
	if at.task == nil {
		for _, w := range c.assign.ends {
			if !c.assign.along(w).has(fact) {
				return ": not on the way that ends after " + w.from.Name
			}
		}
		return ""
	}
	seen := map[*Task]bool{}
	for t := at.task; !seen[t]; {
		seen[t] = true
		var short []*Transition
		for _, in := range t.Inbound {
			if !c.assign.dead(in) && !c.assign.along(way{in.Task, in}).has(fact) {
				short = append(short, in)
			}
		}
		if len(short) == 0 {
			return ""
		}
		if len(t.Inbound) > 1 {
			return fmt.Sprintf(": not on the way from %s to %s", short[0].Task.Name, t.Name)
		}
		t = short[0].Task
	}
	return ""
}

// possible gives the facts that hold on some way to the place.
func (c *checker) possible(at place) bitset {
	a := c.assign
	if a.some == nil {
		a.spreadFacts()
	}
	some := newBitset(a.size)
	if at.task != nil {
		some.union(a.some[at.task.Index])
		if at.own {
			some.add(a.ran(at.task))
		}
		return some
	}
	for _, w := range a.ends {
		some.union(a.some[w.from.Index])
		some.add(a.ran(w.from))
		if w.transition != nil {
			for _, p := range w.transition.Publish {
				some.add(a.names[p.Name])
			}
		}
	}
	return some
}

// spreadFacts finds the facts that can hold at the start of each task on some way.
func (a *assignment) spreadFacts() {
	for range a.wf.Tasks {
		a.some = append(a.some, newBitset(a.size))
	}
	for changed := true; changed; {
		changed = false
		for _, t := range a.order {
			before := a.some[t.Index].clone()
			for _, in := range t.Inbound {
				a.some[t.Index].union(a.some[in.Task.Index])
				a.some[t.Index].add(a.ran(in.Task))
				for _, p := range in.Publish {
					a.some[t.Index].add(a.names[p.Name])
				}
			}
			changed = changed || !before.equal(a.some[t.Index])
		}
	}
}
