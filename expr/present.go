package expr

import (
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"

	"gantry/schema"
)

// choiceType is the type of `test ? yes : no`. A value that the test has shown to be there is not null in the
// branch where it is.
func (e *Env) choiceType(checked *ast.AST, args []ast.Expr) *schema.Type {
	yes, no := e.typeOf(checked, args[1]), e.typeOf(checked, args[2])
	if path := pathText(args[1]); path != "" && present(args[0], true)[path] {
		yes = yes.AsPresent()
	}
	if path := pathText(args[2]); path != "" && present(args[0], false)[path] {
		no = no.AsPresent()
	}
	return schema.Join(yes, no)
}

// present gives the paths that are not null when the test comes out as told.
func present(test ast.Expr, outcome bool) map[string]bool {
	if test.Kind() != ast.CallKind {
		return nil
	}
	call := test.AsCall()
	args := call.Args()
	switch name := call.FunctionName(); {
	case name == operators.LogicalNot:
		return present(args[0], !outcome)
	case name == operators.LogicalAnd && outcome, name == operators.LogicalOr && !outcome:
		all := map[string]bool{}
		for _, arg := range args {
			for path := range present(arg, outcome) {
				all[path] = true
			}
		}
		return all
	case name == operators.NotEquals && outcome, name == operators.Equals && !outcome:
		for i, arg := range args {
			if path := pathText(args[len(args)-1-i]); isNull(arg) && path != "" {
				return map[string]bool{path: true}
			}
		}
	}
	return nil
}

// pathText writes a name with the fields behind it, such as tasks.a.result.client_id; "" for all else.
func pathText(e ast.Expr) string {
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "dyn" { // so that it can be compared with null
		e = e.AsCall().Args()[0]
	}
	path, ok := pathOf(e)
	if !ok {
		return ""
	}
	return strings.Join(path, ".")
}
