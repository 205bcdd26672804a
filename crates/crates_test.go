package crates

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"gantry/actions"
	"gantry/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestBuiltin: what ships loads without a word, and says what a catalogue of crates will show.
func TestBuiltin(t *testing.T) {
	found, ds := Builtin(actions.Builtin())
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if len(found) == 0 {
		t.Fatal("no crate ships")
	}
	for _, c := range found {
		if !c.Builtin || c.Broken() || c.Description == "" || c.Version == "" || len(c.Workflows) == 0 {
			t.Errorf("crate %s is incomplete: %+v", c.Name, c)
		}
		for _, f := range c.Workflows {
			if !strings.HasPrefix(f.ID, c.Name+"/") || !strings.HasPrefix(f.Name, "crates/"+c.Name+"/workflows/") {
				t.Errorf("workflow %s lies in %s", f.ID, f.Name)
			}
		}
	}
}

const goodCrate = `title: Good
description: Does good.
version: 1.2.3-beta.1
icon: star
docs: https://example.com
needs: {integrations: {halo: reads tickets}}
settings:
  days: {type: integer, title: Days, description: How many., default: 7}
`

func TestLoad(t *testing.T) {
	fsys := fstest.MapFS{
		"crates/good/crate.yaml":                 {Data: []byte(goodCrate)},
		"crates/good/workflows/one.yaml":         {Data: []byte("tasks: {}")},
		"crates/good/workflows/deep/two.yml":     {Data: []byte("tasks: {}")},
		"crates/good/workflows/.hidden.yaml":     {Data: []byte("tasks: {}")},
		"crates/good/workflows/notes.txt":        {Data: []byte("hello")},
		"crates/good/readme.md":                  {Data: []byte("hello")},
		"crates/.git/config":                     {Data: []byte("hello")},
		"crates/loose.yaml":                      {Data: []byte("hello")},
		"crates/bad/crate.yaml":                  {Data: []byte("title: Bad\n")},
		"crates/bad/workflows/fine-as-such.yaml": {Data: []byte("tasks: {}")},
	}
	found, ds := Load(fsys, "crates", actions.Builtin())
	if len(found) != 2 || !found[0].Broken() || found[1].Broken() {
		t.Fatalf("found %+v, %v", found, ds)
	}
	good := found[1]
	if good.Title != "Good" || good.Version != "1.2.3-beta.1" || good.Icon != "star" || good.Docs != "https://example.com" {
		t.Errorf("read %+v", good)
	}
	if len(good.Needs) != 1 || good.Needs[0].Integration != "halo" || good.Needs[0].Why != "reads tickets" {
		t.Errorf("needs %+v", good.Needs)
	}
	if len(good.Settings) != 1 || good.Settings[0].Type.Default != int64(7) || good.SettingPos("days").Line != 8 {
		t.Errorf("settings %+v at %s", good.Settings, good.SettingPos("days"))
	}
	var ids []string
	for _, f := range good.Workflows {
		ids = append(ids, f.ID)
	}
	if diff := cmp.Diff([]string{"good/deep/two", "good/one"}, ids); diff != "" {
		t.Error(diff)
	}
	for _, d := range ds {
		if d.Pos.File != "crates/bad/crate.yaml" {
			t.Errorf("unexpected: %s", d)
		}
	}
}

func TestLoadWithoutFolder(t *testing.T) {
	if found, ds := Load(fstest.MapFS{}, "crates", actions.Builtin()); len(found)+len(ds) > 0 {
		t.Error(found, ds)
	}
}

// TestMistakes holds the reports about wrong crates, as people read them, against golden files.
func TestMistakes(t *testing.T) {
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, ds := Load(oneCrate(text), "crates", actions.Builtin())
		ds.Sort()
		var b strings.Builder
		ds.Render(&b, source.Texts{"crates/x/crate.yaml": text}, false)
		golden := strings.TrimSuffix(name, ".yaml") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden, diff)
		}
	}
}

func oneCrate(text []byte) fstest.MapFS {
	return fstest.MapFS{"crates/x/crate.yaml": {Data: text}, "crates/x/workflows/w.yaml": {Data: []byte("tasks: {}")}}
}

// FuzzCrate: whatever stands in crate.yaml, it is read or reported, and never both silent and broken.
func FuzzCrate(f *testing.F) {
	f.Add([]byte(goodCrate))
	f.Add([]byte("needs: {integrations: [halo]}\nsettings: [1]\nversion: {}\ntitle: !!binary aGk=\n"))
	f.Add([]byte("settings: {a: {type: secret, default: x}}"))
	catalogue := actions.Builtin()
	f.Fuzz(func(t *testing.T, text []byte) {
		found, ds := Load(oneCrate(text), "crates", catalogue)
		if len(found) != 1 || found[0].Broken() != ds.HasErrors() {
			t.Fatalf("%d crates, broken %v, errors %v", len(found), found[0].Broken(), ds)
		}
	})
}
