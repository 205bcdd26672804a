package flow

import (
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// Execution is one execution of a task: an instance, with all its attempts.
type Execution struct {
	ID       int // counts from 0 in the order they came up
	Task     *workflow.Task
	Instance int // counts from 1 per task

	Status     Status
	Attempts   int // begun so far; of a for_each: of all items together
	Result     any
	Error      *fault.Error
	TimedOut   bool
	StartedAt  time.Time // zero: not begun
	FinishedAt time.Time // zero: not ended
	Taken      []int     // the transitions taken
	Published  []Publication
	Subrun     string // the last sub-workflow's run, without for_each

	via     []arrival // how the run came here; none for a start task
	scope   *scope
	depth   int
	cleanup bool // named beside the word fail: its transitions are not followed
	// followed: the run went on from it, or its branch ended there.
	followed bool
	// unsatisfied: a join that could not be reached; nothing was attempted.
	unsatisfied bool
	edits       map[string]any // values of `with` that were replaced when the run was reopened
	attempt     unitState
	items       *items // for_each only
	changed     bool
}

// Publication is one published value, for those who look at the run.
type Publication struct {
	Transition int
	Name       string
	Value      any
}

// unitState is where the attempts of one unit stand.
type unitState struct {
	status   Status
	attempts int
	last     Outcome   // of the last attempt
	result   any       // what a waiting attempt succeeds with
	timeout  time.Time // when a waiting attempt times out instead; zero: not
	backoff  bool      // waits to be repeated
	held     bool      // ready, but the run is paused
	asking   bool      // waits to hear of the organisation that it acts for
	awaits   string    // whom a waiting attempt waits for; "": only for the time
	since    time.Time // when a waiting attempt began to wait

	free   int           // of the attempts: those that the retry rule does not count
	subrun string        // the last run of a sub-workflow
	reopen string        // the one that the next attempt reopens
	sent   *StartAttempt // the attempt under way; nil: not of an action
	began  time.Time     // when it left the queue; zero: it has not
	verify *verification // nil: its outcome is not being looked for
	lost   *lostWrite    // how it had ended before somebody said what became of it; nil: nobody has
}

// spent counts the attempts that the retry rule counts.
func (u *unitState) spent() int { return u.attempts - u.free }

func (u *unitState) active() bool { return u.status != "" && !u.status.Ended() }

// mark sets a unit's status and what follows of it for the execution: running if anything of it is, else
// queued, else waiting. How a unit ends is left to endExecution.
func (e *Execution) mark(u *unitState, status Status) {
	if e.items == nil {
		u.status = status
		if !status.Ended() {
			e.Status = status
		}
		return
	}
	e.items.count(u.status, -1)
	u.status = status
	e.items.count(status, +1)
	switch {
	case e.items.active[0] > 0, e.items.active[1] > 0 && !e.StartedAt.IsZero():
		e.Status = Running
	case e.items.active[1] > 0:
		e.Status = Queued
	case e.items.active[2] > 0:
		e.Status = Waiting
	}
}

// ended tells whether the execution is over.
func (e *Execution) ended() bool { return e.Status.Ended() }

// failed is what transitions see as `failed`.
func (e *Execution) failed() bool { return e.Status != Succeeded }

// UnheardItems gives the items of a for_each that ended otherwise than their last attempt says: their
// `with` could not be evaluated, they were cut off while waiting, and so on.
func (e *Execution) UnheardItems() map[int]Outcome {
	if e.items == nil {
		return nil
	}
	return e.items.unheard
}

// Awaits tells what a unit of the execution waits for: "answer", "webhook"; "" while it waits for nobody.
func (e *Execution) Awaits(item int) string {
	if u := e.unit(item); u != nil && u.status == Waiting {
		return u.awaits
	}
	return ""
}

// Items gives the state of each item of a for_each, nil for other tasks.
func (e *Execution) Items() []ItemState {
	if e.items == nil {
		return nil
	}
	out := make([]ItemState, len(e.items.units))
	for i := range e.items.units {
		u := &e.items.units[i]
		out[i] = ItemState{Status: u.status, Attempts: u.attempts}
		if u.status == "" {
			out[i].Status = Queued
		}
	}
	return out
}

// ItemState is where an item stands.
type ItemState struct {
	Status   Status
	Attempts int
}

// Progress counts the items of a for_each: ended, failed, all. Those that were cut off have not ended.
func (e *Execution) Progress() (ended, failed, all int) {
	if e.items == nil {
		return 0, 0, 0
	}
	return e.items.done - e.items.cancelled, e.items.failed, len(e.items.units)
}
