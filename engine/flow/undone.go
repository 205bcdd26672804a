package flow

import (
	"fmt"
	"slices"

	"gantry/engine/workflow"
	"gantry/fault"
)

// undone is what a run that is ending leaves behind, so that it can go on from there when it is reopened.
// While the run is going it is empty.
type undone struct {
	vars   bool       // the workflow's vars could not be evaluated
	starts []due      // tasks that were to start
	ways   []bound    // ways on their way to a task, or in wait at a join
	left   []leftover // executions that ended while their transitions could not be followed
}

// due is a task that was to start.
type due struct {
	task  *workflow.Task
	via   []arrival
	scope *scope
}

// bound is a way that did not come to its task, or waited there for others.
type bound struct {
	task   *workflow.Task
	way    arrival
	silent bool // the run's outputs do not see what it has seen
}

// leftover is an execution that has ended and from which the run did not go on.
type leftover struct {
	e    *Execution
	ends []arrival // as which its ways count in the outputs of the run that ended
	// misjudged: its transitions could not be evaluated, so that they are to be again, however it ended.
	misjudged bool
}

func (s *State) leaveOff(e *Execution, ends []arrival, misjudged bool) {
	s.undone.left = append(s.undone.left, leftover{e, ends, misjudged})
}

// allEnds gives where the branches ended, for good or only because the run was ending.
func (s *State) allEnds() []arrival {
	ends := slices.Clone(s.ends)
	for _, b := range s.undone.ways {
		if !b.silent {
			ends = append(ends, b.way)
		}
	}
	for _, l := range s.undone.left {
		ends = append(ends, l.ends...)
	}
	return ends
}

// leftoverOf finds what an execution left behind; nil if the run went on from it, or it has not ended.
func (s *State) leftoverOf(e *Execution) *leftover {
	i := slices.IndexFunc(s.undone.left, func(l leftover) bool { return l.e == e })
	if i < 0 || e.cleanup {
		return nil
	}
	return &s.undone.left[i]
}

// goesOnAsItIs tells whether only the transitions are missing; else the task is to be repeated.
func (l *leftover) goesOnAsItIs() bool { return l.e.Status == Succeeded || l.misjudged }

// Unresolved gives the units that ended unknown, about which nobody has decided, and whose ways have not
// gone on: Resolved is for them. Clean-up, which is never repeated, is not among them.
func (s *State) Unresolved() []Unresolved {
	var out []Unresolved
	for _, l := range s.byExecution() {
		out = append(out, l.unresolved()...)
	}
	return out
}

// Said gives the units of which somebody has said what became of them, and whose ways have not gone on: another Resolved
// replaces that.
func (s *State) Said() []Unresolved {
	var out []Unresolved
	for _, l := range s.byExecution() {
		each := []unitState{l.e.attempt}
		first := NoItem
		if l.e.items != nil {
			each, first = l.e.items.units, 0
		}
		for i := range each {
			if each[i].lost != nil {
				out = append(out, Unresolved{Unit: Unit{l.e.ID, first + i}, Task: l.e.Task.Name, Instance: l.e.Instance, Error: each[i].lost.err})
			}
		}
	}
	return out
}

// byExecution gives the leftovers that count when the run is reopened, in the order they came up.
func (s *State) byExecution() []leftover {
	left := slices.DeleteFunc(slices.Clone(s.undone.left), func(l leftover) bool { return l.e.cleanup })
	slices.SortFunc(left, func(a, b leftover) int { return a.e.ID - b.e.ID })
	return left
}

func (l *leftover) unresolved() []Unresolved {
	e := l.e
	one := func(item int, err *fault.Error) Unresolved {
		return Unresolved{Unit: Unit{e.ID, item}, Task: e.Task.Name, Instance: e.Instance, Error: err}
	}
	if e.items == nil {
		if e.Status == Unknown {
			return []Unresolved{one(NoItem, e.Error)}
		}
		return nil
	}
	if l.goesOnAsItIs() { // the workflow says that items may fail
		return nil
	}
	var out []Unresolved
	for i := range e.items.units {
		if e.items.units[i].status == Unknown {
			out = append(out, one(i, e.items.errorOf(i)))
		}
	}
	return out
}

// errorOf gives the error that an item's result shows; nil if it shows none.
func (it *items) errorOf(i int) *fault.Error {
	result, _ := it.results[i].(map[string]any)
	shown, ok := result["error"].(map[string]any)
	if !ok {
		return nil
	}
	return &fault.Error{Code: fault.Code(fmt.Sprint(shown["code"])), Message: fmt.Sprint(shown["message"]), Hint: fmt.Sprint(shown["hint"]), Detail: shown["detail"]}
}
