package expr

import (
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

var build = ast.NewExprFactory()

// rewrite changes a parsed expression where Gantry's data is laxer than CEL's checker:
//
//   - x['name'] and x[?'name'] are x.name and x.?name, so that objects can be read either way;
//   - whatever is compared with null may be null, so `list == null` is allowed;
//   - one side of `? :` may be null.
func rewrite(tree *ast.AST) {
	r := rewriter{info: tree.SourceInfo()}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.CallKind {
			r.call(e, e.AsCall(), func() int64 { return r.newID(tree) })
		}
	}))
}

type rewriter struct {
	info *ast.SourceInfo
	last int64
}

func (r *rewriter) newID(tree *ast.AST) int64 {
	if r.last == 0 {
		r.last = ast.MaxID(tree) + 1_000
	}
	r.last++
	return r.last
}

func (r *rewriter) call(e ast.Expr, call ast.CallExpr, newID func() int64) {
	args := call.Args()
	switch call.FunctionName() {
	case operators.Index:
		if name, ok := textLiteral(args[1]); ok {
			e.SetKindCase(build.NewSelect(e.ID(), args[0], name))
		}
	case operators.OptIndex:
		if _, ok := textLiteral(args[1]); ok {
			e.SetKindCase(build.NewCall(e.ID(), operators.OptSelect, args...))
		}
	case operators.Conditional:
		for _, arg := range args[1:] {
			if isNull(arg) {
				loosen(r.info, arg, newID())
			}
		}
	case operators.Equals, operators.NotEquals:
		for i, arg := range args {
			if isNull(args[1-i]) && !isNull(arg) {
				loosen(r.info, arg, newID())
			}
		}
	}
}

// loosen makes e a value of unknown type to the checker: e becomes dyn(e).
func loosen(info *ast.SourceInfo, e ast.Expr, id int64) {
	inner := copyShallow(e, id)
	if place, ok := info.GetOffsetRange(e.ID()); ok {
		info.SetOffsetRange(id, place)
	}
	e.SetKindCase(build.NewCall(e.ID(), "dyn", inner))
}

func copyShallow(e ast.Expr, id int64) ast.Expr {
	inner := build.NewUnspecifiedExpr(id)
	inner.SetKindCase(e)
	return inner
}

func textLiteral(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

func isNull(e ast.Expr) bool { return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.NullValue }

// mend changes what the checker refused where it is meant all the same; it tells whether it changed
// anything:
//
//   - `==`, `!=`, `in` and `? :` between whole numbers and numbers;
//   - .default(…) behind an optional value, which CEL cannot declare beside .default(…) behind any value.
func mend(checked *ast.AST, errs []*common.Error) bool {
	byID := map[int64]ast.Expr{}
	ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) { byID[e.ID()] = e }))
	id, changed := ast.MaxID(checked)+10_000, false
	for _, err := range errs {
		e := byID[err.ExprID]
		if e == nil || e.Kind() != ast.CallKind {
			continue
		}
		call := e.AsCall()
		switch {
		case comparesNumbers(checked, call):
			id++
			loosen(checked.SourceInfo(), call.Args()[0], id)
			changed = true
		case choosesNumbers(checked, call):
			id++
			loosen(checked.SourceInfo(), call.Args()[1], id)
			changed = true
		case call.FunctionName() == "default" && call.IsMemberFunction() && isOptional(checked.GetType(call.Target().ID())):
			e.SetKindCase(build.NewMemberCall(e.ID(), "@default", call.Target(), call.Args()...))
			changed = true
		}
	}
	return changed
}

func isOptional(t *types.Type) bool {
	return t != nil && t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type"
}

func comparesNumbers(checked *ast.AST, call ast.CallExpr) bool {
	switch call.FunctionName() {
	case operators.Equals, operators.NotEquals:
		return isNumber(checked.GetType(call.Args()[0].ID())) && isNumber(checked.GetType(call.Args()[1].ID()))
	case operators.In:
		list := checked.GetType(call.Args()[1].ID())
		return list != nil && list.Kind() == types.ListKind &&
			isNumber(checked.GetType(call.Args()[0].ID())) && isNumber(list.Parameters()[0])
	}
	return false
}

func choosesNumbers(checked *ast.AST, call ast.CallExpr) bool {
	if call.FunctionName() != operators.Conditional {
		return false
	}
	condition := checked.GetType(call.Args()[0].ID())
	return condition != nil && (condition.Kind() == types.BoolKind || condition.Kind() == types.DynKind) &&
		isNumber(checked.GetType(call.Args()[1].ID())) && isNumber(checked.GetType(call.Args()[2].ID()))
}

func isNumber(t *types.Type) bool {
	return t != nil && (t.Kind() == types.IntKind || t.Kind() == types.UintKind || t.Kind() == types.DoubleKind)
}
