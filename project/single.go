package project

import (
	"slices"
	"sync"

	"gantry/engine/workflow"
	"gantry/source"
)

// mostSingle is how many workflows are checked one by one. Who asks for more, asks for all: that is faster.
const mostSingle = 4

// single are workflows that were checked without the rest of the project.
type single struct {
	mu    sync.Mutex
	times int
	found map[string]found
}

// found is a workflow, or what is wrong with it.
type found struct {
	workflow *workflow.Workflow // as its file has it; nil: it does not check
	set      *workflow.Workflow // with what the settings of its crate add
	ds       source.Diagnostics
}

// one finds a workflow; false for one that there is not.
func (p *Project) one(id string) (found, bool) {
	if _, there := p.files[id]; !there {
		return found{}, false
	}
	if p.checked.Load() {
		return p.ofLibrary(id), true
	}
	s := &p.single
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, known := s.found[id]; known {
		return f, true
	}
	if s.times++; s.times > mostSingle {
		p.check()
		return p.ofLibrary(id), true
	}
	p.checkOne(id)
	return s.found[id], true
}

func (p *Project) ofLibrary(id string) found {
	if w, ok := p.library.Get(id); ok {
		return found{workflow: w, set: p.withSettings(w)}
	}
	ds, _ := p.library.Broken(id)
	return found{ds: ds}
}

// checkOne checks a workflow and those that it leads to.
func (p *Project) checkOne(id string) {
	s := &p.single
	if s.found == nil {
		s.found = map[string]found{}
	}
	files := make([]workflow.File, 0, len(p.files))
	for _, f := range p.files {
		files = append(files, f)
	}
	library := workflow.LoadOne(id, files, p.world)
	for id, f := range p.files {
		if w, ok := library.Get(id); ok {
			s.found[id] = found{workflow: w, set: p.ofCrate(f, w)}
		} else if ds, wrong := library.Broken(id); wrong {
			s.found[id] = found{ds: ds}
		}
	}
}

// ofCrate gives a workflow with what the settings of its crate add, if it is of one.
func (p *Project) ofCrate(f workflow.File, w *workflow.Workflow) *workflow.Workflow {
	for _, c := range p.Crates {
		if slices.ContainsFunc(c.Workflows, func(other workflow.File) bool { return other.Name == f.Name }) {
			var said source.Diagnostics // the diagnostics of the whole project have it
			return applyTo(c, w, map[string]bool{}, &said)
		}
	}
	return w
}

// signature is what others know of a workflow that checks.
func (p *Project) signature(id string) (*workflow.Signature, bool) {
	f, _ := p.one(id)
	if f.workflow == nil {
		return nil, false
	}
	return f.workflow.Signature(), true
}
