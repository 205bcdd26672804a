package workflow

import (
	"slices"
	"strings"

	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

// taskWork is a task while it is checked.
type taskWork struct {
	task *Task
	node *TaskNode

	callee string       // for messages: "halo.get_ticket"
	inputs *schema.Type // of the callee; nil: not known, so nothing is said about with
	result *schema.Type // of one call; nil: not known yet (its type depends on with)
	calls  *mentions    // what for_each and with mention

	called bool // for_each and with are compiled
}

// dynamic tells that the result's type depends on the inputs (core.set).
func (w *taskWork) dynamic() bool {
	a := w.task.Action
	return a != nil && a.Core != nil && a.Core.ResultFor != nil
}

// resultType is the type of tasks.x.result as far as it is known.
func (w *taskWork) resultType() *schema.Type {
	if w.task.ResultType == nil {
		return anyType
	}
	return w.task.ResultType
}

var anyType = schema.Any()

// setResult notes the type of one call's result and with it that of the task.
func (c *checker) setResult(w *taskWork, t *schema.Type) {
	if t == nil {
		t = anyType
	}
	w.result, w.task.ResultType = t, t
	switch {
	case w.node.ForEach == nil:
	case w.dynamic():
		w.task.ResultType = itemResultType(t)
	default:
		w.task.ResultType = memoised(&c.world.shared.itemResult, t, itemResultType)
	}
}

// itemResultType is a for_each's result.
func itemResultType(result *schema.Type) *schema.Type {
	return schema.ListOf(schema.Object("",
		schema.Field{Name: "status", Type: statusType, Required: true},
		schema.Field{Name: "result", Type: result, Required: true},
		schema.Field{Name: "error", Type: nullableError, Required: true},
	))
}

// resolveCalls finds what each task calls.
func (c *checker) resolveCalls() {
	for i, n := range c.def.Tasks {
		w := &taskWork{task: c.wf.Tasks[i], node: n}
		c.works = append(c.works, w)
		switch {
		case n.Action != nil:
			c.resolveAction(w)
		case n.Workflow != nil:
			c.resolveWorkflow(w)
		}
		if w.result == nil && !w.dynamic() {
			c.setResult(w, anyType)
		}
		if w.dynamic() {
			w.calls = mentionsOf(callNodes(n)...)
		}
		c.checkOverride(w)
	}
}

func callNodes(n *TaskNode) []*source.Node {
	nodes := []*source.Node{n.With}
	if n.ForEach != nil {
		nodes = append(nodes, n.ForEach.Items)
	}
	return nodes
}

func (c *checker) resolveAction(w *taskWork) {
	n := w.node.Action
	id := n.Value.(string)
	a, ok := c.world.Catalogue.Action(id)
	if !ok {
		d := c.ds.Errorf(n.Pos, "unknown-action", "there is no action %q", id)
		d.Hint = actionHint(id, c.world.Catalogue.ActionIDs())
		offerActions(d, id, c.world.Catalogue.ActionIDs())
		return
	}
	if a.Deprecated != "" {
		c.ds.Warnf(n.Pos, "deprecated-action", "%s is deprecated", id).Hint = a.Deprecated
	}
	w.task.Action, w.callee, w.inputs = a, id, a.InputType()
	if !w.dynamic() {
		c.setResult(w, a.Result)
	}
	c.writtenResult(w, a)
}

// actionHint guesses what was meant; a name without its integration may be one of several.
func actionHint(id string, known []string) string {
	if hint := source.DidYouMean(id, known); hint != "" {
		return hint
	}
	if ending := endingIn(id, known); len(ending) > 0 {
		return "did you mean " + orList(ending) + "?"
	}
	return "gantry actions list shows them all"
}

// endingIn gives the actions of all integrations that have a name.
func endingIn(name string, known []string) (ending []string) {
	for _, k := range known {
		if strings.HasSuffix(k, "."+name) {
			ending = append(ending, k)
		}
	}
	return ending
}

func offerActions(d *source.Diagnostic, id string, known []string) {
	if meant := source.Suggest(id, known); meant != "" {
		d.Offer(id, meant)
		return
	}
	for _, k := range endingIn(id, known) {
		d.Offer(id, k)
	}
}

func (c *checker) resolveWorkflow(w *taskWork) {
	n := w.node.Workflow
	id := n.Value.(string)
	w.callee, w.task.SubWorkflow = id, id
	sig := c.signature(n)
	if sig == nil {
		return
	}
	if id == c.def.ID {
		c.ds.Warnf(n.Pos, "calls-itself", "this workflow calls itself").Hint = "see to it that some way ends without the call; for lists use for_each"
	}
	w.inputs = schema.Object("", sig.Inputs...)
	w.task.SubInputs = w.inputs
	c.setResult(w, sig.Output)
}

// signature finds another workflow, or reports that there is none. It is nil as well for one that is
// there and cannot be read: that is reported by LoadAll.
func (c *checker) signature(n *source.Node) *Signature {
	id := n.Value.(string)
	if c.world.Workflow != nil {
		if sig, ok := c.world.Workflow(id); ok {
			return sig
		}
	}
	var known []string
	if c.world.WorkflowIDs != nil {
		known = c.world.WorkflowIDs()
	}
	c.ds.Errorf(n.Pos, "unknown-workflow", "there is no workflow %q", id).Meant(id, known)
	return nil
}

func (c *checker) checkOverride(w *taskWork) {
	if w.node.Integration == nil || w.task.Action == nil {
		return
	}
	if !w.task.Action.NeedsInstance() {
		c.ds.Errorf(w.node.IntegrationPos, "no-integration", "%s uses no integration, so there is none to choose", w.callee).Hint = "remove integration"
	}
}

// overrides reads a trigger's choices of instances.
func (c *checker) overrides(nodes []OverrideNode) map[string]*orgs.Override {
	if len(nodes) == 0 {
		return nil
	}
	known := c.world.Catalogue.IntegrationIDs()
	m := map[string]*orgs.Override{}
	for _, n := range nodes {
		if !slices.Contains(known, n.Integration) {
			c.ds.Errorf(n.Pos, "unknown-integration", "there is no integration %q", n.Integration).Meant(n.Integration, known)
			continue
		}
		m[n.Integration] = n.Override
	}
	return m
}
