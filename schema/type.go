// Package schema says which values are allowed: the types of inputs, results, settings and entities,
// their declaration in YAML, checks and completion of values, JSON with exact whole numbers, and the
// JSON Schema that editors read.
//
// Values are JSON data throughout: nil, bool, int64, float64, string, []any and map[string]any.
package schema

import (
	"slices"
	"strings"
)

// Kind is what a type is at its top.
type Kind string

// The kinds. A KindSecret is text that is never shown or stored in the clear.
const (
	KindAny     Kind = "any"
	KindNull    Kind = "null"
	KindBoolean Kind = "boolean"
	KindInteger Kind = "integer"
	KindNumber  Kind = "number"
	KindString  Kind = "string"
	KindSecret  Kind = "secret"
	KindList    Kind = "list"
	KindMap     Kind = "map"
	KindObject  Kind = "object"
)

// Type is a type with what is said about it for people. Types are not changed once they are in use:
// they are shared between workflows and goroutines.
type Type struct {
	Kind     Kind
	Name     string // of named entity types ("halo.Ticket")
	Nullable bool
	Items    *Type   // of lists: the elements; of maps: the values. nil is any
	Fields   []Field // of objects, in order
	Open     bool    // of objects: other fields than the declared ones may come
	// OneOf are, of objects, groups of optional fields of which at least one must be given.
	OneOf [][]string

	Title       string
	Description string
	Format      string // of text: date-time, date, email, uri, html, multiline, duration, base64, file
	Enum        []any
	Default     any
	HasDefault  bool
	Minimum     *float64
	Maximum     *float64
	MinLength   *int // of text, in characters
	MaxLength   *int
	MaxMiB      *int   // of text that holds a file: how large the file may be
	MaxItems    *int   // of lists
	Pattern     string // of text: a regular expression (RE2) that must match somewhere
	Examples    []any

	// WhenNull is what an expression is told that reads a field of it where the value is null, and what to do
	// about that; empty for the ordinary words.
	WhenNull *Told

	index *fieldIndex // of wide objects
}

// Told is a message with a hint.
type Told struct{ Message, Hint string }

// Field is a field of an object.
type Field struct {
	Name       string
	Type       *Type
	Required   bool
	Deprecated string // what to use instead; "" when the field is not deprecated
}

// Any is the type of everything; what is done with such values is checked at run time.
func Any() *Type { return &Type{Kind: KindAny} }

// String is the type of text.
func String() *Type { return &Type{Kind: KindString} }

// Integer is the type of whole numbers of 64 bits.
func Integer() *Type { return &Type{Kind: KindInteger} }

// Number is the type of numbers, whole or not.
func Number() *Type { return &Type{Kind: KindNumber} }

// Boolean is the type of true and false.
func Boolean() *Type { return &Type{Kind: KindBoolean} }

// Null is the type whose only value is null.
func Null() *Type { return &Type{Kind: KindNull} }

// Secret is the type of text that is never shown or stored in the clear.
func Secret() *Type { return &Type{Kind: KindSecret} }

// ListOf is the type of lists; nil items are any.
func ListOf(items *Type) *Type { return &Type{Kind: KindList, Items: items} }

// MapOf is the type of maps from text to values of one type; nil values are any.
func MapOf(values *Type) *Type { return &Type{Kind: KindMap, Items: values} }

// Object is the type of maps with declared fields; name is "" or that of an entity ("halo.Ticket").
func Object(name string, fields ...Field) *Type {
	return &Type{Kind: KindObject, Name: name, Fields: fields, index: indexOf(fields)}
}

// AsNullable gives the type with null added.
func (t *Type) AsNullable() *Type {
	if t.allowsNull() {
		return t
	}
	c := *t
	c.Nullable = true
	return &c
}

// AsPresent gives the type without null.
func (t *Type) AsPresent() *Type {
	if !t.Nullable {
		return t
	}
	c := *t
	c.Nullable = false
	return &c
}

func (t *Type) allowsNull() bool {
	return t.Nullable || t.Kind == KindAny || t.Kind == KindNull
}

// FieldNames lists an object's fields in order.
func (t *Type) FieldNames() []string {
	names := make([]string, len(t.Fields))
	for i := range t.Fields {
		names[i] = t.Fields[i].Name
	}
	return names
}

// Element gives the type of a list's elements or a map's values, any when none is declared.
func (t *Type) Element() *Type {
	if t.Items == nil {
		return anyType
	}
	return t.Items
}

var anyType = Any()

// words says what a kind is called where people read it.
var words = map[Kind]string{
	KindAny: "anything", KindNull: "null", KindBoolean: "true or false", KindInteger: "whole number", KindNumber: "number",
	KindString: "text", KindSecret: "secret", KindList: "list", KindMap: "map", KindObject: "object",
}

// String describes the type in words: "text", "list of halo.Ticket", "whole number or null".
func (t *Type) String() string {
	text := t.present()
	if t.Nullable && t.Kind != KindAny && t.Kind != KindNull {
		text += " or null"
	}
	return text
}

func (t *Type) present() string {
	switch {
	case t.Name != "":
		return t.Name
	case (t.Kind == KindList || t.Kind == KindMap) && t.Items != nil && t.Items.Kind != KindAny:
		return words[t.Kind] + " of " + t.Items.String()
	case t.Kind == KindObject && len(t.Fields) > 0 && len(t.Fields) <= 4:
		return "object {" + strings.Join(t.FieldNames(), ", ") + "}"
	case t.Kind == KindString && t.Format == "date-time":
		return "text (date and time)"
	case words[t.Kind] == "":
		return "anything"
	default:
		return words[t.Kind]
	}
}

// Equal tells whether the two allow the same values. Titles, descriptions, examples and defaults do
// not count, nor does the order of fields. Entities of one name are equal without being looked into:
// they may contain themselves.
func (t *Type) Equal(o *Type) bool {
	if t == o {
		return true
	}
	if t == nil || o == nil || t.Kind != o.Kind || t.Name != o.Name || t.allowsNull() != o.allowsNull() {
		return false
	}
	if t.Name != "" {
		return true
	}
	if !t.limitsEqual(o) || t.Open != o.Open || len(t.Fields) != len(o.Fields) {
		return false
	}
	if (t.Kind == KindList || t.Kind == KindMap) && !t.Element().Equal(o.Element()) {
		return false
	}
	for i, f := range t.Fields {
		g := o.Fields[i]
		if g.Name != f.Name {
			g, _ = o.Field(f.Name)
		}
		if g.Type == nil || g.Required != f.Required || !f.Type.Equal(g.Type) {
			return false
		}
	}
	return slices.EqualFunc(t.OneOf, o.OneOf, slices.Equal[[]string])
}

func (t *Type) limitsEqual(o *Type) bool {
	return t.Format == o.Format && t.Pattern == o.Pattern && same(t.Minimum, o.Minimum) && same(t.Maximum, o.Maximum) &&
		same(t.MinLength, o.MinLength) && same(t.MaxLength, o.MaxLength) && same(t.MaxItems, o.MaxItems) && same(t.MaxMiB, o.MaxMiB) &&
		slices.EqualFunc(t.Enum, o.Enum, sameValue)
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
