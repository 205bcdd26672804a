package engine

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fault"
)

// Recover takes up every run that an earlier process left unfinished, and lines up those that wait to begin.
// What cannot be taken up (its workflow no longer checks, say) is reported and stays as it is; the others go
// on. New runs wait until it is over, also before with Options.Recovers. It gives the ids of the runs that were taken up, then of those that were lined up, each oldest first.
func (e *Engine) Recover(ctx context.Context) (resumed []string, problems []error) {
	e.door.close()
	defer e.door.open()
	e.tellUntold()
	ids, err := e.History.Unfinished(ctx)
	if err != nil {
		return nil, []error{err}
	}
	errs := e.resumeAll(ctx, ids)
	for i, id := range ids {
		if errs[i] != nil {
			problems = append(problems, errs[i])
		} else {
			resumed = append(resumed, id)
		}
	}
	waiting, err := e.History.Queued(ctx)
	if err != nil {
		return resumed, append(problems, err)
	}
	for _, w := range waiting {
		if err := e.lineUp(&w, nil, nil); err != nil {
			problems = append(problems, err)
		} else {
			resumed = append(resumed, w.Run)
		}
	}
	failpoint.Hit("engine.recovered")
	return resumed, problems
}

// resumeAll takes up runs on all cores; it gives an error, or nil, for each.
func (e *Engine) resumeAll(ctx context.Context, ids []string) []error {
	errs := make([]error, len(ids))
	rank := e.admission.ranks(len(ids))
	next := make(chan int)
	var workers sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) { // some read while others compute
		workers.Go(func() {
			for i := range next {
				failpoint.Hit("engine.recovering")
				errs[i] = e.resume(ctx, ids[i], rank+int64(i), nil, nil)
			}
		})
	}
	for i := range ids {
		e.moment("resume", ids[i], noUnit)
		next <- i
	}
	close(next)
	workers.Wait()
	return errs
}

// resume takes up a run; rank is its place among those who came.
func (e *Engine) resume(ctx context.Context, id string, rank int64, watch func(Update), over func()) error {
	if e.find(id) != nil {
		return errActive(id)
	}
	r, err := e.reload(ctx, id, nil)
	if err != nil {
		return err
	}
	r.seat.arrival = rank
	r.seat.watch(watch, over)
	return e.wake(r)
}

// lineUp lets a run that is kept on disk wait for its turn.
func (e *Engine) lineUp(w *history.Waiting, watch func(Update), over func()) error {
	if e.isClosed() {
		return errClosed()
	}
	set, err := readSettings(w.Settings)
	if err != nil {
		return fault.Wrap(err, fault.Storage, "run %s cannot begin: %s", w.Run, err)
	}
	s := e.admission.newSeat(w.Run, w.OrganisationID, set.Limits)
	s.watch(watch, over)
	e.admission.restore(s, w.Paused, false)
	e.displace(e.admission.displaced(s), w.Run)
	return nil
}

// inherit makes a new seat for the run of one, with its place among those who came and those who watch.
func (e *Engine) inherit(s *seat) *seat {
	again := e.admission.newSeat(s.run, s.organisation, slices.Clone(s.limits))
	again.arrival = s.arrival
	e.mu.Lock()
	defer e.mu.Unlock()
	again.watchers.change(func([]*watcher) []*watcher { return s.watchers.all() })
	s.watchers.change(func([]*watcher) []*watcher { return nil })
	return again
}

// requeue lines a run up again, after a while, whose beginning could not be kept: it still waits on disk.
func (e *Engine) requeue(again *seat) {
	e.admission.restore(again, false, true)
	e.later(retryPause, func() { e.admission.again(again) })
}
