package assist

import (
	"gantry/engine/workflow"
	"gantry/source"
)

// extents finds where the parts of a text end: each before the line in which the next one begins.
type extents struct {
	text  lines
	after int // the line behind the whole
}

// within gives the last line of each entry of the map or list under a key of the root.
func (x extents) within(root *source.Node, key string) []int {
	if root == nil {
		return nil
	}
	var list *source.Node
	for i, e := range root.Entries {
		if e.Key != key {
			continue
		}
		list = e.Value
		if i+1 < len(root.Entries) {
			x.after = root.Entries[i+1].KeyPos.Line
		}
	}
	if list == nil {
		return nil
	}
	starts := make([]int, 0, len(list.Entries)+len(list.Items))
	for _, e := range list.Entries {
		starts = append(starts, e.KeyPos.Line)
	}
	for _, item := range list.Items {
		starts = append(starts, item.Pos.Line)
	}
	return x.ends(starts)
}

// ends gives the last line of each of several things that stand one behind the other.
func (x extents) ends(starts []int) []int {
	ends := make([]int, len(starts))
	for i, start := range starts {
		next := x.after
		if i+1 < len(starts) {
			next = starts[i+1]
		}
		ends[i] = x.text.lastBefore(start, next)
	}
	return ends
}

// transitions gives the last line of each of a task's transitions, within the lines of the task.
func (x extents) transitions(n *workflow.TaskNode) []int {
	starts := make([]int, len(n.Next))
	for i, t := range n.Next {
		starts[i] = t.Pos.Line
	}
	if n.NextEnd > 0 {
		x.after = min(x.after, n.NextEnd)
	}
	return x.ends(starts)
}
