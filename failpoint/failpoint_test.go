package failpoint

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
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

// TestNothingIsLeftInAProgramThatShips: without the tag the program does not even hold a point's name, and passes;
// with the tag it kills itself there.
func TestNothingIsLeftInAProgramThatShips(t *testing.T) {
	for _, tag := range []string{"", "failpoints"} {
		program := filepath.Join(t.TempDir(), "passes")
		if out, err := exec.Command("go", "build", "-tags", tag, "-o", program, "./testdata/passes").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		content, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if left := bytes.Contains(content, []byte("store.before-commit")); left != (tag != "") {
			t.Errorf("tags %q: the point's name is in the program: %t", tag, left)
		}
		run := exec.Command(program)
		run.Env = append(os.Environ(), Variable+"=store.before-commit")
		out, err := run.CombinedOutput()
		killed := strings.Contains(string(out), "killed at fail-point store.before-commit") && run.ProcessState.ExitCode() == -1
		if killed != (tag != "") || err == nil == killed {
			t.Errorf("tags %q: killed %t: %v %s", tag, killed, err, out)
		}
	}
}

func TestNamesSayTheirRoom(t *testing.T) {
	pattern := regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)
	for _, p := range Points {
		if !pattern.MatchString(p.Name) || p.At == "" {
			t.Errorf("%+v is not a room, a moment, and what that is", p)
		}
	}
}
