package flow

import (
	"slices"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
)

// Workflow is what the run executes.
func (s *State) Workflow() *workflow.Workflow { return s.wf }

// Started gives the run's facts.
func (s *State) Started() Started { return s.start }

// Status is the run's status now.
func (s *State) Status() Status {
	switch {
	case s.phase == created:
		return Queued
	case s.phase == completed:
		return s.ended
	case s.paused:
		return Paused
	case s.onlyWaits():
		return Waiting
	}
	return Running
}

// Ending tells that the run has failed, was cancelled or timed out and only waits for what is running.
func (s *State) Ending() bool { return s.phase > going && s.phase != completed }

// Ended gives when the run ended; zero while it has not.
func (s *State) Ended() time.Time { return s.endedAt }

// Error is what ended the run, nil while nothing has.
func (s *State) Error() *fault.Error { return s.err }

// Outputs gives the outputs of a run that has ended.
func (s *State) Outputs() map[string]any { return s.outputs }

// Executions gives all executions in the order they came up. They belong to the state: read only.
func (s *State) Executions() []*Execution { return s.execs }

// InProgress gives the executions that have not ended.
func (s *State) InProgress() []*Execution { return s.live }

// TakeChanged gives the executions that have changed since it was last called, in the order they came up.
func (s *State) TakeChanged() []*Execution {
	changed := s.changed
	s.changed = nil
	for _, e := range changed {
		e.changed = false
	}
	slices.SortFunc(changed, func(a, b *Execution) int { return a.ID - b.ID })
	return changed
}
