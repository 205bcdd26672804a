package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromText(t *testing.T) {
	for _, c := range []struct {
		typ, text string
		want      any
	}{
		{"string", " a ", " a "}, {"string", "12", "12"}, {"secret", "x", "x"}, {"string or null", "null", nil}, {"integer", "12", int64(12)}, {"integer", "18.0", int64(18)},
		{"integer", "1e3", int64(1000)}, {"number", "12", 12.0}, {"number", "1.5", 1.5}, {"number", "9007199254740992", 9007199254740992.0}, {"number", "-1e300", -1e300}, {"number", "10000000000000000000000", 1e22}, {"boolean", "Yes", true}, {"boolean", "false", false},
		{"list of string", "a, b", []any{"a", "b"}}, {"list of integer", "1,2", []any{int64(1), int64(2)}}, {"list of integer", "[1, 2.0]", []any{int64(1), int64(2)}}, {"list", "", []any{}},
		{"object", `{"a": 1}`, map[string]any{"a": int64(1)}}, {"map of number", `{"a": 1}`, map[string]any{"a": 1.0}}, {"any", `[1]`, []any{int64(1)}}, {"any", "x y", "x y"}, {"'null'", "null", nil},
	} {
		got, err := parsed(t, c.typ).FromText(c.text)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s %q: %v %s", c.typ, c.text, err, diff)
		}
	}
	for _, c := range []struct{ typ, text, want string }{
		{"integer", "many", `needs a whole number, gets "many"`}, {"integer", "1.5", `needs a whole number, gets "1.5"`}, {"number", "x", `needs a number, gets "x"`}, {"number", "9007199254740993", "needs a number, and 9007199254740993 has more digits"},
		{"number", "-123456789012345678901234567", "needs a number, and -123456789012345678901234567 has more digits"},
		{"boolean", "maybe", `needs true or false, gets "maybe"`}, {"object", "x", "needs an object written as JSON: not valid JSON"}, {"object", "[1]", "needs an object written as JSON, gets a list"},
		{"list of object", "x", "needs a list of object written as JSON: not valid JSON"}, {"list of integer", "1,x", `entry 2 needs a whole number, gets "x"`}, {"list", "[1", "needs a list written as JSON or with commas"},
	} {
		if _, err := parsed(t, c.typ).FromText(c.text); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %q: %v, want %s", c.typ, c.text, err, c.want)
		}
	}
}
