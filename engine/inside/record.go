package inside

import (
	"slices"
	"time"

	"gantry/engine/flow"
	"gantry/expr"
	"gantry/schema"
)

// event records what an event says by itself.
func (r *recorder) event(seq int, event flow.Event) {
	switch ev := event.(type) {
	case flow.AttemptStarted:
		if u := r.unit(ev.Unit); u.attempt == nil || u.attempt.FinishedAt != nil { // else a restart made it once more
			r.begin(u, seq, ev.At, ev.Subrun)
		}
	case flow.AttemptPutBack:
		r.putBack(r.unit(ev.Unit))
	case flow.AttemptWaits:
		r.waits(seq, ev)
	case flow.AttemptEnded:
		u := r.unit(ev.Unit)
		r.finish(u, ev.At, ev.Outcome.Status(), ev.Outcome.Error)
		if !r.beside && lost(ev) {
			r.beginWait(u, seq, Wait{Kind: Verify, From: ev.At})
		}
	case flow.Answered:
		if u := r.units[ev.Unit]; u != nil && u.wait != nil && (u.wait.Kind == Answer || u.wait.Kind == Webhook) {
			u.wait.By = ev.By
			r.finish(u, ev.At, flow.Succeeded, nil)
		}
	case flow.AttemptVerified:
		r.verified(ev)
	case flow.Resolved:
		r.settled(r.units[ev.Unit], ev.Done)
	case flow.TimerFired:
		r.fired(seq, ev)
	case flow.Reopened:
		r.close(ev.At)
	}
}

// putBack takes an attempt back that was never made.
func (r *recorder) putBack(u *unit) {
	r.idle(u)
	u.back, u.wait = true, nil
	for i := len(r.out.Attempts) - 1; i >= 0; i-- {
		if r.out.Attempts[i] == u.attempt {
			r.out.Attempts = append(r.out.Attempts[:i], r.out.Attempts[i+1:]...)
			break
		}
	}
	u.attempt = nil
}

func (r *recorder) waits(seq int, ev flow.AttemptWaits) {
	u := r.unit(ev.Unit)
	w := Wait{Kind: Delay, From: ev.At}
	if ev.Awaits != "" {
		w.Kind = ev.Awaits
	}
	if !ev.Until.IsZero() {
		w.Until = &ev.Until
	}
	if u.attempt != nil && u.attempt.FinishedAt == nil {
		u.attempt.Status = flow.Waiting
	}
	r.beginWait(u, seq, w)
}

func (r *recorder) verified(ev flow.AttemptVerified) {
	u := r.units[ev.Unit]
	if u == nil || u.wait == nil || u.wait.Kind != Verify || ev.Verdict != flow.Done && ev.Verdict != flow.NotDone {
		return
	}
	r.endWait(u, ev.At)
	r.idle(u)
	r.settled(u, ev.Verdict == flow.Done)
}

// settled says how an attempt ended of which that was not known.
func (r *recorder) settled(u *unit, done bool) {
	switch {
	case u == nil || u.attempt == nil || u.attempt.Status != flow.Unknown:
	case done:
		u.attempt.Status, u.attempt.Error, u.again = flow.Succeeded, nil, false
	default:
		u.attempt.Status = flow.Failed
	}
}

func (r *recorder) fired(seq int, ev flow.TimerFired) {
	u := r.units[ev.Unit]
	switch {
	case u == nil:
	case u.wait == nil && u.again && !r.beside: // nothing but the timer tells that it had waited
		r.beginWait(u, seq, Wait{Kind: Retry, From: u.ended})
		r.endWait(u, ev.At)
		r.idle(u)
		u.again = false
	case u.wait == nil, u.wait.Kind == Verify: // now it is looked
	case u.wait.Kind == Retry:
		r.endWait(u, ev.At)
		r.idle(u)
	case u.wait.Kind == Delay && (u.wait.Until == nil || !ev.At.Before(*u.wait.Until)):
		r.finish(u, ev.At, flow.Succeeded, nil)
	default:
		r.finish(u, ev.At, flow.TimedOut, nil)
	}
}

// lost tells that an attempt has ended of which it can be found out whether its write was done.
func lost(ev flow.AttemptEnded) bool { return ev.Outcome.Unknown && ev.Outcome.Verifiable }

// step records an event with what the state machine made of it.
func (r *recorder) step(s step) {
	r.beside = true
	at := s.Event.When()
	changed := s.state.TakeChanged()
	for _, e := range changed {
		r.names[e.ID] = named{e.Task.Name, e.Instance}
	}
	r.event(s.Seq, s.Event)
	over := false
	for _, c := range s.commands {
		switch c := c.(type) {
		case flow.SetTimer:
			r.timed(s, c)
		case flow.ClearTimer:
			if u := r.units[c.Unit]; u != nil && u.wait != nil && s.state.UnitStatus(c.Unit).Ended() {
				r.ended(s.state, u, at)
			}
		case flow.Finish:
			over = true
		}
	}
	for _, e := range changed {
		r.changed(s, e)
	}
	if over {
		r.close(at)
	}
}

// timed notes until when a unit waits: for another attempt, or to look what became of one, where no event says that it
// waits.
func (r *recorder) timed(s step, c flow.SetTimer) {
	u := r.unit(c.Unit)
	if u.wait == nil {
		w := Wait{Kind: Retry, From: s.Event.When()}
		if ev, ended := s.Event.(flow.AttemptEnded); ended && lost(ev) {
			w.Kind = Verify
		}
		r.beginWait(u, s.Seq, w)
	}
	u.wait.Until = &c.At
}

// changed records what became of an execution.
func (r *recorder) changed(s step, e *flow.Execution) {
	at := s.Event.When()
	if e.Status.Ended() || e.Task.ForEach == nil {
		for _, u := range r.open[e.ID] {
			if s.state.UnitStatus(u.id).Ended() {
				r.ended(s.state, u, at)
			}
		}
	}
	r.leaves(s.Seq, e)
	if len(e.Published) == 0 || r.said[e.ID] == &e.Published[0] {
		return
	}
	fresh := e.Published // all at once, when its transitions are evaluated
	r.said[e.ID] = &fresh[0]
	for len(fresh) > 0 {
		n := 1
		for n < len(fresh) && fresh[n].Transition == fresh[0].Transition {
			n++
		}
		r.publish(s.Seq, at, e, fresh[:n])
		fresh = fresh[n:]
	}
}

// ended ends what is left of a unit as the state machine has it.
func (r *recorder) ended(state *flow.State, u *unit, at time.Time) {
	e := state.Executions()[u.id.Exec]
	err := e.Error
	if u.id.Item != flow.NoItem {
		err = e.UnheardItems()[u.id.Item].Error
	}
	r.cutOff(u, at, state.UnitStatus(u.id), err)
}

// leaves notes which transitions an execution was left by: once, until it is run anew.
func (r *recorder) leaves(seq int, e *flow.Execution) {
	if len(e.Taken) == 0 || r.left[e.ID] == &e.Taken[0] {
		return
	}
	r.left[e.ID] = &e.Taken[0]
	if of := r.of(seq, flow.Unit{Exec: e.ID, Item: flow.NoItem}); r.takes(of) {
		r.out.Taken = append(r.out.Taken, &Taken{of, slices.Clone(e.Taken)})
	}
}

func (r *recorder) publish(seq int, at time.Time, e *flow.Execution, values []flow.Publication) {
	entry := &Publication{Of: r.of(seq, flow.Unit{Exec: e.ID, Item: flow.NoItem}), At: at, Transition: values[0].Transition, Values: map[string]any{}}
	if !r.takes(entry.Of) {
		return
	}
	for _, t := range e.Task.Next {
		if t.Index == entry.Transition {
			entry.Label = t.Label
		}
	}
	r.out.Published = append(r.out.Published, entry)
	r.shown = append(r.shown, published{entry, e.Task, values})
}

// fill gives a publication its values, without what is hidden and what is too large.
func (p published) fill(hide *hiding, left *int) {
	for _, v := range p.named {
		value := v.Value
		if hide.knows(hide.paths, "ctx", v.Name) && value != nil {
			value = masked
		}
		value = hide.redactor.Data(expr.Masked(value))
		size := schema.Size(value, largestValues)
		if size <= min(largestValue, *left) {
			*left -= size
			p.entry.Values[v.Name] = value
			continue
		}
		if p.entry.Large == nil {
			p.entry.Large = map[string]int{}
		}
		p.entry.Large[v.Name] = size
	}
}
