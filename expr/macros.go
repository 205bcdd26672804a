package expr

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/parser"
)

// keyed are the list functions that take an expression for each entry: tickets.sort_by(t, t.id). They
// become a function of the list and of the list of keys.
var keyed = []string{
	"sort_by", "sort_by_desc", "group_by", "index_by", "unique_by", "min_by", "max_by", "sum_by", "count_by",
}

func macros() []cel.Macro {
	out := []cel.Macro{
		cel.ReceiverMacro("count", 2, countMacro),
		cel.ReceiverMacro("reject", 2, rejectMacro),
	}
	for _, name := range keyed {
		out = append(out, cel.ReceiverMacro(name, 2, keyedMacro(name)))
	}
	return out
}

// keyedMacro expands list.name(x, key) to list.@name(list.map(x, key)), with list evaluated once.
func keyedMacro(name string) cel.MacroFactory {
	return func(factory cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		if args[0].Kind() != ast.IdentKind {
			return nil, factory.NewError(args[0].ID(), "expected a name for the entry")
		}
		const list = "@list"
		keys, err := parser.MakeMap(factory, factory.NewIdent(list), args)
		if err != nil {
			return nil, err
		}
		call := factory.NewMemberCall("@"+name, factory.NewIdent(list), keys)
		return factory.NewComprehension(factory.NewList(), "#unused", list, target,
			factory.NewLiteral(types.False), factory.NewIdent(list), call), nil
	}
}

// countMacro expands list.count(x, condition) to list.filter(x, condition).size().
func countMacro(factory cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	filtered, err := parser.MakeFilter(factory, target, args)
	if err != nil {
		return nil, err
	}
	return factory.NewMemberCall("size", filtered), nil
}

// rejectMacro expands list.reject(x, condition) to list.filter(x, !condition).
func rejectMacro(factory cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	return parser.MakeFilter(factory, target, []ast.Expr{args[0], factory.NewCall(operators.LogicalNot, args[1])})
}
