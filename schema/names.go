package schema

import (
	"maps"
	"slices"
	"strings"

	"gantry/source"
)

// typeNames are the types that can be named in a declaration, the common ones first.
var typeNames = []string{"string", "integer", "number", "boolean", "object", "list", "map", "any", "secret", "null"}

// synonyms are what other languages call our types; nobody should have to guess.
var synonyms = map[string]string{
	"text": "string", "str": "string", "int": "integer", "long": "integer", "whole number": "integer", "float": "number",
	"double": "number", "decimal": "number", "bool": "boolean", "array": "list", "sequence": "list", "dict": "map",
	"dictionary": "map", "hash": "map", "record": "object", "struct": "object", "password": "secret", "dynamic": "any",
	"anything": "any", "none": "null", "nil": "null",
}

// formatSynonyms are types elsewhere, formats of text here.
var formatSynonyms = map[string]string{
	"datetime": "date-time", "date-time": "date-time", "timestamp": "date-time", "date": "date", "email": "email",
	"uri": "uri", "url": "uri", "duration": "duration", "html": "html", "multiline": "multiline", "base64": "base64",
}

// shortDepth bounds `list of list of …`.
const shortDepth = 20

// short reads a type written as one text; offset is where in the node's text it begins.
func (p *parser) short(n *source.Node, text string, depth int) *Type {
	name := strings.TrimSpace(text)
	if depth > shortDepth {
		p.ds.Errorf(n.Pos, "too-deep", "the type is nested more than %d levels deep", shortDepth)
		return Any()
	}
	if inner, ok := strings.CutPrefix(name, "list of "); ok {
		return ListOf(p.short(n, inner, depth+1))
	}
	if inner, ok := strings.CutPrefix(name, "map of "); ok {
		return MapOf(p.short(n, inner, depth+1))
	}
	if inner, ok := strings.CutSuffix(name, " or null"); ok {
		return p.short(n, inner, depth+1).AsNullable()
	}
	for _, known := range typeNames {
		if name == known {
			t := &Type{Kind: Kind(name)}
			t.Open = t.Kind == KindObject
			return t
		}
	}
	if p.known != nil {
		if t, ok := p.known(name); ok {
			return t
		}
	}
	p.unknownName(n, name)
	return Any()
}

func (p *parser) unknownName(n *source.Node, name string) {
	at := max(0, strings.Index(n.Value.(string), name))
	d := p.ds.Errorf(n.At(at), "unknown-type", "unknown type %q", name)
	lower := strings.ToLower(name)
	switch {
	case synonyms[lower] != "":
		d.Hint = "did you mean \"" + synonyms[lower] + "\"?"
		d.Offer(name, synonyms[lower])
	case formatSynonyms[lower] != "":
		d.Hint = "write {type: string, format: " + formatSynonyms[lower] + "}"
	case strings.HasPrefix(lower, "list") || strings.HasPrefix(lower, "array") || strings.HasSuffix(lower, "[]"):
		d.Hint = "a list is written: list of string"
	default:
		d.Meant(name, typeNames)
	}
}

// TypeNames are the names of types that a declaration may have, the common ones first.
func TypeNames() []string { return slices.Clone(typeNames) }

// Formats are the formats that text may have, in alphabetical order.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }
