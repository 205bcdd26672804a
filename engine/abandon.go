package engine

import (
	"context"

	"gantry/engine/flow"
	"gantry/fault"
)

// Abandon cancels a run that an earlier process left unfinished, without taking it up: nothing more is
// called. A write that was under way when that process ended becomes unknown.
func (e *Engine) Abandon(ctx context.Context, id, reason string) error {
	if e.find(id) != nil {
		return e.Cancel(id, reason)
	}
	r, err := e.reload(ctx, id)
	if err != nil {
		return err
	}
	return e.lay(ctx, r, reason)
}

// lay lets a rebuilt run end by itself: it is told of the cancel, and that its attempts are over.
func (e *Engine) lay(ctx context.Context, r *run, reason string) error {
	todo := r.todo
	r.todo = nil
	now := e.Now().UTC()
	r.post(flow.CancelRequested{At: now, Reason: reason})
	var children []*run
	for _, c := range todo.attempts {
		begun, was := todo.begun[c.Unit]
		if was && begun.Subrun != "" {
			child, err := e.reattach(ctx, r, c, begun.Subrun)
			if err != nil {
				return err
			}
			if child != nil {
				children = append(children, child)
			}
			continue
		}
		r.post(flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: r.leftBehind(c, was)})
	}
	if !e.add(r) {
		return errClosed()
	}
	for _, child := range children {
		if err := e.lay(ctx, child, reason); err != nil {
			return err
		}
	}
	return nil
}

// leftBehind is how an attempt ended that nobody will answer any more.
func (r *run) leftBehind(c flow.StartAttempt, begun bool) flow.Outcome {
	if begun && !r.repeatable(c) {
		return unknownOutcome(c)
	}
	return flow.Outcome{Cancelled: true, Repeatable: true, Error: fault.New(fault.Cancelled, "not carried out: the run was cancelled")}
}
