package engine

import (
	"context"
	"time"

	"gantry/fault"
)

// longestPause bounds how long a run waits that broke off again each time it was taken up.
const longestPause = time.Minute

// family is the run at the top of those that wait for this one.
func (r *run) family() *run {
	for r.parent != nil {
		r = r.parent.run
	}
	return r
}

// noteBroken keeps why a run broke off, for those who ask while nobody goes on with it.
func (e *Engine) noteBroken(r *run, cause error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken[r.id], e.broken[r.family().id] = cause, cause
}

// leftUnfinished is the error of a run that has not ended and that nobody goes on with here.
func (e *Engine) leftUnfinished(id string) error {
	e.mu.Lock()
	cause := e.broken[id]
	e.mu.Unlock()
	if cause != nil {
		return cause
	}
	return fault.New(fault.Interrupted, "run %s was left unfinished by a process that ended", id).WithHint("`gantry runs resume %s` takes it up", id)
}

// takeUpLater takes up a run that broke off because the disk refused it, with the runs that belong to it: what a
// restart would do. Those of them that still go on stop first, since a part of them is gone. Until then the run at
// the top keeps its places in limits: it has begun and not ended. begin begins the wait.
func (e *Engine) takeUpLater(r *run) (begin func()) {
	top := r.family()
	e.mu.Lock()
	defer e.mu.Unlock()
	already := e.mending[top.id] == top // else, if it waits, somebody has taken it up meanwhile, and it broke off again
	e.mending[top.id] = top
	for _, other := range e.active {
		if other.family() == top {
			other.stop()
		}
	}
	if already {
		return func() {}
	}
	return func() { e.mend(top, max(r.pause, retryPause)) }
}

// isMending tells whether a run is at the top of those that are to be taken up.
func (e *Engine) isMending(r *run) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.mending[r.id] == r
}

// mend takes up the family of a run after a while.
func (e *Engine) mend(top *run, pause time.Duration) {
	e.later(pause, func() {
		if !e.isMending(top) { // whoever took it up meanwhile broke off as well, and waits in its place
			if top.leads {
				e.admission.leave(top.seat)
			}
			return
		}
		if e.stops(top) {
			e.mend(top, pause)
			return
		}
		next := min(2*pause, longestPause)
		e.mu.Lock()
		delete(e.mending, top.id)
		e.mu.Unlock()
		again, err := e.reload(context.Background(), top.id, nil)
		if err == nil {
			again.pause = next
			err = e.wake(again)
		}
		if top.leads && (err == nil || fault.From(err).Code != fault.Storage) {
			e.admission.leave(top.seat) // it has taken its places anew, or needs none any more
		}
		switch {
		case err == nil:
			e.Log.Info("a run that broke off was taken up", "run", top.id, "workflow", top.wf.ID)
		case fault.From(err).Code == fault.Exists: // it has ended, or somebody else took it up
		case fault.From(err).Code == fault.Missing: // its beginning was refused as well, and whoever asked for it was told
		case fault.From(err).Code == fault.Storage:
			e.mend(top, next)
		default:
			e.Log.Error("a run that broke off could not be taken up", "run", top.id, "workflow", top.wf.ID, "error", err)
		}
	})
}

// stops tells whether some of a family have not ended yet.
func (e *Engine) stops(top *run) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, other := range e.active {
		if other.family() == top {
			return true
		}
	}
	return false
}
