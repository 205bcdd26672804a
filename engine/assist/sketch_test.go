package assist

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/source"
)

// A sketch of a text that can be read holds the very data that the parser reads: all YAML files of the house.
func TestSketchReadsAsTheParserDoes(t *testing.T) {
	read := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".."):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, "source/testdata/broken"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		root, ds := source.Parse(path, text)
		if root == nil || ds.HasErrors() || anchored(string(text)) {
			return nil
		}
		read++
		clean := strings.Join(newLines(string(text)), "\n")
		again, ds := source.Parse(path, []byte(rewritten(clean, sketchOf(clean, -1))))
		if again == nil {
			t.Errorf("%s: %v", path, ds)
			return nil
		}
		if diff := cmp.Diff(root.Data(), again.Data()); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Errorf("%d files were read: %v", read, err)
	}
}

// anchored: aliases are not followed by a sketch.
func anchored(text string) bool {
	return strings.Contains(text, ": *") || strings.Contains(text, "- *")
}
