package failpoint

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var hit = regexp.MustCompile(`failpoint\.Hit\(([^)]*)\)`)

// TestEveryPointIsInTheSourceOnceListed: what the source hits is listed, what is listed is hit by the source, and
// each from one place, so that a name says where.
func TestEveryPointIsInTheSourceOnceListed(t *testing.T) {
	found := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "failpoint" || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range hit.FindAllStringSubmatch(string(text), -1) {
			found[strings.Trim(m[1], `"`)] = append(found[strings.Trim(m[1], `"`)], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	names := Names()
	for name, places := range found {
		if !slices.Contains(names, name) {
			t.Errorf("%s hits %s, which is not in Points", places, name)
		}
		if len(places) > 1 {
			t.Errorf("%s is hit in %v: give each place a name of its own", name, places)
		}
	}
	for _, name := range names {
		if len(found[name]) == 0 {
			t.Errorf("%s is in Points, and the source never hits it", name)
		}
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(names))); len(unique) != len(names) {
		t.Error("a name is listed twice")
	}
}

// TestNothingIsLeftOfThemInAProgramThatShips.
func TestNamesSayTheirRoom(t *testing.T) {
	pattern := regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)
	for _, p := range Points {
		if !pattern.MatchString(p.Name) || p.At == "" {
			t.Errorf("%+v is not a room, a moment, and what that is", p)
		}
	}
}
