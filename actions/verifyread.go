package actions

import (
	"sync"
	"time"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// readVerify reads when to look, and leaves the rest until somebody looks: the actions that it names may stand
// further down, or in another file.
func (f *folder) readVerify(a *Action, n *source.Node) {
	a.verifying = func() *verification { return nil }
	if n == nil {
		return
	}
	if a.Effect == Read {
		f.ds.Errorf(n.Pos, "not-a-write", "%s changes nothing, so there is nothing to verify", a.ID).Hint =
			"verify tells how to find out whether a write was done"
		return
	}
	a.VerifyAfter = defaultVerifyAfter
	if after := n.Lookup("after"); after != nil {
		text, _ := after.Value.(string)
		d, err := schema.ParseDuration(text)
		if err != nil || d <= 0 || d > maxVerifyAfter {
			f.ds.Errorf(after.Pos, "bad-duration", "after must be a length of time up to 15m, %q is not", text).Hint = "write 10s or 2m"
		} else {
			a.VerifyAfter = d
		}
	}
	if when := n.Lookup("when"); when != nil {
		a.VerifyWhen, _ = when.Value.(string)
	}
	a.verifying = sync.OnceValue(func() *verification { return f.readVerification(a, n) })
}

// maxVerifyAfter bounds how long a run waits before it looks; 15m in what is said of it.
const maxVerifyAfter = 15 * time.Minute

func (f *folder) readVerification(a *Action, n *source.Node) *verification {
	before := f.ds.Errors()
	b := source.ReadFields(n, "verify", f.ds)
	if !b.Ok() {
		return nil
	}
	b.Node("after")
	inputs := inputsVariable(a.Inputs)
	v := &verification{when: f.condition(expr.NewEnv(inputs), b.Node("when"), "when")}
	v.missing = Verdict(f.oneOf(b, "missing", "", string(Done), string(NotDone)))
	v.lookUp = f.readQuestion(b, expr.NewEnv(inputs))
	found := f.readFound(v, inputs, b.Required("found"), b.Node("unsure"))
	if read := b.Node("read"); read != nil {
		r := source.ReadFields(read, "read", f.ds)
		v.read = f.readQuestion(r, expr.NewEnv(inputs, expr.Variable{Name: "found", Type: found}))
		r.Close()
		if v.read.action != nil {
			found = v.read.action.Result
		}
	}
	env := expr.NewEnv(inputs, expr.Variable{Name: "found", Type: found})
	v.made = f.readMade(env, b.Node("made"))
	v.result = f.expression(env, b.Node("result"))
	b.Close()
	if v.result != nil {
		found = v.result.Type()
	}
	if f.ds.Errors() > before {
		return nil
	}
	if ok, why := schema.AssignableTo(found, a.Result); !ok {
		f.ds.Errorf(n.Pos, "wrong-type", "what verify gives is not the action's result, %s: %s", a.Result, why).Hint =
			"write `result`, an expression over found and inputs, or `read`, the action that gives it whole"
		return nil
	}
	return v
}

// readFound compiles `found` and `unsure`, and gives the type of what is found.
func (f *folder) readFound(v *verification, inputs expr.Variable, n, unsure *source.Node) *schema.Type {
	answer := schema.Any()
	if v.lookUp.action != nil {
		answer = v.lookUp.action.Result
	}
	env := expr.NewEnv(inputs, expr.Variable{Name: "result", Type: answer})
	v.unsure, v.found = f.condition(env, unsure, "unsure"), f.expression(env, n)
	if v.found == nil {
		return schema.Any()
	}
	switch t := v.found.Type(); t.Kind {
	case schema.KindAny:
	case schema.KindBoolean:
		return answer
	case schema.KindList:
		return t.Element()
	default:
		f.ds.Errorf(n.Pos, "wrong-type", "found must be true or false, or a list of what fits; this is %s", t)
	}
	return schema.Any()
}

// readMade compiles `made`, which gives a time as text, or null.
func (f *folder) readMade(env *expr.Env, n *source.Node) *expr.Program {
	made := f.expression(env, n)
	if made == nil {
		return nil
	}
	if ok, why := schema.AssignableTo(made.Type(), &schema.Type{Kind: schema.KindString, Nullable: true}); !ok {
		f.ds.Errorf(n.Pos, "wrong-type", "made must be a time as text, or null: %s", why)
		return nil
	}
	return made
}

// readQuestion reads `action` and `with`: a read of the same integration, and its inputs.
func (f *folder) readQuestion(b *source.Fields, env *expr.Env) (q question) {
	action, with := b.Required("action"), b.Node("with")
	if action == nil {
		return q
	}
	id, _ := action.Value.(string)
	asked := f.reference(id, action.Pos)
	if asked == nil {
		return q
	}
	if asked.Effect != Read || asked.IntegrationID() != f.id {
		f.ds.Errorf(action.Pos, "not-a-read", "%s cannot be asked here: it must be a read of the integration %s", id, f.id)
		return q
	}
	q.action = asked
	if with == nil {
		with = source.FromData(map[string]any{})
	}
	if with.Kind != source.Map {
		source.WrongKind(f.ds, with, "with", "a map of inputs")
		return q
	}
	q.with = f.compile(env, with)
	if q.with != nil {
		f.checkQuestion(q, with, action.Pos)
	}
	return q
}

// checkQuestion proves that the action takes what it is given. An input that is not given is null there, and fails
// the question: whoever writes it says in `when` which ones must be there.
func (f *folder) checkQuestion(q question, with *source.Node, at source.Pos) {
	for _, e := range with.Entries {
		field, ok := q.action.inputType.Field(e.Key)
		if !ok {
			f.ds.Errorf(e.KeyPos, "unknown-input", "%s has no input %q", q.action.ID, e.Key).Hint = source.DidYouMean(e.Key, q.action.inputType.FieldNames())
			continue
		}
		given := *q.with.Field(e.Key).Type()
		given.Nullable = false
		if ok, why := schema.AssignableTo(&given, field.Type); !ok {
			f.ds.Errorf(e.Value.Pos, "wrong-input", "%s: %s: %s", q.action.ID, e.Key, why)
		}
	}
	for _, field := range q.action.Inputs {
		if field.Required && with.Lookup(field.Name) == nil {
			f.ds.Errorf(at, "wrong-input", "%s: %s is missing", q.action.ID, field.Name)
		}
	}
}

// checkVerifications proves, once all actions are there, that each way to look can be gone. Those of a file with a
// mistake are taken out again.
func (f *folder) checkVerifications(one *file) {
	before := errorsIn(*f.ds, one.name)
	for _, a := range one.actions {
		a.verifying()
	}
	if errorsIn(*f.ds, one.name) == before {
		return
	}
	for _, a := range one.actions {
		delete(f.catalogue.actions, a.ID)
	}
}
