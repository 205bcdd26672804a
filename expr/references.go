package expr

import (
	"slices"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"

	"gantry/source"
)

// Reference is one use of a variable.
type Reference struct {
	// Path is the variable's name and the constant fields read of it: [ctx team], [tasks x result].
	// It ends where the fields are only known at run time.
	Path []string
	Pos  source.Pos
	// Optional tells that the variable's first field may be missing: ctx.?team, tasks.?x.result,
	// has(ctx.team). tasks.x.?result is not Optional: it needs tasks.x.
	Optional bool
	// OptionalFrom is the index in Path of the first field that may be missing; 0 when all must be there.
	OptionalFrom int
	Guard        Guard
}

// Guard tells that a use is evaluated, or its failure counts, only when the bare variable succeeded
// (failed) is true: by &&, ||, ?: and !.
type Guard struct {
	Succeeded, Failed bool
}

// References lists the uses of variables, in the order of the text. Variables that the expression itself
// introduces (t in tickets.map(t, …)) are not uses. The list is kept, and not to be changed.
func (p *Program) References() []Reference {
	p.looked.Do(func() { p.references = p.find() })
	return p.references
}

func (p *Program) find() []Reference {
	w := &walker{program: p}
	w.walk(p.ast.Expr(), facts{})
	slices.SortStableFunc(w.found, func(a, b located) int { return a.offset - b.offset })
	refs := make([]Reference, len(w.found))
	for i, f := range w.found {
		refs[i] = f.Reference
	}
	return refs
}

type located struct {
	Reference
	offset int
}

type walker struct {
	program *Program
	locals  []string
	found   []located
}

// walk visits e, which is evaluated (or counts) only when known holds.
func (w *walker) walk(e ast.Expr, known facts) {
	if path, optional, ok := w.path(e); ok {
		w.add(e, path, optional, known)
		return
	}
	switch e.Kind() {
	case ast.SelectKind:
		w.walk(e.AsSelect().Operand(), known)
	case ast.CallKind:
		w.walkCall(e.AsCall(), known)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			w.walk(item, known)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			w.walk(entry.AsMapEntry().Key(), known)
			w.walk(entry.AsMapEntry().Value(), known)
		}
	case ast.ComprehensionKind:
		w.walkLoop(e.AsComprehension(), known)
	}
}

func (w *walker) walkCall(call ast.CallExpr, known facts) {
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		// An error on one side does not count when the other side is false, whichever comes first.
		for i, arg := range args {
			w.walk(arg, w.others(args, i, known, true))
		}
		return
	case operators.LogicalOr:
		for i, arg := range args {
			w.walk(arg, w.others(args, i, known, false))
		}
		return
	case operators.Conditional:
		w.walk(args[0], known)
		w.walk(args[1], known.and(w.implied(args[0], true)))
		w.walk(args[2], known.and(w.implied(args[0], false)))
		return
	}
	if call.IsMemberFunction() {
		w.walk(call.Target(), known)
	}
	for _, arg := range args {
		w.walk(arg, known)
	}
}

func (w *walker) others(args []ast.Expr, self int, known facts, value bool) facts {
	for i, arg := range args {
		if i != self {
			known = known.and(w.implied(arg, value))
		}
	}
	return known
}

func (w *walker) walkLoop(loop ast.ComprehensionExpr, known facts) {
	w.walk(loop.IterRange(), known)
	w.walk(loop.AccuInit(), known)
	outer := len(w.locals)
	w.locals = append(w.locals, loop.AccuVar())
	w.walk(loop.Result(), known)
	w.locals = append(w.locals, loop.IterVar())
	if loop.HasIterVar2() {
		w.locals = append(w.locals, loop.IterVar2())
	}
	w.walk(loop.LoopCondition(), known)
	w.walk(loop.LoopStep(), known)
	w.locals = w.locals[:outer]
}

// path gives the constant path that e reads of a variable.
func (w *walker) path(e ast.Expr) (path []string, optionalFrom int, ok bool) {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if slices.Contains(w.locals, name) || !w.isVariable(name) {
			return nil, 0, false
		}
		return []string{globalName(name)}, 0, true
	case ast.SelectKind:
		sel := e.AsSelect()
		path, from, ok := w.path(sel.Operand())
		if !ok {
			return nil, 0, false
		}
		if sel.IsTestOnly() && from == 0 {
			from = len(path)
		}
		return append(path, sel.FieldName()), from, true
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.OptSelect:
			name, isText := textLiteral(call.Args()[1])
			path, from, ok := w.path(call.Args()[0])
			if !ok || !isText {
				return nil, 0, false
			}
			if from == 0 {
				from = len(path)
			}
			return append(path, name), from, true
		case "dyn":
			return w.path(call.Args()[0])
		}
	}
	return nil, 0, false
}

func (w *walker) isVariable(name string) bool {
	name = globalName(name)
	if name == "now" {
		return true
	}
	_, ok := w.program.env.variable(name)
	return ok
}

// globalName drops the dot by which CEL marks a variable that a loop's variable would hide.
func globalName(name string) string {
	if len(name) > 0 && name[0] == '.' {
		return name[1:]
	}
	return name
}

func (w *walker) add(e ast.Expr, path []string, optionalFrom int, known facts) {
	u := &unit{text: w.program.text}
	offset := u.startOf(w.program.ast, e)
	w.found = append(w.found, located{offset: offset, Reference: Reference{
		Path: path, Pos: w.program.node.At(w.program.offset + offset),
		Optional: optionalFrom == 1, OptionalFrom: optionalFrom,
		Guard: Guard{Succeeded: known.holds("succeeded"), Failed: known.holds("failed")},
	}})
}

// pathOf gives the constant path of a plain chain of names, for messages.
func pathOf(e ast.Expr) ([]string, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		return []string{globalName(e.AsIdent())}, true
	case ast.SelectKind:
		path, ok := pathOf(e.AsSelect().Operand())
		return append(path, e.AsSelect().FieldName()), ok
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.OptSelect {
			path, ok := pathOf(call.Args()[0])
			name, _ := textLiteral(call.Args()[1])
			return append(path, name), ok
		}
	}
	return nil, false
}
