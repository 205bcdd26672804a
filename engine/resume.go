package engine

import (
	"context"
	"slices"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
)

// pending is what a replayed run still has to do.
type pending struct {
	attempts []flow.StartAttempt // asked for and not answered
	children []*run              // sub-workflows' runs that attempts wait for
	lookups  []flow.FindOrganisation
	looks    []flow.VerifyAttempt // asked for and not answered
	begun    map[flow.Unit]flow.AttemptStarted
	timers   map[flow.Unit]time.Time
	deadline time.Time
	word     flow.Event // the last PauseRequested or ResumeRequested, nil: none
	// ending is what ends the run, where the last event does: one that was kept in the caller's turn, whose own was
	// never kept.
	ending []flow.Command
}

// reload rebuilds a run, and the runs that it waits for, from their histories. It has no effects, so that
// a run that cannot be rebuilt stays as it is.
//
// shared is the seat of the run that waits for it, nil if none does.
func (e *Engine) reload(ctx context.Context, id string, shared *seat) (r *run, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, e.panicked(p, "run %s", id)
		}
	}()
	log, err := e.History.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if log.Run.Status.Ended() {
		return nil, fault.New(fault.Exists, "run %s has ended: it %s", id, log.Run.Status).WithHint("`gantry runs show %s` tells more", id)
	}
	wf, err := e.beginning(ctx, log)
	if err != nil {
		return nil, err
	}
	return e.rebuild(ctx, log, wf, shared)
}

func (e *Engine) rebuild(ctx context.Context, log *history.Log, wf *workflow.Workflow, shared *seat) (*run, error) {
	org, err := e.Organisations.ByID(ctx, log.Run.OrganisationID)
	if err != nil {
		return nil, err
	}
	root, err := e.Organisations.Root(ctx)
	if err != nil {
		return nil, err
	}
	set, err := readSettings(log.Settings)
	if err != nil {
		return nil, err
	}
	r := e.makeRun(log.Run.ID, wf, org, root.ID, set)
	r.seq, r.lastSeen, r.about = len(log.Events), log.Run.Status, log.Run
	if r.seat, r.leads = shared, shared == nil; r.leads {
		r.seat = e.admission.newSeat(r.id, org.ID, set.Limits)
	}
	todo, err := replay(r.state, log.Events)
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "run %s cannot be rebuilt from its history: %s", r.id, err)
	}
	r.todo = todo
	for _, event := range log.Events {
		if reopened, ok := event.(flow.Reopened); ok {
			r.adopt(reopened)
		}
	}
	r.countKept(log.Events)
	if err := e.reattach(ctx, r); err != nil {
		return nil, err
	}
	if err := r.reawait(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// replay applies a run's events once more and gathers what is still to be done.
func replay(state *flow.State, events []flow.Event) (*pending, error) {
	p := &pending{begun: map[flow.Unit]flow.AttemptStarted{}, timers: map[flow.Unit]time.Time{}}
	for _, event := range events {
		state.TakeChanged()
		commands, err := state.Apply(event)
		if err != nil {
			return nil, err
		}
		p.answered(event)
		p.ending = nil
		for _, c := range commands {
			p.asked(c)
		}
	}
	if p.ending == nil { // else what the last event has changed is kept with the end
		state.TakeChanged()
	}
	return p, nil
}

func (p *pending) answered(event flow.Event) {
	switch ev := event.(type) {
	case flow.Reopened: // whatever was left of before has ended
		*p = pending{begun: map[flow.Unit]flow.AttemptStarted{}, timers: map[flow.Unit]time.Time{}}
	case flow.AttemptStarted:
		p.begun[ev.Unit] = ev
	case flow.AttemptEnded:
		p.drop(ev.Unit)
	case flow.AttemptWaits:
		p.drop(ev.Unit)
	case flow.AttemptPutBack:
		delete(p.begun, ev.Unit)
	case flow.AttemptVerified:
		p.looks = slices.DeleteFunc(p.looks, func(c flow.VerifyAttempt) bool { return c.Unit == ev.Unit })
	case flow.TimerFired:
		delete(p.timers, ev.Unit)
	case flow.PauseRequested, flow.ResumeRequested:
		p.word = ev
	case flow.OrganisationFound:
		p.lookups = slices.DeleteFunc(p.lookups, func(c flow.FindOrganisation) bool { return c.Unit == ev.Unit })
	}
}

func (p *pending) drop(id flow.Unit) {
	delete(p.begun, id)
	p.attempts = slices.DeleteFunc(p.attempts, func(c flow.StartAttempt) bool { return c.Unit == id })
}

func (p *pending) asked(c flow.Command) {
	switch c := c.(type) {
	case flow.StartAttempt:
		p.attempts = append(p.attempts, c)
	case flow.FindOrganisation:
		p.lookups = append(p.lookups, c)
	case flow.VerifyAttempt:
		p.looks = append(p.looks, c)
	case flow.SetTimer:
		p.timers[c.Unit] = c.At
	case flow.ClearTimer:
		delete(p.timers, c.Unit)
	case flow.SetDeadline:
		p.deadline = c.At
	case flow.Finish, flow.StartHandler:
		p.ending = append(p.ending, c)
	}
}

// reattach joins the tasks of a rebuilt run to the sub-workflows' runs that they wait for: those that are
// going on are rebuilt, those that have ended give their answers.
func (e *Engine) reattach(ctx context.Context, r *run) error {
	var open []flow.StartAttempt
	for _, c := range r.todo.attempts {
		id := r.todo.begun[c.Unit].Subrun
		if id == "" {
			open = append(open, c)
			continue
		}
		detail, err := e.History.Show(ctx, id)
		if err != nil {
			return err
		}
		if detail.Status.Ended() {
			out := subrunOutcome(detail.Workflow, id, detail.Status, detail.Outputs, detail.Error)
			r.bound(&out)
			r.post(flow.AttemptEnded{At: e.Now().UTC(), Unit: c.Unit, Outcome: out})
			continue
		}
		child, err := e.reload(ctx, id, r.seat)
		if err != nil {
			return err
		}
		r.await(child, c)
		r.remind(child)
		r.todo.children = append(r.todo.children, child)
	}
	r.todo.attempts = open
	return nil
}

// remind hands on a pause, or the end of one, of which the process that ended could not tell a
// sub-workflow's run any more. What that run was told since then by itself stands.
func (r *run) remind(child *run) {
	word, heard := r.todo.word, child.todo.word
	if word == nil || heard != nil && heard.When().After(word.When()) {
		return
	}
	now := r.engine.Now().UTC()
	switch paused := child.state.Status() == flow.Paused; word.(type) {
	case flow.PauseRequested:
		if !paused {
			child.post(flow.PauseRequested{At: now})
		}
	case flow.ResumeRequested:
		if paused {
			child.post(flow.ResumeRequested{At: now})
		}
	}
}

// wake sets a rebuilt run going.
func (e *Engine) wake(r *run) error {
	todo := r.todo
	for _, c := range todo.lookups {
		r.post(r.findOrganisation(c))
	}
	for _, c := range todo.attempts {
		_, begun := todo.begun[c.Unit]
		for _, m := range r.again(c, begun) {
			r.inbox.put(m)
		}
	}
	for _, c := range todo.looks {
		r.verifyAttempt(c)
	}
	for id, at := range todo.timers {
		r.setTimer(flow.SetTimer{Unit: id, At: at})
	}
	r.setDeadline(todo.deadline)
	if todo.ending != nil {
		r.inbox.put(message{carryOut: todo.ending})
	}
	return e.admit(r, e.wake)
}

// admit makes a rebuilt run active after the runs that it waits for.
func (e *Engine) admit(r *run, prepare func(*run) error) error {
	for _, child := range r.todo.children {
		if err := prepare(child); err != nil {
			r.release()
			return err
		}
	}
	r.todo = nil
	r.occupy(r.working > 0)
	if r.leads {
		e.admission.readmit(r.seat)
	}
	err := e.add(r)
	if err != nil {
		r.release()
		r.vacate()
		if r.leads {
			e.admission.leave(r.seat)
		}
	}
	return err
}

// again makes an attempt that was asked for. One that may have been made already is only repeated if that
// is safe.
func (r *run) again(c flow.StartAttempt, begun bool) []message {
	if begun && !r.repeatable(c) {
		return []message{{event: flow.AttemptEnded{At: r.engine.Now().UTC(), Unit: c.Unit, Outcome: unknownOutcome(c)}}}
	}
	return r.startAttempt(c)
}

func (r *run) repeatable(c flow.StartAttempt) bool {
	action := c.Task.Action
	return c.Mock != nil || action == nil || action.EffectFor(c.With) == actions.Read || action.SafeToRepeat(c.With)
}

func unknownOutcome(c flow.StartAttempt) flow.Outcome {
	return flow.Outcome{Unknown: true, Interrupted: true, Verifiable: c.Task.Action.Verifies(c.With), Error: fault.New(fault.UnknownOutcome, "the process ended while %s was under way: it may or may not have been done", c.Task.Action.ID).
		WithHint("look in the other system; the write is not repeated by itself")}
}
