package actions

import (
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// extract says how an answer becomes the declared result.
type extract struct {
	from  []string      // keys under which a list or object may be wrapped
	value *expr.Program // in place of the body; nil: the body
	lists []string      // list fields that are there even when the other system leaves them out
	file  bool          // the answer is a file, not JSON
	read  bool          // the action reads: a lone object stands for a list only when it is an entry
}

// extracts tells whether `result` is a map of type, from and value, and not just a type.
func extracts(n *source.Node) bool {
	if n == nil || n.Kind != source.Map {
		return false
	}
	typ := n.Lookup("type")
	return n.Lookup("from") != nil || n.Lookup("value") != nil || n.Lookup("lists") != nil || n.Lookup("answer") != nil ||
		typ != nil && typ.Kind == source.Map
}

func (f *folder) readResultType(n *source.Node) *schema.Type {
	if extracts(n) {
		n = n.Lookup("type") // that it is missing is said where the rest is read
	}
	return schema.ParseType(n, f.types.lookup, f.ds)
}

func (f *folder) readExtract(a *Action, n *source.Node) *extract {
	e := &extract{read: a.Effect == Read}
	if !extracts(n) {
		return e
	}
	b := source.ReadFields(n, "result", f.ds)
	b.Required("type")
	e.from, e.lists = b.Texts("from"), b.Texts("lists")
	e.file = f.oneOf(b, "answer", "json", "file") == "file"
	e.value = f.expression(expr.NewEnv(append(answerVariables(), inputsVariable(a.Inputs))...), b.Node("value"))
	b.Close()
	if e.value != nil {
		if ok, why := schema.AssignableTo(e.value.Type(), a.Result); !ok {
			f.ds.Errorf(e.value.Pos(), "wrong-type", "the value is not %s: %s", a.Result, why)
		}
	}
	return e
}

// take gives the part of the answer that is the result, in the declared shape: where a list is declared one
// object counts as a list of one, where an object is declared a list of one counts as its entry.
func (e *extract) take(scope expr.Vars, at expr.At, t *schema.Type) (any, *fault.Error) {
	v := scope["body"]
	if e.value != nil {
		got, err := e.value.Eval(scope, at)
		if err != nil {
			return nil, fault.Wrap(err, fault.InvalidResult, "the answer is not of the expected form: %s", fault.From(err).Message)
		}
		v = got
	} else if m, ok := v.(map[string]any); ok && !isEntry(m, t) {
		if v, ok = e.unwrap(m, t); !ok {
			return nil, fault.New(fault.InvalidResult, "expected %s, the answer holds an object that is neither that nor an entry of it", t).
				WithHint("look at the answer in the detail: the other system may have a newer form of it, or tells of a failure")
		}
	}
	switch list, isList := v.([]any); {
	case t.Kind == "list" && v == nil && !t.Nullable:
		v = []any{}
	case t.Kind == "list" && !isList && v != nil:
		if _, isMap := v.(map[string]any); isMap {
			v = []any{v}
		}
	case t.Kind == "object" && isList && len(list) == 1:
		v = list[0]
	}
	if !fits(v, t) {
		return nil, fault.New(fault.InvalidResult, "expected %s, the answer holds %s", t, kindOf(v)).
			WithHint("check that the address leads to the API and not to another page of the same server")
	}
	return e.settle(t.Conform(v), t), nil
}

// isEntry tells an entry of the list that is wanted from what wraps such a list: it has an id. A contract, say, has
// a field contracts, too.
func isEntry(m map[string]any, t *schema.Type) bool {
	if t.Kind != schema.KindList || m["id"] == nil {
		return false
	}
	_, has := t.Element().Field("id")
	return has
}

// unwrap gives what stands under one of the keys, else the object itself. It is false for a list that is read where
// entries have ids and the object has something to say, but no id: that is no entry. Without anything it is no list.
func (e *extract) unwrap(m map[string]any, t *schema.Type) (any, bool) {
	for _, key := range e.from {
		if v, ok := m[key]; ok {
			return v, true
		}
	}
	if !e.read || len(e.from) == 0 || t.Kind != schema.KindList {
		return m, true
	}
	if _, entriesHaveIDs := t.Element().Field("id"); !entriesHaveIDs {
		return m, true
	}
	for _, v := range m {
		if !hollow(v) {
			return nil, false
		}
	}
	return []any{}, true
}

// hollow tells that a value says nothing: a count of nothing, say.
func hollow(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case int64:
		return v == 0
	case float64:
		return v == 0
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

func fits(v any, t *schema.Type) bool {
	switch t.Kind {
	case "list":
		_, ok := v.([]any)
		return ok || v == nil && t.Nullable
	case "object", "map":
		_, ok := v.(map[string]any)
		return ok || v == nil && t.Nullable
	}
	return true
}

// settle gives an empty list where a list is declared and the other system sent null, so that a workflow may
// go through it without asking.
func (e *extract) settle(v any, t *schema.Type) any {
	if t == nil {
		return v
	}
	switch v := v.(type) {
	case nil:
		if t.Kind == "list" && !t.Nullable {
			return []any{}
		}
	case []any:
		for i := range v {
			v[i] = e.settle(v[i], t.Items)
		}
	case map[string]any:
		for name, got := range v { // entities declare many fields of which few come
			if field, ok := t.Field(name); ok {
				v[name] = e.settle(got, field.Type)
			}
		}
		for _, name := range e.lists {
			if _, ok := v[name]; !ok && t.Kind == "object" {
				if field, declared := t.Field(name); declared && field.Type.Kind == "list" {
					v[name] = []any{}
				}
			}
		}
	}
	return v
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		_ = v
		return "a number"
	}
}
