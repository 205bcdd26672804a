package workflow

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gantry/source"
)

// graphCase is one case of testdata/assignment.txt, which explains the notation.
type graphCase struct {
	name  string
	tasks []string // in order of their first line
	next  map[string][]string
	keys  map[string][]string
	uses  map[string][]string
	want  []string
	fails map[string]bool
	count int
}

var arrow = regexp.MustCompile(`^(\w+) -(?:([\w ]+)-)?> ([\w. ]+?)(?: \{(.*)\})?$`)

func (g *graphCase) task(name string) {
	if !slices.Contains(g.tasks, name) {
		g.tasks = append(g.tasks, name)
	}
}

func (g *graphCase) line(t *testing.T, line string) {
	words := strings.Fields(line)
	switch {
	case words[0] == "ok":
	case words[0] == "error" || words[0] == "never":
		g.want = append(g.want, line)
	case len(words) > 2 && words[1] == "uses":
		if words[0] != "end" {
			g.task(words[0])
		}
		g.uses[words[0]] = words[2:]
	case len(words) == 2 && words[1] == "first":
		g.task(words[0])
		g.keys[words[0]] = append(g.keys[words[0]], "follow: first")
	case len(words) == 2 && words[1] == "fails":
		g.fails[words[0]] = true
	case len(words) == 3 && words[1] == "join":
		g.keys[words[0]] = append(g.keys[words[0]], "join: "+words[2])
	default:
		m := arrow.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("what does this line mean: %s", line)
		}
		g.transition(m[1], m[2], m[3], m[4])
	}
}

func (g *graphCase) transition(from, condition, to, publish string) {
	g.task(from)
	g.count++
	maybe := fmt.Sprintf("run.id == 'r%d'", g.count)
	var parts []string
	when := map[string]string{"": "succeeded", "always": "", "failed": "failed", "maybe": maybe,
		"won maybe": "succeeded && " + maybe, "lost maybe": "failed && " + maybe}[condition]
	if fields := strings.Fields(condition); len(fields) > 1 && fields[len(fields)-2] != "won" && fields[len(fields)-2] != "lost" {
		operator := map[string]string{"if": "==", "not": "!="}[fields[len(fields)-2]]
		when = fmt.Sprintf("run.id %s '%s'", operator, fields[len(fields)-1])
		if fields[0] == "won" {
			when = "succeeded && " + when
		}
	}
	if when != "" {
		parts = append(parts, fmt.Sprintf("when: %q", when))
	}
	if publish != "" {
		parts = append(parts, "publish: {"+published(publish)+"}")
	}
	if to != "." {
		targets := strings.Fields(to)
		for _, target := range targets {
			if engineWords[target] == NoWord {
				g.task(target)
			}
		}
		parts = append(parts, "do: ["+strings.Join(targets, ", ")+"]")
	}
	g.next[from] = append(g.next[from], "{"+strings.Join(parts, ", ")+"}")
}

// published writes `x, y from ctx.x` or `x y` as a map.
func published(list string) string {
	items := strings.Split(list, ",")
	if len(items) == 1 && !strings.Contains(list, " from ") {
		items = strings.Fields(list)
	}
	for i, item := range items {
		name, from, ok := strings.Cut(strings.TrimSpace(item), " from ")
		value := "5"
		if ok {
			value = `"${{ ` + from + ` }}"`
		}
		items[i] = name + ": " + value
	}
	return strings.Join(items, ", ")
}

// yaml writes the case as a workflow. Uses of a bare task read its status.
func (g *graphCase) yaml() string {
	var b strings.Builder
	b.WriteString("tasks:\n")
	values := func(uses []string) string {
		var list []string
		for _, u := range uses {
			if regexp.MustCompile(`^tasks\.\w+$`).MatchString(u) {
				u += ".status"
			}
			list = append(list, fmt.Sprintf(`"${{ %s }}"`, u))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	for _, name := range g.tasks {
		with := "{values: " + values(g.uses[name]) + "}"
		action := "core.set"
		if g.fails[name] {
			action, with = "core.fail", "{message: no}"
		}
		fmt.Fprintf(&b, "  %s:\n    action: %s\n    with: %s\n", name, action, with)
		for _, key := range g.keys[name] {
			fmt.Fprintf(&b, "    %s\n", key)
		}
		if len(g.next[name]) > 0 {
			fmt.Fprintf(&b, "    next:\n")
			for _, n := range g.next[name] {
				fmt.Fprintf(&b, "      - %s\n", n)
			}
		}
	}
	fmt.Fprintf(&b, "outputs: {used: %s}\n", values(g.uses["end"]))
	return b.String()
}

func graphCases(t *testing.T) []*graphCase {
	text, err := os.ReadFile("testdata/assignment.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []*graphCase
	for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
		lines := strings.Split(part, "\n")
		g := &graphCase{name: lines[0], next: map[string][]string{}, keys: map[string][]string{}, uses: map[string][]string{}, fails: map[string]bool{}}
		for _, line := range lines[1:] {
			if line = strings.TrimSpace(line); line != "" {
				g.line(t, line)
			}
		}
		cases = append(cases, g)
	}
	return cases
}

// TestDefiniteAssignment runs testdata/assignment.txt.
func TestDefiniteAssignment(t *testing.T) {
	world := testWorld(t)
	cases := graphCases(t)
	if len(cases) < 40 {
		t.Fatalf("only %d cases were read", len(cases))
	}
	for _, g := range cases {
		t.Run(g.name, func(t *testing.T) {
			text := g.yaml()
			_, ds := checkText(world, "case", "case.yaml", []byte(text))
			var got []string
			for _, d := range ds {
				if d.Severity == source.Error {
					got = append(got, g.said(t, text, d))
				}
			}
			slices.Sort(got)
			slices.Sort(g.want)
			if !slices.Equal(got, g.want) {
				t.Errorf("the checker says\n  %s\nwanted is\n  %s\n\n%s\n%s", strings.Join(got, "\n  "), strings.Join(g.want, "\n  "), ds.Error(), text)
			}
		})
	}
}

// said brings a diagnostic into the notation of the cases.
func (g *graphCase) said(t *testing.T, text string, d source.Diagnostic) string {
	word := map[string]string{"may-be-unset": "error", "never-set": "never"}[d.Code]
	if word == "" {
		t.Fatalf("another mistake: %s\n%s", d.Error(), text)
	}
	lines := strings.Split(text, "\n")
	use := regexp.MustCompile(`^(ctx|tasks)\.\??(\w+)`).FindStringSubmatch(string([]rune(lines[d.Pos.Line-1])[d.Pos.Column-1:]))
	if use == nil {
		t.Fatalf("the place is wrong: %s\n%s", d.Error(), text)
	}
	at := "end"
	if !strings.HasPrefix(lines[d.Pos.Line-1], "outputs") {
		for i := d.Pos.Line - 1; ; i-- {
			if m := regexp.MustCompile(`^  (\w+):$`).FindStringSubmatch(lines[i]); m != nil {
				at = m[1]
				break
			}
		}
	}
	return fmt.Sprintf("%s %s.%s at %s", word, use[1], use[2], at)
}
