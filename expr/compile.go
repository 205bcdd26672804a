package expr

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"

	"gantry/source"
)

// Compile checks a condition or another value that always is an expression: text with or without
// `${{ }}` around it, or a literal true or false. The result may be of any type; ask Type.
func (e *Env) Compile(n *source.Node) (*Program, source.Diagnostics) {
	var ds source.Diagnostics
	switch {
	case n == nil:
		ds.Errorf(source.Pos{}, "missing-expression", "an expression is missing here")
	case n.Kind == source.Bool:
		text := "false"
		if n.Value == true {
			text = "true"
		}
		return e.compile(n, 0, text)
	case n.Kind == source.String:
		return e.compileText(n)
	default:
		d := ds.Errorf(n.Pos, "not-an-expression", "an expression must be text such as `result.id > 5`, not %s", kindWords(n.Kind))
		d.Hint = "write the condition on one line, in quotes where YAML needs them"
	}
	return nil, ds
}

func kindWords(k source.Kind) string {
	switch k {
	case source.Null:
		return "empty"
	case source.Bool, source.String:
		return k.String()
	}
	return "a " + k.String()
}

func (e *Env) compileText(n *source.Node) (*Program, source.Diagnostics) {
	var ds source.Diagnostics
	text := n.Value.(string)
	if !strings.HasPrefix(strings.TrimSpace(text), opening) {
		return e.compile(n, 0, text)
	}
	pieces, problem := scan(text)
	if problem != nil {
		ds.Errorf(n.At(problem.offset), problem.code, "%s", problem.message).Hint = problem.hint
		return nil, ds
	}
	code, ok := wholeCode(pieces)
	if !ok {
		ds.Errorf(n.At(0), "mixed-expression", "there is text beside the `${{ }}`, so this is not one expression").Hint =
			"put everything into one pair of braces, or leave the braces out"
		return nil, ds
	}
	return e.compile(n, code.start, code.source)
}

// wholeCode gives the one expression of pieces that have nothing else but space around it.
func wholeCode(pieces []piece) (piece, bool) {
	var code piece
	found := 0
	for _, p := range pieces {
		switch {
		case p.isCode:
			code = p
			found++
		case strings.TrimSpace(p.literal) != "":
			return piece{}, false
		}
	}
	return code, found == 1
}

// CompileText checks an expression that does not come from a file.
func CompileText(e *Env, src string) (*Program, source.Diagnostics) {
	return e.Compile(source.FromData(src))
}

// compile checks the expression text, which stands at offset of the text of n.
func (e *Env) compile(n *source.Node, offset int, text string) (*Program, source.Diagnostics) {
	u := &unit{env: e, node: n, offset: offset, text: text}
	if strings.TrimSpace(text) == "" {
		u.errorAt(0, "empty-expression", "the expression is empty", "write a name or a value")
		return nil, u.ds
	}
	if len(text) > MaxSource {
		u.errorAt(0, "expression-too-long", "the expression is longer than 16,384 bytes",
			"split it: put intermediate values into core.set, or into `publish`")
		return nil, u.ds
	}
	return u.program(), u.ds
}

// program checks the expression; it gives nil when it found errors.
func (u *unit) program() (p *Program) {
	defer func() {
		if r := recover(); r != nil { // one expression must not take the others with it
			u.errorAt(0, "internal", fmt.Sprintf("the expression could not be checked: %v", r), "this is a defect in Gantry; please report it")
			p = nil
		}
	}()
	checked := u.check()
	if checked == nil {
		return nil
	}
	u.inspect(checked)
	if u.ds.HasErrors() {
		return nil
	}
	return &Program{env: u.env, node: u.node, offset: u.offset, text: u.text, ast: checked, typ: u.env.resultType(checked)}
}

// maxMends bounds how often an expression is checked again.
const maxMends = 4

// unit is one expression while it is compiled.
type unit struct {
	env    *Env
	node   *source.Node
	offset int
	text   string
	ds     source.Diagnostics
}

func (u *unit) errorAt(offset int, code, message, hint string) {
	u.ds.Errorf(u.node.At(u.offset+offset), code, "%s", message).Hint = hint
}

// check parses and type-checks. What CEL's checker refuses though it is meant (see mend) is mended and
// checked again: inner things first, so that it may take a few rounds.
func (u *unit) check() *ast.AST {
	src := common.NewTextSource(u.text)
	tree := quickParse(u.text, src)
	if tree == nil {
		parsed, issues := library().cel.ParseSource(src)
		if issues.Err() != nil {
			u.syntaxError(issues.Errors())
			return nil
		}
		tree = parsed.NativeRep()
	}
	rewrite(tree)
	checked, errs := checker.Check(tree, src, u.env.check())
	for range maxMends {
		if len(errs.GetErrors()) == 0 || !mend(checked, errs.GetErrors()) {
			break
		}
		checked, errs = checker.Check(tree, src, u.env.check())
	}
	if found := errs.GetErrors(); len(found) > 0 {
		u.typeErrors(checked, found)
		return nil
	}
	return checked
}

// byteOffset gives the byte in the expression of a code point that CEL counted.
func byteOffset(text string, codePoint int) int {
	for i := range text {
		if codePoint == 0 {
			return i
		}
		codePoint--
	}
	return len(text)
}
