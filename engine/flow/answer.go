package flow

import (
	"time"

	"gantry/fault"
)

func (s *State) attemptWaits(e *Execution, u *unitState, ev AttemptWaits) {
	if !s.goesOn(e) {
		s.endUnit(e, u, ev.Unit, cancelledOutcome(RunCancel))
		return
	}
	u.result, u.sent, u.awaits, u.since, u.timeout = ev.Result, nil, ev.Awaits, ev.At, time.Time{}
	e.mark(u, Waiting)
	wake := ev.Until
	if ev.Awaits != "" {
		u.timeout = wake
	}
	if limit := e.Task.Timeout; limit > 0 && (wake.IsZero() || ev.At.Add(limit).Before(wake)) {
		wake = ev.At.Add(limit)
		u.timeout = wake
	}
	if !wake.IsZero() {
		s.do(SetTimer{ev.Unit, wake})
	}
}

// answered ends a wait for somebody.
func (s *State) answered(e *Execution, u *unitState, ev Answered) {
	if u.status != Waiting || u.awaits == "" || u.backoff || u.verify != nil {
		return
	}
	if !u.timeout.IsZero() {
		s.do(ClearTimer{ev.Unit})
	}
	s.decide(e, u, ev.Unit, Outcome{Result: ev.Result}, s.endUnit)
}

// waited ends a wait whose time has come.
func (s *State) waited(e *Execution, u *unitState, id Unit) {
	switch {
	case !u.timeout.IsZero():
		s.decide(e, u, id, Outcome{TimedOut: true, Repeatable: true, Error: waitedTooLong(e, u)}, s.endUnit)
	case u.awaits == "":
		s.endUnit(e, u, id, Outcome{Result: u.result})
	}
}

func waitedTooLong(e *Execution, u *unitState) *fault.Error {
	if u.awaits == "" {
		return fault.New(fault.Timeout, "still waiting after %s", e.Task.Timeout)
	}
	return fault.New(fault.Timeout, "no %s came until %s", u.awaits, u.timeout.UTC().Format(time.RFC3339)).
		WithHint("`when: timed_out` says what happens then, `retry` asks again")
}
