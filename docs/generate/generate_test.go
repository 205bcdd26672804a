package main

import (
	"strings"
	"testing"
)

// TestPagesAreFresh fails where a page is not what the code says: `go generate ./docs` mends it.
func TestPagesAreFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := pages(root)
	if err != nil {
		t.Fatal(err)
	}
	if stale := compare(root+"/docs/reference", all); len(stale) > 0 {
		t.Errorf("stale: %s; run go generate ./docs", strings.Join(stale, ", "))
	}
}

func TestSplit(t *testing.T) {
	help := "Makes things.\n\nUsage:\n  gantry things [command]\n\nExamples:\n  gantry things list     see them\n\n" +
		"Available Commands:\n  add         Add one\n  list        List them\n\nGlobal Flags:\n  -q, --quiet   no notes\n\n" +
		"Use \"gantry things [command] --help\" for more information about a command.\n"
	own, children := split(help, true)
	if got := strings.Join(children, " "); got != "add list" {
		t.Errorf("children: %s", got)
	}
	if strings.Contains(own, "quiet") || strings.Contains(own, "more information") || !strings.Contains(own, "Makes things.") {
		t.Errorf("own:\n%s", own)
	}
}

func TestCellsStayCells(t *testing.T) {
	p := &page{}
	p.table([]string{"A", "B"}, [][]string{{"one\ntwo", ""}, {"`a | b`", ""}})
	want := "\n| A |\n| --- |\n| one two |\n| `a \\| b` |\n"
	if got := p.text.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFlow(t *testing.T) {
	for want, v := range map[string]any{
		`plain text`:                       "plain text",
		`"yes"`:                            "yes",
		`"a: b"`:                           "a: b",
		`"${{ x }}"`:                       "${{ x }}",
		`{a: 1, b: [true, null], c: text}`: map[string]any{"c": "text", "b": []any{true, nil}, "a": 1},
	} {
		if got := flow(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}
