package expr

import (
	"errors"
	"regexp/syntax"

	"github.com/google/cel-go/common/ast"
)

// regexFunctions names the functions that take a regular expression, and which argument it is.
var regexFunctions = map[string]int{
	"matches": 0, "find": 0, "find_all": 0, "find_groups": 0, "find_named": 0, "replace_pattern": 0, "split_pattern": 0,
	"regex.replace": 1, "regex.extract": 1, "regex.extractAll": 1,
}

// regexArgument gives the argument of a call that is a regular expression.
func regexArgument(call ast.CallExpr) (ast.Expr, bool) {
	i, ok := regexFunctions[call.FunctionName()]
	if !ok {
		return nil, false
	}
	if !call.IsMemberFunction() && call.FunctionName() == "matches" {
		i = 1
	}
	if i >= len(call.Args()) {
		return nil, false
	}
	return call.Args()[i], true
}

// regexWords says what is wrong with a regular expression.
func regexWords(err error) string {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return bad.Code.String() + ": " + bad.Expr
	}
	return err.Error()
}
