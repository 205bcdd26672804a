package engine

import (
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/store"
)

// turn gathers what one turn of a run has to keep.
type turn struct {
	run    *run
	entry  history.Entry
	more   []history.Entry // runs that this turn creates: kept together with it
	born   []*run          // they begin once they are kept
	kept   []func(error)
	finish *flow.Finish
	first  bool   // the run is not on disk yet, or waits there, or has ended there
	urgent bool   // not to be held
	update Update // for Observe
	waits  history.WaitChanges
}

func (r *run) newTurn() *turn {
	return &turn{run: r, entry: history.Entry{Run: r.id, Of: &r.about, FirstSeq: r.seq + 1}}
}

// redactOf gives the result paths that an execution's task redacts.
func (r *run) redactOf(exec int) []string {
	if execs := r.state.Executions(); exec < len(execs) {
		return execs[exec].Task.Redact
	}
	return nil
}

func (t *turn) take(m message) {
	if m.onDisk {
		return
	}
	t.entry.Events = append(t.entry.Events, m.event)
	t.entry.Requests = append(t.entry.Requests, m.requests...)
	if m.begins != nil {
		t.create(m.begins)
	}
	if m.kept != nil {
		t.kept = append(t.kept, m.kept)
	}
}

// keep writes the turn. Nobody waits here: what must not happen before it is on disk is in kept and born.
func (t *turn) keep() {
	r := t.run
	if r.redacts { // known now: the run may have been given another version in this turn
		t.entry.Redact = r.redactOf
	}
	changed := r.state.TakeChanged()
	r.seq += len(t.entry.Events)
	t.first = r.atFirst()
	t.entry.New, t.entry.Begins, t.entry.Reopens, t.entry.Also = r.fresh, r.begins, r.reopens, r.also
	r.fresh, r.begins, r.reopens, r.also = nil, false, nil, nil
	for _, e := range changed {
		t.entry.Tasks = append(t.entry.Tasks, history.TaskOf(e))
	}
	t.entry.State = t.runState()
	t.keepWaits()
	defer r.occupy(r.working > 0 && t.finish == nil) // after what it calls has taken room
	if len(t.entry.Events) == 0 && len(t.entry.Tasks) == 0 && t.entry.State == nil && len(t.more) == 0 && t.waits.Empty() {
		return
	}
	r.tell(changed)
	if r.engine.Observe != nil {
		t.update = r.update(changed)
		t.update.Requests = t.entry.Requests
	}
	if t.finish != nil && r.engine.Ended != nil {
		t.entry.Also = both(t.entry.Also, t.ending())
	}
	r.offered.Store(true)
	r.engine.work.Add(1) // Close waits for what is being written
	failpoint.Hit("engine.before-append")
	r.engine.History.Append(&r.log, append([]history.Entry{t.entry}, t.more...), t.committed)
	failpoint.Hit("engine.after-append")
}

// runState is what changes of the run's row; nil: nothing.
func (t *turn) runState() *history.RunState {
	r := t.run
	status := r.state.Status()
	if status == r.lastSeen && !t.first && t.finish == nil {
		return nil
	}
	r.lastSeen = status
	row := &history.RunState{Status: status, StartedAt: r.state.Started().At, FinishedAt: r.state.Ended()}
	if t.finish != nil {
		row.Error, row.Outputs, row.Saved = r.state.Error(), r.state.Outputs(), r.wf.TimeSaved
	}
	return row
}

// drop gives a turn up that is not to be kept.
func (t *turn) drop(err error) {
	for _, kept := range t.kept {
		kept(err)
	}
	for _, child := range t.born {
		child.vacate()
	}
}

// ending is the end of the run for who asked to be told of it in the same transaction.
func (t *turn) ending() func(*store.Tx) error {
	end := Ended{Run: t.run.about, Causes: t.run.set.Causes}
	row := t.entry.State
	end.Run.Status, end.Run.Outputs, end.Run.Error = row.Status, row.Outputs, row.Error
	end.Run.StartedAt, end.Run.FinishedAt = &row.StartedAt, &row.FinishedAt
	return func(tx *store.Tx) error { return t.run.engine.tellEnd(tx, end) }
}

func both(first, second func(*store.Tx) error) func(*store.Tx) error {
	if first == nil {
		return second
	}
	return func(tx *store.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		return second(tx)
	}
}

// committed runs in the writer's goroutine, in the order of the commits.
func (t *turn) committed(err error) {
	r := t.run
	defer r.engine.work.Done()
	defer func() {
		if p := recover(); p != nil {
			r.breakOff(r.engine.panicked(p, "run %s", r.id))
		}
	}()
	failpoint.Hit("engine.committed")
	r.answer(err)
	for _, kept := range t.kept {
		kept(err)
	}
	if err != nil {
		t.lost(err)
		return
	}
	for _, child := range t.born {
		failpoint.Hit("engine.child-begun")
		if r.engine.add(child) != nil { // closing: the child is in the history
			child.vacate()
		}
	}
	if t.finish != nil {
		r.end(t.finish)
	}
	t.publish()
}

// lost gives the run up, since a part of it could not be kept.
func (t *turn) lost(err error) {
	r := t.run
	for _, child := range t.born {
		child.vacate()
	}
	switch {
	case r.ended(): // it was given up with an earlier turn
		return
	case !t.first:
		r.breakOff(err)
		return
	}
	if !t.entry.Begins || fault.From(err).Code == fault.Conflict {
		r.finish("", err) // it was refused, and whoever asked for it is told; or it does not wait any more
		return
	}
	r.engine.Log.Error("a run that waited cannot begin yet", "run", r.id, "error", err)
	again := r.engine.inherit(r.seat) // before it is over: who watches goes on watching
	r.finish("", err)
	r.engine.requeue(again)
}

// publish tells those who look at all runs, or follow this one's log.
func (t *turn) publish() {
	e := t.run.engine
	defer e.catch("an observer of run %s", t.run.id)
	if e.Observe != nil {
		e.Observe(t.update)
	}
	e.feeds.signal(t.run.id)
	for _, child := range t.born {
		e.feeds.signal(child.id)
	}
}

// end tells those who wait for the run that its end is on disk.
func (r *run) end(end *flow.Finish) {
	failpoint.Hit("engine.ended")
	if r.parent != nil {
		out := subrunOutcome(r.wf.ID, r.id, end.Status, end.Outputs, end.Error)
		r.parent.run.bound(&out)
		r.parent.run.post(flow.AttemptEnded{At: r.engine.Now().UTC(), Unit: r.parent.unit, Outcome: out})
	}
	r.finish(end.Status, nil)
}
