package flow

import (
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// Event is something that happened. Events are written to the history before their consequences are
// acted on; applied in the same order to a new state, they give the same state.
type Event interface {
	// When it happened: what `now` is in the expressions that the event causes to be evaluated.
	When() time.Time
}

// Unit is what attempts are made of: an execution, or one item of an execution's for_each.
type Unit struct {
	Exec int `json:"exec"`
	Item int `json:"item"` // NoItem when the task has no for_each
}

// NoItem is the item of a task without for_each.
const NoItem = -1

// Started begins the run. Its facts hold for the run's whole life, whatever changes meanwhile.
type Started struct {
	At          time.Time
	RunID       string
	URL         string
	Inputs      map[string]any // complete: checked, with defaults
	Org         map[string]any // what expressions see as org; secrets as expr.Secret
	Trigger     map[string]any // type, name and the trigger's data
	TriggerVars map[string]any // the trigger's values for the workflow's vars
	Limit       time.Duration  // of a sub-workflow's run: the timeout of the task that called it; zero: none
	Most        MostOutputs
}

// AttemptStarted tells that an attempt has left the queue.
type AttemptStarted struct {
	At time.Time
	Unit
	Subrun string // the sub-workflow's run, if it is one
}

// AttemptWaits tells that an action is not over: it waits durably. Without Awaits it waits for the time alone
// and succeeds with Result at Until. With Awaits it waits for somebody: Answered ends it, and at Until, or
// when the task's timeout is over, it has timed out.
type AttemptWaits struct {
	At time.Time
	Unit
	Until  time.Time // zero, with Awaits only: the wait has no end of its own
	Result any
	Awaits string // what it waits for: "answer", "webhook"; "": only for the time
}

// AttemptEnded tells how an attempt ended.
type AttemptEnded struct {
	At time.Time
	Unit
	Outcome Outcome
}

// AttemptPutBack tells that an attempt that had left the queue was never made: the process ended first. It
// is asked for again by whoever takes the run up.
type AttemptPutBack struct {
	At time.Time
	Unit
}

// TimerFired tells that the time which SetTimer asked for has come.
type TimerFired struct {
	At time.Time
	Unit
}

// DeadlineReached tells that the run's deadline has come.
type DeadlineReached struct{ At time.Time }

// CancelRequested asks to end the run as soon as what is running can be left.
type CancelRequested struct {
	At     time.Time
	Reason string
	AtOnce bool // cut off what is running, writes included
}

// OrganisationFound answers FindOrganisation: what expressions see of the organisation that a task acts
// for, or why it cannot.
type OrganisationFound struct {
	At time.Time
	Unit
	Name  string
	Org   map[string]any
	Error *fault.Error
}

// PauseRequested asks to start nothing new until ResumeRequested.
type PauseRequested struct{ At time.Time }

// ResumeRequested ends a pause.
type ResumeRequested struct{ At time.Time }

// Answered ends a wait for somebody: the attempt succeeds with Result. It changes nothing where the unit
// does not wait for somebody, or no longer.
type Answered struct {
	At time.Time
	Unit
	Result any
	By     string // who answered, for those who look at the run
}

// Verdict is what a look at the other system says about a write whose answer was lost.
type Verdict string

// The verdicts. Any other means Unsure.
const (
	Done    Verdict = "done"
	NotDone Verdict = "not_done"
	Unsure  Verdict = "unsure" // it could not be found out: the look itself failed, say
)

// AttemptVerified answers VerifyAttempt.
type AttemptVerified struct {
	At time.Time
	Unit
	Verdict Verdict
	Result  any          // what the write would have answered; with Done
	Error   *fault.Error // why nobody can tell; with Unsure, nil if there is nothing to say
}

// Resolved is a person's word about a write whose outcome is unknown: it was done, with Result, or it was
// not. The unit must have ended unknown, and its way must not have gone on.
type Resolved struct {
	At time.Time
	Unit
	Done   bool
	Result any
	By     string
}

// Reopened lets a run go on that has ended otherwise than well, from what did not succeed. State.Reopening
// tells beforehand what it does and whether it may.
type Reopened struct {
	At      time.Time
	By      string
	Version string // of the workflow that the run goes on with; "": the one it has
	// Workflow is that version. It is not stored: the driver fills it in before Apply; nil: the one it has.
	Workflow *workflow.Workflow
	Inputs   map[string]map[string]any // by task: keys of its `with` that are replaced where the task is repeated
	Limit    time.Duration             // as Started.Limit
	Most     MostOutputs               // as Started.Most
}

// When it happened.
func (e Answered) When() time.Time        { return e.At }
func (e AttemptVerified) When() time.Time { return e.At }
func (e Resolved) When() time.Time        { return e.At }
func (e Reopened) When() time.Time        { return e.At }

// When it happened.
func (e Started) When() time.Time           { return e.At }
func (e AttemptStarted) When() time.Time    { return e.At }
func (e AttemptWaits) When() time.Time      { return e.At }
func (e AttemptEnded) When() time.Time      { return e.At }
func (e AttemptPutBack) When() time.Time    { return e.At }
func (e TimerFired) When() time.Time        { return e.At }
func (e DeadlineReached) When() time.Time   { return e.At }
func (e CancelRequested) When() time.Time   { return e.At }
func (e OrganisationFound) When() time.Time { return e.At }
func (e PauseRequested) When() time.Time    { return e.At }
func (e ResumeRequested) When() time.Time   { return e.At }

// Outcome is how an attempt ended. Without Error it succeeded.
type Outcome struct {
	Result any
	Error  *fault.Error

	TimedOut  bool // no answer within the attempt's time
	Unknown   bool // a write was sent and its answer lost: it may have been done
	Cancelled bool // cut off because the run was cancelled, or never begun
	FailRun   bool // no transition may handle the failure (fallback: fail_run)

	// Interrupted, with Unknown: the process ended while the attempt was under way.
	Interrupted bool
	// Verifiable, with Unknown: the other system can be asked whether the write was done. Whoever reports the end
	// says so, since a replay must not depend on what actions can do by then.
	Verifiable bool

	// Repeatable tells that repeating cannot do harm: a read, a write declared safe, or one that was never begun.
	Repeatable bool
	// Passing tells that repeating may help; RetryAfter is how long the other side asked to wait.
	Passing    bool
	RetryAfter time.Duration
}

// Status of a unit that ended so.
func (o Outcome) Status() Status {
	switch {
	case o.Unknown:
		return Unknown
	case o.Cancelled:
		return Cancelled
	case o.TimedOut:
		return TimedOut
	case o.Error != nil:
		return Failed
	}
	return Succeeded
}
