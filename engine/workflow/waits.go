package workflow

import (
	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// The actions that wait for somebody outside. Their tasks have addresses: run.links.<task>.
const (
	askAction     = "core.ask"
	webhookAction = "core.wait_for_webhook"
)

// maxWaitBody is the largest body that a wait takes: no larger one could be kept as a result.
const maxWaitBody = 2 << 20

// Waits tells what a task waits for from outside: actions.ForAnswer, actions.ForWebhook, or "" for nothing.
func (t *Task) Waits() string {
	switch {
	case t.Action == nil:
		return ""
	case t.Action.ID == askAction:
		return actions.ForAnswer
	case t.Action.ID == webhookAction:
		return actions.ForWebhook
	}
	return ""
}

// HasWaits tells whether any task waits for somebody outside.
func (w *Workflow) HasWaits() bool {
	for _, t := range w.Tasks {
		if t.Waits() != "" {
			return true
		}
	}
	return false
}

// writtenResult types what follows from how the inputs are written.
func (c *checker) writtenResult(w *taskWork, a *actions.Action) {
	if a.Core == nil || a.Core.ResultWritten == nil {
		return
	}
	c.setResult(w, a.Core.ResultWritten(w.node.With, &c.ds))
}

// checkReceives reads how a wait for a webhook takes requests: it must be known before the task begins.
func (c *checker) checkReceives(w *taskWork) {
	with := w.node.With
	if w.task.Waits() != actions.ForWebhook || with == nil || with.Kind != source.Map {
		return
	}
	if w.task.With != nil {
		if _, static := w.task.With.Static(); !static {
			c.ds.Errorf(with.Pos, "not-constant", "how %s takes requests must be written out, not an expression", webhookAction).
				Hint = "a request may come before the task begins; the secret of verify is the name of a variable"
			return
		}
	}
	declared := schema.Object("", webhookTrigger().Settings...)
	kind := &triggerType{Name: "webhook"}
	for _, name := range []string{"methods", "verify", "max_body"} {
		if f, ok := declared.Field(name); ok {
			kind.Settings = append(kind.Settings, f)
		}
	}
	t := &triggerCheck{checker: c, node: &TriggerNode{Type: kind, Enabled: true, Settings: with, Pos: with.Pos}, trigger: &Trigger{}}
	t.readSettings()
	w.task.Receives = &Webhook{Methods: textsOf(t.settings["methods"]), Verify: t.verification()}
	text := t.text("max_body")
	n, ok := parseBytes(text)
	if !ok || n < 1 || n > maxWaitBody {
		c.ds.Errorf(t.at("max_body"), "out-of-range", "max_body must be a size from 1B to 2MiB, not %q", text).Hint = "write it as 256KiB or 1MiB"
	}
	w.task.Receives.MaxBody = n
	if len(w.task.Receives.Methods) == 0 {
		c.ds.Errorf(t.at("methods"), "wrong-setting", "methods must name at least one method").Hint = "write methods: [POST]"
	}
}

// checkLinked warns of a question whose link is used and leads nowhere.
func (c *checker) checkLinked() {
	linked := map[string]source.Pos{}
	c.eachProgram(func(p *expr.Program) {
		for _, ref := range p.References() {
			if len(ref.Path) > 2 && ref.Path[0] == "run" && ref.Path[1] == "links" {
				if _, seen := linked[ref.Path[2]]; !seen {
					linked[ref.Path[2]] = ref.Pos
				}
			}
		}
	})
	for _, w := range c.works {
		at, used := linked[w.task.Name]
		if used && w.task.Waits() == actions.ForAnswer && w.node.With.Lookup("who").Lookup("link") == nil {
			c.ds.Warnf(at, "no-link", "nobody can answer %s by its link", w.task.Name).Hint = "write who: {link: true} in its `with`; as it is, people answer with `gantry asks` or in the API"
		}
	}
}

// runTypeOf is the type of run: its links are the addresses of the tasks that wait for somebody outside.
func (c *checker) runTypeOf() *schema.Type {
	links := schema.Object("gantry.Links") // named: with none of them it is no free JSON
	for _, n := range c.def.Tasks {
		if n.Action != nil && (n.Action.Value == askAction || n.Action.Value == webhookAction) {
			links.Fields = append(links.Fields, schema.Field{Name: n.Name, Type: &schema.Type{Kind: schema.KindSecret}, Required: true})
		}
	}
	if len(links.Fields) == 0 {
		return runType
	}
	return schema.Object("", text("id"), timeOf("started_at"), text("url"), schema.Field{Name: "links", Type: links, Required: true})
}

// holdsLinks tells whether a path names the links of tasks, or a whole that has them.
func (c *checker) holdsLinks(path []string) bool {
	return path[0] == "run" && (len(path) == 1 || path[1] == "links") && c.wf.HasWaits()
}
