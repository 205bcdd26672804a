package engine

import (
	"context"
	"errors"

	"gantry/engine/flow"
	"gantry/fault"
)

// Cancel asks a run to end as soon as what is running can be left; one that waits to begin ends at once. A
// run that has ended stays as it is. Cancel, Pause and Unpause return when the request is on disk; those who
// watch a run must not call them from there.
func (e *Engine) Cancel(id, reason string) error {
	return e.tell(id, flow.CancelRequested{At: e.Now(), Reason: reason})
}

// Pause asks a run to start nothing new until Unpause. One that waits to begin does not begin until then.
func (e *Engine) Pause(id string) error { return e.tell(id, flow.PauseRequested{At: e.Now()}) }

// Unpause ends a pause.
func (e *Engine) Unpause(id string) error { return e.tell(id, flow.ResumeRequested{At: e.Now()}) }

// tell returns when the event is on disk.
func (e *Engine) tell(id string, event flow.Event) error {
	for {
		s := e.admission.find(id) // first: a run that begins is active before it leaves the queue
		r := e.find(id)
		switch {
		case r != nil:
			kept := make(chan error, 1)
			r.inbox.put(message{event: event, kept: func(err error) { kept <- err }})
			if err := <-kept; !errors.Is(err, errGone) {
				return err
			}
			return errNotActive(id)
		case s == nil:
			return errNotActive(id)
		}
		moved := e.admission.next(s)
		if done, err := e.tellQueued(s, event); done {
			return err
		}
		<-moved // it is being begun, or kept
		e.moment("told", id, noUnit)
	}
}

func errNotActive(id string) error {
	return fault.New(fault.Missing, "run %s is not active", id).WithHint("`gantry runs show %s` tells how it ended", id)
}

// tellQueued tells a run that waits to begin; done is false if it is being begun.
func (e *Engine) tellQueued(s *seat, event flow.Event) (done bool, err error) {
	ctx := context.Background() // a short write
	if resumed, ok := event.(flow.ResumeRequested); ok {
		return true, e.unpauseQueued(ctx, s, resumed)
	}
	if !e.admission.setAside(s) {
		return false, nil
	}
	if cancel, ok := event.(flow.CancelRequested); ok {
		if err := e.endQueued(ctx, s.run, flow.Cancelled, cancelledFault(cancel.Reason)); err != nil && fault.From(err).Code == fault.Conflict {
			e.admission.drop(s)
			return false, nil // somebody else has ended it
		} else if err != nil {
			e.admission.again(s)
			return true, err
		}
		e.admission.drop(s)
		e.stir()
		return true, nil
	}
	e.admission.pause(s, true)
	defer e.stir()
	err = e.History.PauseQueued(ctx, s.run, true)
	e.moment("told", s.run, noUnit)
	if err != nil {
		e.admission.pause(s, false)
		e.admission.again(s)
		return true, err
	}
	e.announceRow(ctx, s)
	return true, nil
}

func (e *Engine) unpauseQueued(ctx context.Context, s *seat, _ flow.ResumeRequested) error {
	if !e.admission.isPaused(s) {
		return nil
	}
	err := e.History.PauseQueued(ctx, s.run, false)
	e.moment("told", s.run, noUnit)
	if err != nil {
		return err
	}
	e.admission.pause(s, false)
	e.announceRow(ctx, s)
	e.admission.again(s)
	return nil
}

// announceRow tells of a run that waits what its row says now. Of its end tells who ended it.
func (e *Engine) announceRow(ctx context.Context, s *seat) {
	if row, err := e.History.Get(ctx, s.run); err == nil && !row.Status.Ended() {
		e.announce(s, updateOf(row))
	}
}

func cancelledFault(reason string) *fault.Error {
	f := fault.New(fault.Cancelled, "the run was cancelled before it began")
	if reason != "" {
		f.Message += ": " + reason
	}
	return f
}

// Wait returns when the run has ended and that is on disk, with how it ended. One that waits to begin is
// waited for.
func (e *Engine) Wait(ctx context.Context, id string) (flow.Status, error) {
	for {
		s := e.admission.find(id) // first, as in tell
		r := e.find(id)
		switch {
		case r != nil:
			return r.wait(ctx)
		case s == nil:
			return e.endedStatus(ctx, id)
		}
		moved := e.admission.next(s)
		select {
		case <-moved:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (r *run) wait(ctx context.Context) (flow.Status, error) {
	select {
	case <-r.done:
		if r.broken != nil {
			return "", r.broken
		}
		return r.final, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (e *Engine) endedStatus(ctx context.Context, id string) (flow.Status, error) {
	run, err := e.History.Get(ctx, id)
	if err != nil {
		return "", err
	}
	if !run.Status.Ended() {
		return "", e.leftUnfinished(id)
	}
	return run.Status, nil
}
