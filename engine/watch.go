package engine

import (
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// Update is what those who watch a run are told: the run's status and the executions that changed.
type Update struct {
	Run            string              `json:"run"`
	Workflow       string              `json:"workflow"`
	OrganisationID string              `json:"-"`
	Organisation   string              `json:"organisation"` // slug
	TriggerType    string              `json:"trigger_type"`
	Parent         string              `json:"parent,omitempty"` // the run that led to this one
	Task           string              `json:"task,omitempty"`   // the task of the parent that called it; "" of a handler of its failure
	Seq            int                 `json:"seq"`              // of the last event that it tells of; 0: the run has not begun
	Status         flow.Status         `json:"status"`
	Error          *fault.Error        `json:"error,omitempty"`
	Started        time.Time           `json:"started_at,omitzero"`
	Finished       time.Time           `json:"finished_at,omitzero"`
	Changed        []Step              `json:"changed,omitempty"`
	Waiting        []Waiting           `json:"waiting,omitempty"` // executions that begin to wait for a rate limit, or go on; not in Events
	Requests       []history.RequestOf `json:"-"`                 // made by the attempts that ended; only told to Observe
}

// Step is one execution as it stands.
type Step struct {
	ID       int           `json:"id"`
	Name     string        `json:"name"`
	Title    string        `json:"title,omitempty"`
	Action   string        `json:"action"` // action or sub-workflow
	Instance int           `json:"instance"`
	Status   flow.Status   `json:"status"`
	Attempts int           `json:"attempts"`
	Error    *fault.Error  `json:"error,omitempty"`
	Started  time.Time     `json:"started_at,omitzero"`
	Finished time.Time     `json:"finished_at,omitzero"`
	Subrun   string        `json:"subrun,omitempty"`
	Awaits   string        `json:"awaits,omitempty"` // what it waits for from outside: answer or webhook
	Waited   time.Duration `json:"-"`                // all its requests together, for a rate limit; only known of what is read from the history

	// Of a for_each.
	Items       int `json:"items,omitempty"`
	ItemsEnded  int `json:"items_ended,omitempty"`
	ItemsFailed int `json:"items_failed,omitempty"`
}

func (r *run) tell(changed []*flow.Execution) {
	if len(r.seat.watchers.all()) > 0 {
		r.seat.watchers.tell(r.update(changed))
	}
}

// update is what is told of the run as it stands.
func (r *run) update(changed []*flow.Execution) Update {
	u := updateOf(&r.about)
	u.tellState(r.state)
	u.Seq = r.seq
	if r.parent != nil {
		u.Parent, u.Task = r.parent.run.id, r.parent.task
	}
	for _, e := range changed {
		u.Changed = append(u.Changed, stepOf(e))
	}
	return u
}

// updateOf is what a run's row tells.
func updateOf(row *history.Run) Update {
	u := Update{Run: row.ID, Workflow: row.Workflow, OrganisationID: row.OrganisationID, Organisation: row.Organisation,
		TriggerType: row.TriggerType, Parent: row.Parent, Status: row.Status, Error: row.Error}
	if row.StartedAt != nil {
		u.Started = *row.StartedAt
	}
	if row.FinishedAt != nil {
		u.Finished = *row.FinishedAt
	}
	return u
}

func (u *Update) tellState(s *flow.State) {
	u.Status, u.Error, u.Started, u.Finished = s.Status(), s.Error(), s.Started().At, s.Ended()
}

func stepOf(e *flow.Execution) Step {
	s := Step{ID: e.ID, Name: e.Task.Name, Title: e.Task.Title, Action: e.Task.SubWorkflow, Instance: e.Instance, Status: e.Status, Attempts: e.Attempts,
		Error: e.Error, Started: e.StartedAt, Finished: e.FinishedAt, Subrun: e.Subrun}
	if e.Task.Action != nil {
		s.Action = e.Task.Action.ID
	}
	switch {
	case e.Task.ForEach == nil:
		s.Awaits = e.Awaits(flow.NoItem)
	case e.Status == flow.Waiting:
		s.Awaits = e.Task.Waits()
	}
	s.ItemsEnded, s.ItemsFailed, s.Items = e.Progress()
	return s
}
