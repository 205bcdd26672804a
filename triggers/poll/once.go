package poll

import (
	"context"
	"errors"
	"time"

	"gantry/engine/workflow"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

// Bounds of one poll.
const (
	maxRequests = 40     // lists that are asked for
	maxPart     = 20_000 // entries of one list, where so many have the same cursor
	maxTime     = 10 * time.Minute
)

// job is one poll under way.
type job struct {
	*asker
	target target
	active *triggers.Active
	org    orgs.Organisation
	st     state
}

// result is how a poll ended.
type result struct {
	found int // events that were made
	more  bool
	err   *fault.Error
	left  bool // the organisation was not asked for at all
}

// poll asks once for an organisation, and hands in what is new.
func (p *Poller) poll(whole context.Context, a *triggers.Active, org orgs.Organisation, t target) (r result) {
	ctx, cancel := context.WithTimeout(whole, maxTime)
	defer cancel()
	st, _, err := load(ctx, p.Store, t)
	if err != nil {
		return result{err: fault.From(err)}
	}
	k, err := p.asker(ctx, a, org)
	if err != nil {
		_, left := errors.AsType[errLeftOut](err)
		r = result{err: fault.From(err), left: left}
		p.failed(whole, t, &st, r, a.Trigger.Poll)
		return r
	}
	if st.Basis != k.basis {
		st = fresh(k.basis, st.Failures)
		st.Started = a.Trigger.Poll.All
	}
	gate := p.gates.of(k.instance)
	if gate.Acquire(ctx, 1) != nil {
		return result{}
	}
	defer gate.Release(1)
	if p.all.Acquire(ctx, 1) != nil {
		return result{}
	}
	defer p.all.Release(1)
	j := &job{asker: k, target: t, active: a, org: org, st: st}
	if r, err = j.run(ctx); err != nil {
		r.err = fault.From(err)
		p.failed(whole, t, &j.st, r, a.Trigger.Poll)
	}
	return r
}

// run reads part after part until there is nothing left, or the poll has done its share.
func (j *job) run(ctx context.Context) (r result, err error) {
	if err := j.begin(ctx); err != nil {
		return r, err
	}
	from, at, size := j.st.cursor(), j.st.Floor, max(j.page, 1)
	for range maxRequests {
		rows, full, err := j.ask(ctx, from, size, nil)
		if err != nil {
			return r, err
		}
		all, note, err := read(j.poll, rows)
		if err == nil && full {
			err = j.inParts(all)
		}
		if err != nil {
			return r, err
		}
		all = inOrder(all)
		made, cut, err := j.keep(ctx, all, note, full, j.poll.Limit-r.found)
		r.found += made
		switch {
		case err != nil || !full && !cut:
			return r, err
		case cut || r.found >= j.poll.Limit:
			r.more = true
			return r, nil
		}
		if last := all[len(all)-1]; last.point > at {
			from, at = last.cursor, last.point
		} else if size *= 2; size > maxPart {
			return r, fault.New(fault.TooLarge, "more than %d entities have the same %s, %v", maxPart, j.poll.Cursor, last.cursor).
				WithHint("choose a cursor that tells them apart, or filter them with `with`")
		}
	}
	r.more = true
	return r, nil
}

// begin finds where a first poll has to go on from, when the newest entity can be asked for.
func (j *job) begin(ctx context.Context) error {
	if j.st.Started || j.st.Point != "" || j.poll.Newest == nil || j.poll.Cursor == "" {
		return nil
	}
	rows, _, err := j.ask(ctx, nil, max(j.page, 1), j.poll.Newest)
	if err != nil {
		return err
	}
	all, _, err := read(j.poll, rows)
	if err != nil {
		return err
	}
	ahead := timePoint(j.Now().Add(aheadOfUs))
	var newest *entity
	for i, e := range all {
		if (e.point[0] != 't' || e.point <= ahead) && (newest == nil || e.point > newest.point) {
			newest = &all[i]
		}
	}
	if newest == nil {
		return nil
	}
	return j.st.moveTo(*newest, j.poll.Late)
}

// inParts makes sure that nothing is passed over where a list was cut off.
func (j *job) inParts(all []entity) error {
	switch {
	case j.poll.Cursor == "":
		return fault.New(fault.TooLarge, "%s gives more entities than are read at once", j.poll.Action.ID).
			WithHint("say by which field new ones are asked for: cursor, and with: {…: \"${{ cursor }}\"}")
	case len(all) == 0 || !ascending(all):
		return fault.New(fault.InvalidResult, "%s does not give its entities in the order of %s, so that some could be passed over", j.poll.Action.ID, j.poll.Cursor).
			WithHint("let it order them by %s, the oldest first, with an input of `with`", j.poll.Cursor)
	}
	return nil
}

// keep hands in what is new, together with where to go on from.
func (j *job) keep(ctx context.Context, all []entity, note string, full bool, room int) (made int, cut bool, err error) {
	keys := make([]string, len(all))
	for i, e := range all {
		keys[i] = e.key
	}
	there, err := known(ctx, j.Store, j.st.ID, keys)
	if err != nil {
		return 0, false, err
	}
	failpoint.Hit("poll.asked")
	next, now := j.st, j.Now()
	s, err := next.take(j.poll, all, there, room, now)
	if err != nil {
		return 0, false, err
	}
	if j.poll.Cursor == "" {
		for i := range s.learnt {
			s.learnt[i].Point = timePoint(now)
		}
	}
	if !full {
		next.Started = true
	}
	next.Note, next.Error, next.Failures, next.NextAt = note, "", 0, 0
	if next == j.st && len(s.learnt) == 0 && next.ID != 0 {
		return 0, s.cut, nil // nothing to write
	}
	_, err = j.Triggers.Accept(ctx, j.events(s.events), func(tx *store.Tx) error {
		failpoint.Hit("poll.cursor")
		return next.write(tx, j, s.learnt, keys, now)
	})
	if err != nil {
		return 0, false, err
	}
	failpoint.Hit("poll.kept")
	j.st = next
	return len(s.events), s.cut, nil
}

// write keeps the state and what was learnt.
func (st *state) write(tx *store.Tx, j *job, learnt []seen, listed []string, now time.Time) error {
	if err := st.keep(tx, j.target, now); err != nil {
		return err
	}
	if len(learnt) == 0 {
		return nil
	}
	if err := note(tx, st.ID, learnt); err != nil {
		return err
	}
	if j.poll.Cursor == "" {
		return st.pruneUnlisted(tx, listed)
	}
	floor := st.Floor
	if err := st.prune(tx); err != nil || st.Floor == floor {
		return err
	}
	return st.keep(tx, j.target, now)
}

func (j *job) events(all []entity) []triggers.Event {
	events := make([]triggers.Event, len(all))
	for i, e := range all {
		once := j.instance + "/" + e.key
		if e.mark != "" {
			once += "@" + string(e.mark)
		}
		events[i] = triggers.Event{Key: j.target.Key, Type: Type, OrganisationID: j.target.organisation, Once: once, Data: map[string]any{"entity": e.data}}
	}
	return events
}

// failed keeps why a poll failed, and until when to leave the other side alone. What was read stays as it was.
func (p *Poller) failed(ctx context.Context, t target, st *state, r result, of *workflow.Poll) {
	if ctx.Err() != nil {
		return // cut off: nobody knows whether it would have failed
	}
	now := p.Now()
	kept := *st
	kept.Error = encodeFault(r.err)
	if !r.left {
		kept.Failures++
		kept.NextAt = now.Add(pause(of.Every, kept.Failures, r.err)).UnixMicro()
	}
	if kept.Cursor == "" {
		kept.Cursor = "null"
	}
	if kept == *st {
		return
	}
	if err := p.Store.Write(ctx, func(tx *store.Tx) error { return kept.keep(tx, t, now) }); err != nil {
		p.Log.Error("why a poll failed could not be kept", "workflow", t.Workflow, "trigger", t.Trigger, "error", err)
		return
	}
	*st = kept
}
