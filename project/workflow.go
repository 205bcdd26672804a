package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/source"
)

// IDs gives the ids of all workflows, also of those that do not check, in alphabetical order.
func (p *Project) IDs() []string { return slices.Sorted(maps.Keys(p.files)) }

// Diagnostics are what was found in all files, named by their path below Dir, in their order.
func (p *Project) Diagnostics() source.Diagnostics {
	p.check()
	return p.diagnostics
}

// Checked gives the workflows that check, in the order of their ids.
func (p *Project) Checked() []*workflow.Workflow {
	p.check()
	all := p.library.All()
	for i, w := range all {
		all[i] = p.withSettings(w)
	}
	return all
}

// Workflow gives the checked workflow of an id such as "triage/new-ticket" or "ticket-digest/digest".
// The errors: fault.Missing, and fault.NotChecked for one that gantry check refuses.
func (p *Project) Workflow(id string) (*workflow.Workflow, error) {
	f, there := p.one(id)
	if f.set != nil {
		return f.set, nil
	}
	if there {
		return nil, refused(id, p.files[id].Name, f.ds)
	}
	hint := source.DidYouMean(id, p.IDs())
	if hint == "" {
		hint = p.someIDs()
	}
	return nil, fault.New(fault.Missing, "there is no workflow %q", id).WithHint("%s", hint)
}

// someIDs names workflows for somebody who looks for one.
func (p *Project) someIDs() string {
	const most = 8
	ids := p.IDs()
	if len(ids) == 0 {
		return "the project has no workflows yet; they are YAML files in " + WorkflowsFolder
	}
	if len(ids) > most {
		return fmt.Sprintf("there are %s and %d more; an id is the file's path below %s, without .yaml", strings.Join(ids[:most], ", "), len(ids)-most, WorkflowsFolder)
	}
	return "there are " + strings.Join(ids, ", ")
}

// Compile checks a version of a workflow that the history kept, against the project as it is now.
func (p *Project) Compile(id string, text []byte) (*workflow.Workflow, error) {
	name := p.fileOf(id)
	def, ds := workflow.Parse(id, name, text)
	var w *workflow.Workflow
	if def != nil {
		var more source.Diagnostics
		w, more = workflow.Check(def, p.world)
		ds.Add(more...)
	}
	if w == nil {
		return nil, refused(id, name, ds)
	}
	return p.likeChecked(w), nil
}

// likeChecked gives a version of a workflow like the checked one, if it is the same.
func (p *Project) likeChecked(w *workflow.Workflow) *workflow.Workflow {
	if now, _ := p.one(w.ID); now.set != nil && now.set.Version == w.Version {
		return now.set
	}
	return w
}

// withSettings gives the workflow with the defaults that its crate's settings add.
func (p *Project) withSettings(w *workflow.Workflow) *workflow.Workflow {
	if set, ok := p.set[w.ID]; ok && set.Version == w.Version {
		return set
	}
	return w
}

// maxShown is how many mistakes an error lists; gantry check shows all.
const maxShown = 5

// refused is the error of running what does not check.
func refused(id, file string, ds source.Diagnostics) *fault.Error {
	return refusedTo("run", id, file, ds)
}

// refusedTo is the error of doing something with what does not check; done says what: run, published.
func refusedTo(done, id, file string, ds source.Diagnostics) *fault.Error {
	var first *source.Diagnostic
	var shown []any
	for i, d := range ds {
		if d.Severity != source.Error || len(shown) == maxShown {
			continue
		}
		if first == nil {
			first = &ds[i]
		}
		shown = append(shown, map[string]any{"file": d.Pos.File, "line": int64(d.Pos.Line), "column": int64(d.Pos.Column), "code": d.Code, "message": d.Message, "hint": d.Hint})
	}
	f := fault.New(fault.NotChecked, "the workflow %s does not check, so it is not %s", id, done).
		WithHint("`gantry check %s` shows what to mend", file)
	if first != nil {
		more := ""
		if n := ds.Errors(); n > 1 {
			more = " (the first of several mistakes)"
		}
		f.Message += ": " + first.Pos.String() + ": " + first.Message + more
		f.Detail = map[string]any{"mistakes": shown}
	}
	return f
}
