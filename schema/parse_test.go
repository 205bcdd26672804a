package schema

import (
	"testing"

	"gantry/source"

	"github.com/google/go-cmp/cmp"
)

var ticket = Object("halo.Ticket",
	Field{Name: "id", Type: Integer(), Required: true},
	Field{Name: "summary", Type: String().AsNullable()},
)

func lookup(name string) (*Type, bool) {
	if name == "halo.Ticket" {
		return ticket, true
	}
	return nil, false
}

func parseFields(t *testing.T, text string) ([]Field, source.Diagnostics) {
	t.Helper()
	n, ds := source.Parse("f", []byte(text))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	fields := ParseFields(n, lookup, &ds)
	return fields, ds
}

func parsed(t *testing.T, text string) *Type {
	t.Helper()
	fields, ds := parseFields(t, "x: "+text+"\n")
	if len(ds) > 0 {
		t.Fatalf("%s: %v", text, ds)
	}
	return fields[0].Type
}

func ptr[T any](v T) *T { return &v }

func TestParseType(t *testing.T) {
	for text, want := range map[string]*Type{
		"integer":                    Integer(),
		"list of string":             ListOf(String()),
		"list of halo.Ticket":        ListOf(ticket),
		"map of list of number":      MapOf(ListOf(Number())),
		"[halo.Ticket]":              ListOf(ticket),
		"string or null":             String().AsNullable(),
		"list of (string)":           nil,
		"object":                     {Kind: KindObject, Open: true},
		"any":                        Any(),
		"secret":                     Secret(),
		"'null'":                     Null(),
		"list":                       ListOf(nil),
		"{type: string}":             String(),
		"{type: halo.Ticket}":        ticket,
		"{type: string, secret: on}": nil,
		"{type: string, secret: true, min_length: 8}":                  {Kind: KindSecret, MinLength: ptr(8)},
		"{type: integer, nullable: true, minimum: 1, maximum: 9.5}":    {Kind: KindInteger, Nullable: true, Minimum: ptr(1.0), Maximum: ptr(9.5)},
		"{type: string, format: date, pattern: '^20', max_length: 10}": {Kind: KindString, Format: "date", Pattern: "^20", MaxLength: ptr(10)},
		"{enum: [a, b]}":                     {Kind: KindString, Enum: []any{"a", "b"}},
		"{enum: [1, 2.5]}":                   {Kind: KindNumber, Enum: []any{1.0, 2.5}},
		"{items: integer, max_items: 3}":     {Kind: KindList, Items: Integer(), MaxItems: ptr(3)},
		"{type: map, items: {type: number}}": MapOf(Number()),
		"{fields: {a: integer, b: {type: string, required: true, deprecated: use a}}, open: true}": {Kind: KindObject, Open: true, Fields: []Field{
			{Name: "a", Type: Integer()}, {Name: "b", Type: String(), Required: true, Deprecated: "use a"},
		}},
		"{more_fields: {integer or null: b c, date-time: d, list of halo.Ticket: e}, fields: {a: any}}": {Kind: KindObject, Fields: []Field{
			{Name: "a", Type: Any()}, {Name: "b", Type: Integer().AsNullable()}, {Name: "c", Type: Integer().AsNullable()},
			{Name: "d", Type: &Type{Kind: KindString, Format: "date-time"}}, {Name: "e", Type: ListOf(ticket)},
		}},
		"{type: number, default: 3}":                              {Kind: KindNumber, Default: 3.0, HasDefault: true},
		"{type: string, nullable: true, default: null}":           {Kind: KindString, Nullable: true, HasDefault: true},
		"{type: list of integer, default: [1, 2.0]}":              {Kind: KindList, Items: Integer(), Default: []any{int64(1), int64(2)}, HasDefault: true},
		"{type: string, title: T, description: D, examples: [x]}": {Kind: KindString, Title: "T", Description: "D", Examples: []any{"x"}},
	} {
		fields, ds := parseFields(t, "x: "+text+"\n")
		if want == nil {
			if !ds.HasErrors() {
				t.Errorf("%s should be wrong", text)
			}
			continue
		}
		if diff := cmp.Diff(want, fields[0].Type); diff != "" || len(ds) > 0 {
			t.Errorf("%s: %v %s", text, ds, diff)
		}
	}
}

func TestParseTypeComplains(t *testing.T) {
	for text, want := range map[string]string{
		"intger":                                                `f:1:4: unknown type "intger" (did you mean "integer"?)`,
		"int":                                                   `f:1:4: unknown type "int" (did you mean "integer"?)`,
		"list of strng":                                         `f:1:12: unknown type "strng" (did you mean "string"?)`,
		"datetime":                                              `f:1:4: unknown type "datetime" (write {type: string, format: date-time})`,
		"string[]":                                              `f:1:4: unknown type "string[]" (a list is written: list of string)`,
		"{typ: string}":                                         "f:1:4: field x needs a type (one of string, integer, number, boolean, object, list, map, any, secret, null, list of …, map of …)",
		"{type: string, requird: true}":                         `f:1:19: unknown key "requird" in field x (did you mean "required"?)`,
		"{type: integer, default: many}":                        "f:1:29: the default of field x needs a whole number, gets text",
		"{type: integer, default: 1.5}":                         "f:1:29: the default of field x needs a whole number, gets 1.5",
		"{type: string, enum: [a, 1]}":                          "f:1:29: an enum entry of field x needs text, gets a whole number",
		"{enum: [open, closed], default: ope}":                  `f:1:36: the default of field x must be one of open, closed, not ope; did you mean "open"?`,
		"{type: integer, minimum: 5, default: 1}":               "f:1:41: the default of field x must be at least 5",
		"{type: integer, minimum: 5, maximum: 1}":               "f:1:41: maximum is smaller than minimum",
		"{type: integer, min_length: 5}":                        "f:1:32: min_length is for text and secret, not for a whole number",
		"{type: string, minimum: 5}":                            "f:1:28: minimum is for whole number and number, not for text",
		"{type: string, fields: {a: string}}":                   "f:1:27: fields is for object, not for text",
		"{type: string, format: dat}":                           `f:1:27: unknown format "dat" (did you mean "date"?)`,
		"{type: string, pattern: '['}":                          "f:1:28: pattern is not a regular expression: error parsing regexp: missing closing ]: `[` (the syntax is RE2's; a backslash needs single quotes around the pattern)",
		"{fields: {'a b': string}}":                             `f:1:14: "a b" cannot be a field's name (use letters, digits, _ and -, beginning with a letter or _)`,
		"{type: object, fields: {a: {type: list of int}}}":      `f:1:46: unknown type "int" (did you mean "integer"?)`,
		"{type: object, fields: {a: integer}, default: {a: x}}": "f:1:54: the default of field x at a needs a whole number, gets text",
		"{more_fields: {int: a}}":                               `f:1:19: unknown type "int" (did you mean "integer"?)`,
		"{more_fields: {any: a b a}}":                           "f:1:28: the field a stands twice (a name may stand only once in fields and more_fields)",
		"{fields: {b: any}, more_fields: {any: aa b}}":          "f:1:45: the field b stands twice (a name may stand only once in fields and more_fields)",
		"{more_fields: {any: a, date: a}}":                      "f:1:33: the field a stands twice (a name may stand only once in fields and more_fields)",
		"{more_fields: {any: a 1b}}":                            `f:1:26: "1b" cannot be a field's name (use letters, digits, _ and -, beginning with a letter or _)`,
		"{more_fields: {any: [a]}}":                             "f:1:24: more_fields, any, must be text: the names of fields, parted by white space, not a list",
		"{more_fields: a}":                                      "f:1:18: more_fields must be a map of types and the names of fields that have them, not text",
		"{type: string, more_fields: {any: a}}":                 "f:1:32: more_fields is for object, not for text",
		"{enum: []}":                                            "f:1:11: enum of field x must be a list of the values that are allowed, not a list",
		"":                                                      "f:1:1: field x has no type (write null in quotes for the type of null, else one of string, integer, number, boolean, object, list, map, any, secret, null)",
		"3":                                                     "f:1:4: field x must be a type such as integer, list of string or {type: string, …}, not a whole number",
	} {
		_, ds := parseFields(t, "x: "+text+"\n")
		found := false
		for _, d := range ds {
			found = found || d.Error() == want
		}
		if !found {
			t.Errorf("%s:\n got %v\nwant %s", text, ds, want)
		}
	}
}

// Names that go over many lines of a folded block are found where they stand.
func TestMoreFieldsInABlock(t *testing.T) {
	_, ds := parseFields(t, "x:\n  more_fields:\n    integer or null: >-\n      first second\n      third first\n")
	if len(ds) != 1 || ds[0].Pos.String() != "f:5:13" {
		t.Error(ds)
	}
}

func TestStringsOfTypes(t *testing.T) {
	for want, typ := range map[string]*Type{
		"text": String(), "list of halo.Ticket": ListOf(ticket), "whole number or null": Integer().AsNullable(), "map of list of text": MapOf(ListOf(String())),
		"anything": Any(), "list": ListOf(nil), "object {a}": Object("", Field{Name: "a", Type: Any()}), "text (date and time)": {Kind: KindString, Format: "date-time"},
	} {
		if got := typ.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func FuzzParseType(f *testing.F) {
	f.Add("integer")
	f.Add("{type: list of string, default: [a], max_items: 3, examples: [[b]]}")
	f.Add("{fields: {a: {type: integer, required: true, minimum: 1}}, open: true, nullable: true}")
	f.Add("{fields: {a: any}, more_fields: {date-time or null: b  c, list of integer: 'd e'}}")
	f.Add("list of list of map of halo.Ticket or null")
	f.Fuzz(func(t *testing.T, text string) {
		n, ds := source.Parse("f", []byte(text))
		if ds.HasErrors() {
			return
		}
		typ := ParseType(n, lookup, &ds)
		if typ == nil {
			t.Fatal("no type")
		}
		_ = typ.String()
		if !typ.Equal(typ) || !Join(typ, typ).Equal(typ) {
			t.Fatal("a type must equal itself")
		}
		if _, err := Encode(typ.JSONSchema(true)); err != nil {
			t.Fatal(err)
		}
		if ds.HasErrors() || !typ.HasDefault {
			return
		}
		if problems := typ.Check(typ.Default); len(problems) > 0 {
			t.Fatalf("the default passed and does not fit: %v", problems)
		}
	})
}
