package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func messages(ds Diagnostics) []string {
	var all []string
	for _, d := range ds {
		all = append(all, d.Error())
	}
	return all
}

func parsed(t *testing.T, text string) *Node {
	t.Helper()
	n, ds := Parse("f", []byte(text))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return n
}

func TestFieldsRead(t *testing.T) {
	var ds Diagnostics
	f := ReadFields(parsed(t, "title: One\nenabled: true\ncount: 3\ntags: [a, b]\ntag: c\n"), "workflow", &ds)
	count, node := f.Int("count", 0)
	got := []any{f.Text("title"), f.Bool("enabled", false), count, node.Pos.Line, f.Texts("tags"), f.Texts("tag"), f.Text("none"), f.Bool("absent", true), f.Has("missing"), f.Required("title").Value}
	f.Close()
	want := []any{"One", true, int64(3), 3, []string{"a", "b"}, []string{"c"}, "", true, false, "One"}
	if diff := cmp.Diff(want, got); diff != "" || len(ds) > 0 {
		t.Error(diff, ds)
	}
}

func TestFieldsComplain(t *testing.T) {
	var ds Diagnostics
	f := ReadFields(parsed(t, "title: 12\nenabled: yes\ncount: many\ntags: [a, 1]\ntag: {}\nempty:\ntiemout: 30s\nzzz: 1\n"), "task assign", &ds)
	f.Text("title")
	f.Bool("enabled", false)
	f.Int("count", 0)
	f.Texts("tags")
	f.Texts("tag")
	f.Required("empty")
	f.Required("action")
	f.Text("timeout")
	f.Close()
	want := []string{
		`f:1:8: title must be text, not a whole number (put it in quotes: "12")`,
		`f:2:10: enabled must be true or false, not text (write true or false; yes is text in YAML 1.2)`,
		`f:3:8: count must be a whole number, not text`,
		`f:4:11: tags, entry 2, must be text, not a whole number (put it in quotes: "1")`,
		`f:5:6: tag must be text or a list of texts, not a map`,
		`f:6:1: empty has no value`,
		`f:1:1: task assign needs "action"`,
		`f:7:1: unknown key "tiemout" in task assign (did you mean "timeout"?)`,
		`f:8:1: unknown key "zzz" in task assign (known here: action, count, empty, enabled, tag, tags, timeout, title)`,
	}
	if diff := cmp.Diff(want, messages(ds)); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsOfWhatIsNoMap(t *testing.T) {
	var ds Diagnostics
	for _, n := range []*Node{nil, parsed(t, "[a]"), parsed(t, "title:One")} {
		f := ReadFields(n, "the workflow", &ds)
		f.Required("title")
		f.Close()
	}
	f := ReadFieldsOptional(nil, "retry", &ds)
	f.Text("delay")
	f.Close()
	want := []string{
		"the workflow must be a map of keys and values, not empty",
		"f:1:1: the workflow must be a map of keys and values, not a list",
		"f:1:1: the workflow must be a map of keys and values, not text (a colon behind a key needs a space after it)",
	}
	if diff := cmp.Diff(want, messages(ds)); diff != "" {
		t.Error(diff)
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"timeout", "title", "for_each", "description", "halo.get_ticket", "halo.get_tickets", "do"}
	for word, want := range map[string]string{
		"tiemout": "timeout", "Timeout": "timeout", "time-out": "timeout", "for-each": "for_each", "foreach": "for_each", "desc": "description",
		"halo.get_tiket": "halo.get_ticket", "get_ticket": "halo.get_ticket", "od": "do", "tite": "title", "banana": "", "": "", "x": "",
	} {
		if got := Suggest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if got := DidYouMean("banana", []string{"b", "a"}); got != "known here: a, b" {
		t.Error(got)
	}
	if got := DidYouMean("banana", strings.Split(strings.Repeat("x", 20), "")); got != "" {
		t.Error(got)
	}
}
