package flow

import (
	"gantry/engine/workflow"
	"gantry/fault"
)

// taken is a transition that holds, with what its way has seen.
type taken struct {
	transition *workflow.Transition
	scope      *scope
}

// leave goes on from an execution that has ended: it evaluates the transitions, all of them before
// anything starts, and follows those that are taken.
func (s *State) leave(e *Execution) {
	after := e.scope.through(e)
	if s.phase != going || e.cleanup {
		s.leaveOff(e, []arrival{{e, noTransition, after}}, false)
		return
	}
	ways, err := s.evalTransitions(e, after)
	for _, w := range ways {
		e.Taken = append(e.Taken, w.transition.Index)
	}
	switch {
	case err != nil:
		s.leaveOff(e, endsOf(e, ways, after), true)
		s.failBy(e, fault.From(err))
	case hasWord(ways, workflow.Fail):
		s.failBy(e, failWordError(e))
		s.leaveOff(e, s.cleanUp(e, ways), false)
	case e.failed() && !leadsOn(ways):
		s.leaveOff(e, endsOf(e, ways, after), false)
		s.failBy(e, e.Error)
	case len(ways) == 0:
		e.settle()
		s.ends = append(s.ends, arrival{e, noTransition, after})
	default:
		e.settle()
		s.follow(e, ways)
	}
}

// settle notes that the run goes on from an execution: nothing of it is ever repeated.
func (e *Execution) settle() {
	e.followed = true
	if e.items != nil {
		e.items.values = nil
	}
}

// evalTransitions gives the transitions that are taken. After an error it gives those before it.
func (s *State) evalTransitions(e *Execution, after *scope) ([]taken, error) {
	var ways []taken
	for _, t := range e.Task.Next {
		names := s.transitionNames(e, after)
		holds, err := s.holds(t, e, names)
		if err != nil {
			return ways, err
		}
		if !holds {
			continue
		}
		sc, err := s.publish(e, t, after)
		if err != nil {
			return ways, err
		}
		ways = append(ways, taken{t, sc})
		if e.Task.Follow == workflow.FollowFirst {
			break
		}
	}
	return ways, nil
}

func (s *State) holds(t *workflow.Transition, e *Execution, names *names) (bool, error) {
	switch {
	case t.Success:
		return e.Status == Succeeded, nil
	case t.When == nil:
		return true, nil
	}
	return t.When.Bool(names, s.at())
}

func (s *State) publish(e *Execution, t *workflow.Transition, sc *scope) (*scope, error) {
	for _, p := range t.Publish {
		v, err := s.evalStored(p.Value, s.transitionNames(e, sc), "published as "+p.Name)
		if err != nil {
			return sc, err
		}
		sc = sc.publish(p.Name, v, stamp{e, t.Index})
		e.Published = append(e.Published, Publication{t.Index, p.Name, v})
	}
	return sc, nil
}

func hasWord(ways []taken, word workflow.Word) bool {
	for _, w := range ways {
		for _, target := range w.transition.Do {
			if target.Word == word {
				return true
			}
		}
	}
	return false
}

// leadsOn tells whether a failure is handled: a taken transition leads to a task or says noop.
func leadsOn(ways []taken) bool {
	for _, w := range ways {
		for _, target := range w.transition.Do {
			if target.Task != nil || target.Word == workflow.Noop {
				return true
			}
		}
	}
	return false
}

func (s *State) failBy(e *Execution, err *fault.Error) {
	named := *err
	if named.Task == "" {
		named.Task = e.Task.Name
	}
	s.fail(&named)
}

func failWordError(e *Execution) *fault.Error {
	if e.Error != nil {
		return e.Error
	}
	return fault.New(fault.FailWord, "task %s failed the run (fail)", e.Task.Name)
}

// cleanUp runs the tasks named beside fail, once each, and gives the ways that end there.
func (s *State) cleanUp(e *Execution, ways []taken) []arrival {
	var ends []arrival
	seen := map[*workflow.Task]bool{}
	for _, w := range ways {
		way := arrival{e, w.transition.Index, w.scope}
		led := false
		for _, target := range w.transition.Do {
			if target.Task != nil && !seen[target.Task] {
				seen[target.Task], led = true, true
				s.execute(target.Task, []arrival{way}, w.scope, true)
			}
		}
		if !led {
			ends = append(ends, way)
		}
	}
	return ends
}

// endsOf gives the ways of an execution from which the run does not go on.
func endsOf(e *Execution, ways []taken, after *scope) []arrival {
	if len(ways) == 0 {
		return []arrival{{e, noTransition, after}}
	}
	ends := make([]arrival, len(ways))
	for i, w := range ways {
		ends[i] = arrival{e, w.transition.Index, w.scope}
	}
	return ends
}

func (s *State) follow(e *Execution, ways []taken) {
	for _, w := range ways {
		way := arrival{e, w.transition.Index, w.scope}
		led := false
		for _, target := range w.transition.Do {
			if target.Task != nil {
				led = true
				s.arrive(target.Task, way)
			}
		}
		if !led {
			s.ends = append(s.ends, way)
		}
	}
}
