package schema

import (
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

func compile(t testing.TB, typ *Type, templates bool) *jsonschema.Schema {
	t.Helper()
	text, err := Encode(typ.JSONSchema(templates))
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if err := c.AddResource("type.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("type.json")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

func TestJSONSchemaText(t *testing.T) {
	for text, want := range map[string]string{
		"integer": `{"anyOf":[{"type":"integer"},{"pattern":"\\$\\{\\{","type":"string"}]}`,
		"{type: string, title: T, description: D}":  `{"description":"D","title":"T","type":"string"}`,
		"{type: string, enum: [a], nullable: true}": `{"anyOf":[{"enum":["a",null],"type":["string","null"]},{"pattern":"\\$\\{\\{","type":"string"}]}`,
		"any": `{}`,
		"{fields: {a: {type: string, required: true}, b: any}}": `{"anyOf":[{"additionalProperties":false,"properties":{"a":{"type":"string"},"b":{}},"required":["a"],"type":"object"},{"pattern":"\\$\\{\\{","type":"string"}]}`,
		"{type: secret, default: x}":                            `{"type":"string"}`,
	} {
		got, err := Encode(parsed(t, text).JSONSchema(true))
		if err != nil || string(got) != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// The schema that editors get accepts and refuses what Check does.
func TestJSONSchemaAgreesWithCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ, v := drawType(t, 2), drawValue(t, 2)
		text, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		fits := len(typ.Check(v)) == 0
		described, err := Encode(typ.JSONSchema(false))
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(described, &plain); err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		c.DefaultDraft(jsonschema.Draft7)
		if err := c.AddResource("t.json", plain); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile("t.json")
		if err != nil {
			t.Fatalf("%s: %v", described, err)
		}
		if err := s.Validate(doc); (err == nil) != fits && !formatted(typ) && !hugeWhole(v) {
			t.Fatalf("%s\n%s\nschema: %v\ncheck: %v", described, text, err, typ.Check(v))
		}
	})
}

// A document in which types refer to what they share says the same as one that has all written out.
func TestJSONSchemaWithSharedParts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		typ, templates, v := drawType(r, 2), rapid.Bool().Draw(r, "templates"), drawValue(r, 2)
		if rapid.Bool().Draw(r, "described") {
			c := *typ
			c.Description = "D"
			typ = &c
		}
		doc := validated(r, v)
		defs := map[string]any{}
		referring := typ.JSONSchemaWith(defs, templates)
		root := map[string]any{"allOf": []any{referring}, "definitions": defs}
		whole, parts := compiledDoc(r, typ.JSONSchema(templates)), compiledDoc(r, root)
		if a, b := whole.Validate(doc), parts.Validate(doc); (a == nil) != (b == nil) {
			r.Fatalf("whole: %v\nin parts: %v\n%v", a, b, root)
		}
		if typ.Description != "" && referring["description"] != "D" {
			r.Fatal("the description is lost")
		}
	})
}

// An entity that contains itself is written once.
func TestJSONSchemaOfCircles(t *testing.T) {
	tree := Object("halo.Tree", Field{Name: "id", Type: Integer(), Required: true})
	tree.Fields = append(tree.Fields, Field{Name: "children", Type: ListOf(tree)}, Field{Name: "parent", Type: tree.AsNullable(), Deprecated: "use id"})
	tree.Fields[2].Type.Fields = tree.Fields
	defs := map[string]any{}
	root := map[string]any{"allOf": []any{tree.JSONSchemaWith(defs, false)}, "definitions": defs}
	s := compiledDoc(t, root)
	deep := map[string]any{"id": int64(1), "children": []any{map[string]any{"id": "x"}}}
	if len(defs) != 1 || s.Validate(validated(t, deep)) == nil {
		t.Error("a wrong id two levels deep passes", defs)
	}
}

func validated(t rapid.TB, v any) any {
	text, err := Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func compiledDoc(t rapid.TB, schema map[string]any) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if err := c.AddResource("t.json", validated(t, schema)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("t.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTemplatesPassEverywhere(t *testing.T) {
	typ := parsed(t, "{fields: {i: {type: integer, required: true}, l: list of number, e: {enum: [a]}, o: {fields: {b: boolean}}}}")
	s := compile(t, typ, true)
	for text, want := range map[string]bool{
		`{"i": "${{ a }}", "l": "${{ b }}", "e": "${{ c }}", "o": {"b": "${{ d }}"}}`: true, `{"i": 1, "l": [1, "${{ x }}"]}`: true,
		`{"i": "one"}`: false, `{"i": 1, "e": "b"}`: false, `{"l": []}`: false, `{"i": 1, "x": 1}`: false,
	} {
		var doc any
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// formatted: validators treat formats as notes.
func formatted(t *Type) bool {
	if t.Format != "" || t.Items != nil && formatted(t.Items) {
		return true
	}
	for _, f := range t.Fields {
		if formatted(f.Type) {
			return true
		}
	}
	return false
}

// hugeWhole: a float beyond 64 bits is a whole number to JSON Schema, not to us.
func hugeWhole(v any) bool {
	switch v := v.(type) {
	case float64:
		_, ok := whole(v)
		return !ok && (v > 1e15 || v < -1e15)
	case []any:
		for _, item := range v {
			if hugeWhole(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if hugeWhole(item) {
				return true
			}
		}
	}
	return false
}

// TestJSONSchemaForForms: forms are told of formats that JSON Schema has no word for, and of what is secret.
func TestJSONSchemaForForms(t *testing.T) {
	typ := &Type{Kind: KindSecret, Format: "multiline"}
	if s := typ.JSONSchema(false); s["x-format"] != "multiline" || s["writeOnly"] != true {
		t.Error(s)
	}
	if s := typ.JSONSchema(true); s["x-format"] != nil || s["writeOnly"] != nil {
		t.Error(s)
	}
}
