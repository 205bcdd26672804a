package workflow

import (
	"slices"

	"gantry/expr"
)

// ReadsResult names where fields of a task's result are read that have to be there: "task note", "the outputs", "next of
// post". What stands behind .? or is read only where the task failed is not among it. Of a for_each, whose result is a
// list of its items' results, nothing is told.
func (wf *Workflow) ReadsResult(task *Task) []string {
	if task.ForEach != nil {
		return nil
	}
	r := &resultReads{task: task.Name}
	for _, t := range wf.Tasks {
		r.own = false
		r.template("task "+t.Name, t.With, t.Org)
		if f := t.ForEach; f != nil {
			r.template("task "+t.Name, f.Items, f.Concurrency)
		}
		r.own = t == task
		for _, way := range t.Next {
			if way.When != nil {
				r.program("next of "+t.Name, way.When)
			}
			for _, p := range way.Publish {
				r.template("next of "+t.Name, p.Value)
			}
		}
	}
	r.own = false
	for _, o := range wf.Outputs {
		r.template("the outputs", o.Value)
	}
	return r.where
}

// resultReads gathers where a task's result is read.
type resultReads struct {
	task  string
	own   bool // in the task's own transitions, where it is `result`
	where []string
}

func (r *resultReads) template(where string, templates ...*expr.Template) {
	for _, t := range templates {
		if t != nil {
			t.Each(func(p *expr.Program) { r.program(where, p) })
		}
	}
}

func (r *resultReads) program(where string, p *expr.Program) {
	if slices.Contains(r.where, where) || !slices.ContainsFunc(p.References(), r.needs) {
		return
	}
	r.where = append(r.where, where)
}

func (r *resultReads) needs(ref expr.Reference) bool {
	field := 3 // the place of the result's first field
	if r.own && ref.Path[0] == "result" {
		field = 1
	}
	switch {
	case ref.Optional, ref.Guard.Failed, len(ref.Path) <= field, ref.OptionalFrom > 0 && ref.OptionalFrom <= field:
		return false
	}
	return field == 1 || slices.Equal(ref.Path[:field], []string{"tasks", r.task, "result"})
}
