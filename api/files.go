package api

import (
	"slices"

	"gantry/actions"
	"gantry/engine/assist"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/project"
	"gantry/source"
)

// Files gives a project that does not change as Workflows.
func Files(p *project.Project) Workflows { return files{p} }

type files struct{ p *project.Project }

func (f files) Workflow(id string) (*workflow.Workflow, error) { return f.p.Workflow(id) }
func (f files) Compile(id string, text []byte) (*workflow.Workflow, error) {
	return f.p.Compile(id, text)
}
func (f files) IDs() []string                 { return f.p.IDs() }
func (f files) Checked() []*workflow.Workflow { return f.p.Checked() }
func (f files) Assistant() *assist.Assistant  { return f.p.Assistant() }
func (f files) Refused(id string, ds source.Diagnostics) *fault.Error {
	return f.p.Refused(id, ds)
}
func (f files) Catalogue() *actions.Catalogue { return f.p.Catalogue }

// Broken are the files with errors.
func (f files) Broken() []project.Broken {
	var all []project.Broken
	for _, d := range f.p.Diagnostics() {
		if d.Severity != source.Error {
			continue
		}
		at := slices.IndexFunc(all, func(b project.Broken) bool { return b.File == d.Pos.File })
		if at < 0 {
			all = append(all, project.Broken{File: d.Pos.File, Workflow: f.p.WorkflowIn(d.Pos.File)})
			at = len(all) - 1
		}
		all[at].Diagnostics = append(all[at].Diagnostics, d)
	}
	return all
}
