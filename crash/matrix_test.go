package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gantry/failpoint"
)

// TestTheMatrixIsWhole: docs/reliability.md has a row for each fail-point, and the tests that it names exist.
func TestTheMatrixIsWhole(t *testing.T) {
	text, err := os.ReadFile("../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t)
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| ") || strings.Count(line, "|") != 5 {
			continue
		}
		cells := strings.Split(line, "|")
		first := strings.TrimSpace(cells[1])
		if first == "Fail-point" || first == "Fault" || strings.HasPrefix(first, "---") || strings.HasPrefix(first, "What you see") {
			continue
		}
		if name := regexp.MustCompile("^`([a-z]+\\.[a-z-]+)`: ").FindStringSubmatch(first); name != nil {
			rows[name[1]] = true
		}
		named := regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(cells[4], -1)
		if len(named) == 0 {
			t.Errorf("no test proves the row of %s", first)
		}
		for _, m := range named {
			if !tests[m[1]] {
				t.Errorf("the row of %s names %s, which does not exist", first, m[1])
			}
		}
	}
	for _, p := range failpoint.Points {
		if !rows[p.Name] {
			t.Errorf("%s has no row in docs/reliability.md", p.Name)
		}
		delete(rows, p.Name)
	}
	for name := range rows {
		if strings.Contains(name, "gantry.db") {
			continue
		}
		t.Errorf("docs/reliability.md has a row for %s, which is no fail-point", name)
	}
}

// testsOf gives the names of all tests of the project.
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
