package project

import (
	"os"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Options are what Load needs beside the folder.
type Options struct {
	Settings *Settings // nil: read them
	Getenv   func(string) string
	// OrgVars are the variables that every organisation has; OrgVarsKnown, that there are no others.
	OrgVars      []schema.Field
	OrgVarsKnown bool
}

// Project is a project folder as it was read. It does not change; workflows come from Workflow.
type Project struct {
	Dir       string
	Settings  Settings
	Catalogue *actions.Catalogue
	// Diagnostics are what was found in all files, named by their path below Dir; Texts their contents.
	Diagnostics source.Diagnostics
	Texts       source.Texts

	workflows map[string]*workflow.Workflow
}

// Load reads and checks a project. A wrong file is reported in Diagnostics and left out; the error is
// only for a folder that cannot be read at all.
func Load(dir string, o Options) (*Project, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Missing, "the project folder %s cannot be opened: %s", dir, reason(err))
	}
	defer root.Close()
	p := &Project{Dir: dir, Texts: source.Texts{}, Catalogue: actions.Builtin(), workflows: map[string]*workflow.Workflow{}}
	if o.Settings != nil {
		p.Settings = *o.Settings
	}
	return p, nil
}

// IDs gives the ids of all workflows, also of those with errors, in alphabetical order.
func (p *Project) IDs() []string { return nil }

// Workflow gives the checked workflow of an id such as "triage/new-ticket" or "ticket-digest/digest".
func (p *Project) Workflow(id string) (*workflow.Workflow, error) {
	if w, ok := p.workflows[id]; ok {
		return w, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %q", id)
}

// Compile checks a version of a workflow that the history kept, against the project as it is now.
func (p *Project) Compile(id string, text []byte) (*workflow.Workflow, error) {
	return nil, fault.New(fault.Missing, "there is no workflow %q", id)
}
