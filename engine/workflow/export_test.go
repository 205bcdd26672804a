package workflow

// Facts gives what the checker holds for certain at the start of each task and, under "", at the end of a
// successful run: "tasks.x" and "ctx.y".
func Facts(wf *Workflow) map[string][]string {
	var names []string
	seen := map[string]bool{}
	for _, t := range wf.Tasks {
		for _, n := range t.Next {
			for _, p := range n.Publish {
				if !seen[p.Name] {
					seen[p.Name] = true
					names = append(names, p.Name)
				}
			}
		}
	}
	a := newAssignment(wf, names)
	list := func(facts bitset) []string {
		var out []string
		for _, t := range wf.Tasks {
			if facts.has(a.ran(t)) {
				out = append(out, "tasks."+t.Name)
			}
		}
		for _, name := range names {
			if facts.has(a.names[name]) {
				out = append(out, "ctx."+name)
			}
		}
		return out
	}
	facts := map[string][]string{"": list(a.end)}
	for _, t := range wf.Tasks {
		if a.at[t.Index].equal(full(a.size)) {
			continue // never runs
		}
		facts[t.Name] = list(a.at[t.Index])
	}
	return facts
}
