package source

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the reports in testdata anew")

// Each testdata/broken/NAME.yaml has its report beside it in NAME.txt; -update writes them anew.
func TestBrokenFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n, ds := Parse(name, text)
			var report strings.Builder
			ds.Render(&report, Texts{name: text}, false)
			if n != nil && len(ds) == 0 {
				ds = nil
				report.WriteString("read as: " + n.Kind.String() + "\n")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", report.String())
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update after a wanted change):\n%s", file, diff)
	}
}
