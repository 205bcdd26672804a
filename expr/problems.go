package expr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"gantry/source"
)

// problem is a finding of CEL's checker in our words.
type problem struct {
	offset              int // byte in the expression
	end                 int // byte behind it, 0 if not known
	code, message, hint string
	instead             string // what was most likely meant by what stands from offset to end; "" not known
}

func (u *unit) report(p problem) {
	d := u.ds.Errorf(u.node.At(u.offset+p.offset), p.code, "%s", p.message)
	d.Hint = p.hint
	if p.end > p.offset {
		d.End = u.node.At(u.offset + p.end)
		d.Offer(u.text[p.offset:min(p.end, len(u.text))], p.instead)
	}
}

// typeErrors reports what the checker found. What follows from an error inside is left out by CEL itself.
func (u *unit) typeErrors(checked *ast.AST, errs []*common.Error) {
	byID := map[int64]ast.Expr{}
	ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) { byID[e.ID()] = e }))
	seen := map[string]bool{}
	for _, err := range macroErrors(byID, errs) {
		p := u.explain(checked, byID[err.ExprID], err)
		if key := fmt.Sprint(p.offset, p.message); !seen[key] {
			seen[key] = true
			u.report(p)
		}
	}
}

// macroErrors gives only the errors of calls such as list.filter(condition), which lack the entry's name:
// all others follow from them.
func macroErrors(byID map[int64]ast.Expr, errs []*common.Error) []*common.Error {
	var found []*common.Error
	for _, err := range errs {
		m := undeclared.FindStringSubmatch(err.Message)
		if e := byID[err.ExprID]; m != nil && e != nil && e.Kind() == ast.CallKind && macroNames()[m[1]] {
			found = append(found, err)
		}
	}
	if found != nil {
		return found
	}
	return errs
}

var (
	undeclared   = regexp.MustCompile(`^undeclared reference to '(.*)' \(in container`)
	noField      = regexp.MustCompile(`^undefined field '(.*)'`)
	noOverload   = regexp.MustCompile(`^found no matching overload for '(.*)' applied to`)
	noFields     = regexp.MustCompile(`^type '(.*)' does not support field selection`)
	wrongType    = regexp.MustCompile(`^expected type '(.*)' but found '(.*)'`)
	notAnyRange  = regexp.MustCompile(`^expression of type '(.*)' cannot be range`)
	tooManyNodes = regexp.MustCompile(`^expression node count`)
)

func (u *unit) explain(checked *ast.AST, e ast.Expr, err *common.Error) problem {
	p := problem{code: "expression-type", message: err.Message}
	p.offset = u.offsetOf(err)
	switch m := err.Message; {
	case undeclared.MatchString(m):
		u.explainName(&p, e, undeclared.FindStringSubmatch(m)[1])
	case noField.MatchString(m):
		u.explainField(&p, checked, e, noField.FindStringSubmatch(m)[1])
	case noOverload.MatchString(m):
		u.explainCall(&p, checked, e, noOverload.FindStringSubmatch(m)[1])
	case noFields.MatchString(m):
		u.explainNoFields(&p, checked, e)
	case wrongType.MatchString(m):
		u.explainWrongType(&p, checked, e)
	case notAnyRange.MatchString(m):
		p.message = "a list or an object is needed here, and this is " + u.typeOf(checked, e)
	case tooManyNodes.MatchString(m):
		p.message, p.hint = "the expression is too large", "split it: put intermediate values into core.set, or into `publish`"
	}
	return p
}

// offsetOf gives the byte in the expression that CEL means.
func (u *unit) offsetOf(err *common.Error) int {
	src := common.NewTextSource(u.text)
	at, ok := src.LocationOffset(err.Location)
	if !ok || err.Location == common.NoLocation {
		return leadingSpace(u.text)
	}
	return byteOffset(u.text, int(at))
}

func (u *unit) typeOf(checked *ast.AST, e ast.Expr) string {
	if e == nil {
		return "something else"
	}
	if t := checked.GetType(e.ID()); t != nil {
		return typeWords(t)
	}
	return "something else"
}

// explainName explains a name, or a function, that is not there.
func (u *unit) explainName(p *problem, e ast.Expr, name string) {
	if e != nil && e.Kind() == ast.CallKind {
		u.explainFunction(p, e, name)
		return
	}
	p.code, p.message, p.end = "unknown-name", fmt.Sprintf("there is no name `%s` here", name), p.offset+len(name)
	if hint, ok := rewstNames[name]; ok {
		p.hint = hint
		return
	}
	p.hint, p.instead = source.DidYouMean(name, u.env.names()), source.Suggest(name, u.env.names())
	if p.hint == "" {
		p.hint = "known here are " + strings.Join(u.env.names(), ", ")
	}
}

// rewstNames tells users of Rewst's Jinja what their words are here.
var rewstNames = map[string]string{
	"CTX": "write ctx for published values, inputs for the workflow's inputs", "ORG": "write org (org.vars, org.integrations)",
	"TASKS": "write tasks (tasks.name.result)", "RESULT": "write result", "SUCCEEDED": "write succeeded", "FAILED": "write failed",
	"WORKFLOW": "write run", "USER": "write trigger", "True": "write true", "False": "write false", "None": "write null",
	"nil": "write null", "undefined": "write null, or ask with has(…)", "TRUE": "write true", "FALSE": "write false",
	"item": "name the item with `as:` in for_each and use that name", "not": "write ! in front of the condition",
	"NULL": "write null", "none": "write null",
}

func (u *unit) explainFunction(p *problem, e ast.Expr, name string) {
	p.code = "unknown-function"
	p.offset = u.callName(p.offset, name)
	p.end = p.offset + len(name)
	p.message = fmt.Sprintf("there is no function `%s`", name)
	if forms := signatures(name); macroNames()[name] && len(forms) > 0 {
		p.code, p.message = "wrong-arguments", fmt.Sprintf("`%s` is called with other arguments than it takes", name)
		p.hint = "it is written " + strings.Join(forms, " or ")
		return
	}
	if hint, ok := jinjaFilters[name]; ok {
		p.hint = hint
		return
	}
	if hint, ok := rewstNames[name]; ok {
		p.hint = hint
		return
	}
	if near := source.Suggest(name, functionNames()); near != "" {
		p.hint, p.instead = fmt.Sprintf("did you mean `%s`?", near), near
	}
}

// callName moves from the bracket of a call, which is where CEL points, to the function's name.
func (u *unit) callName(offset int, name string) int {
	short := name[strings.LastIndexByte(name, '.')+1:]
	before := strings.TrimRight(u.text[:min(offset, len(u.text))], " \t\n")
	if strings.HasSuffix(before, short) {
		return len(before) - len(short)
	}
	return offset
}

// explainField explains a field that an object type does not declare.
func (u *unit) explainField(p *problem, checked *ast.AST, e ast.Expr, field string) {
	p.code = "unknown-field"
	p.offset = u.fieldName(p.offset, field)
	p.end = p.offset + len(field)
	p.message = fmt.Sprintf("there is no field `%s` here", field)
	operand := operandOf(e)
	if operand == nil {
		return
	}
	p.message = fmt.Sprintf("`%s` has no field `%s`", u.name(checked, operand), field)
	t := checked.GetType(operand.ID())
	if t != nil && t.Kind() == types.OpaqueKind && len(t.Parameters()) == 1 {
		t = t.Parameters()[0]
	}
	if t != nil {
		if names, ok := u.env.types.FindStructFieldNames(t.TypeName()); ok {
			p.hint, p.instead = source.DidYouMean(field, names), source.Suggest(field, names)
		}
	}
}

// operandOf gives what a field is read of.
func operandOf(e ast.Expr) ast.Expr {
	switch {
	case e == nil:
		return nil
	case e.Kind() == ast.SelectKind:
		return e.AsSelect().Operand()
	case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.OptSelect:
		return e.AsCall().Args()[0]
	}
	return nil
}

// fieldName moves from the dot or bracket, which is where CEL points, to the field's name.
func (u *unit) fieldName(offset int, field string) int {
	if i := strings.Index(u.text[min(offset, len(u.text)):], field); i >= 0 && i < 16 {
		return offset + i
	}
	return offset
}

// name writes what an expression is called: its path, or its type.
func (u *unit) name(checked *ast.AST, e ast.Expr) string {
	if path, ok := pathOf(e); ok {
		return strings.Join(path, ".")
	}
	return u.typeOf(checked, e)
}

func (u *unit) explainNoFields(p *problem, checked *ast.AST, e ast.Expr) {
	operand := operandOf(e)
	if operand == nil {
		p.message = "this has no fields"
		return
	}
	words := u.typeOf(checked, operand)
	field := ""
	if e.Kind() == ast.SelectKind {
		field = e.AsSelect().FieldName()
		p.offset = u.fieldName(p.offset, field)
		p.end = p.offset + len(field)
	}
	p.message = fmt.Sprintf("`%s` is %s and has no field `%s`", u.name(checked, operand), words, field)
	switch {
	case strings.HasPrefix(words, "a list"):
		p.hint = fmt.Sprintf("take one entry with [0], or all with .map(x, x.%s)", field)
	case words == "a secret":
		p.hint = secretHint
	}
}

func (u *unit) explainWrongType(p *problem, checked *ast.AST, e ast.Expr) {
	if e == nil {
		return
	}
	p.offset = u.startOf(checked, e)
	p.message = "this must be true or false, and is " + u.typeOf(checked, e)
	p.hint = "compare it with something, for example `… == 'yes'` or `… != null`"
}

// startOf gives the first byte of an expression.
func (u *unit) startOf(checked *ast.AST, e ast.Expr) int {
	first := -1
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if at, ok := checked.SourceInfo().GetOffsetRange(e.ID()); ok && (first < 0 || int(at.Start) < first) {
			first = int(at.Start)
		}
	}))
	return byteOffset(u.text, max(first, 0))
}

func leadingSpace(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\r\n")) }

func trimmed(s string) string { return strings.TrimSpace(s) }

// functionNames lists all functions and macros, for suggestions.
func functionNames() []string {
	var names []string
	for name := range library().cel.Functions() {
		if isWordByte(name[0]) {
			names = append(names, name)
		}
	}
	for _, m := range library().cel.Macros() {
		names = append(names, m.Function())
	}
	slices.Sort(names)
	return slices.Compact(names)
}
