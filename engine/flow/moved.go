package flow

import (
	"reflect"

	"gantry/engine/workflow"
	"gantry/source"
)

// moving is a reopening's move from the version that the run had onto the one that it goes on with; mostly
// they are the same.
type moving struct {
	state *State
	ev    Reopened
	wf    *workflow.Workflow
	tasks map[string]*workflow.Task // of wf

	was, is *source.Node // the two files; nil while nobody has compared them
}

func (s *State) moving(ev Reopened) *moving {
	m := &moving{state: s, ev: ev, wf: s.wf}
	if ev.Workflow != nil && ev.Workflow.Version != s.wf.Version {
		m.wf = ev.Workflow
	}
	m.tasks = make(map[string]*workflow.Task, len(m.wf.Tasks))
	for _, t := range m.wf.Tasks {
		m.tasks[t.Name] = t
	}
	return m
}

func (m *moving) moved() bool { return m.wf != m.state.wf }

// task is what a task of the old version is in the new one; itself where it is gone, which is a misfit.
func (m *moving) task(t *workflow.Task) *workflow.Task {
	if now := m.tasks[t.Name]; now != nil {
		return now
	}
	return t
}

// starts gives the tasks that are still to start: those to which ways lead, and the new version's own
// start tasks where they never ran.
func (m *moving) starts() []due {
	if !m.moved() {
		return m.state.undone.starts
	}
	var out []due
	for _, task := range m.wf.Start {
		if !m.state.ran(task.Name) {
			out = append(out, due{task, nil, &scope{}})
		}
	}
	for _, d := range m.state.undone.starts {
		if len(d.via) > 0 {
			out = append(out, due{m.task(d.task), d.via, d.scope})
		}
	}
	return out
}

func (s *State) ran(task string) bool {
	for _, t := range s.wf.Tasks {
		if t.Name == task {
			return s.instances[t.Index] > 0
		}
	}
	return false
}

// move takes the state onto the new version by the tasks' names.
func (m *moving) move(rest *undone) {
	s := m.state
	index := make([]int, len(s.wf.Tasks)) // of the new version, by that of the old
	instances := make([]int, len(m.wf.Tasks))
	for i, t := range s.wf.Tasks {
		index[i] = -1
		if now := m.tasks[t.Name]; now != nil {
			index[i] = now.Index
			instances[now.Index] = s.instances[i]
		}
	}
	closed := map[roundKey]bool{}
	for key := range s.closed {
		if index[key.task] >= 0 {
			closed[roundKey{index[key.task], key.turn}] = true
		}
	}
	for _, e := range s.execs {
		e.Task = m.task(e.Task)
	}
	for i := range rest.ways {
		rest.ways[i].task = m.task(rest.ways[i].task)
	}
	s.start.Inputs, _ = m.inputs()
	s.vars = m.lasting()
	s.wf, s.instances, s.closed = m.wf, instances, closed
}

// inputs completes the run's inputs as the new version declares them, and tells what is wrong with them.
func (m *moving) inputs() (map[string]any, []string) {
	complete, problems := m.wf.InputsType.Complete(orEmpty(m.state.start.Inputs))
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	inputs, _ := complete.(map[string]any)
	return inputs, texts
}

// lasting gives the vars that hold for the whole run: those whose expressions are as they were.
func (m *moving) lasting() map[string]any {
	m.file()
	was, is := lookup(m.was, "vars"), lookup(m.is, "vars")
	out := map[string]any{}
	for name, v := range m.state.vars {
		if sameText(lookup(was, name), lookup(is, name)) {
			out[name] = v
		}
	}
	return out
}

// forgetSubruns lets sub-workflows begin anew that get other inputs than before, or are others.
func (m *moving) forgetSubruns() {
	for _, l := range m.state.undone.left {
		e := l.e
		if e.Task.SubWorkflow == "" || m.reopens(e) {
			continue
		}
		e.attempt.subrun = ""
		if e.items != nil {
			for i := range e.items.units {
				e.items.units[i].subrun = ""
			}
		}
	}
}

// reopens tells whether a repeated task's sub-workflow goes on with its run.
func (m *moving) reopens(e *Execution) bool {
	task := m.task(e.Task)
	if task.SubWorkflow == "" || len(m.ev.Inputs[task.Name]) > 0 {
		return false
	}
	return task == e.Task || task.SubWorkflow == e.Task.SubWorkflow && sameText(m.key(task.Name, "with"))
}

// file reads both versions, once.
func (m *moving) file() {
	if m.was == nil {
		m.was, _ = source.Parse(m.state.wf.File, m.state.wf.Text)
		m.is, _ = source.Parse(m.wf.File, m.wf.Text)
	}
}

// key gives a task's key as both versions have it written; nil where they have not.
func (m *moving) key(task, key string) (was, is *source.Node) {
	of := func(root *source.Node) *source.Node { return lookup(lookup(lookup(root, "tasks"), task), key) }
	m.file()
	return of(m.was), of(m.is)
}

func lookup(n *source.Node, key string) *source.Node {
	if n == nil {
		return nil
	}
	return n.Lookup(key)
}

func sameText(a, b *source.Node) bool { return reflect.DeepEqual(written(a), written(b)) }

// written is what stands in the file; a text alone is the list of it, as the language takes it.
func written(n *source.Node) any {
	if n == nil {
		return nil
	}
	if n.Kind == source.String {
		return []any{n.Data()}
	}
	return n.Data()
}
