package docs

import (
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gantry/project"
	"gantry/schema"
)

// TestFilesCheck checks every YAML file that a page shows, beside the page's other files, as `gantry check`
// does with the sandbox's variables. A page that shows what is wrong marks the block `<!-- wrong -->`, one that shows what a
// file becomes `<!-- later -->`.
func TestFilesCheck(t *testing.T) {
	known := []schema.Field{
		{Name: "default_team", Type: schema.String(), Required: true}, {Name: "stale_after_days", Type: schema.Number(), Required: true},
		{Name: "send_digest", Type: schema.Boolean(), Required: true}, {Name: "portal_password", Type: schema.Secret(), Required: true},
	}
	checked := 0
	for _, page := range pages(t) {
		dir := t.TempDir()
		shown := map[string]int{}
		for _, b := range page.blocks {
			name, ok := b.file()
			if !ok || b.marker == "wrong" {
				continue
			}
			if b.marker == "later" {
				checkFiles(t, page.name, dir, shown, known)
			} else if line, twice := shown[name]; twice {
				t.Errorf("%s:%d: %s stands in line %d, too", page.name, b.line, name, line)
			}
			shown[name] = b.line
			put(t, dir, name, b)
			checked++
		}
		checkFiles(t, page.name, dir, shown, known)
	}
	if checked < 10 {
		t.Errorf("only %d files were found in the handbook", checked)
	}
}

func checkFiles(t *testing.T, page, dir string, shown map[string]int, known []schema.Field) {
	t.Helper()
	if len(shown) == 0 {
		return
	}
	p, err := project.Load(dir, project.Options{Getenv: func(string) string { return "" }, OrgVars: known, OrgVarsKnown: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Diagnostics() {
		t.Errorf("%s:%d: %s", page, shown[d.Pos.File]+d.Pos.Line, d)
	}
}

func put(t *testing.T, dir, name string, b block) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Join(b.lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	link    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	image   = regexp.MustCompile(`src="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinks follows every link within the repository.
func TestLinks(t *testing.T) {
	all := pages(t)
	anchors := map[string][]string{}
	for _, page := range all {
		anchors[page.name] = anchorsOf(page)
	}
	for _, page := range all {
		text := withoutCode(page)
		found := append(link.FindAllStringSubmatch(text, -1), image.FindAllStringSubmatch(text, -1)...)
		for _, m := range found {
			target, err := url.Parse(m[1])
			if err != nil {
				t.Errorf("%s: %s: %s", page.name, m[1], err)
				continue
			}
			if target.Scheme != "" {
				continue
			}
			to := page.name
			if target.Path != "" {
				to = path.Join(path.Dir(page.name), target.Path)
			}
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(to))); err != nil {
				t.Errorf("%s: %s leads nowhere", page.name, m[1])
			} else if target.Fragment != "" && !slices.Contains(anchors[to], target.Fragment) {
				t.Errorf("%s: %s: %s has no such heading; it has %s", page.name, m[1], to, strings.Join(anchors[to], " "))
			}
		}
	}
}

// withoutCode leaves blocks out: what looks like a link there is none.
func withoutCode(page handbook) string {
	lines := strings.Split(page.text, "\n")
	for _, b := range page.blocks {
		for i := range b.lines {
			lines[b.line+i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

var punctuation = regexp.MustCompile(`[^\p{L}\p{N}_\- ]`)

// anchorsOf gives the addresses of a page's headings, as GitHub and GitLab make them.
func anchorsOf(page handbook) []string {
	seen := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(withoutCode(page), -1) {
		plain := strings.ReplaceAll(punctuation.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")
		seen[plain] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// TestHandbookIsWhole sees to it that every page can be reached from the contents.
func TestHandbookIsWhole(t *testing.T) {
	contents, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages(t) {
		name, ok := strings.CutPrefix(page.name, "docs/")
		if !ok || name == "README.md" || strings.HasPrefix(name, "reference/actions/") {
			continue
		}
		if !strings.Contains(string(contents), "("+name+")") {
			t.Errorf("docs/README.md does not lead to %s", name)
		}
	}
}
