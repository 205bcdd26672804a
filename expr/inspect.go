package expr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"gantry/source"
)

// inspect reports what CEL's checker lets pass and Gantry does not.
func (u *unit) inspect(checked *ast.AST) {
	u.inspectSecrets(checked)
	ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			u.inspectSelect(checked, e)
		case ast.CallKind:
			u.inspectCall(checked, e)
		case ast.StructKind:
			u.report(problem{offset: u.startOf(checked, e), code: "expression-type",
				message: "objects have no type names here", hint: "write {'name': value}"})
		}
	}))
	if depth := loopDepth(checked.Expr()); depth > maxLoops {
		u.report(problem{offset: leadingSpace(u.text), code: "expression-too-deep",
			message: fmt.Sprintf("list functions are nested %d deep, and %d is the most", depth, maxLoops),
			hint:    "split it: put intermediate values into core.set, or into `publish`"})
	}
}

// inspectSelect refuses undeclared fields of open objects without `.?`, and warns of deprecated ones.
func (u *unit) inspectSelect(checked *ast.AST, e ast.Expr) {
	sel := e.AsSelect()
	t := checked.GetType(sel.Operand().ID())
	if t == nil || t.Kind() != types.StructKind {
		return
	}
	s := u.env.types.find(t.TypeName())
	if s == nil {
		return
	}
	at, _ := checked.SourceInfo().GetOffsetRange(e.ID())
	offset := u.fieldName(byteOffset(u.text, int(at.Start)), sel.FieldName())
	field, declared := s.typ.Field(sel.FieldName())
	switch {
	case !declared && !sel.IsTestOnly():
		p := problem{offset: offset, end: offset + len(sel.FieldName()), code: "unknown-field",
			message: fmt.Sprintf("`%s` has no field `%s`", u.name(checked, sel.Operand()), sel.FieldName()),
			hint:    fmt.Sprintf("write .?%s.orValue(…) if it may come all the same", sel.FieldName())}
		if near := source.Suggest(sel.FieldName(), s.typ.FieldNames()); near != "" {
			p.hint, p.instead = fmt.Sprintf("did you mean %q? Or %s", near, p.hint), near
		}
		u.report(p)
	case declared && field.Deprecated != "":
		u.ds.Warnf(u.node.At(u.offset+offset), "deprecated-field", "the field `%s` is deprecated", sel.FieldName()).Hint = field.Deprecated
	}
}

// inspectOptional warns of what is most likely a slip: an undeclared field of an open object, read with
// `.?`, whose name is nearly that of a declared one.
func (u *unit) inspectOptional(checked *ast.AST, e ast.Expr) {
	operand := e.AsCall().Args()[0]
	name, _ := textLiteral(e.AsCall().Args()[1])
	t := checked.GetType(operand.ID())
	if isOptional(t) {
		t = t.Parameters()[0]
	}
	s := u.env.types.find(t.TypeName())
	if s == nil {
		return
	}
	if _, declared := s.typ.Field(name); declared {
		return
	}
	near := source.Suggest(name, s.typ.FieldNames())
	if near == "" {
		return
	}
	at, _ := checked.SourceInfo().GetOffsetRange(e.ID())
	offset := u.fieldName(byteOffset(u.text, int(at.Start)), name)
	d := u.ds.Warnf(u.node.At(u.offset+offset), "undeclared-field", "`%s` does not declare the field `%s`", u.name(checked, operand), name)
	d.Hint = fmt.Sprintf("did you mean %q?", near)
	d.Offer(name, near)
}

// inspectCall checks constants that would only fail at run time.
func (u *unit) inspectCall(checked *ast.AST, e ast.Expr) {
	call := e.AsCall()
	args := call.Args()
	if call.FunctionName() == operators.OptSelect {
		u.inspectOptional(checked, e)
		return
	}
	u.inspectChoice(checked, call)
	if pattern, ok := regexArgument(call); ok {
		if text, isText := textLiteral(pattern); isText {
			if _, err := regexp.Compile(text); err != nil {
				u.report(problem{offset: u.startOf(checked, pattern), code: "bad-pattern",
					message: "this is not a regular expression: " + regexWords(err), hint: "the syntax is RE2: no look-around, no back-references"})
			}
		}
		return
	}
	u.inspectObjects(checked, e)
	if len(args) != 1 || call.IsMemberFunction() {
		return
	}
	text, isText := textLiteral(args[0])
	if !isText {
		return
	}
	switch call.FunctionName() {
	case "timestamp":
		if types.IsError(types.String(text).ConvertToType(types.TimestampType)) {
			u.report(problem{offset: u.startOf(checked, args[0]), code: "bad-time",
				message: fmt.Sprintf("%q is not a time", text), hint: "write it as 2026-03-29T14:00:00Z, or read it with .parse_date(format)"})
		}
	case "duration":
		if types.IsError(types.String(text).ConvertToType(types.DurationType)) {
			u.report(problem{offset: u.startOf(checked, args[0]), code: "bad-duration",
				message: fmt.Sprintf("%q is not a duration", text), hint: "write it as 300ms, 30s, 5m or 8h; for days write '2d'.parse_duration()"})
		}
	}
}

// inspectChoice warns of a comparison with text that the other side can never be.
func (u *unit) inspectChoice(checked *ast.AST, call ast.CallExpr) {
	if name := call.FunctionName(); name != operators.Equals && name != operators.NotEquals {
		return
	}
	for i, arg := range call.Args() {
		text, isText := textLiteral(arg)
		if !isText {
			continue
		}
		other := call.Args()[1-i]
		t := u.env.declaredType(checked, other)
		if t == nil || len(t.Enum) == 0 || slices.Contains(t.Enum, any(text)) {
			continue
		}
		choices := make([]string, len(t.Enum))
		for i, choice := range t.Enum {
			choices[i] = fmt.Sprint(choice)
		}
		u.ds.Warnf(u.node.At(u.offset+u.startOf(checked, arg)), "unknown-choice", "`%s` is never %q", u.name(checked, other), text).Meant(text, choices)
	}
}

// inspectObjects sees to it that functions of objects get one.
func (u *unit) inspectObjects(checked *ast.AST, e ast.Expr) {
	call := e.AsCall()
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	for _, id := range checked.GetOverloadIDs(e.ID()) {
		for _, i := range objects[id] {
			switch t := checked.GetType(args[i].ID()); t.Kind() {
			case types.MapKind, types.StructKind, types.DynKind, types.AnyKind, types.TypeParamKind:
			default:
				u.report(problem{offset: u.startOf(checked, args[i]), code: "wrong-arguments",
					message: fmt.Sprintf("`%s` needs an object, and this is %s", call.FunctionName(), typeWords(t)),
					hint:    "it is written " + strings.Join(signatures(call.FunctionName()), " or ")})
			}
		}
	}
}

// inspectSecrets sees to it that a secret is only ever handed on whole.
func (u *unit) inspectSecrets(checked *ast.AST) {
	report := func(e ast.Expr) {
		u.report(problem{offset: u.startOf(checked, e), code: "secret-used", message: errSecret.message, hint: secretHint})
	}
	ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			call := e.AsCall()
			if handsOn[call.FunctionName()] {
				return
			}
			args := call.Args()
			if call.IsMemberFunction() {
				args = append([]ast.Expr{call.Target()}, args...)
			}
			for _, arg := range args {
				if holdsSecret(checked.GetType(arg.ID())) {
					report(arg)
				}
			}
		case ast.ListKind:
			for _, item := range e.AsList().Elements() {
				if holdsSecret(checked.GetType(item.ID())) {
					report(item)
				}
			}
		case ast.MapKind:
			for _, entry := range e.AsMap().Entries() {
				if value := entry.AsMapEntry().Value(); holdsSecret(checked.GetType(value.ID())) {
					report(value)
				}
			}
		}
	}))
}

// handsOn are the operations that give one of their values unchanged.
var handsOn = map[string]bool{
	operators.Conditional: true, operators.OptSelect: true, operators.Index: true, operators.OptIndex: true,
	"orValue": true, "or": true, "default": true, "@default": true, "hasValue": true, "value": true,
}

func loopDepth(e ast.Expr) int {
	deepest := 0
	switch e.Kind() {
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		inner := max(loopDepth(c.LoopStep()), loopDepth(c.LoopCondition()))
		if c.IterRange().Kind() != ast.ListKind || c.IterRange().AsList().Size() > 0 {
			inner++
		}
		return max(inner, loopDepth(c.IterRange()), loopDepth(c.Result()), loopDepth(c.AccuInit()))
	case ast.CallKind:
		if e.AsCall().IsMemberFunction() {
			deepest = loopDepth(e.AsCall().Target())
		}
		for _, arg := range e.AsCall().Args() {
			deepest = max(deepest, loopDepth(arg))
		}
	case ast.SelectKind:
		return loopDepth(e.AsSelect().Operand())
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			deepest = max(deepest, loopDepth(item))
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			deepest = max(deepest, loopDepth(entry.AsMapEntry().Key()), loopDepth(entry.AsMapEntry().Value()))
		}
	}
	return deepest
}
