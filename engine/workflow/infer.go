package workflow

import (
	"maps"
	"slices"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// Types of published names. A name has one type in the whole workflow: the join of what its publishers
// give. Publishers use other names, so they are compiled in the order of what they mention; where that
// runs in a circle (count: ctx.count + 1), the name takes the type of those publishers that are outside
// of the circle, and is any when there are none, or when the result contradicts.

// binding is a published name.
type binding struct {
	name       string
	publishers []*publisher // file order
	typ        *schema.Type // nil: not known yet
	assumed    bool         // typ comes from only some of the publishers
}

// publisher is one place that publishes a name.
type publisher struct {
	work     *taskWork
	index    int // of the transition
	node     NamedNode
	mentions *mentions
	value    *expr.Template
	typ      *schema.Type
	ds       source.Diagnostics
	done     bool
}

// current is the type for the scope: any while it is not known.
func (b *binding) current() *schema.Type {
	if b.typ == nil {
		return anyType
	}
	return b.typ
}

func (c *checker) boundNames() []string { return slices.Sorted(maps.Keys(c.bound)) }

func (c *checker) collectBindings() {
	c.bound = map[string]*binding{}
	for _, w := range c.works {
		for i, t := range w.node.Next {
			for _, n := range t.Publish {
				b := c.bound[n.Name]
				if b == nil {
					b = &binding{name: n.Name}
					c.bound[n.Name] = b
				}
				b.publishers = append(b.publishers, &publisher{work: w, index: i, node: n, mentions: mentionsOf(n.Value)})
			}
		}
	}
}

// inferTypes types all published names and all results, compiling what is published on the way.
func (c *checker) inferTypes() {
	c.collectBindings()
	given := map[string]*schema.Type{}
	for range 3 {
		in := &inference{checker: c, given: given}
		in.run()
		wrong := in.contradictions()
		if len(wrong) == 0 {
			break
		}
		for name, t := range wrong {
			if given[name] != nil {
				t = anyType
			}
			given[name] = t
		}
		c.forget()
	}
	c.keepPublished()
	c.warnOfTypes()
}

// forget goes back to before the inference.
func (c *checker) forget() {
	for _, b := range c.bound {
		b.typ, b.assumed = nil, false
		for _, p := range b.publishers {
			p.done, p.ds, p.value, p.typ = false, nil, nil, nil
		}
	}
}

// keepPublished puts the compiled values into the transitions and takes their diagnostics.
func (c *checker) keepPublished() {
	for _, w := range c.works {
		for i, t := range w.node.Next {
			for _, n := range t.Publish {
				p := c.publisherOf(n, w, i)
				c.ds.Add(p.ds...)
				c.noSecret(p.value, "in publish")
				into := w.task.Next[i]
				into.Publish = append(into.Publish, Named{Name: n.Name, Value: p.value, Pos: n.Pos})
			}
		}
	}
}

func (c *checker) publisherOf(n NamedNode, w *taskWork, index int) *publisher {
	for _, p := range c.bound[n.Name].publishers {
		if p.work == w && p.index == index {
			return p
		}
	}
	return nil
}

func (c *checker) warnOfTypes() {
	for _, name := range c.boundNames() {
		publishers := c.bound[name].publishers
		var seen *schema.Type
		for i, p := range publishers {
			j := schema.Join(seen, p.typ)
			if seen != nil && j.Kind == schema.KindAny && seen.Kind != schema.KindAny && p.typ.Kind != schema.KindAny {
				c.ds.Warnf(p.node.Pos, "two-types", "%s is %s here and %s in task %s, so that its uses are checked only when they run",
					name, p.typ, seen, publishers[i-1].work.task.Name).Hint = "publish one type under one name"
				break
			}
			seen = j
		}
	}
}

// inference is one pass over all publishers and all tasks whose result depends on their inputs.
type inference struct {
	*checker
	given map[string]*schema.Type // types found by the pass before

	publishers []*publisher
	dynamic    []*taskWork
	leave      map[*taskWork]*expr.Env
}

func (in *inference) run() {
	for _, name := range in.boundNames() {
		b := in.bound[name]
		if t := in.given[name]; t != nil {
			b.typ, b.assumed = t, true
		}
		in.publishers = append(in.publishers, b.publishers...)
	}
	for _, w := range in.works {
		if w.dynamic() {
			in.dynamic = append(in.dynamic, w)
			w.called, w.result, w.task.ResultType = false, nil, nil
		}
	}
	for {
		in.env = in.flowEnv()
		if len(in.publishers) == 0 && len(in.dynamic) == 0 {
			return
		}
		if !in.step() {
			in.assume()
		}
	}
}

// step compiles everything whose mentions have their types.
func (in *inference) step() bool {
	in.leave = map[*taskWork]*expr.Env{}
	before := len(in.publishers) + len(in.dynamic)
	ready := func(w *taskWork) bool { return in.known(w.calls) }
	for _, w := range in.dynamic {
		if ready(w) {
			in.compileCall(w, in.env)
		}
	}
	publishers := in.publishers
	in.publishers = nil
	for _, p := range publishers {
		if p.work.result != nil && !in.callPending(p.work) && in.known(p.mentions) {
			in.compilePublisher(p)
		} else {
			in.publishers = append(in.publishers, p)
		}
	}
	in.dynamic = slices.DeleteFunc(in.dynamic, func(w *taskWork) bool { return w.called })
	in.settle()
	return len(in.publishers)+len(in.dynamic) < before
}

// callPending: the task's result got its type in this very step, and the environment lacks it.
func (in *inference) callPending(w *taskWork) bool { return slices.Contains(in.dynamic, w) }

func (in *inference) known(m *mentions) bool {
	for name, b := range in.bound {
		if b.typ == nil && (m.wholeCtx || m.ctx[name]) {
			return false
		}
	}
	for _, w := range in.dynamic {
		if m.wholeTasks || m.tasks[w.task.Name] {
			return false
		}
	}
	return true
}

func (in *inference) compilePublisher(p *publisher) {
	env := in.leave[p.work]
	if env == nil {
		env = leaveEnv(in.env, p.work.resultType())
		in.leave[p.work] = env
	}
	p.value, p.ds = env.CompileTemplate(p.node.Value)
	p.done, p.typ = true, anyType
	if p.value != nil && !p.value.HasSecret() {
		p.typ = p.value.Type()
	}
}

// settle types the names of which every publisher is compiled.
func (in *inference) settle() {
	for _, b := range in.bound {
		if b.typ == nil {
			if t, all := b.join(); all {
				b.typ = t
			}
		}
	}
}

// join joins what is compiled; all tells that this is everything.
func (b *binding) join() (t *schema.Type, all bool) {
	all = true
	for _, p := range b.publishers {
		if p.done {
			t = schema.Join(t, p.typ)
		} else {
			all = false
		}
	}
	return t, all
}

// assume breaks a circle: names that some publisher outside of it types take that type, else one name,
// or one result, is any.
func (in *inference) assume() {
	found := false
	for _, b := range in.bound {
		if b.typ != nil {
			continue
		}
		if t, _ := b.join(); t != nil {
			b.typ, b.assumed, found = t, true, true
		}
	}
	if found {
		return
	}
	if len(in.dynamic) > 0 {
		w := in.dynamic[0]
		in.compileCall(w, in.env)
		in.dynamic = in.dynamic[1:]
		return
	}
	for _, name := range in.boundNames() {
		if b := in.bound[name]; b.typ == nil {
			b.typ = anyType
			return
		}
	}
	for _, p := range in.publishers { // cannot happen: with all names typed, everything is ready
		in.compilePublisher(p)
	}
	in.publishers = nil
}

// contradictions gives the names whose publishers together have another type than was assumed.
func (in *inference) contradictions() map[string]*schema.Type {
	wrong := map[string]*schema.Type{}
	for name, b := range in.bound {
		if t, _ := b.join(); b.assumed && b.typ.Kind != schema.KindAny && !t.Equal(b.typ) {
			wrong[name] = schema.Join(t, b.typ)
		}
	}
	return wrong
}
