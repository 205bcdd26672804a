package engine

import (
	"time"

	"gantry/engine/flow"
	"gantry/fault"
)

// Update is what those who watch a run are told: the run's status and the executions that changed.
type Update struct {
	Run      string
	Workflow string
	Parent   string // the run that called this one; "" for the run that is watched itself
	Task     string // the task of the parent that called it
	Status   flow.Status
	Error    *fault.Error
	Changed  []Step
	Waiting  []Waiting // executions that begin to wait for a rate limit, or go on
}

// Step is one execution as it stands.
type Step struct {
	ID       int
	Name     string
	Title    string
	Action   string // action or sub-workflow
	Instance int
	Status   flow.Status
	Attempts int
	Error    *fault.Error
	Started  time.Time
	Finished time.Time
	Subrun   string
	Waited   time.Duration // all its requests together, for a rate limit; only known of what is read from the history

	Items, ItemsEnded, ItemsFailed int // of a for_each
}

// watch adds a watcher, which also hears of sub-workflows' runs. It is called from the runs' goroutines
// and must be quick.
func (r *run) watch(w func(Update)) {
	if w != nil {
		r.watchers = append(r.watchers, w)
	}
}

func (r *run) tell(changed []*flow.Execution) {
	if len(r.watchers) == 0 {
		return
	}
	u := r.update()
	for _, e := range changed {
		u.Changed = append(u.Changed, stepOf(e))
	}
	for _, w := range r.watchers {
		w(u)
	}
}

// update is what every update tells.
func (r *run) update() Update {
	u := Update{Run: r.id, Workflow: r.wf.ID, Status: r.state.Status(), Error: r.state.Error()}
	if r.parent != nil {
		u.Parent, u.Task = r.parent.run.id, r.parent.task
	}
	return u
}

func stepOf(e *flow.Execution) Step {
	s := Step{ID: e.ID, Name: e.Task.Name, Title: e.Task.Title, Action: e.Task.SubWorkflow, Instance: e.Instance, Status: e.Status, Attempts: e.Attempts,
		Error: e.Error, Started: e.StartedAt, Finished: e.FinishedAt, Subrun: e.Subrun}
	if e.Task.Action != nil {
		s.Action = e.Task.Action.ID
	}
	s.ItemsEnded, s.ItemsFailed, s.Items = e.Progress()
	return s
}
