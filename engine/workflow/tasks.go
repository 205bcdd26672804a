package workflow

import (
	"strings"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// compileCall compiles for_each and with, which are what a result's type may depend on.
func (c *checker) compileCall(w *taskWork, env *expr.Env) {
	w.called = true
	callEnv := c.compileItems(w, env)
	if w.node.With != nil {
		mark := len(c.ds)
		w.task.With = c.see(callEnv, w.node.With)
		c.ds = c.ds[:mark] // taken by compileTask, which sees the last pass only
	}
	if w.dynamic() {
		with := schema.Object("")
		if w.task.With != nil {
			with = w.task.With.Type()
		}
		result := w.task.Action.ResultFor(with)
		if w.task.With != nil && w.task.With.HasSecret() || w.task.With == nil && w.node.With != nil {
			result = anyType
		}
		c.setResult(w, result)
	}
}

// compileItems types the item of a for_each and gives the scope in which each item is done.
func (c *checker) compileItems(w *taskWork, env *expr.Env) *expr.Env {
	n := w.node.ForEach
	if n == nil {
		return env
	}
	f := &ForEach{As: n.As, Continue: n.Continue, ItemType: anyType, ItemResult: w.result}
	w.task.ForEach = f
	mark := len(c.ds)
	f.Items = c.see(env, n.Items)
	c.ds = c.ds[:mark]
	if f.Items != nil {
		f.ItemType, _ = itemType(f.Items.Type())
	}
	return itemEnv(env, f.As, f.ItemType)
}

// itemType is what for_each makes of a list or a map; why tells why it cannot.
func itemType(t *schema.Type) (item *schema.Type, why string) {
	pair := func(value *schema.Type) *schema.Type {
		return schema.Object("", text("key"), schema.Field{Name: "value", Type: value, Required: true})
	}
	switch t.Kind {
	case schema.KindAny:
		return anyType, ""
	case schema.KindList:
		return t.Element(), ""
	case schema.KindMap:
		return pair(t.Element()), ""
	case schema.KindObject:
		var value *schema.Type
		for _, f := range t.Fields {
			value = schema.Join(value, f.Type)
		}
		if value == nil || t.Open {
			value = anyType
		}
		return pair(value), ""
	}
	return anyType, "items must be a list or a map, not " + described(t)
}

// compileTasks compiles what is left of all tasks, in their final scopes.
func (c *checker) compileTasks() {
	for _, w := range c.works {
		c.compileTask(w)
	}
}

func (c *checker) compileTask(w *taskWork) {
	callEnv := c.callEnv(w)
	mark := len(c.ds)
	c.checkWith(w, callEnv)
	if len(c.ds) == mark {
		c.checkReceives(w)
	}
	t, n := w.task, w.node
	if n.Org != nil {
		t.Org = c.see(callEnv, n.Org)
		c.mustBeText(t.Org, n.Org, "org")
		c.noSecret(t.Org, "in org")
	}
	c.compileMock(w, callEnv)
	c.compileRetry(w, callEnv)
	c.checkRedact(w)
	if n.TimeoutPos.IsKnown() && n.Timeout > c.wf.Timeout {
		c.ds.Warnf(n.TimeoutPos, "long-timeout", "the task's timeout (%s) is longer than the workflow's (%s)",
			schema.FormatDuration(n.Timeout), schema.FormatDuration(c.wf.Timeout)).Hint = "raise the workflow's timeout, or lower this one"
	}
	c.compileNext(w)
}

// callEnv is the scope of a task's own values; it compiles for_each and, again, with: their diagnostics
// count now.
func (c *checker) callEnv(w *taskWork) *expr.Env {
	n := w.node.ForEach
	if n == nil {
		return c.env
	}
	f := &ForEach{As: n.As, Continue: n.Continue, ItemType: anyType, ItemResult: w.result}
	w.task.ForEach = f
	if c.byName[f.As] != nil {
		c.ds.Warnf(n.AsPos, "odd-name", "the item is called like the task %s", f.As)
	}
	f.Items = c.see(c.env, n.Items)
	c.noSecret(f.Items, "in for_each")
	if f.Items != nil {
		item, why := itemType(f.Items.Type().AsPresent())
		f.ItemType = item
		if f.Items.Type().Nullable {
			c.ds.Warnf(valuePos(n.Items, f.Items), "may-be-null", "the items may be null here, and then the task fails").Hint = "write coalesce(…, []) where no items are fine"
		}
		if why != "" {
			c.ds.Errorf(valuePos(n.Items, f.Items), "not-a-list", "%s", why).Hint = "to repeat a fixed number of times write items: [1, 2, 3]"
		}
	}
	if n.Concurrency != nil {
		f.Concurrency = c.see(c.env, n.Concurrency)
		least := 1.0
		c.fits(n.Concurrency, f.Concurrency, &schema.Type{Kind: schema.KindInteger, Minimum: &least}, "concurrency")
		c.noSecret(f.Concurrency, "in for_each")
	}
	return itemEnv(c.env, f.As, f.ItemType)
}

func (c *checker) checkWith(w *taskWork, env *expr.Env) {
	t, n := w.task, w.node
	if n.With != nil {
		t.With = c.see(env, n.With)
		if t.Action != nil {
			t.ReadsMapping = readsMapping(t.With, t.Action.IntegrationID())
		}
	}
	switch {
	case t.Action == nil:
		c.noSecret(t.With, "in the inputs of a workflow")
	case t.Action.Core != nil && !t.Action.Core.Secrets:
		c.noSecret(t.With, "in "+t.Action.ID+", which keeps what it is given")
	}
	if w.inputs == nil || n.WithBroken {
		return
	}
	c.checkGiven(given{to: w.callee, what: "input", key: "with", type_: w.inputs, node: n.With, env: env, value: t.With, pos: missingAt(n)})
}

// missingAt is where a missing input is reported: at with, or at what is called.
func missingAt(n *TaskNode) source.Pos {
	switch {
	case n.With != nil:
		return n.With.Pos
	case n.Action != nil:
		return n.Action.Pos
	default:
		return n.Workflow.Pos
	}
}

func (c *checker) mustBeText(t *expr.Template, n *source.Node, what string) {
	if t != nil {
		c.fits(n, t, schema.String(), what)
	}
}

func (c *checker) compileMock(w *taskWork, env *expr.Env) {
	n := w.node.Mock
	if n == nil {
		return
	}
	c.ds.Warnf(n.Pos, "mocked", "%s is mocked: %s is not called", w.task.Name, w.callee).Hint = "remove mock before this goes live"
	w.task.Mock = c.see(env, n)
	c.noSecret(w.task.Mock, "in mock")
	result := n.Lookup("result")
	if w.task.Mock == nil || result == nil {
		return
	}
	made := w.task.Mock.Field("result")
	if ok, why := schema.AssignableTo(made.Type(), w.result); !ok {
		if strings.HasPrefix(why, "needs") {
			why = "it " + why
		}
		c.ds.Warnf(result.Pos, "wrong-mock", "this is not what %s gives: %s", w.callee, why)
	}
}

func (c *checker) compileRetry(w *taskWork, env *expr.Env) {
	n := w.node.Retry
	if n == nil {
		return
	}
	r := n.Retry
	w.task.Retry = &r
	if n.WhenNode != nil {
		r.When = c.seeCondition(retryEnv(env, w.result), n.WhenNode)
		w.task.Retry.When = r.When
	}
}

// checkRedact brings the paths into their full form, and finds those that name nothing.
func (c *checker) checkRedact(w *taskWork) {
	for _, n := range w.node.Redact {
		path := strings.Split(n.Value.(string), ".")
		if path[0] != "with" && path[0] != "result" {
			path = append([]string{"result"}, path...)
		}
		t := w.result
		if path[0] == "with" {
			t = w.inputs
		}
		if name, at := unknownStep(t, path[1:]); name != "" {
			c.ds.Errorf(n.Pos, "unknown-field", "there is no %q in %s", name, at.AsPresent()).Hint = source.DidYouMean(name, at.FieldNames())
			continue
		}
		w.task.Redact = append(w.task.Redact, strings.Join(path, "."))
	}
}

// unknownStep gives the first step of a path that its type does not have. Lists are looked through.
func unknownStep(t *schema.Type, path []string) (string, *schema.Type) {
	for _, step := range path {
		for t != nil && t.Kind == schema.KindList {
			t = t.Element()
		}
		if t == nil || t.Kind != schema.KindObject {
			return "", nil
		}
		f, ok := t.Field(step)
		if !ok {
			if t.Open {
				return "", nil
			}
			return step, t
		}
		t = f.Type
	}
	return "", nil
}

// compileNext compiles the conditions of a task's transitions; what they publish is compiled already.
func (c *checker) compileNext(w *taskWork) {
	var env *expr.Env
	for i, n := range w.node.Next {
		if n.When == nil {
			continue
		}
		if env == nil {
			env = leaveEnv(c.env, w.resultType())
		}
		t := w.task.Next[i]
		t.When = c.seeCondition(env, n.When)
		t.unclear = t.When == nil
	}
	c.checkNeverTaken(w)
}

// checkNeverTaken warns of transitions whose condition is never true, or that stand behind one that always
// holds where only the first is followed.
func (c *checker) checkNeverTaken(w *taskWork) {
	classes := classify(w.task)
	for i, cl := range classes {
		if cl.onSuccess == impossible && cl.onFailure == impossible {
			d := c.ds.Warnf(w.task.Next[i].Pos, "never-taken", "this transition of task %s is never taken", w.task.Name)
			d.Hint = "its condition is never true"
			if w.task.Follow == FollowFirst {
				d.Hint = "follow: first takes one of those before it; write this one further up, or follow: all"
			}
		}
	}
}
