package engine

import (
	"context"
	"sync"

	"gantry/engine/workflow"
	"gantry/fault"
)

// versions keeps the workflow versions that were compiled last: the runs of before are often of few.
type versions struct {
	mu   sync.Mutex
	kept map[string]*workflow.Workflow // by id and version
}

const maxVersions = 64

// version gives a workflow as it was when a run was accepted, whatever the project holds now.
func (e *Engine) version(ctx context.Context, id, version string) (*workflow.Workflow, error) {
	if wf, err := e.Workflows.Workflow(id); err == nil && wf.Version == version {
		return wf, nil
	}
	v := &e.versions
	key := id + "@" + version
	v.mu.Lock()
	defer v.mu.Unlock() // several runs of one version wait for one to compile it
	if wf := v.kept[key]; wf != nil {
		return wf, nil
	}
	text, err := e.History.Version(ctx, id, version)
	if err != nil {
		return nil, err
	}
	wf, err := e.Workflows.Compile(id, text)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotChecked, "%s", err)
	}
	if v.kept == nil || len(v.kept) >= maxVersions {
		v.kept = map[string]*workflow.Workflow{}
	}
	v.kept[key] = wf
	return wf, nil
}
