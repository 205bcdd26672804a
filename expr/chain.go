package expr

import (
	"strings"

	"github.com/google/cel-go/common/types"

	"gantry/schema"
)

// typing is an expression that is being written, up to a place in it.
type typing struct {
	env    *Env
	text   string
	tokens []token // up to the place; a word that reaches it is the last one
}

// typingAt reads the tokens of an expression up to a place. false: nothing can be said there (a comment, or an
// expression that is too long).
func (e *Env) typingAt(text string, offset int) (*typing, bool) {
	if len(text) > MaxSource {
		return nil, false
	}
	t := &typing{env: e, text: text}
	for at := 0; ; {
		next, ok := nextToken(text, at)
		if !ok || next.start >= offset {
			return t, true
		}
		if next.kind == commentToken && next.end >= offset {
			return nil, false
		}
		at = next.end
		t.tokens = append(t.tokens, next)
	}
}

func (t *typing) word(i int) string {
	if i < 0 || i >= len(t.tokens) {
		return ""
	}
	return t.tokens[i].of(t.text)
}

func (t *typing) isWord(i int) bool {
	return i >= 0 && i < len(t.tokens) && t.tokens[i].kind == wordToken && t.word(i) != "in"
}

// dotBefore gives the index of the dot before a token, of `.` or `.?`; -1: there is none.
func (t *typing) dotBefore(i int) (dot int, optional bool) {
	if t.word(i-1) == "?" && t.word(i-2) == "." {
		return i - 2, true
	}
	if t.word(i-1) == "." {
		return i - 1, false
	}
	return -1, false
}

// chainStart finds the token with which the value begins that ends with token i: a path, with calls and indexes in it.
// -1: no value ends there.
func (t *typing) chainStart(i int) int {
	for {
		switch t.word(i) {
		case ")", "]", "}":
			open := t.opening(i)
			if open < 0 {
				return -1
			}
			i = open
			if close := t.word(i); close == "[" || close == "(" {
				if w := t.word(i - 1); t.isWord(i-1) || close == "[" && (w == "]" || w == ")") {
					i--
					if w == "]" || w == ")" {
						continue
					}
				}
			}
		default:
			if i < 0 || i >= len(t.tokens) || t.tokens[i].kind == signToken || t.tokens[i].kind == brokenString {
				return -1
			}
		}
		dot, _ := t.dotBefore(i)
		if dot < 0 {
			return i
		}
		if dot == 0 {
			return -1
		}
		i = dot - 1
	}
}

// opening finds the bracket that token i closes; -1: there is none.
func (t *typing) opening(i int) int {
	depth := 0
	for ; i >= 0; i-- {
		if t.tokens[i].kind != signToken {
			continue
		}
		switch t.word(i) {
		case ")", "]", "}":
			depth++
		case "(", "[", "{":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// part is the text of the tokens from one to another, both included.
func (t *typing) part(from, to int) string {
	return t.text[t.tokens[from].start:t.tokens[to].end]
}

// receiver gives the value that is read of where a dot stands; "" when there is none.
func (t *typing) receiver(dot int) string {
	if dot < 1 {
		return ""
	}
	start := t.chainStart(dot - 1)
	if start < 0 {
		return ""
	}
	return t.part(start, dot-1)
}

// typed is what a value is: for the checker, and for people. The zero value is a value of which nothing is known.
type typed struct {
	cel *types.Type
	typ *schema.Type
}

func (v typed) optional() bool { return isOptional(v.cel) }

// typeOfText compiles a value; false when it is wrong.
func (e *Env) typeOfText(text string) (typed, bool) {
	p, _ := CompileText(e, text)
	if p == nil {
		return typed{}, false
	}
	return typed{p.ast.GetType(p.ast.Expr().ID()), p.typ}, true
}

// withLocals gives the environment with the names that open calls around the place introduce: t in tickets.map(t, ….
func (t *typing) withLocals() *Env {
	env := t.env
	var open []int
	for i := range t.tokens {
		if t.tokens[i].kind != signToken {
			continue
		}
		switch t.word(i) {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	for _, i := range open {
		if vars := t.introduced(env, i); vars != nil {
			env = env.With(vars...)
		}
	}
	return env
}

// introduced gives the names that the call introduces whose bracket is token i, if its first values are written.
func (t *typing) introduced(env *Env, i int) []Variable {
	dot, _ := t.dotBefore(i - 1)
	if t.word(i) != "(" || dot < 0 || !t.isWord(i+1) || t.word(i+2) != "," {
		return nil
	}
	name, first := t.word(i-1), t.word(i+1)
	of := t.receiver(dot)
	if of == "cel" && name == "bind" {
		return []Variable{{first, t.bound(env, i+3)}}
	}
	v, _ := env.typeOfText(of)
	if name == "optMap" || name == "optFlatMap" {
		return []Variable{{first, v.typ}}
	}
	if !macroNames()[name] {
		return nil
	}
	key, entry := entriesOf(v.typ)
	if t.isWord(i+3) && t.word(i+4) == "," {
		return []Variable{{first, key}, {t.word(i + 3), entry}}
	}
	if v.typ != nil && v.typ.Kind == schema.KindList {
		return []Variable{{first, entry}}
	}
	return []Variable{{first, key}}
}

// bound is the type of the value that cel.bind gives a name; it begins at token i.
func (t *typing) bound(env *Env, i int) *schema.Type {
	depth := 0
	for k := i; k < len(t.tokens); k++ {
		switch t.word(k) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 && k > i {
				v, _ := env.typeOfText(t.part(i, k-1))
				return v.typ
			}
		}
	}
	return nil
}

// entriesOf is what a loop over a value sees: positions and entries, or names and values.
func entriesOf(t *schema.Type) (key, entry *schema.Type) {
	switch {
	case t == nil:
		return schema.Any(), schema.Any()
	case t.Kind == schema.KindList:
		return schema.Integer(), t.Element()
	case t.Kind == schema.KindMap:
		return schema.String(), t.Element()
	case t.Kind == schema.KindObject:
		return schema.String(), schema.Any()
	}
	return schema.Any(), schema.Any()
}

// isNamespace knows the words before the dot of functions that work on no value: math.abs.
func isNamespace(word string) bool {
	for _, g := range groups() {
		for i := range g.functions {
			if space, _, ok := strings.Cut(g.functions[i].called, "."); ok && space == word {
				return true
			}
		}
	}
	return false
}
