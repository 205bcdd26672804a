package flow

import (
	"fmt"
	"slices"

	"gantry/fault"
)

// resolve takes a person's word about a write whose outcome is unknown. Where nobody asks any more (the
// run went on from there, or somebody else was first) it changes nothing.
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
	if l == nil || u.status != Unknown || e.Status == Succeeded {
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
	if ev.Done {
		e.attempt.status, e.Status = Succeeded, Succeeded
		e.Result, e.Error, e.TimedOut = ev.Result, nil, false
		return
	}
	e.attempt.status, e.Status = Failed, Failed
	e.Error, e.TimedOut = notDoneError(e.Error, ev.By), false
	l.misjudged = false // it is repeated before anything is made of it
}

// resolveItem changes an item's result. The task has succeeded once all of its items have.
func (e *Execution) resolveItem(ev Resolved) {
	it, out := e.items, Outcome{Result: ev.Result}
	if !ev.Done {
		out = Outcome{Error: notDoneError(it.errorOf(ev.Item), ev.By)}
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
