package expr

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// explainCall explains an operator or a function that does not fit its values.
func (u *unit) explainCall(p *problem, checked *ast.AST, e ast.Expr, name string) {
	if e == nil || e.Kind() != ast.CallKind {
		return
	}
	call := e.AsCall()
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = u.typeOf(checked, arg)
	}
	if u.explainSecret(p, checked, args) || explainOperator(p, name, words) {
		return
	}
	u.explainArguments(p, checked, call, name, words)
}

func (u *unit) explainSecret(p *problem, checked *ast.AST, args []ast.Expr) bool {
	for _, arg := range args {
		if holdsSecret(checked.GetType(arg.ID())) {
			p.code, p.message, p.hint = "secret-used", errSecret.message, secretHint
			p.offset = u.startOf(checked, arg)
			return true
		}
	}
	return false
}

var verbs = map[string]string{
	operators.Add: "add", operators.Subtract: "subtract", operators.Multiply: "multiply", operators.Divide: "divide",
	operators.Modulo: "take the remainder of",
}

// explainOperator explains operators; it tells whether name is one.
func explainOperator(p *problem, name string, words []string) bool {
	if verb := verbs[name]; verb != "" && len(words) == 2 {
		p.message, p.hint = fmt.Sprintf("cannot %s %s and %s", verb, words[0], words[1]), mixHint(verb, words[0], words[1])
		return true
	}
	switch name {
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		p.message = fmt.Sprintf("cannot compare %s with %s", words[0], words[1])
		p.hint = compareHint(words[0], words[1])
	case operators.LogicalNot:
		p.message, p.hint = "`!` needs true or false, and this is "+words[0], "compare it with something, for example `… != ''`"
	case operators.Negate:
		p.message = "`-` needs a number, and this is " + words[0]
	case operators.In:
		p.message = fmt.Sprintf("`in` needs a list or an object on its right side that can hold %s, and this is %s", words[0], words[1])
		if words[1] == "text" {
			p.hint = "write text.contains('…')"
		} else if !strings.HasPrefix(words[1], "a list") {
			p.hint = "write has(x.name) to ask whether an object has a field"
		}
	case operators.Index, operators.OptIndex:
		p.message, p.hint = indexProblem(words[0], words[1])
	case operators.Conditional:
		p.message = fmt.Sprintf("`? :` needs true or false before the `?` and two values of one type after it, and has %s, %s and %s",
			words[0], words[1], words[2])
		p.hint = "write dyn(…) around one of the values if both types are meant"
	default:
		return false
	}
	return true
}

func compareHint(left, right string) string {
	either := func(what string) bool { return left == what || right == what }
	switch {
	case either("a secret"):
		return secretHint
	case either("an optional value"):
		return "write .orValue(…) to say what to use when it is missing"
	case either("text") && either("a time"):
		return "write timestamp(…) around the text, or .parse_date() behind it"
	case either("text") && (either("a whole number") || either("a number")):
		return "write the number in quotes, or .to_number() behind the text"
	case either("text") && either("true or false"):
		return "write .to_bool() behind the text"
	}
	return ""
}

func indexProblem(operand, index string) (message, hint string) {
	switch {
	case operand == "text":
		return "text is not read with [ ]", "write .charAt(0) or .substring(0, 3)"
	case strings.HasPrefix(operand, "a list"):
		return "a list is read by a whole number, not by " + index, ""
	default:
		return fmt.Sprintf("%s cannot be read with [ ] and %s", operand, index), "write dyn(x)[…] where the field's name is only known at run time"
	}
}

// explainArguments explains a function that got the wrong number or kinds of values.
func (u *unit) explainArguments(p *problem, checked *ast.AST, call ast.CallExpr, name string, words []string) {
	p.offset = u.callName(p.offset, name)
	p.end = p.offset + len(name)
	p.code = "wrong-arguments"
	forms := signatures(name)
	switch {
	case call.IsMemberFunction() && onlyGlobal(name):
		p.message = fmt.Sprintf("`%s` stands before its values: %s(…)", name, name)
	case !call.IsMemberFunction() && onlyMember(name):
		p.message = fmt.Sprintf("`%s` stands behind the value it works on: x.%s(…)", name, name)
	case !call.IsMemberFunction():
		p.message = fmt.Sprintf("`%s` does not work on (%s)", name, strings.Join(words, ", "))
	case len(words) == 1:
		p.message = fmt.Sprintf("`%s` does not work on %s", name, words[0])
	default:
		p.message = fmt.Sprintf("`%s` does not work on %s with (%s)", name, words[0], strings.Join(words[1:], ", "))
	}
	switch {
	case name == "orValue" && call.IsMemberFunction():
		p.message = "`orValue` says what to use instead of a missing value, and this one is never missing: it is " + words[0]
		p.hint = "read the field with .? first (x.?name.orValue(…)); for null write .default(…)"
		if len(words) == 2 && words[0] == "an optional value" {
			p.message, p.hint = "`orValue` gives a value of another type than the field has", "use "+optionalWords(checked, call.Target())
		}
	case len(forms) > 0:
		p.hint = "it is written " + strings.Join(forms, " or ")
	case len(words) > 0 && words[0] == "an optional value":
		p.hint = "write .orValue(…) first, to say what to use when it is missing"
	}
	if len(words) > 0 && words[0] == "an optional value" && name != "orValue" {
		p.hint = "write .orValue(…) first, to say what to use when it is missing"
	}
}

// optionalWords names the type inside an optional value.
func optionalWords(checked *ast.AST, e ast.Expr) string {
	t := checked.GetType(e.ID())
	if isOptional(t) {
		t = t.Parameters()[0]
	}
	return typeWords(t)
}

// onlyMember tells whether a function is declared behind its value only.
func onlyMember(name string) bool { return hasForm(name, true) && !hasForm(name, false) }

func onlyGlobal(name string) bool { return hasForm(name, false) && !hasForm(name, true) }

func hasForm(name string, member bool) bool {
	f := library().cel.Functions()[name]
	if f == nil {
		return false
	}
	for _, o := range f.OverloadDecls() {
		if o.IsMemberFunction() == member {
			return true
		}
	}
	return false
}

func holdsSecret(t *types.Type) bool {
	if t == nil {
		return false
	}
	if t.Kind() == types.OpaqueKind && t.TypeName() == secretType.TypeName() {
		return true
	}
	for _, p := range t.Parameters() {
		if holdsSecret(p) {
			return true
		}
	}
	return false
}
