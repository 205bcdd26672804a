package expr

import (
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// Decide gives what the condition comes to when only the given bare boolean variables are known; sure is
// false when it depends on something else.
func (p *Program) Decide(known map[string]bool) (value, sure bool) {
	return decide(p.ast.Expr(), known)
}

func decide(e ast.Expr, known map[string]bool) (value, sure bool) {
	switch e.Kind() {
	case ast.IdentKind:
		value, sure = known[e.AsIdent()]
		return value, sure
	case ast.LiteralKind:
		b, ok := e.AsLiteral().(types.Bool)
		return bool(b), ok
	case ast.CallKind:
		return decideCall(e.AsCall(), known)
	}
	return false, false
}

func decideCall(call ast.CallExpr, known map[string]bool) (value, sure bool) {
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalNot:
		value, sure = decide(args[0], known)
		return !value, sure
	case operators.LogicalAnd:
		return decideEither(args, known, false)
	case operators.LogicalOr:
		return decideEither(args, known, true)
	case operators.Conditional:
		yes, sureYes := decide(args[1], known)
		no, sureNo := decide(args[2], known)
		if which, decided := decide(args[0], known); decided {
			if which {
				return yes, sureYes
			}
			return no, sureNo
		}
		return yes, sureYes && sureNo && yes == no
	}
	return false, false
}

// decideEither: one operand with the deciding value decides, whatever the others are; all others together
// give its opposite.
func decideEither(args []ast.Expr, known map[string]bool, deciding bool) (value, sure bool) {
	sure = true
	for _, arg := range args {
		v, s := decide(arg, known)
		if s && v == deciding {
			return deciding, true
		}
		sure = sure && s
	}
	return !deciding, sure
}
