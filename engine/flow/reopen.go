package flow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"gantry/fault"
)

// reopen lets a run that has ended go on from what it left undone.
func (s *State) reopen(ev Reopened) error {
	m := s.moving(ev)
	if ev.Version != "" && ev.Version != m.wf.Version {
		return fmt.Errorf("version %s of the workflow is not there, only %s", ev.Version, m.wf.Version)
	}
	if err := s.Reopening(ev).refusal(s); err != nil {
		return err
	}
	m.forgetSubruns()
	rest := undone{vars: s.undone.vars || m.moved(), starts: m.starts(), ways: s.undone.ways, left: s.byExecution()}
	rest.edit(ev.Inputs)
	if m.moved() {
		m.move(&rest)
	}
	s.undone = undone{}
	s.goAgain(ev)
	if rest.vars {
		if err := s.againVars(); err != nil {
			s.undone = rest
			s.fail(fault.From(err))
			return nil
		}
	}
	s.goOnWith(rest)
	return nil
}

// goAgain makes the run one that has begun and not ended, with its time anew.
func (s *State) goAgain(ev Reopened) {
	s.phase, s.cut, s.paused, s.held = going, false, false, nil
	s.err, s.outputs, s.ended, s.endedAt = nil, nil, "", time.Time{}
	s.start.Limit, s.start.Most = ev.Limit, ev.Most
	clear(s.others) // an organisation may have gone elsewhere in the tree since
	s.clock = deadline{}
	s.clock.begin(ev.At, s.wf.Timeout, ev.Limit)
}

// againVars evaluates the vars that the run has no values for: they could not be evaluated, or the workflow
// has them newly.
func (s *State) againVars() error {
	vars, err := s.evalVars()
	if err != nil {
		return err
	}
	for name := range vars {
		if v, known := s.vars[name]; known {
			vars[name] = v
		}
	}
	s.vars = vars
	return nil
}

// goOnWith takes up what was left undone. Should the run fail meanwhile, the rest stays undone.
func (s *State) goOnWith(rest undone) {
	for _, d := range rest.starts {
		s.execute(d.task, d.via, d.scope, false)
	}
	for _, b := range rest.ways {
		s.arrive(b.task, b.way)
	}
	for _, l := range rest.left {
		switch {
		case s.phase != going:
			s.undone.left = append(s.undone.left, l)
		case l.goesOnAsItIs():
			l.e.Taken, l.e.Published = nil, nil
			s.change(l.e)
			s.leave(l.e)
		case l.e.unsatisfied:
			s.rejoin(l.e)
		default:
			s.repeat(l.e)
		}
	}
}

// rejoin brings the ways that came to a join which could not be reached there again.
func (s *State) rejoin(e *Execution) {
	task := e.Task
	delete(s.closed, roundKey{task.Index, e.via[0].scope.turn(task.Name)})
	for _, way := range e.via {
		s.arrive(task, way)
	}
}

// repeat begins an execution that did not succeed once more: it stays the one it is, its attempts go on.
func (s *State) repeat(e *Execution) {
	e.Status, e.Result, e.Error, e.TimedOut = Queued, nil, nil, false
	e.FinishedAt, e.Taken, e.Published = time.Time{}, nil, nil
	at, _ := slices.BinarySearchFunc(s.live, e, func(a, b *Execution) int { return cmp.Compare(a.ID, b.ID) })
	s.live = slices.Insert(s.live, at, e)
	s.change(e)
	switch {
	case e.Task.ForEach == nil:
		e.attempt = e.attempt.anew()
		s.startUnit(e, &e.attempt, Unit{e.ID, NoItem})
	case len(e.items.units) == 0: // the items could not be evaluated
		s.startItems(e)
	default:
		s.repeatItems(e)
	}
}

// anew is a unit that has not begun again yet.
func (u unitState) anew() unitState {
	return unitState{attempts: u.attempts, free: u.attempts, subrun: u.subrun, reopen: u.subrun}
}

// repeatItems runs the items that did not succeed, and those that never began.
func (s *State) repeatItems(e *Execution) {
	old := e.items
	it := &items{values: old.values, units: old.units, results: slices.Clone(old.results), unheard: maps.Clone(old.unheard)}
	e.items = it
	for i := range it.units {
		if it.units[i].status == Succeeded {
			it.done++
			it.units[i].lost = nil // what was said of it was gone on with
			continue
		}
		it.units[i], it.results[i] = it.units[i].anew(), nil
		delete(it.unheard, i)
	}
	var err error
	if it.concurrency, err = s.evalConcurrency(e.Task.ForEach, s.taskNames(e, NoItem), len(it.units)); err != nil {
		s.endExecution(e, Outcome{Result: it.results, Error: fault.From(err)})
		return
	}
	s.fillItems(e)
}

// edit replaces values of `with` in the executions that are repeated. What was replaced before stays so.
func (u *undone) edit(inputs map[string]map[string]any) {
	for _, l := range u.left {
		with := inputs[l.e.Task.Name]
		if len(with) == 0 || l.goesOnAsItIs() {
			continue
		}
		edits := map[string]any{}
		maps.Copy(edits, l.e.edits)
		maps.Copy(edits, with)
		l.e.edits = edits
	}
}
