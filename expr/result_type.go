package expr

import (
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"gantry/schema"
)

// resultType gives the schema type of an expression. It says more than CEL's type where the expression
// does: a plain path gives the declared type itself, with its format, its choices and its limits; an
// object written out gives an object with fields, and so does list.map(x, {…}).
func (e *Env) resultType(checked *ast.AST) *schema.Type {
	return e.typeOf(checked, checked.Expr())
}

func (e *Env) typeOf(checked *ast.AST, x ast.Expr) *schema.Type {
	var t *schema.Type
	switch x.Kind() {
	case ast.IdentKind, ast.SelectKind:
		t = e.declaredType(checked, x)
	case ast.MapKind:
		t = e.objectType(checked, x.AsMap())
	case ast.ListKind:
		t = e.listType(checked, x.AsList())
	case ast.ComprehensionKind:
		t = e.loopType(checked, x.AsComprehension())
	case ast.CallKind:
		switch args := x.AsCall().Args(); x.AsCall().FunctionName() {
		case operators.Conditional:
			t = e.choiceType(checked, args)
		case "dyn":
			if args[0].Kind() == ast.LiteralKind { // such as the null of `x ? y : null`
				t = e.typeOf(checked, args[0])
			}
		}
	}
	if t == nil {
		t = e.types.schemaType(checked.GetType(x.ID()))
	}
	if isDefault(checked, x) {
		t = t.AsPresent()
	}
	return t
}

// objectType is the type of an object that is written out with constant names.
func (e *Env) objectType(checked *ast.AST, m ast.MapExpr) *schema.Type {
	fields := make([]schema.Field, 0, m.Size())
	seen := map[string]bool{}
	for _, entry := range m.Entries() {
		name, ok := textLiteral(entry.AsMapEntry().Key())
		if !ok || seen[name] || entry.AsMapEntry().IsOptional() {
			return nil
		}
		seen[name] = true
		fields = append(fields, schema.Field{Name: name, Type: e.typeOf(checked, entry.AsMapEntry().Value()), Required: true})
	}
	return schema.Object("", fields...)
}

func (e *Env) listType(checked *ast.AST, list ast.ListExpr) *schema.Type {
	if list.Size() == 0 || len(list.OptionalIndices()) > 0 {
		return nil
	}
	var item *schema.Type
	for i, x := range list.Elements() {
		if i == 0 {
			item = e.typeOf(checked, x)
		} else {
			item = schema.Join(item, e.typeOf(checked, x))
		}
	}
	return schema.ListOf(item)
}

// loopType is the type of list.map(x, …) and list.filter(x, …), whose step is `result + [entry]`, and
// of cel.bind, whose result is its last part.
func (e *Env) loopType(checked *ast.AST, loop ast.ComprehensionExpr) *schema.Type {
	if loop.AccuInit().Kind() != ast.ListKind || loop.AccuInit().AsList().Size() > 0 {
		return nil
	}
	step := loop.LoopStep()
	if step.Kind() == ast.CallKind && step.AsCall().FunctionName() == operators.Conditional {
		step = step.AsCall().Args()[1]
	}
	if step.Kind() != ast.CallKind || step.AsCall().FunctionName() != operators.Add {
		return nil
	}
	entry := step.AsCall().Args()[1]
	if entry.Kind() != ast.ListKind || entry.AsList().Size() != 1 || loop.Result().Kind() != ast.IdentKind {
		return nil
	}
	x := entry.AsList().Elements()[0]
	if x.Kind() == ast.IdentKind { // the loop's own variable, which may hide one of the environment
		return schema.ListOf(e.types.schemaType(checked.GetType(x.ID())))
	}
	return schema.ListOf(e.typeOf(checked, x))
}

// isDefault tells whether an expression ends in .default(…) of something that is not null: the result is
// not null either, which CEL's types cannot say.
func isDefault(checked *ast.AST, e ast.Expr) bool {
	if e.Kind() != ast.CallKind || !strings.HasSuffix(e.AsCall().FunctionName(), "default") || len(e.AsCall().Args()) != 1 {
		return false
	}
	t := checked.GetType(e.AsCall().Args()[0].ID())
	return t != nil && !t.IsAssignableType(types.NullType)
}

func (e *Env) declaredType(checked *ast.AST, x ast.Expr) *schema.Type {
	switch x.Kind() {
	case ast.IdentKind:
		if v, ok := e.variable(x.AsIdent()); ok && plainCELType(v.Type).IsExactType(checked.GetType(x.ID())) {
			return v.Type
		}
	case ast.SelectKind:
		t := checked.GetType(x.AsSelect().Operand().ID())
		if t == nil || t.Kind() != types.StructKind || x.AsSelect().IsTestOnly() {
			return nil
		}
		if s := e.types.find(t.TypeName()); s != nil {
			if f, ok := s.typ.Field(x.AsSelect().FieldName()); ok {
				return f.Type
			}
		}
	}
	return nil
}

// plainCELType is the CEL type of a schema type whose object types are already known.
func plainCELType(t *schema.Type) *types.Type {
	return celType(t, func(t *schema.Type) string { return shapeOf(t).name })
}
