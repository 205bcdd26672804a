package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/cel-go/common/types"

	"gantry/schema"
)

// What a candidate is.
const (
	OfVariable = "variable"
	OfField    = "field"
	OfFunction = "function"
	OfValue    = "value"
)

// Candidate is something that can be written at a place of an expression.
type Candidate struct {
	Name   string
	Kind   string // OfVariable, OfField, OfFunction, OfValue
	Type   string // in words; of functions the signature
	Doc    string
	Insert string // the text to write
}

// Completion is what can be written at a place of an expression, in place of the word that is begun there.
type Completion struct {
	Start      int    // the byte at which the word begins
	Of         string // the value whose fields are meant, such as "tasks"; "" none
	Candidates []Candidate
}

// Complete tells what can be written at a byte of an expression that need not be whole.
func (e *Env) Complete(text string, offset int) Completion {
	offset = max(0, min(offset, len(text)))
	t, ok := e.typingAt(text, offset)
	if !ok {
		return Completion{Start: offset}
	}
	last := len(t.tokens) - 1
	if last >= 0 && t.tokens[last].end >= offset {
		switch t.tokens[last].kind {
		case stringToken, brokenString:
			if t.tokens[last].kind == stringToken && t.tokens[last].end == offset {
				return Completion{Start: offset}
			}
			return t.choices(last)
		case numberToken:
			return Completion{Start: offset}
		case wordToken:
			start := t.tokens[last].start
			t.tokens = t.tokens[:last]
			return t.complete(start, offset)
		}
	}
	return t.complete(offset, offset)
}

func (t *typing) complete(start, offset int) Completion {
	c := Completion{Start: start}
	env := t.withLocals()
	called := strings.HasPrefix(strings.TrimLeft(t.text[offset:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"), "(")
	dot, optional := t.dotBefore(len(t.tokens))
	if dot < 0 {
		c.Candidates = slices.Concat(env.candidates(), functionsThat(called, func(f *function) bool { return !f.isMember() }))
		return c
	}
	of := t.receiver(dot)
	if of == "" {
		return c
	}
	c.Of = strings.Join(strings.Fields(of), "")
	v, known := env.typeOfText(of)
	if !known && isNamespace(of) {
		c.Candidates = functionsThat(called, func(f *function) bool { return strings.HasPrefix(f.called, of+".") })
		return c
	}
	c.Candidates = fieldsOf(v.typ)
	if !optional {
		c.Candidates = append(c.Candidates, methods(v, called)...)
	}
	return c
}

// candidates are the variables and the constants.
func (e *Env) candidates() []Candidate {
	var all []Candidate
	for _, name := range e.names() {
		v, _ := e.variable(name)
		typ := v.Type
		if name == "now" && typ == nil {
			typ = formatted("date-time")
		}
		c := Candidate{Name: name, Kind: OfVariable, Type: typeText(typ), Insert: name}
		if typ != nil {
			c.Doc = typ.Description
		}
		all = append(all, c)
	}
	for _, word := range []string{"true", "false", "null"} {
		all = append(all, Candidate{Name: word, Kind: OfValue, Insert: word})
	}
	return all
}

func typeText(t *schema.Type) string {
	if t == nil {
		return schema.Any().String()
	}
	if strings.HasPrefix(t.Name, "gantry.") {
		return schema.Object("").String()
	}
	return t.String()
}

func fieldsOf(t *schema.Type) []Candidate {
	if t == nil || t.Kind != schema.KindObject {
		return nil
	}
	all := make([]Candidate, 0, len(t.Fields))
	for _, f := range t.Fields {
		if spanOf(f.Name, isWordByte) != len(f.Name) || f.Name == "" || f.Name[0] >= '0' && f.Name[0] <= '9' {
			continue // it is read as x['odd name']
		}
		all = append(all, Candidate{Name: f.Name, Kind: OfField, Type: typeText(f.Type), Doc: fieldDoc(f), Insert: f.Name})
	}
	return all
}

// fieldDoc says what a field means, its choices, and that it is not to be used any more.
func fieldDoc(f schema.Field) string {
	var parts []string
	if f.Type != nil {
		parts = append(parts, f.Type.Description)
		if n := len(f.Type.Enum); n > 0 && n <= 12 {
			words := make([]string, n)
			for i, v := range f.Type.Enum {
				words[i] = fmt.Sprint(v)
			}
			parts = append(parts, "One of "+strings.Join(words, ", ")+".")
		}
	}
	if f.Deprecated != "" {
		parts = append(parts, "Deprecated: "+f.Deprecated)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// functionsThat gives the functions that a condition holds for. One that is called already is written without brackets.
func functionsThat(called bool, wanted func(*function) bool) []Candidate {
	var all []Candidate
	for _, g := range groups() {
		for i := range g.functions {
			if f := &g.functions[i]; f.name()[0] != '@' && wanted(f) {
				all = append(all, f.candidate(called))
			}
		}
	}
	slices.SortFunc(all, func(a, b Candidate) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b Candidate) bool { return a.Name == b.Name })
}

func (f *function) candidate(called bool) Candidate {
	name := f.name()
	short := name[strings.LastIndexByte(name, '.')+1:]
	forms := f.shown()
	c := Candidate{Name: short, Kind: OfFunction, Type: strings.Join(forms, "; "), Doc: f.doc, Insert: short}
	if !f.isMember() {
		c.Name, c.Insert = name, name
	}
	if strings.Contains(f.called, ".") {
		c.Name, c.Insert = short, short
	}
	if len(f.examples) > 0 {
		c.Doc += " For example: " + f.examples[0]
	}
	if !called {
		c.Insert += "("
		if strings.Contains(forms[0], "()") {
			c.Insert += ")"
		}
	}
	return c
}

// head is a signature up to its bracket.
func head(sign string) string {
	sign, _, _ = strings.Cut(sign, "(")
	return sign
}

// isMember tells whether a function stands behind the value that it works on, or behind a namespace.
func (f *function) isMember() bool { return strings.Contains(head(f.signs[0]), ".") }

// methods are the functions that work on a value, those for its very type first.
func methods(v typed, called bool) []Candidate {
	worksOn := func(f *function, on []string) bool {
		return f.isMember() && !strings.Contains(f.called, ".") && slices.ContainsFunc(f.signs, func(sign string) bool {
			receiver, _, _ := strings.Cut(head(sign), ".")
			return slices.Contains(on, receiver)
		})
	}
	own, other := receivers(v)
	all := functionsThat(called, func(f *function) bool { return worksOn(f, own) })
	for _, c := range functionsThat(called, func(f *function) bool { return worksOn(f, other) }) {
		if !slices.ContainsFunc(all, func(known Candidate) bool { return known.Name == c.Name }) {
			all = append(all, c)
		}
	}
	return all
}

// receivers are the words in signatures for the values that functions work on: those for a value's own type, and those
// that hold for it as well.
func receivers(v typed) (own, other []string) {
	if v.cel == nil {
		return []string{"any"}, nil
	}
	if v.optional() {
		return []string{"x", "optional", "optional_T"}, nil
	}
	switch v.cel.Kind() {
	case types.StringKind:
		return []string{"text"}, []string{"moment", "any"}
	case types.TimestampKind:
		return []string{"time", "moment"}, []string{"any"}
	case types.IntKind, types.UintKind, types.DoubleKind:
		return []string{"number", "integer"}, []string{"any"}
	case types.DurationKind:
		return []string{"duration"}, []string{"any"}
	case types.MapKind, types.StructKind:
		return []string{"object"}, []string{"any"}
	case types.ListKind:
		own := []string{"list", "list_of_T"}
		switch v.cel.Parameters()[0].Kind() {
		case types.IntKind:
			own = append(own, "list_of_integer")
		case types.DoubleKind:
			own = append(own, "list_of_number")
		case types.BoolKind:
			own = append(own, "list_of_boolean")
		case types.DynKind:
			own = append(own, "list_of_integer", "list_of_number", "list_of_boolean")
		}
		return own, []string{"any"}
	case types.DynKind, types.AnyKind:
		return []string{"any", "text", "list", "list_of_T", "object", "number", "moment"}, nil
	}
	return []string{"any"}, nil
}

// choices are the texts that the other side of a comparison can be, where token i is the text that is begun.
func (t *typing) choices(i int) Completion {
	quoteAt := t.tokens[i].start + max(0, stringPrefix(t.text[t.tokens[i].start:]))
	c := Completion{Start: quoteAt + 1}
	sign := i - 1
	for t.word(sign) == "," || t.word(sign) == "[" || sign >= 0 && t.tokens[sign].kind == stringToken {
		sign--
	}
	if w := t.word(sign); w != "==" && w != "!=" && (w != "in" || sign == i-1) {
		return c
	}
	start := t.chainStart(sign - 1)
	if start < 0 {
		return c
	}
	v, _ := t.withLocals().typeOfText(t.part(start, sign-1))
	if v.typ == nil {
		return c
	}
	for _, choice := range v.typ.Enum {
		if text, ok := choice.(string); ok {
			c.Candidates = append(c.Candidates, Candidate{Name: text, Kind: OfValue, Insert: text})
		}
	}
	return c
}
