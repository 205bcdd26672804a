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
	candidates := map[string][]binding{}
	for _, way := range ways {
		for name, b := range way.scope.ctx.all() {
			if !slices.ContainsFunc(candidates[name], func(c binding) bool { return c.by == b.by }) {
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
	standing := slices.DeleteFunc(slices.Clone(bindings), func(b binding) bool {
		return slices.ContainsFunc(bindings, func(other binding) bool { return other.by.exec.descends(b.by) })
	})
	return slices.MaxFunc(standing, func(a, b binding) int { return a.by.compare(b.by) })
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

// descends tells whether the way to e came out of the publication's execution by its transition.
func (e *Execution) descends(from stamp) bool {
	if e == from.exec {
		return false
	}
	seen := map[*Execution]bool{}
	var search func(*Execution) bool
	search = func(at *Execution) bool {
		if seen[at] || at.ID <= from.exec.ID { // what led to an execution is older than it
			return false
		}
		seen[at] = true
		for _, a := range at.via {
			if a.from == from.exec && a.transition == from.transition || search(a.from) {
				return true
			}
		}
		return false
	}
	return search(e)
}
