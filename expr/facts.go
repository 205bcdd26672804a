package expr

import (
	"maps"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// facts are bare boolean variables whose value is known at some point of an expression.
type facts map[string]bool

// holds tells whether the variable is known to be true.
func (f facts) holds(name string) bool { return f[name] }

func (f facts) and(more facts) facts {
	if len(more) == 0 {
		return f
	}
	out := maps.Clone(f)
	if out == nil {
		out = facts{}
	}
	maps.Copy(out, more)
	return out
}

// either gives what holds whichever of two holds.
func (f facts) either(other facts) facts {
	out := facts{}
	for name, value := range f {
		if v, ok := other[name]; ok && v == value {
			out[name] = value
		}
	}
	return out
}

// fact is one variable's value and what follows from it: a task has either succeeded or failed, and one
// that timed out has failed.
func fact(name string, value bool) facts {
	f := facts{name: value}
	switch {
	case name == "succeeded":
		f["failed"] = !value
		if value {
			f["timed_out"] = false
		}
	case name == "failed":
		f["succeeded"] = !value
		if !value {
			f["timed_out"] = false
		}
	case name == "timed_out" && value:
		f["failed"], f["succeeded"] = true, false
	}
	return f
}

// implied gives what is known when e has the given value.
func (w *walker) implied(e ast.Expr, value bool) facts {
	if path, _, ok := w.path(e); ok && len(path) == 1 {
		return fact(path[0], value)
	}
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalNot:
		return w.implied(args[0], !value)
	case operators.LogicalAnd:
		return w.impliedBy(args, value, value)
	case operators.LogicalOr:
		return w.impliedBy(args, value, !value)
	case operators.Equals, operators.NotEquals:
		for i, arg := range args {
			if b, ok := boolLiteral(args[1-i]); ok {
				return w.implied(arg, (b == value) == (call.FunctionName() == operators.Equals))
			}
		}
	case operators.Conditional:
		return w.impliedByChoice(args, value)
	}
	return nil
}

// impliedBy combines operands: all of them have the value, or at least one has.
func (w *walker) impliedBy(args []ast.Expr, value, all bool) facts {
	var out facts
	for i, arg := range args {
		f := w.implied(arg, value)
		switch {
		case i == 0:
			out = facts{}.and(f)
		case all:
			out = out.and(f)
		default:
			out = out.either(f)
		}
	}
	return out
}

func (w *walker) impliedByChoice(args []ast.Expr, value bool) facts {
	yes := w.implied(args[0], true).and(w.implied(args[1], value))
	no := w.implied(args[0], false).and(w.implied(args[2], value))
	if b, ok := boolLiteral(args[1]); ok && b != value {
		return no
	}
	if b, ok := boolLiteral(args[2]); ok && b != value {
		return yes
	}
	return yes.either(no)
}

func boolLiteral(e ast.Expr) (value, ok bool) {
	if e.Kind() != ast.LiteralKind {
		return false, false
	}
	b, ok := e.AsLiteral().(types.Bool)
	return bool(b), ok
}

// Implies tells whether the condition can hold only when the bare boolean variable name is true.
func (p *Program) Implies(name string) bool {
	w := &walker{program: p}
	return w.implied(p.ast.Expr(), true).holds(name)
}
