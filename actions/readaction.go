package actions

import (
	"sync"

	"gantry/schema"
	"gantry/source"
)

// readActions gives the actions of a file; those with mistakes are reported.
func (f *folder) readActions(one *file) []*Action {
	n := f.body(one).Node("actions")
	if n == nil {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(f.ds, n, "actions", "a map of names and actions")
		return nil
	}
	var actions []*Action
	for _, e := range n.Entries {
		if there, taken := f.catalogue.Action(f.id + "." + e.Key); taken {
			f.ds.Errorf(e.KeyPos, "exists", "action %s is there already (%s) and is not replaced", there.ID, there.Pos).Hint = "choose another name"
		}
		if a := f.readAction(e); a != nil {
			a.operation() // all mistakes are to be found now
			actions = append(actions, a)
		}
	}
	return actions
}

func (f *folder) readAction(e source.Entry) *Action {
	id := f.id + "." + e.Key
	if !idPattern.MatchString(e.Key) {
		f.ds.Errorf(e.KeyPos, "bad-name", "%q cannot be an action's name", e.Key).Hint =
			"use small letters, digits and single underscores, beginning with a letter"
	}
	b := source.ReadFields(e.Value, "action "+e.Key, f.ds)
	if !b.Ok() {
		return nil
	}
	a := &Action{ID: id, Name: e.Key, Integration: f.owner, Pos: e.KeyPos}
	if b.Required("title") != nil {
		a.Title = b.Text("title")
	}
	a.Description, a.Deprecated, a.Scopes = b.Text("description"), b.Text("deprecated"), b.Texts("scopes")
	a.Effect = Effect(f.oneOf(b, "effect", string(Read), string(Write), string(Delete), byMethod))
	if a.Effect == byMethod {
		a.Effect, a.byMethod = Write, true
	}
	if n := b.Node("inputs"); n != nil {
		a.Inputs = schema.ParseFields(n, f.types.lookup, f.ds)
	}
	a.inputType = schema.Object("", a.Inputs...)
	a.inputType.OneOf = f.readNeeds(a.inputType, b.Node("needs"))
	nodes := operationNodes{result: b.Node("result"), errors: b.Node("errors"), idempotent: b.Node("idempotent")}
	f.readIdempotent(a, nodes.idempotent)
	if f.id == coreID {
		a.Core = natives[e.Key]
		if a.Core == nil {
			f.ds.Errorf(e.KeyPos, "unknown-action", "core action %s has no implementation", id)
		}
	} else if nodes.request, nodes.paginate = b.Required("request"), b.Node("paginate"); nodes.request != nil {
		a.endpoint, a.pages = endpointOf(nodes.request), nodes.paginate != nil
	}
	a.Result = f.readResultType(nodes.result)
	f.readExamples(a, b.Node("examples"))
	f.readVerify(a, b.Node("verify"))
	b.Close()
	a.operation = sync.OnceValue(func() *operation { return f.readOperation(a, nodes) })
	return a
}

// listOf gives the entries of a list that may be left out; anything else is reported.
func (f *folder) listOf(n *source.Node, key, of string) []*source.Node {
	if n == nil {
		return nil
	}
	if n.Kind != source.List {
		source.WrongKind(f.ds, n, key, "a list of "+of)
		return nil
	}
	return n.Items
}

// readNeeds: groups of inputs of which at least one must be given.
func (f *folder) readNeeds(inputs *schema.Type, n *source.Node) (groups [][]string) {
	for _, item := range f.listOf(n, "needs", "lists of inputs") {
		var group []string
		for _, name := range item.Items {
			text, _ := name.Value.(string)
			switch in, ok := inputs.Field(text); {
			case !ok:
				f.ds.Errorf(name.Pos, "unknown-input", "there is no input %q", text).Hint = source.DidYouMean(text, inputs.FieldNames())
			case in.Required || in.Type.HasDefault:
				f.ds.Errorf(name.Pos, "always-given", "%s is always given, so that the group says nothing", text)
			}
			group = append(group, text)
		}
		if len(group) < 2 {
			f.ds.Errorf(item.Pos, "bad-needs", "a group of needs is a list of two inputs or more").Hint = "for one input write required: true"
		}
		groups = append(groups, group)
	}
	return groups
}

// readIdempotent: true, false, or an expression over the inputs. Reads need none; a delete is safe unless
// told otherwise, a write is not.
func (f *folder) readIdempotent(a *Action, n *source.Node) {
	a.alwaysSafe = a.Effect != Write
	if n == nil {
		return
	}
	safe, isBool := n.Value.(bool)
	a.alwaysSafe = safe
	if !isBool {
		a.SafeWhen, _ = n.Value.(string)
	}
}

func (f *folder) readExamples(a *Action, n *source.Node) {
	for _, item := range f.listOf(n, "examples", "examples") {
		b := source.ReadFields(item, "example", f.ds)
		example := Example{Title: b.Text("title"), With: map[string]any{}}
		if with := b.Node("with"); with != nil {
			data, ok := with.Data().(map[string]any)
			if !ok {
				source.WrongKind(f.ds, with, "with", "a map of inputs")
			}
			example.With = data
		}
		b.Close()
		f.fits(a, example.With, item.Pos)
		a.Examples = append(a.Examples, example)
	}
}
