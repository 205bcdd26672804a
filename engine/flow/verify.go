package flow

import (
	"fmt"
	"time"

	"gantry/fault"
)

// maxLooks is how often the other system is asked about one write, and firstLookPause how long after a look
// that told nothing the next one comes: twice as long each time.
const (
	maxLooks       = 5
	firstLookPause = 2 * time.Second
)

// verification is how far one has come in finding out whether a write was done.
type verification struct {
	looks   int
	looking bool // VerifyAttempt has not been answered
}

// remember keeps what an attempt is given: the other system may have to be asked about it afterwards.
func (u *unitState) remember(cmd StartAttempt) {
	u.sent, u.began = nil, time.Time{}
	if cmd.Task.Action != nil && cmd.Mock == nil {
		u.sent = &cmd
	}
}

// verifies begins to find out whether a write was done whose answer was lost. The other system is left some
// time to settle first.
func (s *State) verifies(e *Execution, u *unitState, id Unit, out Outcome) bool {
	if !out.Unknown || !out.Verifiable || u.sent == nil || s.cut {
		return false
	}
	u.verify = &verification{}
	e.mark(u, Waiting)
	s.do(SetTimer{id, s.now.Add(u.sent.Task.Action.VerifyAfter)})
	return true
}

func (s *State) look(u *unitState) {
	u.verify.looks++
	u.verify.looking = true
	w := u.sent
	s.do(VerifyAttempt{Unit: w.Unit, Task: w.Task, Instance: w.Instance, Attempt: w.Attempt, With: w.With, Org: w.Org, Began: u.began, Try: u.verify.looks})
}

func (s *State) attemptVerified(e *Execution, u *unitState, ev AttemptVerified) {
	if u.verify == nil || !u.verify.looking {
		return
	}
	u.verify.looking = false
	switch {
	case ev.Verdict == Done:
		u.verify = nil
		s.decide(e, u, ev.Unit, Outcome{Result: ev.Result}, s.endUnit)
	case ev.Verdict == NotDone:
		u.verify = nil
		s.notDone(e, u, ev.Unit)
	case u.verify.looks < maxLooks:
		s.do(SetTimer{ev.Unit, s.now.Add(firstLookPause << (u.verify.looks - 1))})
	default:
		s.endUnit(e, u, ev.Unit, stillUnknown(u.last, ev.Error))
	}
}

// notDone goes on from a write that is known not to have been done. One that the end of the process cut off
// is made again at once, as if it had not been tried.
func (s *State) notDone(e *Execution, u *unitState, id Unit) {
	out := u.last
	out.Unknown, out.Verifiable, out.Repeatable = false, false, true
	out.Error = seenNotDone(out)
	u.last = out
	stopped := e.items != nil && e.items.stopped
	switch {
	case !out.Interrupted || !s.goesOn(e) || stopped:
		s.decide(e, u, id, out, s.endUnit)
	case s.paused:
		u.free++
		e.mark(u, Queued)
		s.hold(u, id)
	default:
		u.free++
		s.attempt(e, u, id)
	}
}

// stillUnknown is the outcome of a write of which the other system told nothing.
func stillUnknown(out Outcome, why *fault.Error) Outcome {
	if out.Error == nil {
		return out
	}
	late := *out.Error
	late.Hint = fmt.Sprintf("looked %d times whether it was done, without finding out", maxLooks)
	if why != nil {
		late.Hint += ": " + why.Message
	}
	out.Error = &late
	return out
}
