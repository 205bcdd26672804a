// Package graph draws workflows: as Mermaid text and as SVG with a layered layout.
package graph

import (
	"fmt"
	"strings"

	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/source"
)

// Tone is how an edge is drawn.
type Tone string

// The tones.
const (
	Normal  Tone = "normal"  // taken after success, or by a condition
	Failure Tone = "failure" // taken after failure only
)

// Shape is how a node is drawn.
type Shape string

// The shapes.
const (
	Start   Shape = "start"
	Task    Shape = "task"
	Handled Shape = "handled" // the word noop
	Fail    Shape = "fail"    // the word fail
	End     Shape = "end"     // a transition that names nothing
)

// Graph is a workflow as nodes and edges.
type Graph struct {
	Title string
	Nodes []Node
	Edges []Edge
}

// Node is a task, the start, or where a branch ends.
type Node struct {
	ID    string // unique; letters, digits and underscores
	Shape Shape
	Name  string   // a task's name, or the word
	Title string   // of tasks that have one
	Call  string   // the action or workflow
	Notes []string // join, for_each, retry, follow …
}

// Edge is a way from one node to another.
type Edge struct {
	From, To int      // indexes of Nodes
	Label    []string // lines
	Tone     Tone
}

// Of makes the graph of a workflow.
func Of(w *workflow.Workflow) *Graph {
	g := &Graph{Title: source.OneLine(w.Title)}
	if g.Title == "" {
		g.Title = w.ID
	}
	g.Nodes = append(g.Nodes, Node{ID: "start", Shape: Start, Name: "start", Notes: triggersOf(w)})
	at := map[*workflow.Task]int{}
	for _, t := range w.Tasks {
		at[t] = len(g.Nodes)
		g.Nodes = append(g.Nodes, nodeOf(t))
	}
	for _, t := range w.Start {
		g.Edges = append(g.Edges, Edge{From: 0, To: at[t], Tone: Normal})
	}
	for _, t := range w.Tasks {
		for i, transition := range t.Next {
			g.add(at, t, transition, i)
		}
	}
	return g
}

func triggersOf(w *workflow.Workflow) (notes []string) {
	for _, t := range w.Triggers {
		note := t.Name
		if t.Name != t.Type {
			note += " (" + t.Type + ")"
		}
		if !t.Enabled {
			note += ", off"
		}
		notes = append(notes, note)
	}
	return notes
}

func nodeOf(t *workflow.Task) Node {
	n := Node{ID: "t_" + t.Name, Shape: Task, Name: t.Name, Title: t.Title, Call: t.SubWorkflow}
	if t.Action != nil {
		n.Call = t.Action.ID
	} else if n.Call != "" {
		n.Call = "workflow " + n.Call
	}
	switch t.Join.Mode {
	case workflow.JoinAll:
		n.Notes = append(n.Notes, "join: all")
	case workflow.JoinAny:
		n.Notes = append(n.Notes, "join: any")
	case workflow.JoinCount:
		n.Notes = append(n.Notes, fmt.Sprintf("join: %d", t.Join.Count))
	case workflow.JoinEach:
		if len(t.Inbound) > 1 {
			n.Notes = append(n.Notes, "join: each")
		}
	}
	if t.ForEach != nil {
		n.Notes = append(n.Notes, "for each "+t.ForEach.As)
	}
	if t.Retry != nil {
		n.Notes = append(n.Notes, fmt.Sprintf("up to %d attempts", t.Retry.Attempts))
	}
	if t.Follow == workflow.FollowFirst && len(t.Next) > 1 {
		n.Notes = append(n.Notes, "follow: first")
	}
	if t.Mock != nil {
		n.Notes = append(n.Notes, "mocked")
	}
	return n
}

func (g *Graph) add(at map[*workflow.Task]int, from *workflow.Task, t *workflow.Transition, index int) {
	edge := Edge{From: at[from], Label: labelOf(t), Tone: Normal}
	if t.When != nil && t.When.Implies("failed") {
		edge.Tone = Failure
	}
	if from.Follow == workflow.FollowFirst && len(from.Next) > 1 {
		edge.Label = numbered(edge.Label, index+1)
	}
	for _, target := range t.Do {
		to := edge
		switch target.Word {
		case workflow.Noop:
			to.To = g.end(Handled, "handled", from.Name, index)
		case workflow.Fail:
			to.To = g.end(Fail, "fail", from.Name, index)
		default:
			to.To = at[target.Task]
		}
		g.Edges = append(g.Edges, to)
	}
	if len(t.Do) == 0 {
		edge.To = g.end(End, "end", from.Name, index)
		g.Edges = append(g.Edges, edge)
	}
}

// end adds a place where a branch ends.
func (g *Graph) end(shape Shape, name, from string, index int) int {
	g.Nodes = append(g.Nodes, Node{ID: fmt.Sprintf("%s_%s_%d", shape, from, index+1), Shape: shape, Name: name})
	return len(g.Nodes) - 1
}

// labelOf says when a transition is taken, and what it publishes. The short form (when it succeeded) is
// the way everybody expects and says nothing.
func labelOf(t *workflow.Transition) []string {
	var lines []string
	switch {
	case t.Label != "":
		lines = append(lines, shorten(t.Label))
	case t.When != nil && (condition(t.When) != "succeeded" || t.Task.Follow == workflow.FollowFirst):
		lines = append(lines, shorten(condition(t.When)))
	case t.When == nil && !t.Success:
		lines = append(lines, "always")
	}
	if len(t.Publish) > 0 {
		var names []string
		for _, p := range t.Publish {
			names = append(names, p.Name)
		}
		lines = append(lines, shorten("publish "+strings.Join(names, ", ")))
	}
	return lines
}

// condition is the expression on one line, without what says nothing in a drawing.
func condition(p *expr.Program) string {
	text := strings.Join(strings.Fields(p.Source()), " ")
	text = strings.TrimSuffix(strings.TrimPrefix(text, "${{ "), " }}")
	if rest, ok := strings.CutPrefix(text, "succeeded && "); ok {
		return rest
	}
	return text
}

func numbered(lines []string, n int) []string {
	if len(lines) == 0 {
		return []string{fmt.Sprintf("%d.", n)}
	}
	return append([]string{fmt.Sprintf("%d. %s", n, lines[0])}, lines[1:]...)
}

// longest is how many characters a line of a drawing has.
const longest = 36

// shorten makes a line of a text of the workflow.
func shorten(text string) string {
	text = source.OneLine(text)
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	return strings.TrimRight(string(runes[:longest-1]), " ") + "…"
}
