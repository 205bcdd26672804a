package workflow

import (
	"strconv"

	"gantry/expr"
	"gantry/schema"
)

// Presence tells whether something that may not be there is there.
type Presence int

// What can be told of tasks that may have run and names that may be set. The zero value is what is not known.
const (
	Perhaps Presence = iota
	Surely
	Never
)

// Scope is what the expressions at a place see.
type Scope struct {
	Env *expr.Env

	a  *Analysis
	at place
}

// Scope gives what expressions see at a place of the text: its keys and, in lists, its indexes from the root on, such
// as tasks, get, next, 0, when. false: no expression stands there.
func (a *Analysis) Scope(path ...string) (Scope, bool) {
	if a.c == nil || len(path) < 2 {
		return Scope{}, false
	}
	c := a.c
	switch path[0] {
	case "vars":
		return Scope{Env: c.start}, true
	case "concurrency":
		return Scope{Env: c.concurrencyEnv()}, path[1] == "key"
	case "outputs":
		return a.flowScope(c.whole(), place{}), true
	case "on_failure":
		return Scope{Env: c.failedEnv()}, path[1] == "with"
	case "triggers":
		return a.triggerScope(path[1], path[2:])
	case "tasks":
		for i, n := range c.def.Tasks {
			if n.Name == path[1] {
				return a.taskScope(c.works[i], path[2:])
			}
		}
	}
	return Scope{}, false
}

func (a *Analysis) flowScope(env *expr.Env, at place) Scope { return Scope{Env: env, a: a, at: at} }

func (a *Analysis) taskScope(w *taskWork, path []string) (Scope, bool) {
	if len(path) == 0 {
		return Scope{}, false
	}
	env, call := a.c.whole(), a.c.whole()
	if n := w.node.ForEach; n != nil {
		call = itemEnv(env, n.As, a.itemOf(w))
	}
	at := place{task: w.task}
	switch path[0] {
	case "with", "org", "mock":
		return a.flowScope(call, at), true
	case "for_each":
		return a.flowScope(env, at), len(path) == 1 || path[1] == "items" || path[1] == "concurrency"
	case "retry":
		return a.flowScope(retryEnv(call, w.result), at), len(path) > 1 && path[1] == "when"
	case "next":
		at.own = true
		return a.leavingScope(w, leaveEnv(env, w.resultType()), at, path[1:])
	}
	return Scope{}, false
}

// itemOf is the type of a for_each's item.
func (a *Analysis) itemOf(w *taskWork) *schema.Type {
	if a.judged {
		return w.task.ForEach.ItemType
	}
	if w.node.ForEach.Items == nil {
		return anyType
	}
	items, _ := a.c.env.CompileTemplate(w.node.ForEach.Items)
	if items == nil {
		return anyType
	}
	item, _ := itemType(items.Type().AsPresent())
	return item
}

// leavingScope is that of a transition, which may stand alone or in a list.
func (a *Analysis) leavingScope(w *taskWork, env *expr.Env, at place, path []string) (Scope, bool) {
	index := 0
	if len(path) > 0 {
		if i, err := strconv.Atoi(path[0]); err == nil {
			index, path = i, path[1:]
		}
	}
	if len(path) == 0 || path[0] != "when" && path[0] != "publish" {
		return Scope{}, false
	}
	if path[0] == "publish" && index < len(w.task.Next) {
		at.transition = w.task.Next[index]
	}
	return a.flowScope(env, at), true
}

func (a *Analysis) triggerScope(index string, path []string) (Scope, bool) {
	i, err := strconv.Atoi(index)
	list := a.c.def.Root.Lookup("triggers")
	if err != nil || list == nil || i < 0 || i >= len(list.Items) || len(path) == 0 {
		return Scope{}, false
	}
	var t *triggerCheck
	for _, checked := range a.c.triggers {
		if checked.node.Settings == list.Items[i] {
			t = checked
		}
	}
	if t == nil {
		return Scope{}, false
	}
	switch path[0] {
	case "when", "inputs", "vars":
		return Scope{Env: t.env}, true
	case "with":
		return Scope{Env: pollEnv(a.c.org)}, t.node.Type.Name == "poll"
	case "response":
		if t.trigger.Webhook == nil {
			return Scope{}, false
		}
		return Scope{Env: t.responseEnv(t.trigger.Webhook, t.event[0].Type)}, true
	}
	return Scope{}, false
}

// wholeEnv is the scope of the flow with all tasks and names of the file, not only those that it mentions.
func (c *checker) wholeEnv() *expr.Env {
	ctx, tasks := schema.Object("gantry.Published"), schema.Object("gantry.Tasks")
	for _, name := range c.boundNames() {
		ctx.Fields = append(ctx.Fields, schema.Field{Name: name, Type: c.bound[name].current(), Required: true})
	}
	for i, t := range c.wf.Tasks {
		if identifier.MatchString(t.Name) && c.byName[t.Name] == t {
			tasks.Fields = append(tasks.Fields, schema.Field{Name: t.Name, Type: c.taskFacts(c.works[i]), Required: true})
		}
	}
	return c.base.With(expr.Variable{Name: "ctx", Type: ctx}, expr.Variable{Name: "tasks", Type: tasks})
}

// Task tells whether a task has run where the scope is.
func (s Scope) Task(name string) Presence {
	if s.a == nil {
		return Perhaps
	}
	t := s.a.c.byName[name]
	if t == nil {
		return Never
	}
	if s.a.c.assign == nil {
		return s.a.ledTo(t, s.at)
	}
	if s.at.own && t == s.at.task {
		return Surely
	}
	return s.a.presence(s.a.c.assign.ran(t), s.at)
}

// Name tells whether a published name is set where the scope is.
func (s Scope) Name(name string) Presence {
	if s.a == nil || s.a.c.assign == nil {
		return Perhaps
	}
	fact, bound := s.a.c.assign.names[name]
	if !bound {
		return Never
	}
	if t := s.at.transition; t != nil {
		for _, p := range t.Publish {
			if p.Name == name {
				return Surely
			}
		}
	}
	return s.a.presence(fact, s.at)
}

func (a *Analysis) presence(fact int, at place) Presence {
	a.judging.Lock()
	defer a.judging.Unlock()
	at.facts = a.c.assign.end
	if at.task != nil {
		at.facts = a.c.assign.at[at.task.Index]
	}
	switch {
	case at.facts.has(fact):
		return Surely
	case a.c.possible(at).has(fact):
		return Perhaps
	}
	return Never
}

// ledTo tells, where the ways are not judged because some of them are wrong, whether one leads from a task to a place.
func (a *Analysis) ledTo(t *Task, at place) Presence {
	if at.task == nil {
		return Perhaps
	}
	reached := newBitset(len(a.c.wf.Tasks))
	for _, n := range t.Next {
		for _, target := range n.Do {
			if target.Task != nil {
				spread(target.Task, reached)
			}
		}
	}
	if reached.has(at.task.Index) || at.own && t == at.task {
		return Perhaps
	}
	return Never
}

// Inputs gives what the callee of a task takes; nil where it is not known.
func (a *Analysis) Inputs(task string) *schema.Type {
	if a.c == nil {
		return nil
	}
	for _, w := range a.c.works {
		if w.task.Name == task {
			return w.inputs
		}
	}
	return nil
}

// VarsType gives the workflow's own variables; nil: it has none.
func (a *Analysis) VarsType() *schema.Type {
	switch {
	case a.c == nil || a.c.def.Vars == nil:
		return nil
	case a.c.wf.Vars != nil:
		return a.c.wf.Vars.Type()
	}
	return anyFields(a.c.def.Vars.Data())
}

// InputsType gives the workflow's declared inputs; nil where nothing could be read.
func (a *Analysis) InputsType() *schema.Type {
	if a.c == nil {
		return nil
	}
	return a.c.wf.InputsType
}
