package schema

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func problems(t *testing.T, typ *Type, v any) string {
	t.Helper()
	var all []string
	for _, p := range typ.Check(v) {
		all = append(all, p.String())
	}
	return strings.Join(all, "; ")
}

func TestCheck(t *testing.T) {
	inputs := `{fields: {
	 ticket_id: {type: integer, required: true, minimum: 1, maximum: 100}, team: {enum: [Dispatch, Escalations]}, tags: {type: list of string, max_items: 2},
	 tickets: list of halo.Ticket, note: {type: string, min_length: 1, max_length: 5, pattern: '^[a-z]*$'}, at: {type: string, format: date-time},
	 mail: {type: string, format: email}, wait: {type: string, format: duration}, site: {type: string, format: uri}, day: {type: string, format: date},
	 data: {type: string, format: base64}, counts: map of integer, pin: {type: secret, enum: [a]}, anything: any, nothing: 'null'}}`
	typ := parsed(t, strings.ReplaceAll(inputs, "\n\t", ""))
	for text, want := range map[string]string{
		`{"ticket_id": 7, "team": "Dispatch", "tags": ["a"], "tickets": [{"id": 1, "summary": null}], "counts": {"a": 1.0}, "anything": [1], "nothing": null}`:     "",
		`{"ticket_id": 7.0, "at": "2026-01-31T09:00:00Z", "mail": "a@b.example", "wait": "30s", "site": "https://x.example", "day": "2026-01-31", "data": "YQ=="}`: "",
		`{}`:                                   "ticket_id is missing",
		`null`:                                 "needs an object, gets null",
		`[]`:                                   "needs an object, gets a list",
		`{"ticket_id": "7"}`:                   "ticket_id needs a whole number, gets text",
		`{"ticket_id": 7.5}`:                   "ticket_id needs a whole number, gets 7.5",
		`{"ticket_id": null}`:                  "ticket_id needs a whole number, gets null",
		`{"ticket_id": 0}`:                     "ticket_id must be at least 1",
		`{"ticket_id": 101}`:                   "ticket_id must be at most 100",
		`{"ticket_id": 1, "team": "dispatch"}`: `team must be one of Dispatch, Escalations, not dispatch; did you mean "Dispatch"?`,
		`{"ticket_id": 1, "tags": ["a", 2, "c"]}`:                            "tags has 3 entries; at most 2 are allowed; tags[1] needs text, gets a whole number",
		`{"ticket_id": 1, "tickets": [{"id": 1}, {"id": 1, "summry": "x"}]}`: `tickets[1].summry is not expected: there is no field "summry" in halo.Ticket; did you mean "summary"?`,
		`{"ticket_id": 1, "tickets": [{"summary": 3}]}`:                      "tickets[0].id is missing; tickets[0].summary needs text or null, gets a whole number",
		`{"ticket_id": 1, "note": ""}`:                                       "note must not be empty",
		`{"ticket_id": 1, "note": "ABCDEF"}`:                                 "note must have at most 5 characters; note does not fit the pattern ^[a-z]*$",
		`{"ticket_id": 1, "at": "soon", "mail": "a", "wait": "3", "site": "x", "day": "31.1.2026", "data": "?"}`: "at must be a date and time such as 2026-01-31T09:00:00Z; mail must be an e-mail address; " +
			`wait must be a duration such as "30s", "5m", "8h" or "30d"; site must be an address such as https://example.com; day must be a date such as 2026-01-31; data must be base64`,
		`{"ticket_id": 1, "counts": {"a b": "x"}}`: `counts["a b"] needs a whole number, gets text`,
		`{"ticket_id": 1, "pin": "hush"}`:          "pin must be one of a",
		`{"ticket_id": 1, "nothing": 1}`:           "nothing needs null, gets a whole number",
	} {
		v, err := DecodeBytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := problems(t, typ, v); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

type opaque struct{}

func TestOpaqueValuesPassForText(t *testing.T) {
	for _, typ := range []*Type{String(), Secret(), Any(), {Kind: KindString, Enum: []any{"a"}, MaxLength: ptr(1)}} {
		if got := problems(t, typ, opaque{}); got != "" {
			t.Errorf("%s: %s", typ, got)
		}
	}
	if got := problems(t, Integer(), opaque{}); got != "needs a whole number, gets a secret" {
		t.Error(got)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	many := make([]any, 1000)
	if got := len(ListOf(Integer()).Check(many)); got != problemLimit {
		t.Error(got)
	}
}

func TestComplete(t *testing.T) {
	typ := parsed(t, "{fields: {a: {type: integer, default: 3}, b: {type: number, required: true}, c: {fields: {d: {type: list of string, default: [x]}}}, e: string}}")
	given := map[string]any{"b": int64(2), "c": map[string]any{}}
	got, problems := typ.Complete(given)
	want := map[string]any{"a": int64(3), "b": 2.0, "c": map[string]any{"d": []any{"x"}}}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Error(problems, diff)
	}
	if diff := cmp.Diff(map[string]any{"b": int64(2), "c": map[string]any{}}, given); diff != "" {
		t.Error("the value given was changed: ", diff)
	}
	got.(map[string]any)["c"].(map[string]any)["d"].([]any)[0] = "changed"
	if again, _ := typ.Complete(given); !cmp.Equal(want, again) {
		t.Error("a default is shared")
	}
}

func TestConform(t *testing.T) {
	typ := parsed(t, "{fields: {i: integer, n: number, s: string, l: list of integer, m: map of number, o: {fields: {i: integer}}, a: any}}")
	given := map[string]any{
		"i": 18.0, "n": int64(3), "s": "12", "l": []any{1.0, "x", nil, 2.5, 1e300}, "m": map[string]any{"a": int64(1), "b": int64(1<<53 + 1)},
		"o": map[string]any{"i": math.Copysign(0, -1), "more": 1.0}, "a": 1.0, "unknown": 2.0,
	}
	want := map[string]any{
		"i": int64(18), "n": 3.0, "s": "12", "l": []any{int64(1), "x", nil, 2.5, 1e300}, "m": map[string]any{"a": 1.0, "b": int64(1<<53 + 1)},
		"o": map[string]any{"i": int64(0), "more": 1.0}, "a": 1.0, "unknown": 2.0,
	}
	if diff := cmp.Diff(want, typ.Conform(given)); diff != "" {
		t.Error(diff)
	}
	if given["i"] != 18.0 || given["l"].([]any)[0] != 1.0 {
		t.Error("the value given was changed")
	}
	for _, v := range []any{nil, "x", []any{}, map[string]any{"i": "x", "l": 3.0, "o": nil}} {
		if diff := cmp.Diff(v, typ.Conform(v)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestConformTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ, v := drawType(t, 3), drawValue(t, 3)
		once := typ.Conform(v)
		if diff := cmp.Diff(once, typ.Conform(once)); diff != "" {
			t.Fatal(diff)
		}
		if len(typ.Check(v)) == 0 && len(typ.Check(once)) > 0 {
			t.Fatalf("%s: %v fits, %v does not", typ, v, once)
		}
	})
}

// bigResult is an answer as large as they come: tickets with every field that an entity declares.
func bigResult(tickets, fields int) (*Type, any) {
	typ := Object("halo.Ticket")
	for i := range fields {
		kind := []*Type{Integer(), String(), Number(), Boolean()}[i%4]
		typ.Fields = append(typ.Fields, Field{Name: fmt.Sprintf("field_%d", i), Type: kind.AsNullable()})
	}
	list := make([]any, tickets)
	for n := range list {
		item := make(map[string]any, fields)
		for i, f := range typ.Fields {
			item[f.Name] = []any{int64(n), "text", 1.5, true}[i%4]
		}
		list[n] = item
	}
	return ListOf(typ), list
}

func BenchmarkConform(b *testing.B) {
	typ, v := bigResult(1000, 300)
	for b.Loop() {
		typ.Conform(v)
	}
}

func BenchmarkCheck(b *testing.B) {
	typ, v := bigResult(1000, 300)
	for b.Loop() {
		if p := typ.Check(v); len(p) > 0 {
			b.Fatal(p)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	_, v := bigResult(200, 300)
	text, err := Encode(v)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := DecodeBytes(text); err != nil {
			b.Fatal(err)
		}
	}
}
