// Package flow decides what happens next in a run. It is a state machine without clock, I/O or
// goroutines: events go in, commands come out, and the same events always give the same state, which is
// how a run survives a restart. The single-machine engine drives it; another driver can drive the same code.
package flow

import (
	"fmt"
	"slices"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// State is a run as far as it has come.
type State struct {
	wf        *workflow.Workflow
	start     Started
	vars      map[string]any
	execs     []*Execution
	live      []*Execution // those that have not ended, in order
	instances []int        // executions so far, by task index
	rounds    []*round
	closed    map[roundKey]bool         // rounds of any and number joins that have run
	ends      []arrival                 // where branches ended for good, in the order they did
	undone    undone                    // what the run's end cut off
	held      []Unit                    // ready while the run is paused
	others    map[string]map[string]any // organisations that tasks act for, by the name they were asked by

	phase   phase
	cut     bool // cancelled or out of time: clean-up is not waited for either
	paused  bool
	err     *fault.Error // of the run
	outputs map[string]any
	ended   Status
	endedAt time.Time

	clock    deadline
	now      time.Time
	commands []Command
	changed  []*Execution // since TakeChanged
}

// phase is where the run is heading.
type phase int

const (
	created phase = iota
	going
	failing   // running tasks finish, nothing new starts
	stopping  // cancelled: what is running is being left
	expiring  // timed out: what is running is being cut off
	completed // nothing more happens
)

// New gives a run of the workflow before its first event.
func New(wf *workflow.Workflow) *State {
	return &State{wf: wf, instances: make([]int, len(wf.Tasks)), closed: map[roundKey]bool{}, others: map[string]map[string]any{}}
}

// Apply takes one event and says what to do now. An event that comes too late (a timer of a task that has
// ended) changes nothing. The error is for events that can't be meant for this run: a defect or a damaged history.
func (s *State) Apply(event Event) ([]Command, error) {
	s.now, s.commands = event.When().UTC(), nil // as a replay gives it
	if err := s.take(event); err != nil {
		return nil, fmt.Errorf("run %s: %T: %w", s.start.RunID, event, err)
	}
	if s.phase != created && s.phase != completed {
		s.settleJoins()
		s.finishIfDone()
	}
	if s.phase != completed {
		s.keepDeadline()
	}
	return s.commands, nil
}

func (s *State) take(event Event) error {
	if started, ok := event.(Started); ok {
		return s.begin(started)
	}
	if s.phase == created {
		return fmt.Errorf("the run has not begun")
	}
	switch ev := event.(type) {
	case Resolved:
		return s.resolve(ev)
	case Reopened:
		return s.reopen(ev)
	}
	if s.phase == completed {
		return nil
	}
	switch ev := event.(type) {
	case AttemptStarted:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.attemptStarted(e, u, ev) })
	case AttemptWaits:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.attemptWaits(e, u, ev) })
	case AttemptEnded:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.attemptEnded(e, u, ev.Unit, ev.Outcome) })
	case AttemptPutBack:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.attemptPutBack(e, u) })
	case AttemptVerified:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.attemptVerified(e, u, ev) })
	case Answered:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.answered(e, u, ev) })
	case OrganisationFound:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.organisationFound(e, u, ev) })
	case TimerFired:
		return s.onUnit(ev.Unit, func(e *Execution, u *unitState) { s.timerFired(e, u, ev.Unit) })
	case DeadlineReached:
		s.deadlineReached()
	case CancelRequested:
		s.cancel(ev)
	case PauseRequested:
		s.pause()
	case ResumeRequested:
		s.resume()
	default:
		return fmt.Errorf("not an event of this version")
	}
	return nil
}

// onUnit finds the unit that an event is about and, unless it has ended, hands it on.
func (s *State) onUnit(id Unit, handle func(*Execution, *unitState)) error {
	if id.Exec < 0 || id.Exec >= len(s.execs) {
		return fmt.Errorf("no execution %d", id.Exec)
	}
	e := s.execs[id.Exec]
	u := e.unit(id.Item)
	if u == nil {
		return fmt.Errorf("execution %d of task %s has no item %d", id.Exec, e.Task.Name, id.Item)
	}
	if u.active() {
		s.change(e)
		handle(e, u)
	}
	return nil
}

// change notes that an execution is not as it was.
func (s *State) change(e *Execution) {
	if !e.changed {
		e.changed = true
		s.changed = append(s.changed, e)
	}
}

func (e *Execution) unit(item int) *unitState {
	switch {
	case item == NoItem && e.items == nil:
		return &e.attempt
	case e.items != nil && item >= 0 && item < len(e.items.units):
		return &e.items.units[item]
	}
	return nil
}

func (s *State) begin(ev Started) error {
	if s.phase != created {
		return fmt.Errorf("the run has begun already")
	}
	s.start, s.phase = ev, going
	s.clock.begin(ev.At, s.wf.Timeout, ev.Limit)
	vars, err := s.evalVars()
	if err != nil {
		s.undone.vars = true
		s.fail(fault.From(err))
	}
	s.vars = vars
	for _, task := range s.wf.Start {
		s.execute(task, nil, &scope{}, false)
	}
	return nil
}

func (s *State) do(c Command) { s.commands = append(s.commands, c) }

// execute brings up a new execution of a task and starts it. A run that is ending starts only clean-up.
func (s *State) execute(task *workflow.Task, via []arrival, sc *scope, cleanup bool) *Execution {
	if s.phase == going && len(s.execs) >= s.wf.MaxTasks {
		s.tooMany(task)
	}
	if s.phase != going && !cleanup {
		s.undone.starts = append(s.undone.starts, due{task, via, sc})
		return nil
	}
	if len(s.execs) >= s.wf.MaxTasks {
		return nil // no clean-up beyond the limit
	}
	e := s.newExecution(task, via, sc, cleanup)
	if task.ForEach != nil {
		s.startItems(e)
	} else {
		s.startUnit(e, &e.attempt, Unit{e.ID, NoItem})
	}
	return e
}

func (s *State) tooMany(task *workflow.Task) {
	s.fail(fault.New(fault.TooManyTasks, "the run was stopped at %d task executions, about to run %s", len(s.execs), task.Name).
		WithHint("a loop without an end? if that many are meant, set max_tasks in the workflow"))
}

func (s *State) newExecution(task *workflow.Task, via []arrival, sc *scope, cleanup bool) *Execution {
	s.instances[task.Index]++
	e := &Execution{ID: len(s.execs), Task: task, Instance: s.instances[task.Index], Status: Queued, via: via, scope: sc, cleanup: cleanup}
	for _, a := range via {
		e.depth = max(e.depth, a.from.depth+1)
	}
	s.execs, s.live = append(s.execs, e), append(s.live, e)
	s.change(e)
	return e
}

// fail makes the run fail: what is running finishes, nothing new starts.
func (s *State) fail(err *fault.Error) {
	if s.phase != going {
		return
	}
	s.phase, s.err = failing, err
	s.drop(Withdrawn)
}

// drop lets go of everything that is not running: joins in wait, timers, what is queued.
func (s *State) drop(why StopReason) {
	for _, r := range s.rounds {
		for _, way := range r.arrivals {
			s.undone.ways = append(s.undone.ways, bound{task: r.task, way: way})
		}
	}
	s.rounds = nil
	for _, e := range slices.Clone(s.live) {
		if !e.cleanup || why != Withdrawn {
			s.dropExecution(e, why)
		}
	}
}

func (s *State) cancel(ev CancelRequested) {
	if s.phase == expiring || s.phase == stopping && !ev.AtOnce {
		return
	}
	if s.phase == going {
		s.err = fault.New(fault.Cancelled, "the run was cancelled")
		if ev.Reason != "" {
			s.err.Message += ": " + ev.Reason
		}
		s.phase = stopping
	}
	why := RunCancel
	if ev.AtOnce {
		why = RunTimeout
	}
	s.cutOff(why)
}

// cutOff leaves everything that can be left, clean-up included.
func (s *State) cutOff(why StopReason) {
	s.cut = true
	s.drop(why)
}

// goesOn tells whether an execution may still wait or be repeated. In a run that has failed only clean-up may.
func (s *State) goesOn(e *Execution) bool { return s.phase == going || e.cleanup && !s.cut }

func (s *State) pause() {
	if !s.paused && s.phase == going {
		s.paused = true
		s.do(PassPause{})
	}
}

func (s *State) resume() {
	if !s.paused {
		return
	}
	s.paused = false
	s.do(PassPause{Resume: true})
	held := s.held
	s.held = nil
	for _, id := range held {
		e := s.execs[id.Exec]
		if u := e.unit(id.Item); u.held && !u.asking {
			u.held = false
			s.attempt(e, u, id)
		}
	}
}
