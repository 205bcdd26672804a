package project

import (
	"gantry/engine/assist"
	"gantry/fault"
	"gantry/source"
)

// Assistant answers for those who write workflows of the project.
func (p *Project) Assistant() *assist.Assistant { return p.assistant }

// Refused is the error of running a text that does not check.
func (p *Project) Refused(id string, ds source.Diagnostics) *fault.Error {
	return refused(id, p.fileOf(id), ds)
}

// fileOf gives the name of a workflow's file, below Dir; of one that there is not, the name it would have.
func (p *Project) fileOf(id string) string {
	if name := p.files[id].Name; name != "" {
		return name
	}
	return WorkflowsFolder + "/" + id + ".yaml"
}

// Assistant answers for those who write workflows, by the project as it is now.
func (l *Live) Assistant() *assist.Assistant { return l.now.Load().project.Assistant() }

// Refused is the error of running a text that does not check.
func (l *Live) Refused(id string, ds source.Diagnostics) *fault.Error {
	return l.now.Load().project.Refused(id, ds)
}
