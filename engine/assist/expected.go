package assist

import (
	"strconv"

	"gantry/engine/workflow"
	"gantry/schema"
)

// expected is what may stand somewhere, by the tables of the language and the types of the catalogue.
type expected struct {
	key    workflow.Key    // the key of the table behind which it stands; zero: none of the table
	place  *workflow.Place // keys of a map that may stand here
	typ    *schema.Type    // the type of a value that may stand here; of objects its fields are keys
	what   string          // what the fields of typ are called
	names  bool            // a map may stand here whose keys are the author's own, with `each` behind them
	fixed  []item          // the keys of such a map where they are known
	list   bool            // a list may stand here, of each
	each   *expected
	scalar bool // and a plain value as well
}

// expectedAt goes from the root along a path.
func (s *session) expectedAt(path []string) expected {
	root, _ := workflow.PlaceCalled("workflow")
	at := expected{place: root}
	for i, step := range path {
		at = s.step(at, path[:i], step)
	}
	return at
}

func (s *session) step(at expected, path []string, step string) expected {
	if _, err := strconv.Atoi(step); err == nil && at.list {
		return *at.each
	}
	if at.names {
		return *at.each
	}
	if at.place != nil {
		if k, ok := s.keyOf(at.place, path, step); ok {
			return s.behind(k, path)
		}
	}
	switch t := at.typ; {
	case t == nil:
	case t.Kind == schema.KindObject:
		if f, ok := t.Field(step); ok {
			return ofType(f.Type)
		}
	case t.Kind == schema.KindList || t.Kind == schema.KindMap:
		return ofType(t.Element())
	}
	return expected{}
}

// ofType is a value of a type.
func ofType(t *schema.Type) expected {
	e := expected{typ: t, what: "field", scalar: true}
	if t != nil && t.Kind == schema.KindList {
		each := ofType(t.Element())
		e.list, e.each = true, &each
	}
	return e
}

// keyOf finds a key of a place, among those of a trigger's own type as well.
func (s *session) keyOf(p *workflow.Place, path []string, name string) (workflow.Key, bool) {
	if k, ok := p.Key(name); ok {
		return k, true
	}
	if p.Name != "trigger" {
		return workflow.Key{}, false
	}
	f, ok := s.ownSetting(path, name)
	if !ok {
		return workflow.Key{}, false
	}
	return settingKey(f), true
}

// ownSetting is one of the keys that the type of the trigger at a path adds.
func (s *session) ownSetting(path []string, name string) (schema.Field, bool) {
	return schema.Object("", s.ownSettings(path)...).Field(name)
}

// ownSettings are the keys that the type of the trigger at a path adds.
func (s *session) ownSettings(path []string) []schema.Field {
	if len(path) < 2 || path[0] != "triggers" {
		return nil
	}
	typ := s.place.written(s.place.nodeAt(path[:2]), "type")
	for _, t := range workflow.TriggerTypes() {
		if t.Name == typ {
			return t.Settings
		}
	}
	return nil
}

// shapeSetting marks the key of a trigger's own type, whose value has a type and no shape.
const shapeSetting workflow.Shape = "setting"

func settingKey(f schema.Field) workflow.Key {
	return workflow.Key{Name: f.Name, Shape: shapeSetting, Doc: f.Type.Description, Required: f.Required}
}

// behind is what may stand behind a key of the table.
func (s *session) behind(k workflow.Key, path []string) expected {
	e := expected{key: k, scalar: true}
	inner := expected{key: k, place: k.Below()}
	switch k.Shape {
	case workflow.ShapeTasks, workflow.ShapeDeclarations, workflow.ShapeOverrides:
		inner.scalar = k.Shape != workflow.ShapeTasks
		e.names, e.each, e.scalar = true, &inner, false
		if k.Shape == workflow.ShapeOverrides {
			e.fixed = s.integrations()
		}
	case workflow.ShapeTriggers:
		e.list, e.each, e.scalar = true, &inner, false
	case workflow.ShapeTransitions:
		inner.scalar = true
		e.place, e.list, e.each = k.Below(), true, &inner
	case workflow.ShapeTargets, workflow.ShapeTexts:
		inner.scalar, inner.place = true, nil
		e.list, e.each = true, &inner
	case workflow.ShapeFlag:
		e.typ = schema.Boolean()
	case workflow.ShapeValues:
		return s.values(k, path)
	case shapeSetting:
		if f, ok := s.ownSetting(path, k.Name); ok {
			return s.setting(f, path)
		}
	default:
		e.place = k.Below()
	}
	if k.Words != nil {
		e.typ = schema.String()
		for _, w := range k.Words {
			e.typ.Enum = append(e.typ.Enum, w)
		}
	}
	return e
}

// values is a map of values: inputs of something that declares them, or names of the author's own.
func (s *session) values(k workflow.Key, path []string) expected {
	free := expected{scalar: true}
	e := expected{key: k, names: true, each: &free}
	typ, what := s.declared(k.Name, path)
	if typ == nil {
		return e
	}
	return expected{key: k, typ: typ, what: what}
}

// declared is the type that a map of values has to fit, and what its fields are called; nil: any names will do.
func (s *session) declared(key string, path []string) (*schema.Type, string) {
	holder := s.place.nodeAt(path)
	switch {
	case len(path) == 2 && path[0] == "tasks" && key == "with":
		return s.taking(s.place.written(holder, "action"), s.place.written(holder, "workflow")), "input"
	case len(path) == 1 && path[0] == "on_failure" && key == "with":
		return s.taking("", s.place.written(holder, "workflow")), "input"
	case len(path) == 2 && path[0] == "triggers" && key == "inputs":
		return s.read().InputsType(), "input"
	case len(path) == 2 && path[0] == "triggers" && key == "vars":
		return s.read().VarsType(), "variable"
	}
	return nil, ""
}

// taking is what an action or a workflow takes.
func (s *session) taking(action, called string) *schema.Type {
	if a, ok := s.world.Catalogue.Action(action); ok {
		return a.InputType()
	}
	if called != "" && s.world.Workflow != nil {
		if sig, ok := s.world.Workflow(called); ok && sig != nil {
			return schema.Object("", sig.Inputs...)
		}
	}
	return nil
}

// setting is the value of a trigger's own key. What some of them name is no plain text.
func (s *session) setting(f schema.Field, path []string) expected {
	e := ofType(f.Type)
	e.key = settingKey(f)
	trigger := s.place.nodeAt(path)
	switch f.Name {
	case "with":
		if t := s.taking(s.place.written(trigger, "action"), ""); t != nil {
			e.typ, e.what = t, "input"
		} else if p, ok := s.world.Catalogue.Poll(s.place.written(trigger, "poll")); ok && p.Action != nil {
			e.typ, e.what = p.Action.InputType(), "input"
		}
	case "fields":
		declared, _ := workflow.PlaceCalled("declaration")
		e.typ, e.names, e.scalar = nil, true, false
		e.each = &expected{key: typeKey, place: declared, scalar: true}
	case "body_type":
		e.place, _ = workflow.PlaceCalled("declaration")
		e.typ = nil
	}
	return e
}

// typeKey stands for a type that is written alone, as name: string.
var typeKey = workflow.Key{Name: "type"}

// nodeAt gives what stands at a path of the text.
func (p *place) nodeAt(path []string) *node {
	n := p.root
	for _, step := range path {
		if n == nil {
			return nil
		}
		if i, err := strconv.Atoi(step); err == nil && n.kind == listing {
			if i >= len(n.items) {
				return nil
			}
			n = n.items[i]
			continue
		}
		n = n.lookup(step)
	}
	return n
}
