package engine

import "time"

// holdBack is how long what nobody waits for may stay in memory, so that a run of short tasks is kept in few pieces
// rather than many. Should the process be killed meanwhile, reads that had been answered are made again. What a write
// has answered is never held, nor what must be on disk before anything else happens.
const holdBack = 10 * time.Millisecond

// takeTurn gives the turn that is held, or a new one.
func (r *run) takeTurn() *turn {
	if t := r.held; t != nil {
		r.held = nil
		return t
	}
	return r.newTurn()
}

// keepOrHold keeps the turn, unless it may wait for what follows.
func (t *turn) keepOrHold() {
	r := t.run
	if len(t.entry.Events) > 0 && !r.due && t.mayWait() {
		r.hold(t)
		return
	}
	r.due = false
	t.keep()
}

// mayWait tells whether nothing depends on the turn being on disk.
func (t *turn) mayWait() bool {
	r := t.run
	return !t.urgent && !t.changesRun() && t.finish == nil && len(t.kept) == 0 && len(t.more) == 0 && t.waits.Empty() && len(r.awaited.open) == 0 &&
		len(r.seat.watchers.all()) == 0
}

// changesRun tells whether more than events and tasks is to be kept of the run.
func (t *turn) changesRun() bool {
	r := t.run
	return r.atFirst() || r.also != nil || r.state.Status() != r.lastSeen
}

// atFirst tells whether the run is not on disk yet, or waits there, or has ended there.
func (r *run) atFirst() bool { return r.fresh != nil || r.begins || r.reopens != nil }

// hold keeps the turn at the next tick, if nothing does before. The ticks are the same for all runs, so that they
// share commits.
func (r *run) hold(t *turn) {
	r.held = t
	r.occupy(r.working > 0)
	if r.ticking {
		return
	}
	r.ticking = true
	wait := holdBack - time.Duration(r.engine.Now().UnixNano())%holdBack
	if r.tick == nil {
		r.tick = time.AfterFunc(wait, r.ticked)
		return
	}
	r.tick.Reset(wait)
}

func (r *run) ticked() {
	r.engine.moment("tick", r.id, noUnit)
	r.inbox.put(message{note: func() { r.due, r.ticking = true, false }})
}
