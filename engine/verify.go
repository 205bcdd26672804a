package engine

import (
	"context"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/failpoint"
	"gantry/fault"
)

// verifyAttempt looks whether an attempt's write was done. A look is a read: it waits for a free worker as an
// attempt does, and one that the end of the process cuts off is asked for again by whoever takes the run up.
func (r *run) verifyAttempt(c flow.VerifyAttempt) {
	a := r.newAttempt(flow.StartAttempt{Unit: c.Unit, Task: c.Task, Instance: c.Instance, Attempt: c.Attempt, With: c.With, Org: c.Org})
	a.look, a.began = c.Try, c.Began
	place := r.engine.slots.LineUp(r.org.ID)
	if place == nil {
		a.goLook()
		return
	}
	a.queue(place, a.goLook, func() { r.post(notLooked(r.engine.Now().UTC(), c.Unit)) })
}

// goLook looks with the worker that was taken, and gives it free.
func (a *attempt) goLook() {
	e := a.run.engine
	if !e.outside.begin(false) {
		e.slots.Leave(a.run.org.ID)
		return
	}
	if !a.claim() {
		a.over()
		if e.halt.Err() == nil {
			a.run.post(notLooked(e.Now().UTC(), a.command.Unit))
		}
		return
	}
	e.work.Go(func() {
		defer a.over()
		e.moment("look", a.run.id, a.command.Unit)
		failpoint.Hit("engine.before-look")
		m := a.run.look(a.ctx, a)
		failpoint.Hit("engine.looked")
		if verified := m.event.(flow.AttemptVerified); e.halt.Err() == nil || verified.Verdict != flow.Unsure {
			a.run.inbox.put(m)
		}
	})
}

// notLooked is the answer where nobody looks because the run is ending.
func notLooked(at time.Time, unit flow.Unit) flow.AttemptVerified {
	return flow.AttemptVerified{At: at, Unit: unit, Verdict: flow.Unsure,
		Error: fault.New(fault.UnknownOutcome, "nobody looked whether it was done: the run was ending")}
}

// look carries one look out and gives the event of its end.
func (r *run) look(ctx context.Context, a *attempt) (m message) {
	c := a.command
	defer func() {
		if p := recover(); p != nil {
			m = message{event: r.verdict(c, actions.Verification{Err: fault.From(r.engine.panicked(p, "task %s of run %s", c.Task.Name, r.id))})}
		}
	}()
	limit := c.Task.Timeout
	if limit == 0 {
		limit = workflow.DefaultTaskTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	call, err := r.prepare(ctx, c)
	if err != nil {
		return message{event: r.verdict(c, actions.Verification{Err: fault.From(err)})}
	}
	call.Began = a.began
	out := r.engine.Actions.Verify(ctx, *call)
	m = message{event: r.verdict(c, out), requests: requestsOf(c, out.Requests)}
	for i := range m.requests {
		m.requests[i].Seq += a.look * looksFrom
	}
	return m
}

// looksFrom keeps the requests of looks behind those of the attempt itself, which are fewer.
const looksFrom = 1000

func (r *run) verdict(c flow.StartAttempt, v actions.Verification) flow.AttemptVerified {
	out := flow.Outcome{Result: v.Result}
	r.bound(&out)
	ev := flow.AttemptVerified{At: r.engine.Now().UTC(), Unit: c.Unit, Verdict: flow.Unsure, Result: out.Result, Error: v.Err}
	switch v.Verdict {
	case actions.Done:
		ev.Verdict = flow.Done
		if out.Error != nil {
			ev.Verdict, ev.Error = flow.Unsure, out.Error
		}
	case actions.NotDone:
		ev.Verdict = flow.NotDone
	}
	return ev
}
