package source

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestValuesFollowTheCoreSchema(t *testing.T) {
	for text, want := range map[string]any{
		"":     nil,
		"~":    nil,
		"null": nil, "NULL": nil, "nULL": "nULL",
		"true": true, "False": false, "TRUE": true, "tRUE": "tRUE",
		"yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y",
		"12": int64(12), "-12": int64(-12), "+12": int64(12), "0": int64(0), "-0": int64(0), "007": int64(7),
		"0x1F": int64(31), "0o17": int64(15), "0b11": "0b11", "1_000": "1_000", "0x": "0x", "0o8": "0o8",
		"9223372036854775807": int64(9223372036854775807), "-9223372036854775808": int64(-9223372036854775808),
		"1.5": 1.5, "1.": 1.0, ".5": 0.5, "1e3": 1000.0, "1.5E-3": 0.0015, "18.0": 18.0, ".": ".", "1e": "1e", "e3": "e3", "1.2.3": "1.2.3",
		"2026-01-31": "2026-01-31", "2026-01-31T09:00:00Z": "2026-01-31T09:00:00Z", "12:30": "12:30", "1h30m": "1h30m",
		`"12"`: "12", "'true'": "true", "!!str 12": "12", "!!str": "", "!!float 1": 1.0,
		"${{ ctx.x }}": "${{ ctx.x }}", "body.event == 'x'": "body.event == 'x'",
		"${{ ctx.?team.orValue('none') }}":             "${{ ctx.?team.orValue('none') }}",
		"${{ [1, 2].map(x, x + 1)[0] }}":               "${{ [1, 2].map(x, x + 1)[0] }}",
		"succeeded && result.x == vars.y":              "succeeded && result.x == vars.y",
		"${{ a == '#b' }} # comment":                   "${{ a == '#b' }}",
		"a -> b, c; {d} [e]":                           "a -> b, c; {d} [e]",
		"[a, {b: 1}, \"${{ c }}\", [], {}]":            []any{"a", map[string]any{"b": int64(1)}, "${{ c }}", []any{}, map[string]any{}},
		"{a: , b}":                                     map[string]any{"a": nil, "b": nil},
		`"\x41\u00e9\U0001F600\ud83d\ude00\n\0\e\/\_"`: "Aé😀😀\n\x00\x1b/\u00a0",
		"\"a \\\n    b\"":                              "a b",
		"'a\n\n  b'":                                   "a\nb",
		"|\n    a\n     b\n\n    c":                    "a\n b\n\nc",
		"|-\n    a\n\n":                                "a",
		"|+\n    a\n\n":                                "a\n\n",
		"|2\n      a\n    b\n":                         "  a\nb\n",
		"|  # comment\n    a\n":                        "a\n",
		">\n    a\n    b\n\n    c\n":                   "a b\nc\n",
		">\n    a\n      b\n    c\n":                   "a\n  b\nc\n",
		">-\n\n    a\n":                                "\na",
		"|\n":                                          "",
		"\n    - 1\n    -\n":                           []any{int64(1), nil},
		"\n  - 1\n":                                    []any{int64(1)},
	} {
		end := "\n"
		if strings.Contains(text, "\n") { // block text says itself how it ends
			end = ""
		}
		n, ds := Parse("f", []byte("m:\n  k: "+text+end))
		if ds.HasErrors() {
			t.Errorf("%q: %v", text, ds)
			continue
		}
		if diff := cmp.Diff(want, n.Lookup("m").Lookup("k").Data()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestKeysAreText(t *testing.T) {
	n, ds := Parse("f", []byte("1: a\ntrue: b\nnull: c\n1.50: d\n'it''s': e\n\"\\u00e9\": f\n? g\n: h\n0x10: i\n"))
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	want := map[string]any{"1": "a", "true": "b", "null": "c", "1.50": "d", "it's": "e", "é": "f", "g": "h", "0x10": "i"}
	if diff := cmp.Diff(want, n.Data()); diff != "" {
		t.Error(diff)
	}
}

func TestPlacesOfNodes(t *testing.T) {
	text := "# head\ntitle: x\ntasks:\n  a:\n    with: {b: 1, c: [d, e]}\n  empty:\nlist:\n- f\n-\n  - g\n"
	n, ds := Parse("f", []byte(text))
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	var got []string
	var walk func(n *Node)
	walk = func(n *Node) {
		got = append(got, fmt.Sprintf("%s %s", n.Kind, n.Pos))
		for _, e := range n.Entries {
			got = append(got, e.Key+" "+e.KeyPos.String())
			walk(e.Value)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	walk(n)
	want := []string{
		"map f:2:1", "title f:2:1", "text f:2:8", "tasks f:3:1", "map f:4:3", "a f:4:3", "map f:5:5", "with f:5:5", "map f:5:11", "b f:5:12",
		"whole number f:5:15", "c f:5:18", "list f:5:21", "text f:5:22", "text f:5:25", "empty f:6:3", "null f:6:3", "list f:7:1", "list f:8:1",
		"text f:8:3", "list f:10:3", "text f:10:5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEncodings(t *testing.T) {
	for _, text := range []string{"\ufeffa: b\r\nc: |\r\n  d\r\n  e\r\n", "a: b\rc: |\r  d\r  e\r"} {
		n, ds := Parse("f", []byte(text))
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		if diff := cmp.Diff(map[string]any{"a": "b", "c": "d\ne\n"}, n.Data()); diff != "" {
			t.Error(diff)
		}
		if got := n.Lookup("c").At(2); got.Line != 4 || got.Column != 3 {
			t.Error(got)
		}
	}
}

func TestAnchorsShareTheirNode(t *testing.T) {
	n, ds := Parse("f", []byte("a: &x {k: [1]}\nb: *x\nc: &y text\nd: *y\ne: &x again\nf: *x\n"))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	if n.Lookup("a") != n.Lookup("b") || n.Lookup("d").Value != "text" || n.Lookup("f").Value != "again" {
		t.Error(n.Data())
	}
}

// Hostile files are refused, or read, in time that grows with their size alone.
func TestHostileFilesAreQuick(t *testing.T) {
	const many = 20_000
	files := map[string]string{
		"too large": strings.Repeat(" ", 10<<20+1), "one line": "[" + strings.Repeat("x,", many) + "]", "one wide line": "[" + strings.Repeat("é,", many) + "]",
		"comments": strings.Repeat("# c\n", many), "keys": "", "empty keys": strings.Repeat("- a:\n", 19_000), "laughs": "a0: &a0 [x, x]\n",
	}
	for _, part := range []string{"[", "- ", "{a: ", "? ", "a: ", "!a ", "&a ", "- [", "a: !!str ", "[a: ", "&a *a ", "---\n", "*a: ", "{", "[[]", "|\n", "%"} {
		files[part] = strings.Repeat(part, many)
	}
	files["["], files["- "] = strings.Repeat("[", 100_000), strings.Repeat("- ", 100_000)
	var keys, laughs strings.Builder
	for i := range 9_000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	files["keys"], files["laughs"] = keys.String(), files["laughs"]+laughs.String()
	for name, text := range files {
		started := time.Now()
		n, ds := Parse("f", []byte(text))
		if took := time.Since(started); took > 20*time.Second { // generous: the machine may be busy; the square of the size would take minutes
			t.Errorf("%s took %s", name, took)
		}
		if n == nil && len(ds) == 0 {
			t.Errorf("%s gives neither a tree nor an error", name)
		}
	}
}

func TestLimits(t *testing.T) {
	for text, code := range map[string]string{
		"a: [[[1]]]": "too-deep", "a: 1\nb: 2\nc: 3": "too-large", "[1, 2, 3, 4, 5, 6, 7, 8, 9]": "too-large", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "too-large",
		"a: &a [[1]]\nb: [*a]": "too-deep",
	} {
		_, ds := ParseWithin("f", []byte(text), Limits{Bytes: 40, Depth: 3, Nodes: 8, Entries: 2})
		if len(ds) != 1 || ds[0].Code != code {
			t.Errorf("%q: %v", text, ds)
		}
	}
}
