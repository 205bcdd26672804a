package schema

import (
	"encoding/json"
	"testing"
)

// Of a group at least one field is needed, and a null is none.
func TestOneOf(t *testing.T) {
	typ := Object("", Field{Name: "note", Type: String()}, Field{Name: "note_html", Type: String()}, Field{Name: "time", Type: Number()})
	typ.OneOf = [][]string{{"note", "note_html"}}
	for text, want := range map[string]string{
		`{"note": "a"}`:                   "",
		`{"note_html": "a", "note": "b"}`: "",
		`{"time": 1}`:                     "needs note or note_html",
		`{"note": null}`:                  "note needs text, gets null; needs note or note_html",
	} {
		v, err := DecodeBytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := problems(t, typ, v); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	plain := Object("", typ.Fields...)
	if typ.Equal(plain) || !typ.Equal(typ) {
		t.Error("a type with a group counts as the one without")
	}
	got, err := json.Marshal(typ.JSONSchema(false)["allOf"])
	if want := `[{"anyOf":[{"required":["note"]},{"required":["note_html"]}]}]`; err != nil || string(got) != want {
		t.Errorf("JSON Schema %s %v, want %s", got, err, want)
	}
}

func TestEitherOf(t *testing.T) {
	if got := EitherOf([]string{"a", "b", "c"}) + "; " + EitherOf([]string{"a"}); got != "a, b or c; a" {
		t.Error(got)
	}
}
