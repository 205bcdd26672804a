package flow

import (
	"fmt"
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
)

// Reopening is what Reopened would do to a run. Apply refuses it while there is something Unknown, where
// there are Misfits, and where Nothing is to be done.
type Reopening struct {
	Steps   []ReopenStep
	Unknown []Unresolved // to be resolved first, since they might be done twice
	Misfits []Misfit     // why the run cannot go on so
	Nothing bool         // the run ended well, or has not ended
}

// ReopenStep is one thing that the run goes on with.
type ReopenStep struct {
	Task     string // "" for ReopenOutputs
	Instance int    // of the execution that goes on; 0: a new one comes up
	Exec     int    // id of that execution; NoExec: a new one comes up
	Status   Status // how it had ended; "" where there is none
	What     ReopenWhat
	Items    int // with ReopenItems: how many items are repeated or begun …
	Of       int // … of how many
	// Anew, of a sub-workflow: what it did before is left as it is, and it begins in a new run.
	Anew bool
}

// NoExec stands for an execution that has not come up.
const NoExec = -1

// ReopenWhat names what is done.
type ReopenWhat string

// What a reopened run goes on with.
const (
	ReopenRepeat  ReopenWhat = "repeat"  // the task is attempted again
	ReopenGoOn    ReopenWhat = "go_on"   // the task is done; its transitions are evaluated
	ReopenItems   ReopenWhat = "items"   // items of a for_each that did not succeed are run
	ReopenSubRun  ReopenWhat = "sub_run" // the sub-workflow's run is reopened itself
	ReopenStart   ReopenWhat = "start"   // a task that was to start starts
	ReopenJoin    ReopenWhat = "join"    // a way that was bound for a join waits there for the others
	ReopenOutputs ReopenWhat = "outputs" // all tasks are done: the outputs are evaluated
)

// Unresolved is a write whose outcome is unknown and about which nobody has decided.
type Unresolved struct {
	Unit
	Task     string
	Instance int
	Error    *fault.Error // how its answer was lost; nil for an item
}

// Misfit is one reason why a run cannot go on with another version of its workflow, or with edited inputs.
type Misfit struct {
	Task string // "" where it is about the whole workflow
	What string // "task", "action", "workflow", "for_each", "next", "inputs", "with"
	Was  string // what the run has come through
	Is   string // what it would go on with
}

// Reopening tells what Reopened would do now. It changes nothing.
func (s *State) Reopening(ev Reopened) Reopening {
	if s.phase != completed || s.ended == Succeeded {
		return Reopening{Nothing: true}
	}
	m := s.moving(ev)
	out := Reopening{Unknown: s.Unresolved(), Misfits: m.misfits()}
	for _, d := range m.starts() {
		out.Steps = append(out.Steps, newStep(d.task, ReopenStart))
	}
	out.Steps = append(out.Steps, m.arrivals()...)
	for _, l := range s.byExecution() {
		if step, ok := m.step(l); ok {
			out.Steps = append(out.Steps, step)
		}
	}
	if len(out.Steps) == 0 {
		out.Steps = []ReopenStep{{Exec: NoExec, What: ReopenOutputs}}
	}
	return out
}

func newStep(task *workflow.Task, what ReopenWhat) ReopenStep {
	return ReopenStep{Task: task.Name, Exec: NoExec, What: what}
}

// arrivals tells what becomes of the ways that were bound for a task: one step for each round of a join.
func (m *moving) arrivals() []ReopenStep {
	var steps []ReopenStep
	known := map[roundKey]bool{}
	for _, b := range m.state.undone.ways {
		task := m.task(b.task)
		key := roundKey{b.task.Index, b.way.scope.turn(b.task.Name)}
		switch {
		case task.Join.Mode == workflow.JoinEach:
			steps = append(steps, newStep(task, ReopenStart))
			continue
		case known[key], m.state.closed[key]: // it joins the others, or comes too late
			continue
		case task.Join.Mode == workflow.JoinAny:
			steps = append(steps, newStep(task, ReopenStart))
		default:
			steps = append(steps, newStep(task, ReopenJoin))
		}
		known[key] = true
	}
	return steps
}

// step tells how the run goes on from an execution; false if nothing follows.
func (m *moving) step(l leftover) (ReopenStep, bool) {
	e, task := l.e, m.task(l.e.Task)
	step := ReopenStep{Task: task.Name, Instance: e.Instance, Exec: e.ID, Status: e.Status, What: ReopenRepeat}
	step.Anew = e.Task.SubWorkflow != "" && !m.reopens(e)
	switch {
	case l.goesOnAsItIs():
		step.What, step.Anew = ReopenGoOn, false
		return step, len(task.Next) > 0
	case e.unsatisfied:
		step.What, step.Instance, step.Exec, step.Status = ReopenJoin, 0, NoExec, ""
	case e.items != nil && len(e.items.units) > 0:
		step.What, step.Of = ReopenItems, len(e.items.units)
		step.Items = step.Of - e.items.succeeded()
	case e.items == nil && m.reopens(e) && e.attempt.subrun != "":
		step.What = ReopenSubRun
	}
	return step, true
}

// refusal says why a run is not reopened; nil if it may be.
func (r Reopening) refusal(s *State) *fault.Error {
	switch {
	case s.phase != completed:
		return fault.New(fault.Usage, "run %s has not ended", s.start.RunID)
	case r.Nothing:
		return fault.New(fault.Usage, "run %s ended well: there is nothing to go on with", s.start.RunID)
	case len(r.Misfits) > 0:
		reasons := make([]string, len(r.Misfits))
		for i, m := range r.Misfits {
			reasons[i] = m.String()
		}
		return fault.New(fault.Usage, "run %s does not fit what it is to go on with: %s", s.start.RunID, strings.Join(reasons, "; "))
	case len(r.Unknown) > 0:
		u := r.Unknown[0]
		return fault.New(fault.UnknownOutcome, "run %s cannot go on yet: nobody knows whether %s was done", s.start.RunID, u.name()).
			WithHint("look in the other system, then say what you found: `gantry runs resolve`")
	}
	return nil
}

// String gives the misfit as one sentence.
func (m Misfit) String() string {
	if m.What == "task" {
		return fmt.Sprintf("task %s has run, and is gone", m.Task)
	}
	if m.Task == "" {
		return fmt.Sprintf("%s: was %s, is %s", m.What, m.Was, m.Is)
	}
	return fmt.Sprintf("%s of task %s: was %s, is %s", m.What, m.Task, m.Was, m.Is)
}

func (u Unresolved) name() string {
	name := u.Task
	if u.Instance > 1 {
		name += fmt.Sprintf("#%d", u.Instance)
	}
	if u.Item != NoItem {
		name += fmt.Sprintf(" (item %d)", u.Item)
	}
	return name
}
