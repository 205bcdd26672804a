package actions

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// compile reads a value that may hold expressions.
func (f *folder) compile(env *expr.Env, n *source.Node) *expr.Template {
	if n == nil {
		return nil
	}
	t, ds := env.CompileTemplate(n)
	f.ds.Add(ds...)
	if ds.HasErrors() {
		return nil
	}
	return t
}

// text compiles a value that must come out as text.
func (f *folder) text(env *expr.Env, n *source.Node, what string) *expr.Template {
	t := f.compile(env, n)
	if t == nil {
		return nil
	}
	if ok, _ := schema.AssignableTo(t.Type(), schema.String()); !ok && t.Type().Kind != "secret" {
		f.ds.Errorf(n.Pos, "wrong-type", "%s must be text, this is %s", what, t.Type())
		return nil
	}
	return t
}

// textMap compiles a map of keys and values, written out or as one expression that gives it.
func (f *folder) textMap(env *expr.Env, n *source.Node, what string) *expr.Template {
	if n == nil {
		return nil
	}
	if n.Kind != source.Map && n.Kind != source.String {
		source.WrongKind(f.ds, n, what, "a map of keys and values")
		return nil
	}
	t := f.compile(env, n)
	if t == nil {
		return nil
	}
	if kind := t.Type().Kind; kind != schema.KindMap && kind != schema.KindObject && kind != schema.KindAny {
		f.ds.Errorf(n.Pos, "wrong-type", "%s must be a map of keys and values, this is %s", what, t.Type())
		return nil
	}
	return t
}

// condition compiles an expression that must be true or false.
func (f *folder) condition(env *expr.Env, n *source.Node, what string) *expr.Program {
	p := f.expression(env, n)
	if p == nil {
		return nil
	}
	if kind := p.Type().Kind; kind != "boolean" && kind != "any" {
		f.ds.Errorf(n.Pos, "wrong-type", "%s must be true or false, this is %s", what, p.Type())
		return nil
	}
	return p
}

func (f *folder) expression(env *expr.Env, n *source.Node) *expr.Program {
	if n == nil {
		return nil
	}
	p, ds := env.Compile(n)
	f.ds.Add(ds...)
	if ds.HasErrors() {
		return nil
	}
	return p
}
