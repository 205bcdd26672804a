// Package flowtest draws random workflows for tests: graphs of tasks with every kind of transition and join, which
// those who draw them fill with what the tasks do.
package flowtest

import (
	"fmt"
	"strings"
)

// Source makes the choices: one of n, counted from 0. label says what for.
type Source interface {
	IntN(label string, n int) int
}

// Graph is the tasks of a workflow and how they hang together.
type Graph struct {
	Tasks  []Task
	Racing bool // it has joins that ask for a race: any, or a number
}

// Task is one task of a graph, without what it does.
type Task struct {
	Name string   // a, b, c … in the order of the file
	Join string   // as it is written; "": nothing is
	Once bool     // it follows only the first transition that holds
	Next []string // transitions as YAML
}

// Name gives the name of the task with a number.
func Name(i int) string { return string(rune('a' + i)) }

// DrawGraph draws a graph of 2 to most tasks, at most 26. Every task but the first ones is named by an earlier one,
// and further transitions go anywhere, back included, so that the checker may still refuse it.
func DrawGraph(src Source, most int) Graph {
	n := 2 + src.IntN("tasks", most-1)
	d := drawing{src: src, tasks: make([]Task, n), inbound: make([]int, n), named: make([]map[int]bool, n)}
	for i := range n {
		d.tasks[i].Name, d.named[i] = Name(i), map[int]bool{}
	}
	starts := 1 + src.IntN("starts", min(3, n-1))
	for to := starts; to < n; to++ {
		d.link(src.IntN("from", to), to)
	}
	for range src.IntN("more", n+1) {
		d.link(src.IntN("from", n), starts+src.IntN("to", n-starts))
	}
	g := Graph{Tasks: d.tasks}
	for i := range n {
		t := &d.tasks[i]
		if d.inbound[i] > 0 {
			t.Join = d.join(i)
			g.Racing = g.Racing || t.Join != "" && t.Join != "all" && t.Join != "each"
		}
		t.Once = src.IntN("first", 2) == 1
	}
	return g
}

type drawing struct {
	src     Source
	tasks   []Task
	inbound []int
	named   []map[int]bool // by which tasks
}

func (d *drawing) link(from, to int) {
	text := "{"
	if when := []string{"", "succeeded", "failed"}[d.src.IntN("when", 3)]; when != "" {
		text += "when: " + when + ", "
	}
	if d.src.IntN("publishes", 2) == 1 {
		text += fmt.Sprintf("publish: {%s: %s_%d}, ", []string{"x", "y"}[d.src.IntN("name", 2)], Name(to), len(d.tasks[from].Next))
	}
	d.tasks[from].Next = append(d.tasks[from].Next, text+"do: "+Name(to)+"}")
	d.inbound[to]++
	d.named[to][from] = true
}

func (d *drawing) join(i int) string {
	join := []string{"", "", "", "all", "each", "any", "number"}[d.src.IntN("join", 7)]
	if join == "number" {
		return fmt.Sprint(1 + d.src.IntN("number", len(d.named[i])))
	}
	return join
}

// Text writes the graph as a workflow's tasks and outputs. keys gives what a task does, one `key: value` a line.
func (g Graph) Text(keys func(i int) []string) string {
	var text strings.Builder
	text.WriteString("tasks:\n")
	for i, t := range g.Tasks {
		fmt.Fprintf(&text, "  %s:\n", t.Name)
		lines := keys(i)
		if t.Join != "" {
			lines = append(lines, "join: "+t.Join)
		}
		if t.Once {
			lines = append(lines, "follow: first")
		}
		for _, line := range lines {
			fmt.Fprintf(&text, "    %s\n", line)
		}
		if len(t.Next) > 0 {
			fmt.Fprintf(&text, "    next:\n      - %s\n", strings.Join(t.Next, "\n      - "))
		}
	}
	text.WriteString("outputs: {x: \"${{ ctx.?x.orValue('') }}\", y: \"${{ ctx.?y.orValue('') }}\"}\n")
	return text.String()
}
