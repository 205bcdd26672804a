package api

import (
	"context"
	"iter"
	"sync"
	"time"

	"gantry/engine"
	"gantry/fault"
)

// FollowRunIn says how much is told.
type FollowRunIn struct {
	OfRunIn
	Whole bool `query:"whole" doc:"Also the runs of sub-workflows and the handlers of failures, and waits for rate limits. Such events have no numbers: who reads again is told everything again"`
}

// FollowRun tells how a run goes, until it has ended.
var FollowRun = Stream[FollowRunIn, engine.Update]{ID: "follow-run", Path: "/runs/{run}/events", Tag: tagRuns, Summary: "Follow a run until it has ended",
	Description: "Each event tells the run's status and the tasks that have changed since the one before, never their results. It works for runs that have ended, too.",
	Policy:      readRun}

func (a *API) followRun(ctx context.Context, in *FollowRunIn, after int) (iter.Seq2[Sent[engine.Update], error], error) {
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	run := runOf(ctx).ID
	if in.Whole {
		return a.wholeRun(ctx, e, run), nil
	}
	return func(yield func(Sent[engine.Update], error) bool) {
		for u, err := range e.Events(ctx, run, after) {
			if !yield(Sent[engine.Update]{Seq: u.Seq, Data: u}, err) {
				return
			}
		}
	}, nil
}

// wholeRun tells of a run and what it leads to: what was kept for the one who began it, else how all stand.
func (a *API) wholeRun(ctx context.Context, e *engine.Engine, run string) iter.Seq2[Sent[engine.Update], error] {
	return func(yield func(Sent[engine.Update], error) bool) {
		if begun := a.begun.take(run); begun != nil {
			defer begun.Leave()
			for u := range begun.Updates(ctx) {
				if !yield(Sent[engine.Update]{Data: u}, nil) {
					return
				}
			}
			row, err := a.house.History().Get(ctx, run)
			if ctx.Err() != nil || err == nil && row.Status.Ended() {
				return
			}
		}
		for u, err := range e.Whole(ctx, run) {
			if !yield(Sent[engine.Update]{Data: u}, err) {
				return
			}
		}
	}
}

// begunRuns keep what happens to runs for those who have begun them, and will follow them in a moment.
type begunRuns struct {
	mu    sync.Mutex
	byRun map[string]*engine.Watching
}

// keptFor is how long it is kept.
const keptFor = 30 * time.Second

func (b *begunRuns) keep(run string, w *engine.Watching) {
	if w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byRun == nil {
		b.byRun = map[string]*engine.Watching{}
	}
	b.byRun[run] = w
	time.AfterFunc(keptFor, func() {
		if late := b.take(run); late != nil {
			late.Leave()
		}
	})
}

// take gives what is kept of a run, once; nil: nothing.
func (b *begunRuns) take(run string) *engine.Watching {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.byRun[run]
	delete(b.byRun, run)
	return w
}

// watchedBy gives what a run's updates go to where somebody will follow it; nil, and functions that are nil, where nobody will.
func watchedBy(somebody bool) (w *engine.Watching, watch func(engine.Update), over func()) {
	if !somebody {
		return nil, nil, nil
	}
	w = engine.NewWatching()
	return w, w.Watch, w.Over
}

// notGoingOn is the error of a run that has not ended and that nobody works on here.
func notGoingOn(id string, err error) error {
	if err == nil || fault.From(err).Code != fault.Missing {
		return err
	}
	return fault.Wrap(err, fault.Conflict, "run %s is not going on here: the process that ran it has ended", shortID(id)).
		WithHint("`gantry runs resume %s` goes on with it, `gantry runs cancel %s` gives it up", shortID(id), shortID(id))
}
