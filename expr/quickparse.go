package expr

import (
	"strconv"
	"strings"
	"sync"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// quickParse parses the plain expressions that most of a workflow's are: names, fields, calls, operators,
// simple literals. It gives nil for everything else, errors included, which then goes to cel-go's parser:
// that one is made by ANTLR and takes ten times as long. A test and a fuzz test hold the two together.
func quickParse(text string, src common.Source) (tree *ast.AST) {
	if len(text) > 1000 || !isASCII(text) {
		return nil
	}
	p := &quickParser{text: text, info: ast.NewSourceInfo(src)}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(notPlain); !ok {
				panic(r)
			}
			tree = nil
		}
	}()
	p.advance()
	e := p.choice()
	if !p.end {
		return nil
	}
	return ast.NewAST(e, p.info)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// notPlain leaves the parser for cel-go's.
type notPlain struct{}

type quickParser struct {
	text  string
	info  *ast.SourceInfo
	last  int64
	depth int

	at   token // the token to be read next
	word string
	end  bool
}

func (p *quickParser) advance() {
	t, ok := nextToken(p.text, p.at.end)
	if !ok {
		p.end, p.word = true, ""
		return
	}
	if t.kind == commentToken || t.kind == brokenString {
		panic(notPlain{})
	}
	p.at, p.word = t, t.of(p.text)
}

// id makes the id of a node that stands at t.
func (p *quickParser) id(t token) int64 {
	p.last++
	p.info.SetOffsetRange(p.last, ast.OffsetRange{Start: int32(t.start), Stop: int32(t.end)})
	return p.last
}

func (p *quickParser) is(sign string) bool {
	return !p.end && p.word == sign && p.at.kind != stringToken
}

func (p *quickParser) expect(sign string) {
	if !p.is(sign) {
		panic(notPlain{})
	}
	p.advance()
}

func (p *quickParser) choice() ast.Expr {
	if p.depth++; p.depth > 20 {
		panic(notPlain{})
	}
	defer func() { p.depth-- }()
	e := p.logical(0)
	if !p.is("?") {
		return e
	}
	id := p.id(p.at)
	p.advance()
	yes := p.logical(0)
	p.expect(":")
	return build.NewCall(id, operators.Conditional, e, yes, p.choice())
}

// logical reads || (level 0) and && (level 1). Long chains become balanced trees, as in cel-go.
func (p *quickParser) logical(level int) ast.Expr {
	if level == 2 {
		return p.binary(0)
	}
	sign, operator := "||", operators.LogicalOr
	if level == 1 {
		sign, operator = "&&", operators.LogicalAnd
	}
	terms := []ast.Expr{p.logical(level + 1)}
	var ids []int64
	for p.is(sign) {
		at := p.at
		p.advance()
		terms = append(terms, p.logical(level+1))
		ids = append(ids, p.id(at))
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return balanced(operator, terms, ids, 0, len(ids)-1)
}

func balanced(operator string, terms []ast.Expr, ids []int64, low, high int) ast.Expr {
	middle := (low + high + 1) / 2
	left, right := terms[middle], terms[middle+1]
	if middle > low {
		left = balanced(operator, terms, ids, low, middle-1)
	}
	if middle < high {
		right = balanced(operator, terms, ids, middle+1, high)
	}
	return build.NewCall(ids[middle], operator, left, right)
}

// levels are the operators between two values, from the loosest to the tightest.
var levels = []map[string]string{
	{"==": operators.Equals, "!=": operators.NotEquals, "<": operators.Less, "<=": operators.LessEquals,
		">": operators.Greater, ">=": operators.GreaterEquals, "in": operators.In},
	{"+": operators.Add, "-": operators.Subtract},
	{"*": operators.Multiply, "/": operators.Divide, "%": operators.Modulo},
}

func (p *quickParser) binary(level int) ast.Expr {
	if level == len(levels) {
		return p.unary()
	}
	e := p.binary(level + 1)
	for !p.end && p.at.kind != stringToken {
		operator, ok := levels[level][p.word]
		if !ok {
			break
		}
		id := p.id(p.at)
		p.advance()
		e = build.NewCall(id, operator, e, p.binary(level+1))
	}
	return e
}

func (p *quickParser) unary() ast.Expr {
	if !p.is("!") {
		return p.member()
	}
	id := p.id(p.at)
	p.advance()
	if p.is("!") || p.is("-") {
		panic(notPlain{})
	}
	return build.NewCall(id, operators.LogicalNot, p.member())
}

func (p *quickParser) member() ast.Expr {
	e := p.primary()
	for {
		switch at := p.at; {
		case p.is("."):
			e = p.selection(e, at)
		case p.is("["):
			e = p.index(e, at)
		default:
			return e
		}
	}
}

func (p *quickParser) selection(e ast.Expr, dot token) ast.Expr {
	p.advance()
	optional := p.is("?")
	if optional {
		p.advance()
	}
	name := p.name()
	field := p.at
	p.advance()
	switch {
	case optional:
		id := p.id(dot)
		return build.NewCall(id, operators.OptSelect, e, build.NewLiteral(p.id(field), types.String(name)))
	case p.is("("):
		id := p.id(p.at)
		return build.NewMemberCall(id, p.function(name), e, p.arguments()...)
	}
	return build.NewSelect(p.id(dot), e, name)
}

func (p *quickParser) index(e ast.Expr, bracket token) ast.Expr {
	p.advance()
	operator := operators.Index
	if p.is("?") {
		operator = operators.OptIndex
		p.advance()
	}
	id := p.id(bracket)
	at := p.choice()
	p.expect("]")
	return build.NewCall(id, operator, e, at)
}

// name checks that the next token is a name that means nothing else.
func (p *quickParser) name() string {
	if p.end || p.at.kind != wordToken || reserved[p.word] {
		panic(notPlain{})
	}
	return p.word
}

// function refuses macros, which only cel-go's parser expands.
func (p *quickParser) function(name string) string {
	if macroNames()[name] {
		panic(notPlain{})
	}
	return name
}

func (p *quickParser) arguments() []ast.Expr {
	p.expect("(")
	return p.list(")")
}

func (p *quickParser) list(closing string) []ast.Expr {
	var items []ast.Expr
	for !p.is(closing) {
		if len(items) > 0 {
			p.expect(",")
		}
		items = append(items, p.choice())
	}
	p.advance()
	return items
}

func (p *quickParser) primary() ast.Expr {
	if p.end {
		panic(notPlain{})
	}
	at, word := p.at, p.word
	switch {
	case at.kind == numberToken:
		return p.number()
	case at.kind == stringToken:
		if word[0] != '\'' && word[0] != '"' || strings.Contains(word, `\`) || len(word) >= 6 && (word[:3] == "'''" || word[:3] == `"""`) {
			panic(notPlain{})
		}
		p.advance()
		return build.NewLiteral(p.id(at), types.String(word[1:len(word)-1]))
	case word == "(":
		p.advance()
		e := p.choice()
		p.expect(")")
		return e
	case word == "[":
		p.advance()
		if p.is("?") {
			panic(notPlain{})
		}
		id := p.id(at)
		return build.NewList(id, p.list("]"), nil)
	}
	return p.identifier()
}

func (p *quickParser) number() ast.Expr {
	at, word := p.at, p.word
	p.advance()
	if isDigits(word) {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil {
			return build.NewLiteral(p.id(at), types.Int(n))
		}
	}
	whole, fraction, _ := strings.Cut(word, ".")
	if isDigits(whole) && isDigits(fraction) {
		if f, err := strconv.ParseFloat(word, 64); err == nil {
			return build.NewLiteral(p.id(at), types.Double(f))
		}
	}
	panic(notPlain{})
}

func (p *quickParser) identifier() ast.Expr {
	at, word := p.at, p.word
	switch word {
	case "true", "false":
		p.advance()
		return build.NewLiteral(p.id(at), types.Bool(word == "true"))
	case "null":
		p.advance()
		return build.NewLiteral(p.id(at), types.NullValue)
	}
	name := p.name()
	p.advance()
	if p.is("(") {
		id := p.id(p.at)
		return build.NewCall(id, p.function(name), p.arguments()...)
	}
	return build.NewIdent(p.id(at), name)
}

// reserved are CEL's words that cannot be names.
var reserved = map[string]bool{
	"as": true, "break": true, "const": true, "continue": true, "else": true, "false": true, "for": true, "function": true,
	"if": true, "import": true, "in": true, "let": true, "loop": true, "package": true, "namespace": true, "null": true,
	"return": true, "true": true, "var": true, "void": true, "while": true,
}

var macroNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, m := range library().cel.Macros() {
		names[m.Function()] = true
	}
	return names
})
