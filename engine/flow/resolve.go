package flow

import (
	"fmt"
	"slices"

	"gantry/fault"
)

// lostWrite is how a unit had ended before somebody said what became of its write, so that another word can replace the
// first as long as the run has not gone on from there.
type lostWrite struct {
	err       *fault.Error
	timedOut  bool
	misjudged bool // of the execution
	value     any  // of an item
	status    Status
	taskError *fault.Error // of the whole for_each
}

// resolvable tells whether a person's word about a unit counts: nobody knows how it ended, or all there is to know is
// another word.
func (u *unitState) resolvable() bool { return u.status == Unknown || u.lost != nil }

// resolve takes a person's word about a write whose outcome is unknown; the last one counts. Where nobody asks any more,
// since the run went on from there, it changes nothing.
func (s *State) resolve(ev Resolved) error {
	if ev.Exec < 0 || ev.Exec >= len(s.execs) {
		return fmt.Errorf("no execution %d", ev.Exec)
	}
	e := s.execs[ev.Exec]
	u := e.unit(ev.Item)
	if u == nil {
		return fmt.Errorf("execution %d of task %s has no item %d", ev.Exec, e.Task.Name, ev.Item)
	}
	l := s.leftoverOf(e)
	if l == nil || !u.resolvable() || u.lost == nil && e.Status == Succeeded {
		return nil
	}
	s.change(e)
	if e.items == nil {
		l.resolveTask(ev)
	} else {
		e.resolveItem(ev)
	}
	return nil
}

func (l *leftover) resolveTask(ev Resolved) {
	e := l.e
	if e.attempt.lost == nil {
		e.attempt.lost = &lostWrite{err: e.Error, timedOut: e.TimedOut, misjudged: l.misjudged}
	}
	lost := e.attempt.lost
	if ev.Done {
		e.attempt.status, e.Status = Succeeded, Succeeded
		e.Result, e.Error, e.TimedOut = ev.Result, nil, false
		l.misjudged = lost.misjudged
		return
	}
	e.attempt.status, e.Status = Failed, Failed
	e.Result, e.Error, e.TimedOut = nil, notDoneError(lost.err, ev.By), false
	l.misjudged = false // it is repeated before anything is made of it
}

// resolveItem changes an item's result. The task has succeeded once all of its items have.
func (e *Execution) resolveItem(ev Resolved) {
	it := e.items
	e.takeBack(ev.Item)
	lost, out := it.units[ev.Item].lost, Outcome{Result: ev.Result}
	if !ev.Done {
		out = Outcome{Error: notDoneError(lost.err, ev.By)}
	}
	it.units[ev.Item].status = out.Status()
	it.results = slices.Clone(it.results)
	it.results[ev.Item] = ItemResult(out)
	e.Result = it.results
	if !ev.Done {
		it.note(ev.Item, out)
		return
	}
	it.failed--
	it.values[ev.Item] = nil
	delete(it.unheard, ev.Item)
	if it.succeeded() == len(it.units) {
		e.Status, e.Error = Succeeded, nil
	}
}

// takeBack takes back what somebody said before of an item, and notes how it had ended where nobody has said anything.
func (e *Execution) takeBack(i int) {
	it := e.items
	u := &it.units[i]
	if u.lost == nil {
		u.lost = &lostWrite{err: it.errorOf(i), value: it.values[i], status: e.Status, taskError: e.Error}
		return
	}
	if u.status == Succeeded {
		it.failed++
		it.values[i] = u.lost.value
		u.status = Unknown
	}
	if e.Status == Succeeded { // by the words about all of its items
		e.Status, e.Error = u.lost.status, u.lost.taskError
	}
}

func notDoneError(err *fault.Error, by string) *fault.Error {
	known := fault.Error{Code: fault.UnknownOutcome, Message: "the answer was lost"}
	if err != nil {
		known = *err
	}
	known.Hint = "somebody has looked: it was not done"
	if by != "" {
		known.Hint = by + " has looked: it was not done"
	}
	return &known
}
