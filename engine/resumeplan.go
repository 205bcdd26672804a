package engine

import (
	"fmt"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// ResumePlan is what resuming a run would do, and what is in its way.
type ResumePlan struct {
	Run        string           `json:"run"`
	Workflow   string           `json:"workflow"`
	Status     flow.Status      `json:"status" doc:"How it stands now"`
	Version    string           `json:"version" doc:"What it goes on with"`
	Was        string           `json:"was,omitempty" doc:"The version that it has come to, where it goes on with another"`
	Unfinished bool             `json:"unfinished,omitempty" doc:"It has not ended: an earlier process left it"`
	Held       *history.HeldRun `json:"held,omitempty" doc:"It is held since a backup was restored: what it does next may have been done already"`
	Done       int              `json:"done" doc:"Tasks that are done and stay so"`
	Steps      []ResumeStep     `json:"steps" doc:"What it goes on with"`
	Parts      []ResumePlan     `json:"parts,omitempty" doc:"Runs of sub-workflows that go on with it"`

	Unresolved []Unresolved `json:"unresolved,omitempty" doc:"Writes of which nobody knows whether they were done: to be resolved first"`
	Misfits    []Misfit     `json:"misfits,omitempty" doc:"Why it cannot go on with that version"`
	Problem    *fault.Error `json:"problem,omitempty" doc:"What else is in the way"`
}

// ResumeStep is one thing that a run goes on with.
type ResumeStep struct {
	Task     string      `json:"task,omitempty" doc:"Left out: the run's outputs; with start, all of a run that had not begun"`
	Instance int         `json:"instance,omitempty" doc:"Left out: it has not come up yet"`
	Status   flow.Status `json:"status,omitempty" doc:"How it ended before"`
	What     string      `json:"what" enum:"repeat,go_on,items,sub_run,start,join,outputs,unknown" doc:"unknown: a write that was under way and is not repeated"`
	Items    int         `json:"items,omitempty" doc:"How many items are run …"`
	Of       int         `json:"of,omitempty" doc:"… of how many"`
	Anew     bool        `json:"anew,omitempty" doc:"Its sub-workflow begins anew, in another run"`
	Edited   []string    `json:"edited,omitempty" doc:"Inputs that are replaced"`
}

// Unresolved is a write of which nobody knows whether it was done.
type Unresolved struct {
	Run      string       `json:"run"`
	Task     string       `json:"task"`
	Instance int          `json:"instance"`
	Item     *int         `json:"item,omitempty" doc:"Of a for_each, from 0"`
	Error    *fault.Error `json:"error,omitempty"`
}

// Command is what resolves it, to be followed by --done, --not-done or --result.
func (u Unresolved) Command() string {
	text := "runs resolve " + shortID(u.Run) + " " + u.Task
	if u.Instance > 1 {
		text += fmt.Sprintf(" --instance %d", u.Instance)
	}
	if u.Item != nil {
		text += fmt.Sprintf(" --item %d", *u.Item)
	}
	return text
}

// IsUnresolved tells whether a step waits for somebody's word, so that it is not known what becomes of it.
func (p *ResumePlan) IsUnresolved(s ResumeStep) bool {
	return slices.ContainsFunc(p.Unresolved, func(u Unresolved) bool {
		return u.Run == p.Run && u.Task == s.Task && u.Instance == s.Instance && u.Item == nil
	})
}

func others(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(", and %d more writes", n-1)
}

// Misfit is one reason why a run cannot go on with another version of its workflow.
type Misfit struct {
	Run  string `json:"run"`
	Task string `json:"task,omitempty"`
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

func unresolvedOf(run string, u flow.Unresolved) Unresolved {
	out := Unresolved{Run: run, Task: u.Task, Instance: u.Instance, Error: u.Error}
	if u.Item != flow.NoItem {
		out.Item = &u.Item
	}
	return out
}

// refusal is what is in the way, nil if nothing is.
func (p *ResumePlan) refusal() error {
	unresolved, misfits, problem := p.obstacles()
	switch {
	case problem != nil:
		return problem
	case len(unresolved) > 0:
		u := unresolved[0]
		return fault.New(fault.Conflict, "run %s cannot be resumed: nobody knows whether %s was done%s", shortID(p.Run), u.Task, others(len(unresolved))).
			WithHint("look in the other system, then say so: `gantry %s --done`, or --not-done", u.Command())
	case len(misfits) > 0:
		m := misfits[0]
		return fault.New(fault.Conflict, "run %s cannot go on with version %s of its workflow: %s", shortID(p.Run), p.Version, flow.Misfit{Task: m.Task, What: m.What, Was: m.Was, Is: m.Is}).
			WithHint("resume it with its own version, or `gantry runs rerun %s`", shortID(p.Run))
	}
	return nil
}

// obstacles gathers what is in the way of a run and of its parts.
func (p *ResumePlan) obstacles() (unresolved []Unresolved, misfits []Misfit, problem *fault.Error) {
	unresolved, misfits, problem = slices.Clone(p.Unresolved), slices.Clone(p.Misfits), p.Problem
	for i := range p.Parts {
		u, m, of := p.Parts[i].obstacles()
		unresolved, misfits = append(unresolved, u...), append(misfits, m...)
		if problem == nil {
			problem = of
		}
	}
	return unresolved, misfits, problem
}

// Refused tells what keeps the plan from being carried out, nil if nothing does.
func (p *ResumePlan) Refused() error { return p.refusal() }
