package engine

import (
	"gantry/engine/flow"
	"gantry/engine/history"
)

// turn gathers what one turn of a run has to keep.
type turn struct {
	run    *run
	entry  history.Entry
	more   []history.Entry // runs that this turn creates: kept together with it
	born   []*run          // they begin once they are kept
	kept   []func(error)
	finish *flow.Finish
}

func (r *run) newTurn() *turn {
	t := &turn{run: r, entry: history.Entry{Run: r.id, FirstSeq: r.seq + 1}}
	if r.redacts {
		t.entry.Redact = r.redactOf
	}
	return t
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
	changed := r.state.TakeChanged()
	r.tell(changed)
	if r.fresh != nil {
		t.entry.New, r.fresh = r.fresh, nil
	}
	for _, e := range changed {
		t.entry.Tasks = append(t.entry.Tasks, history.TaskOf(e))
	}
	t.entry.State = t.runState()
	if len(t.entry.Events) == 0 && len(t.entry.Tasks) == 0 && t.entry.State == nil && len(t.more) == 0 {
		return
	}
	r.seq += len(t.entry.Events)
	r.engine.work.Add(1) // Close waits for what is being written
	r.engine.History.Append(&r.log, append([]history.Entry{t.entry}, t.more...), t.committed)
}

// runState is what changes of the run's row; nil: nothing.
func (t *turn) runState() *history.RunState {
	r := t.run
	status := r.state.Status()
	if status == r.lastSeen && t.entry.New == nil && t.finish == nil {
		return nil
	}
	r.lastSeen = status
	row := &history.RunState{Status: status, StartedAt: r.state.Started().At, FinishedAt: r.state.Ended()}
	if t.finish != nil {
		row.Error, row.Outputs = r.state.Error(), r.state.Outputs()
	}
	return row
}

// drop gives a turn up that is not to be kept.
func (t *turn) drop(err error) {
	for _, kept := range t.kept {
		kept(err)
	}
}

// committed runs in the writer's goroutine, in the order of the commits.
func (t *turn) committed(err error) {
	r := t.run
	defer r.engine.work.Done()
	r.answer(err)
	for _, kept := range t.kept {
		kept(err)
	}
	if err != nil {
		r.breakOff(err)
		return
	}
	for _, child := range t.born {
		_ = r.engine.add(child) // fails when closing: the child is in the history
	}
	if t.finish != nil {
		r.ended(t.finish)
	}
}

// ended tells those who wait for the run that its end is on disk.
func (r *run) ended(end *flow.Finish) {
	if r.parent != nil {
		r.parent.run.post(flow.AttemptEnded{At: r.engine.Now().UTC(), Unit: r.parent.unit, Outcome: subrunOutcome(r.wf.ID, r.id, end.Status, end.Outputs, end.Error)})
	}
	r.finish(end.Status, nil)
}
