package graph

import (
	"fmt"
	"strings"
)

// Mermaid writes the graph as a Mermaid flowchart, which GitHub, GitLab and many wikis draw.
func (g *Graph) Mermaid() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %q\n---\nflowchart TD\n", g.Title)
	for _, n := range g.Nodes {
		open, end := brackets(n.Shape)
		fmt.Fprintf(&b, "  %s%s\"%s\"%s\n", n.ID, open, n.mermaidText(), end)
	}
	for _, e := range g.Edges {
		arrow := "-->"
		if e.Tone == Failure {
			arrow = "-.->"
		}
		label := ""
		if len(e.Label) > 0 {
			label = "|\"" + escapeMermaid(e.Label) + "\"|"
		}
		fmt.Fprintf(&b, "  %s %s%s %s\n", g.Nodes[e.From].ID, arrow, label, g.Nodes[e.To].ID)
	}
	return b.String()
}

func brackets(s Shape) (open, end string) {
	switch s {
	case Task:
		return "[", "]"
	case Start:
		return "([", "])"
	}
	return "((", "))"
}

func (n Node) mermaidText() string {
	lines := []string{n.Name}
	for _, line := range []string{n.Title, n.Call} {
		if line != "" {
			lines = append(lines, shorten(line))
		}
	}
	return escapeMermaid(append(lines, n.Notes...))
}

// escapeMermaid writes lines so that none of their characters means anything to Mermaid or HTML.
func escapeMermaid(lines []string) string {
	replace := strings.NewReplacer("#", "#35;", "&", "#amp;", "\"", "#quot;", "<", "#lt;", ">", "#gt;", "|", "#124;", "`", "#96;", "\n", " ", "\r", " ")
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = replace.Replace(line)
	}
	return strings.Join(escaped, "<br/>")
}
