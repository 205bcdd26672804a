package actions

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestBuiltinLoadsClean(t *testing.T) {
	_, ds := loadBuiltin()
	var text bytes.Buffer
	ds.Render(&text, nil, false)
	if len(ds) > 0 {
		t.Fatalf("the built-in catalogue has mistakes:\n%s", text.String())
	}
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
