package flow

import (
	"fmt"
	"slices"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// startUnit begins the first attempt of a task or item, or holds it while the run is paused.
func (s *State) startUnit(e *Execution, u *unitState, id Unit) {
	e.mark(u, Queued)
	if s.paused {
		s.hold(u, id)
		return
	}
	s.attempt(e, u, id)
}

func (s *State) hold(u *unitState, id Unit) {
	u.held = true
	s.held = append(s.held, id)
}

// attempt renders what the action gets and asks for one attempt. A task that acts for another organisation
// sees that one as org, so it is asked for first.
func (s *State) attempt(e *Execution, u *unitState, id Unit) {
	names, orgID, asked, err := s.actingFor(e, u, id)
	if asked {
		return
	}
	var cmd StartAttempt
	if err == nil {
		cmd, err = s.render(e, id, names)
		cmd.Org = orgID
	}
	if err != nil {
		s.endUnit(e, u, id, Outcome{Error: fault.From(err)})
		return
	}
	u.attempts++
	e.Attempts++
	cmd.Attempt = u.attempts
	cmd.Reopen, u.reopen = u.reopen, ""
	u.remember(cmd)
	u.backoff = false
	e.mark(u, Queued)
	s.do(cmd)
}

func (s *State) render(e *Execution, id Unit, names *names) (StartAttempt, error) {
	task := e.Task
	cmd := StartAttempt{Unit: id, Task: task, Instance: e.Instance, Timeout: task.Timeout}
	if cmd.Timeout == 0 && task.Action != nil {
		cmd.Timeout = workflow.DefaultTaskTimeout
	}
	var err error
	if cmd.With, err = s.evalWith(e, names); err != nil {
		return cmd, err
	}
	if task.Mock != nil {
		cmd.Mock, err = s.evalMock(task.Mock, names)
	}
	return cmd, err
}

func (s *State) attemptStarted(e *Execution, u *unitState, ev AttemptStarted) {
	u.began = ev.At
	if u.status == Waiting {
		return // it has been answered already
	}
	if e.StartedAt.IsZero() {
		e.StartedAt = ev.At
	}
	if ev.Item == NoItem {
		e.Subrun = ev.Subrun
	}
	if ev.Subrun != "" {
		u.subrun = ev.Subrun
	}
	e.mark(u, Running)
}

// attemptPutBack lets the attempt stand in the queue as before: it counts as asked for already.
func (s *State) attemptPutBack(e *Execution, u *unitState) {
	if u.status == Running {
		e.mark(u, Queued)
	}
}

func (s *State) timerFired(e *Execution, u *unitState, id Unit) {
	switch {
	case u.status != Waiting:
	case u.backoff && s.paused:
		u.backoff = false
		e.mark(u, Queued)
		s.hold(u, id)
	case u.backoff:
		s.attempt(e, u, id)
	case u.verify != nil && u.verify.looking:
	case u.verify != nil:
		s.look(u)
	default:
		s.waited(e, u, id)
	}
}

// attemptEnded goes on from an attempt's end: a write whose answer was lost is looked for first.
func (s *State) attemptEnded(e *Execution, u *unitState, id Unit, out Outcome) {
	u.last = out
	if !s.verifies(e, u, id, out) {
		s.decide(e, u, id, out, s.close)
	}
}

// decide tries again if the task's retry rule says so; if not, the unit has ended.
func (s *State) decide(e *Execution, u *unitState, id Unit, out Outcome, end func(*Execution, *unitState, Unit, Outcome)) {
	u.last, u.sent, u.awaits, u.timeout = out, nil, "", time.Time{}
	again, err := s.repeats(e, u, id, out)
	switch {
	case err != nil:
		out.Error, out.TimedOut = fault.From(err), false
		s.endUnit(e, u, id, out)
		return
	case !again:
		end(e, u, id, out)
		return
	}
	pause := s.pauseBefore(e.Task.Retry, u, id, out)
	if s.outlives(pause) {
		s.endUnit(e, u, id, lastOf(out, pause))
		return
	}
	u.backoff = true
	e.mark(u, Waiting)
	s.do(SetTimer{id, s.now.Add(pause)})
}

// lastOf is the outcome of an attempt that the run has no time to repeat. A success stands: only the task's
// own rule wanted more.
func lastOf(out Outcome, pause time.Duration) Outcome {
	if out.Error != nil {
		late := *out.Error
		late.Hint = fmt.Sprintf("the next attempt would be in %s, after the run's time is up", pause.Round(time.Millisecond))
		out.Error = &late
	}
	return out
}

// outlives tells whether waiting so long would take the run past its time, for nothing.
func (s *State) outlives(pause time.Duration) bool {
	end := s.clock.next()
	if s.wf.TimeoutExcludesWaiting {
		end = s.clock.limit
	}
	return !end.IsZero() && !s.now.Add(pause).Before(end)
}

// repeats applies the task's retry rule. A write whose outcome is unknown is never repeated.
func (s *State) repeats(e *Execution, u *unitState, id Unit, out Outcome) (bool, error) {
	rule := e.Task.Retry
	if rule == nil || u.spent() >= rule.Attempts || out.Unknown || out.Cancelled || out.FailRun || !s.goesOn(e) {
		return false, nil
	}
	if e.items != nil && e.items.stopped {
		return false, nil
	}
	if rule.When == nil {
		return out.Error != nil && (out.Passing || out.TimedOut) && out.Repeatable, nil
	}
	names := s.taskNames(e, id.Item)
	names.set("result", out.Result).set("error", errorValue(out.Error)).set("attempt", int64(u.spent()))
	return rule.When.Bool(names, s.at())
}

// pauseBefore is the time until the next attempt: delay · backoff^n, at most max_delay, and never less than
// the other side asked for. Jitter takes up to half of it away; it is drawn from the unit's identity, so
// that a replay draws the same.
func (s *State) pauseBefore(rule *workflow.Retry, u *unitState, id Unit, out Outcome) time.Duration {
	d := float64(rule.Delay)
	for range u.spent() - 1 {
		d = min(d*rule.Backoff, float64(rule.MaxDelay))
	}
	d = min(d, float64(rule.MaxDelay))
	if rule.Jitter {
		d -= d / 2 * fraction(s.start.RunID, id, u.attempts)
	}
	return max(time.Duration(d), out.RetryAfter)
}

// endUnit ends a task or item otherwise than by its attempt's end. Of an item that is noted, since nobody
// could read it from the events.
func (s *State) endUnit(e *Execution, u *unitState, id Unit, out Outcome) {
	if e.items != nil && out.Error != nil {
		e.items.note(id.Item, out)
	}
	s.close(e, u, id, out)
}

// close records how a task or item ended and goes on from there.
func (s *State) close(e *Execution, u *unitState, id Unit, out Outcome) {
	u.last, u.backoff, u.result = Outcome{}, false, nil
	u.sent, u.verify = nil, nil
	e.mark(u, out.Status())
	if out.FailRun {
		s.failBy(e, out.Error)
	}
	if id.Item == NoItem {
		s.endExecution(e, out)
	} else {
		s.endItem(e, id.Item, out)
	}
}

func (s *State) endExecution(e *Execution, out Outcome) {
	e.Status, e.Result, e.Error, e.TimedOut = out.Status(), out.Result, out.Error, out.TimedOut
	e.FinishedAt = s.now
	s.live = slices.DeleteFunc(s.live, func(other *Execution) bool { return other == e })
	if e.StartedAt.IsZero() && !out.Cancelled {
		e.StartedAt = s.now
	}
	s.change(e)
	s.leave(e)
}

// dropExecution ends what is not running, and asks what is running to stop if the reason says so.
func (s *State) dropExecution(e *Execution, why StopReason) {
	if e.items != nil {
		s.dropItems(e, why)
		return
	}
	s.dropUnit(e, &e.attempt, Unit{e.ID, NoItem}, why)
}

func (s *State) dropUnit(e *Execution, u *unitState, id Unit, why StopReason) {
	switch {
	case !u.active():
	case u.backoff: // it failed, and is not tried again
		s.do(ClearTimer{id})
		s.endUnit(e, u, id, u.last)
	case u.verify != nil && why == Withdrawn: // to know is worth a moment
	case u.verify != nil:
		s.do(ClearTimer{id})
		s.endUnit(e, u, id, u.last)
	case u.status == Waiting:
		s.do(ClearTimer{id})
		s.endUnit(e, u, id, cancelledOutcome(why))
	case u.held && u.attempts > 0: // likewise: the pause kept it from being tried again
		u.held = false
		s.endUnit(e, u, id, u.last)
	case u.held, u.asking:
		u.held, u.asking = false, false
		s.endUnit(e, u, id, cancelledOutcome(why))
	case u.status == Queued || why != Withdrawn:
		s.do(StopAttempt{id, why})
	}
}

func cancelledOutcome(why StopReason) Outcome {
	if why == RunTimeout {
		return Outcome{TimedOut: true, Error: fault.New(fault.Timeout, "the run's time was up")}
	}
	return Outcome{Cancelled: true, Error: fault.New(fault.Cancelled, "not carried out: the run was ending")}
}
