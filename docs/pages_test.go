package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// handbook is a page as the tests read it.
type handbook struct {
	name   string // from the repository's root, with slashes
	text   string
	blocks []block
}

// block is a block of code. marker is the comment just before it: `<!-- run -->` has the test run a console
// session, `<!-- run: fails -->` one whose last command fails.
type block struct {
	line             int
	language, marker string
	lines            []string
}

// file gives the path that a block says on its first line that it stands at: "# workflows/hello.yaml".
func (b block) file() (string, bool) {
	if b.language != "yaml" || len(b.lines) == 0 {
		return "", false
	}
	m := fileComment.FindStringSubmatch(b.lines[0])
	if m == nil {
		return "", false
	}
	return m[1], true
}

var (
	fileComment = regexp.MustCompile(`^# ((?:(?:workflows|crates|actions)/\S+|gantry|organisations)\.yaml)\b`)
	marker      = regexp.MustCompile(`^<!-- (.*) -->$`)
)

// pages reads the whole handbook, README.md and its like included.
func pages(t *testing.T) []handbook {
	t.Helper()
	files := []string{"../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md"}
	for _, pattern := range []string{"*.md", "reference/*.md", "reference/*/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	var all []handbook
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.ToSlash(filepath.Join("docs", file))
		all = append(all, handbook{name, string(text), blocksOf(string(text))})
	}
	return all
}

func blocksOf(text string) []block {
	var all []block
	var open *block
	said := ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case open != nil && strings.HasPrefix(line, "```"):
			all, open, said = append(all, *open), nil, ""
		case open != nil:
			open.lines = append(open.lines, line)
		case strings.HasPrefix(line, "```"):
			open = &block{line: i + 1, language: strings.TrimPrefix(line, "```"), marker: said}
		case strings.TrimSpace(line) != "":
			said = ""
			if m := marker.FindStringSubmatch(line); m != nil {
				said = m[1]
			}
		}
	}
	return all
}
