package engine

import (
	"context"

	"gantry/engine/flow"
	"gantry/fault"
)

// Abandon cancels a run that an earlier process left unfinished, without taking it up: nothing more is
// called. A write that was under way when that process ended becomes unknown.
func (e *Engine) Abandon(ctx context.Context, id, reason string) error {
	if e.find(id) != nil || e.admission.find(id) != nil {
		return e.Cancel(id, reason)
	}
	if w, err := e.History.QueuedRun(ctx, id); err != nil {
		return err
	} else if w != nil {
		if err := e.endQueued(ctx, id, flow.Cancelled, cancelledFault(reason)); err != nil {
			return err
		}
		return e.History.Release(ctx, id)
	}
	r, err := e.reload(ctx, id, nil)
	if err != nil {
		return err
	}
	if err := e.lay(r, reason); err != nil {
		return err
	}
	return e.History.Release(ctx, id)
}

// lay lets a rebuilt run end by itself: it is told of the cancel, and that its attempts are over.
func (e *Engine) lay(r *run, reason string) error {
	now := e.Now().UTC()
	r.post(flow.CancelRequested{At: now, Reason: reason})
	for _, c := range r.todo.attempts {
		_, begun := r.todo.begun[c.Unit]
		r.post(flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: r.leftBehind(c, begun)})
	}
	for _, c := range r.todo.looks {
		r.post(notLooked(now, c.Unit))
	}
	return e.admit(r, func(child *run) error { return e.lay(child, reason) })
}

// leftBehind is how an attempt ended that nobody will answer any more.
func (r *run) leftBehind(c flow.StartAttempt, begun bool) flow.Outcome {
	if begun && !r.repeatable(c) {
		return unknownOutcome(c)
	}
	return flow.Outcome{Cancelled: true, Repeatable: true, Error: fault.New(fault.Cancelled, "not carried out: the run was cancelled")}
}
