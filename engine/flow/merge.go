package flow

import (
	"cmp"
	"slices"
)

// merge joins what several ways have seen. Where they differ in a published name, a value that another
// way has replaced gives way; among those that are left, the publisher that stands later in the file
// wins, of one task the later instance, of one instance the later transition. Who came first never matters.
func merge(ways []arrival) *scope {
	if len(ways) == 1 {
		return ways[0].scope
	}
	return &scope{ctx: mergeNames(ways), tasks: mergeTasks(ways), turns: mergeTurns(ways)}
}

func mergeNames(ways []arrival) *layers[binding] {
	type publication struct {
		name string
		by   stamp
	}
	candidates, known := map[string][]binding{}, map[publication]bool{}
	for _, way := range ways {
		for name, b := range way.scope.ctx.all() {
			if key := (publication{name, b.by}); !known[key] {
				known[key] = true
				candidates[name] = append(candidates[name], b)
			}
		}
	}
	out := make(map[string]binding, len(candidates))
	for name, bindings := range candidates {
		out[name] = winner(bindings)
	}
	return layersOf(out)
}

func winner(bindings []binding) binding {
	if len(bindings) == 1 {
		return bindings[0]
	}
	gone := replaced(bindings)
	standing := slices.DeleteFunc(slices.Clone(bindings), func(b binding) bool { return gone[b.by] })
	return slices.MaxFunc(standing, func(a, b binding) int { return a.by.compare(b.by) })
}

// replaced gives the publications from which the way led on to another of the bindings.
func replaced(bindings []binding) map[stamp]bool {
	oldest := bindings[0].by.exec.ID
	todo := make([]*Execution, 0, len(bindings))
	for _, b := range bindings {
		oldest = min(oldest, b.by.exec.ID)
		todo = append(todo, b.by.exec)
	}
	gone, seen := map[stamp]bool{}, map[*Execution]bool{}
	for len(todo) > 0 {
		e := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[e] || e.ID <= oldest { // what led to an execution is older than it
			continue
		}
		seen[e] = true
		for _, a := range e.via {
			gone[stamp{a.from, a.transition}] = true
			todo = append(todo, a.from)
		}
	}
	return gone
}

func mergeTasks(ways []arrival) *layers[*Execution] {
	out := map[string]*Execution{}
	for _, way := range ways {
		for name, e := range way.scope.tasks.all() {
			if known, ok := out[name]; !ok || known.compare(e) < 0 {
				out[name] = e
			}
		}
	}
	return layersOf(out)
}

func mergeTurns(ways []arrival) *layers[int] {
	out := map[string]int{}
	for _, way := range ways {
		for name, n := range way.scope.turns.all() {
			out[name] = max(out[name], n)
		}
	}
	return layersOf(out)
}

// compare orders publications as merging ranks them.
func (s stamp) compare(other stamp) int {
	if c := s.exec.compare(other.exec); c != 0 {
		return c
	}
	return cmp.Compare(s.transition, other.transition)
}

// compare orders executions by their task's place in the file, then by how far down the way they are,
// then by the ways that led there. It depends on the graph only, never on who came first, so that a run
// ends the same whatever order its tasks end in.
func (e *Execution) compare(other *Execution) int {
	if e == other {
		return 0
	}
	if c := cmp.Compare(e.Task.Index, other.Task.Index); c != 0 {
		return c
	}
	if c := cmp.Compare(e.depth, other.depth); c != 0 {
		return c
	}
	return slices.CompareFunc(e.via, other.via, arrival.compare)
}

func (a arrival) compare(other arrival) int {
	if c := a.from.compare(other.from); c != 0 {
		return c
	}
	return cmp.Compare(a.transition, other.transition)
}
