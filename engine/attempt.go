package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fair"
	"gantry/fault"
	"gantry/orgs"
)

// cancelGrace is how long a write that is under way may go on after its run was cancelled.
const cancelGrace = 10 * time.Second

var (
	errWithdrawn  = errors.New("withdrawn")
	errCancelled  = errors.New("cancelled")
	errRunTimeout = errors.New("the run's time was up")
)

// attempt is one attempt under way: an action's, or a sub-workflow's run.
type attempt struct {
	run     *run
	command flow.StartAttempt
	ctx     context.Context
	cancel  func()
	stop    context.CancelCauseFunc
	claimed atomic.Bool // whoever claims it first decides: goOut, to carry it out, or stopAttempt, to leave it
	writes  bool        // known once it has begun
	first   bool        // asked for in the run's first turn, or the one that reopens it, which is not on disk yet
	child   *run        // the sub-workflow's run that it waits for; nil for an action
	look    int         // it only looks whether the attempt's write was done, for this many times; 0: it does not
	began   time.Time   // of a look: when the attempt began that it is about
}

func (r *run) newAttempt(c flow.StartAttempt) *attempt {
	ctx, stop := context.WithCancelCause(r.engine.halt)
	a := &attempt{run: r, command: c, ctx: ctx, stop: stop, cancel: func() { stop(nil) }}
	r.attempts[c.Unit] = a
	r.working++
	return a
}

// forget lets go of an attempt that is over.
func (r *run) forget(id flow.Unit, a *attempt) {
	delete(r.attempts, id)
	if a.child == nil {
		r.working--
	}
}

// startAttempt begins an attempt. What can be answered without leaving the process is answered at once.
func (r *run) startAttempt(c flow.StartAttempt) []message {
	now := r.engine.Now().UTC()
	started := message{event: flow.AttemptStarted{At: now, Unit: c.Unit}}
	switch {
	case c.Mock != nil:
		return []message{started, {event: flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: *c.Mock}}}
	case c.Task.SubWorkflow != "":
		return r.startSubrun(c)
	case c.Task.Action.Instant():
		return []message{started, r.perform(r.engine.halt, c)}
	}
	a := r.newAttempt(c)
	a.first = r.atFirst()
	place := r.engine.slots.LineUp(r.org.ID)
	if place == nil {
		m, begun := a.begin()
		if !begun {
			return nil
		}
		a.goAhead(m) // an answer waits in the inbox until this turn is over
		return []message{m}
	}
	a.queue(place, func() {
		if m, begun := a.begin(); begun {
			r.inbox.put(m)
			a.goAhead(m) // after that: the answer must not overtake it
		}
	}, a.leave)
	return nil
}

// queue waits at a place before the workers, taken in the run's goroutine so that attempts keep their order, and then
// begins, or leaves because the run is ending. When the process ends it does neither: the attempt stays unbegun.
func (a *attempt) queue(place *fair.Ticket, begin, leave func()) {
	e := a.run.engine
	e.work.Go(func() {
		ctx, stop := context.WithCancel(a.ctx)
		defer stop()
		defer context.AfterFunc(e.intake, stop)()
		err := place.Wait(ctx)
		e.moment("worker", a.run.id, a.command.Unit)
		switch {
		case err == nil:
			begin()
		case e.intake.Err() == nil:
			leave()
		}
	})
}

func (a *attempt) claim() bool { return a.claimed.CompareAndSwap(false, true) }

// leave answers for an attempt that is not carried out. When the process ends nobody decides that here.
func (a *attempt) leave() {
	if a.run.engine.halt.Err() == nil {
		a.run.post(flow.AttemptEnded{At: a.run.engine.Now().UTC(), Unit: a.command.Unit, Outcome: a.neverBegun()})
	}
}

func (a *attempt) neverBegun() flow.Outcome {
	if errors.Is(context.Cause(a.ctx), errRunTimeout) {
		return flow.Outcome{TimedOut: true, Repeatable: true, Error: fault.New(fault.Timeout, "the run's time was up before this began")}
	}
	return flow.Outcome{Cancelled: true, Repeatable: true, Error: fault.New(fault.Cancelled, "not carried out: the run was ending")}
}

// begin makes the event that the attempt has left the queue, unless nothing new begins any more. A write goes
// out when the event is on disk, so that after a crash nobody takes it for not begun.
func (a *attempt) begin() (m message, begun bool) {
	a.writes = a.command.Task.Action.EffectFor(a.command.With) != actions.Read
	if !a.run.engine.outside.begin(a.writes) {
		a.run.engine.slots.Leave(a.run.org.ID)
		return m, false
	}
	m.event = flow.AttemptStarted{At: a.run.engine.Now().UTC(), Unit: a.command.Unit}
	if a.first || a.writes {
		m.kept = a.goOut
	}
	return m, true
}

// over gives the worker free.
func (a *attempt) over() {
	a.run.engine.slots.Leave(a.run.org.ID)
	a.run.engine.outside.end(a.writes)
}

// goAhead lets a read go out at once, once its run exists on disk.
func (a *attempt) goAhead(begun message) {
	if begun.kept == nil {
		a.goOut(nil)
	}
}

// goOut carries the attempt out, unless its beginning could not be kept, and gives the worker free.
func (a *attempt) goOut(notKept error) {
	e := a.run.engine
	if notKept != nil {
		a.over()
		return
	}
	if !a.claim() {
		a.over()
		a.leave()
		return
	}
	e.work.Go(func() {
		defer a.over()
		e.moment("attempt", a.run.id, a.command.Unit)
		if a.writes {
			failpoint.Hit("engine.before-write")
		} else {
			failpoint.Hit("engine.before-read")
		}
		m := a.run.perform(a.ctx, a.command)
		failpoint.Hit("engine.answered")
		if e.halt.Err() != nil {
			m = a.whenHalted(m)
		}
		if m.event != nil {
			a.run.inbox.put(m)
		}
	})
}

// perform carries out one attempt of an action and gives the event of its end.
func (r *run) perform(ctx context.Context, c flow.StartAttempt) (m message) {
	defer func() {
		if p := recover(); p != nil {
			m = r.panickedAt(c, p)
		}
	}()
	out, records := r.call(ctx, c)
	switch cause := context.Cause(ctx); {
	case out.Error == nil || out.Unknown:
	case errors.Is(cause, errCancelled):
		out.Cancelled, out.TimedOut = true, false
		out.Error = fault.New(fault.Cancelled, "cut off: the run was cancelled")
	case errors.Is(cause, errRunTimeout):
		out.TimedOut = true
		out.Error = fault.New(fault.Timeout, "cut off: the run's time was up")
	}
	r.bound(&out.Outcome)
	now := r.engine.Now().UTC()
	if out.wait != nil {
		return message{event: flow.AttemptWaits{At: now, Unit: c.Unit, Until: out.wait.Until.UTC(), Awaits: out.wait.For, Result: out.Result}, requests: requestsOf(c, records)}
	}
	return message{event: flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: out.Outcome}, requests: requestsOf(c, records)}
}

// answer is an action's outcome as the state machine takes it; wait says that it is not over.
type answer struct {
	flow.Outcome
	wait *actions.Wait
}

func (r *run) call(ctx context.Context, c flow.StartAttempt) (answer, []actions.RequestRecord) {
	action := c.Task.Action
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	call, err := r.prepare(ctx, c)
	if err != nil {
		return answer{Outcome: refused(err)}, nil
	}
	out := r.engine.Actions.Execute(ctx, *call)
	return answer{Outcome: outcomeOf(out, action, c.With), wait: out.Wait}, out.Requests
}

// findOrganisation looks up the organisation that a task acts for: the run's own, or a descendant of it.
// What is not below the run's is answered as what does not exist, so that nobody learns of other clients.
func (r *run) findOrganisation(c flow.FindOrganisation) flow.OrganisationFound {
	ctx := context.Background() // short reads of the local database
	found := flow.OrganisationFound{At: r.engine.Now().UTC(), Unit: c.Unit, Name: c.Name}
	org, err := r.engine.Organisations.BySlug(ctx, c.Name)
	below := false
	if err == nil {
		below, err = r.engine.Organisations.IsDescendant(ctx, r.org.ID, org.ID)
	}
	switch {
	case err != nil && fault.From(err).Code != fault.Missing:
		found.Error = fault.From(err)
	case err != nil || !below && org.ID != r.org.ID:
		found.Error = fault.New(fault.Tenant, "a run of %s cannot act for %q: it is neither this organisation nor one below it", r.org.Name, c.Name).
			WithHint("`org` takes the slug of the run's own organisation or of one below it")
	default:
		if err := r.engine.Organisations.CheckRuns(ctx, org.ID); err != nil && org.ID != r.org.ID {
			found.Error = fault.From(err)
			return found
		}
		facts, err := r.engine.Organisations.Facts(ctx, org.ID)
		if err != nil {
			found.Error = fault.From(err)
			return found
		}
		found.Org = r.wf.Catalogue.Organisation(facts)
	}
	return found
}

// refused is the outcome of an attempt that could not be made.
func refused(err error) flow.Outcome {
	out := flow.Outcome{Error: fault.From(err), Repeatable: true}
	if e, ok := errors.AsType[*orgs.ResolveError](err); ok {
		out.FailRun = e.FailRun
	}
	return out
}

func outcomeOf(out actions.Outcome, action *actions.Action, with map[string]any) flow.Outcome {
	o := flow.Outcome{Result: out.Result, Error: out.Err, Unknown: out.Unknown, TimedOut: out.TimedOut}
	o.Verifiable = out.Unknown && action.Verifies(with)
	if out.Err != nil {
		o.Passing, o.RetryAfter = out.Err.Passing, out.Err.RetryAfter
		o.Repeatable = out.NotDone || out.Err.Code == fault.RateLimited || action.SafeToRepeat(with)
	}
	return o
}

func requestsOf(c flow.StartAttempt, records []actions.RequestRecord) []history.RequestOf {
	out := make([]history.RequestOf, len(records))
	for i, rec := range records {
		out[i] = history.RequestOf{Unit: c.Unit, Seq: i, Request: requestOf(c, rec)}
	}
	return out
}

// stopAttempt ends an attempt early, as hard as the command says.
func (r *run) stopAttempt(c flow.StopAttempt) []message {
	a, ok := r.attempts[c.Unit]
	switch {
	case !ok:
	case a.child != nil:
		if c.Why != flow.Withdrawn {
			a.child.post(flow.CancelRequested{At: r.engine.Now().UTC(), Reason: "the run that called it was ending", AtOnce: c.Why == flow.RunTimeout})
		}
	case a.claim():
		a.stop(map[flow.StopReason]error{flow.Withdrawn: errWithdrawn, flow.RunCancel: errCancelled, flow.RunTimeout: errRunTimeout}[c.Why])
	case c.Why == flow.RunTimeout:
		a.stop(errRunTimeout)
	case c.Why == flow.RunCancel && (a.look > 0 || a.command.Task.Action.EffectFor(a.command.With) == actions.Read):
		a.stop(errCancelled)
	case c.Why == flow.RunCancel:
		time.AfterFunc(cancelGrace, func() {
			r.engine.moment("grace", r.id, c.Unit)
			a.stop(errCancelled)
		})
	}
	return nil
}
