package flow

import "gantry/fault"

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
func (s *State) Reopening(ev Reopened) Reopening { return Reopening{Nothing: true} }

// Unresolved gives the units that ended unknown, about which nobody has decided, and whose ways have not
// gone on: Resolved is for them.
func (s *State) Unresolved() []Unresolved { return nil }
