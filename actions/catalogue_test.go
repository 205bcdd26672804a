package actions

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gantry/source"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestBuiltinLoadsClean(t *testing.T) {
	_, ds := load(newCatalogue(), builtin, ".", true)
	var text bytes.Buffer
	ds.Render(&text, nil, false)
	if len(ds) > 0 {
		t.Fatalf("the built-in catalogue has mistakes:\n%s", text.String())
	}
}

// What is read one by one when it is asked for is what the whole files say.
func TestShippedEqualsLoaded(t *testing.T) {
	loaded, _ := load(newCatalogue(), builtin, ".", true)
	lazy := Builtin()
	if diff := cmp.Diff(loaded.ActionIDs(), lazy.ActionIDs()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(loaded.IntegrationIDs(), lazy.IntegrationIDs()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(loaded.Types(), lazy.Types()); diff != "" {
		t.Error(diff)
	}
	for _, want := range loaded.Actions() {
		got, ok := lazy.Action(want.ID)
		if !ok {
			t.Errorf("%s cannot be read", want.ID)
			continue
		}
		if diff := cmp.Diff([]any{want.Pos, want.Inputs, want.Result, want.Endpoint(), want.Examples, want.Pages(), want.NeedsInstance()},
			[]any{got.Pos, got.Inputs, got.Result, got.Endpoint(), got.Examples, got.Pages(), got.NeedsInstance()}); diff != "" {
			t.Errorf("%s: %s", want.ID, diff)
		}
	}
}

// The outline of every shipped file has what a parse of the whole file gives, word for word and in its place.
func TestOutlines(t *testing.T) {
	files, _ := fs.Glob(builtin, "*/*.yaml")
	for _, name := range files {
		text, _ := builtin.ReadFile(name)
		root, _ := source.Parse(name, text)
		o := outlineOf(name, string(text))
		for section, parts := range map[string]map[string]part{"types": o.types, "actions": o.actions, "polls": o.polls, "webhooks": o.webhooks} {
			var whole []source.Entry
			if n := root.Lookup(section); n != nil {
				whole = n.Entries
			}
			if len(whole) != len(parts) {
				t.Errorf("%s: %d %s, the outline has %d", name, len(whole), section, len(parts))
			}
			for _, want := range whole {
				var ds source.Diagnostics
				got := parts[want.Key].parse(&ds)
				if len(ds) > 0 || got.Key != want.Key || got.KeyPos != want.KeyPos || !cmp.Equal(got.Value.Data(), want.Value.Data()) {
					t.Errorf("%s: %s %s: %v", name, section, want.Key, ds)
				}
			}
		}
	}
}

// The catalogue is asked by many goroutines at once.
func TestShippedIsReadOnce(t *testing.T) {
	c := makeShipped() // nothing of it is read yet
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			ids := c.ActionIDs()
			start := worker * len(ids) / 8
			for i, id := range slices.Concat(ids[start:], ids[:start]) {
				a, _ := c.Action(id)
				if again, _ := c.Action(id); a != again || a == nil {
					t.Errorf("%s was read twice, or not at all", id)
					continue
				}
				a.operation()
				a.SafeToRepeat(nil)
				switch i {
				case 3:
					c.Types()
				case 5:
					c.Integrations()
				case 7:
					c.Actions()
				}
			}
		})
	}
	all.Wait()
}

// The list of what ships: an action that vanishes or changes its type breaks workflows.
func TestBuiltinGolden(t *testing.T) {
	var b strings.Builder
	for _, a := range Builtin().Actions() {
		b.WriteString(a.ID + " | " + a.Title + " | " + string(a.Effect) + " | " + a.Endpoint() + "\n")
		for _, f := range a.Inputs {
			mark := ""
			if f.Required {
				mark = "!"
			}
			b.WriteString("    " + f.Name + mark + ": " + f.Type.String() + "\n")
		}
		b.WriteString("  = " + a.Result.String() + "\n")
	}
	golden(t, "catalogue.txt", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; if that is meant, run go test ./actions -update\n%s", path, got)
	}
}

func TestEveryCoreActionIsDeclared(t *testing.T) {
	for name := range natives {
		if _, ok := Builtin().Action("core." + name); !ok {
			t.Errorf("core.%s is not declared in core/core.yaml", name)
		}
	}
}
