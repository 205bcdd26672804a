package flow

import (
	"maps"
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/source"
)

// misfits tells why the run cannot go on so: with this version of the workflow, with these values.
func (m *moving) misfits() []Misfit {
	out := m.edits()
	if !m.moved() {
		return out
	}
	known := map[string]bool{}
	for _, e := range m.state.execs {
		for _, misfit := range m.misfitsOf(e) {
			if key := misfit.Task + "\x00" + misfit.What; !known[key] {
				known[key] = true
				out = append(out, misfit)
			}
		}
	}
	if _, problems := m.inputs(); len(problems) > 0 {
		was, _ := schema.Encode(orEmpty(m.state.start.Inputs))
		out = append(out, Misfit{What: "inputs", Was: string(was), Is: strings.Join(problems, "; ")})
	}
	return out
}

// misfitsOf compares a task that has run. What is repeated may be another task in all but name and shape;
// what the run has gone on from must be the one it was.
func (m *moving) misfitsOf(e *Execution) []Misfit {
	was, is := e.Task, m.tasks[e.Task.Name]
	if is == nil {
		return []Misfit{{Task: was.Name, What: "task", Was: "it has run", Is: "gone"}}
	}
	var out []Misfit
	differ := func(what, a, b string) {
		if a != b {
			out = append(out, Misfit{Task: was.Name, What: what, Was: a, Is: b})
		}
	}
	if !e.followed {
		if (was.ForEach == nil) != (is.ForEach == nil) {
			a, b := m.key(was.Name, "for_each")
			differ("for_each", asText(a), asText(b))
		}
		return out
	}
	kind, id := calls(was)
	nowKind, nowID := calls(is)
	if kind != nowKind {
		nowID = nowKind + " " + nowID
	}
	differ(kind, id, nowID)
	for _, key := range []string{"for_each", "next"} {
		if a, b := m.key(was.Name, key); !sameText(a, b) {
			differ(key, asText(a), asText(b))
		}
	}
	return out
}

// calls gives the key that says what a task calls, and what stands there.
func calls(t *workflow.Task) (key, id string) {
	if t.Action != nil {
		return "action", t.Action.ID
	}
	return "workflow", t.SubWorkflow
}

func asText(n *source.Node) string {
	if n == nil {
		return "none"
	}
	text, err := schema.Encode(written(n))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// edits tells which of the values to be replaced have no place: their task is not repeated, or takes no such.
func (m *moving) edits() []Misfit {
	repeated := map[string]*workflow.Task{}
	for _, l := range m.state.byExecution() {
		if !l.goesOnAsItIs() && !l.e.unsatisfied {
			repeated[l.e.Task.Name] = m.task(l.e.Task)
		}
	}
	var out []Misfit
	for _, name := range slices.Sorted(maps.Keys(m.ev.Inputs)) {
		task := repeated[name]
		if task == nil {
			out = append(out, Misfit{Task: name, What: "with", Was: "not repeated", Is: "given other values"})
			continue
		}
		out = append(out, editsOfTask(task, m.ev.Inputs[name])...)
	}
	return out
}

func editsOfTask(task *workflow.Task, with map[string]any) []Misfit {
	inputs := task.SubInputs
	if task.Action != nil {
		inputs = task.Action.InputType()
	}
	_, called := calls(task)
	var out []Misfit
	for _, key := range slices.Sorted(maps.Keys(with)) {
		field, ok := inputs.Field(key)
		if !ok {
			if !inputs.Open {
				out = append(out, Misfit{Task: task.Name, What: "with", Was: called + " has no input " + key, Is: "given " + key})
			}
			continue
		}
		for _, p := range field.Type.Check(with[key]) {
			out = append(out, Misfit{Task: task.Name, What: "with", Was: key + " is " + field.Type.String(), Is: p.String()})
		}
	}
	return out
}
