package flow

import (
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// Command is something that the driver has to do. Commands are carried out in order.
type Command interface{ command() }

// StartAttempt asks for one attempt of a task's action or sub-workflow. It is answered by
// AttemptStarted and then AttemptEnded or AttemptWaits.
type StartAttempt struct {
	Unit
	Task     *workflow.Task
	Instance int
	Attempt  int            // counts from 1
	With     map[string]any // rendered; may hold expr.Secret and expr.Text
	Org      string         // id of the organisation to act for; "" is the run's own
	Timeout  time.Duration  // zero: none
	Mock     *Outcome       // end with this, without calling anything
	// Reopen is the run of a sub-workflow that is to be reopened instead of beginning a new one; "": none.
	Reopen string
}

// VerifyAttempt asks to look in the other system whether an attempt's write was done. It is answered by
// AttemptVerified.
type VerifyAttempt struct {
	Unit
	Task     *workflow.Task
	Instance int
	Attempt  int
	With     map[string]any // what the attempt was given; may hold expr.Secret and expr.Text
	Org      string         // as StartAttempt.Org
	Began    time.Time      // when the attempt left the queue: what was there before is not its work; zero: not known
	Try      int            // counts from 1
}

// FindOrganisation asks for the organisation that a task acts for, by slug or id: it must be the run's own
// or one below it. It is answered by OrganisationFound, and asked once for each name.
type FindOrganisation struct {
	Unit
	Name string
}

// StopAttempt asks to end an attempt early; AttemptEnded still answers it.
type StopAttempt struct {
	Unit
	Why StopReason
}

// StopReason says how hard an attempt is stopped.
type StopReason int

// The reasons.
const (
	Withdrawn  StopReason = iota // only if it has not left the queue yet
	RunCancel                    // reads are cut off, a write that is under way may finish within a grace
	RunTimeout                   // cut off at once; a write that was sent becomes unknown
)

// SetTimer asks for TimerFired at a time; it replaces the unit's earlier timer.
type SetTimer struct {
	Unit
	At time.Time
}

// ClearTimer takes a timer back.
type ClearTimer struct{ Unit }

// SetDeadline asks for DeadlineReached at a time; zero takes it back.
type SetDeadline struct{ At time.Time }

// PassPause asks to pause (or resume) the sub-workflows that are under way.
type PassPause struct{ Resume bool }

// Finish ends the run. It is the last command but for StartHandler.
type Finish struct {
	Status  Status
	Outputs map[string]any
	Error   *fault.Error
}

// StartHandler asks to start the workflow's on_failure with the failed run's facts.
type StartHandler struct {
	Workflow  string
	With      map[string]any
	FailedRun map[string]any
	Error     *fault.Error // the handler's `with` could not be evaluated: report this, start nothing
}

func (StartAttempt) command()     {}
func (VerifyAttempt) command()    {}
func (FindOrganisation) command() {}
func (StopAttempt) command()      {}
func (SetTimer) command()         {}
func (ClearTimer) command()       {}
func (SetDeadline) command()      {}
func (PassPause) command()        {}
func (Finish) command()           {}
func (StartHandler) command()     {}
