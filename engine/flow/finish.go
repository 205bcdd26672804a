package flow

import (
	"time"

	"gantry/fault"
)

// finishIfDone ends the run when nothing is in progress any more.
func (s *State) finishIfDone() {
	if len(s.live) > 0 || len(s.rounds) > 0 {
		return
	}
	outputs, err := s.evalOutputs()
	if err != nil && s.phase == going {
		s.phase, s.err = failing, fault.From(err)
	}
	s.outputs, s.ended, s.endedAt = outputs, s.endStatus(), s.now
	s.phase = completed
	if !s.clock.asked.IsZero() {
		s.do(SetDeadline{})
	}
	s.do(Finish{Status: s.ended, Outputs: outputs, Error: s.err})
	if s.wf.OnFailure != nil && (s.ended == Failed || s.ended == TimedOut) {
		s.do(s.handler())
	}
}

func (s *State) endStatus() Status {
	switch s.phase {
	case failing:
		return Failed
	case stopping:
		return Cancelled
	case expiring:
		return TimedOut
	}
	return Succeeded
}

func (s *State) handler() StartHandler {
	facts := map[string]any{
		"id": s.start.RunID, "workflow": s.wf.ID, "title": s.wf.Title, "status": string(s.ended),
		"error": errorValue(s.err), "url": s.start.URL,
		"organisation": map[string]any{"id": s.start.Org["id"], "slug": s.start.Org["slug"], "name": s.start.Org["name"]},
		"started_at":   s.start.At.UTC().Format(time.RFC3339Nano), "finished_at": s.now.UTC().Format(time.RFC3339Nano),
	}
	cmd := StartHandler{Workflow: s.wf.OnFailure.Workflow, FailedRun: facts}
	names := s.names(&scope{}).set("failed_run", facts)
	with, err := s.evalMap(s.wf.OnFailure.With, names)
	if err == nil {
		err = refuseSecrets(with, "handed to on_failure")
	}
	if err != nil {
		cmd.Error = fault.From(err)
	}
	cmd.With = with
	return cmd
}
