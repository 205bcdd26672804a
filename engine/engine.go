// Package engine runs workflows on one machine: it drives the state machine of engine/flow, carries out
// its commands (attempts of actions, sub-workflows, timers) and writes what happens to the history.
package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// Workflows gives checked workflows by id: the project's library.
type Workflows interface {
	// Workflow gives the newest version; the error tells an admin why there is none.
	Workflow(id string) (*workflow.Workflow, error)
	// Compile checks a version that the history kept, so that its run can go on.
	Compile(id string, text []byte) (*workflow.Workflow, error)
}

// Options are what an engine is made of. Workers and the functions have defaults.
type Options struct {
	History       *history.History
	Organisations *orgs.Service
	Actions       *actions.Runtime
	Workflows     Workflows

	// Ended is called within the transaction that keeps a run's end, of every run; nil: nobody asks. It must be
	// quick: everybody's writes wait for it.
	Ended func(tx *store.Tx, end Ended) error
	// Observe is told of every run's updates once they are on disk; nil: nobody. It must be quick, likewise.
	Observe func(Update)

	Room    Room                // for runs side by side
	Workers int                 // attempts under way at the same time, 256 unless said
	Now     func() time.Time    // time.Now unless said
	NewID   func() string       // UUID v7 unless said
	URL     func(string) string // of a run, for expressions and messages; "" unless said
	Log     *slog.Logger
}

// Engine runs workflows. It is safe for concurrent use.
type Engine struct {
	Options
	slots *semaphore.Weighted

	mu     sync.Mutex
	active map[string]*run
	closed bool
	idle   *sync.Cond // signalled when a run leaves active

	halt   context.Context // ended by Close: attempts are cut off
	cutOff context.CancelFunc
	work   sync.WaitGroup
}

// DefaultWorkers is how many attempts run at the same time unless Options says.
const DefaultWorkers = 256

// New makes an engine. Nothing runs until Start, Resume or Recover.
func New(o Options) *Engine {
	if o.Workers <= 0 {
		o.Workers = DefaultWorkers
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	if o.URL == nil {
		o.URL = func(string) string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{Options: o, slots: semaphore.NewWeighted(int64(o.Workers)), active: map[string]*run{}}
	e.idle = sync.NewCond(&e.mu)
	e.halt, e.cutOff = context.WithCancel(context.Background())
	return e
}

// Close stops at once: attempts are cut off, and what has not ended is left in the history, to be taken up
// by Recover or Resume of a later process. Call it before the store is closed.
func (e *Engine) Close() {
	e.mu.Lock()
	e.closed = true
	runs := make([]*run, 0, len(e.active))
	for _, r := range e.active {
		runs = append(runs, r)
	}
	e.mu.Unlock()
	e.cutOff()
	for _, r := range runs {
		r.stop()
	}
	e.work.Wait()
}

// Drain waits until no run is active: sub-workflows and handlers of failed runs included.
func (e *Engine) Drain(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.idle.Broadcast()
	})
	defer stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.active) > 0 && ctx.Err() == nil {
		e.idle.Wait()
	}
	return ctx.Err()
}

// add makes a run active and gives it its goroutine, unless the engine is closed or has the run already.
func (e *Engine) add(r *run) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errClosed()
	}
	if e.active[r.id] != nil {
		return errActive(r.id)
	}
	e.active[r.id] = r
	e.work.Go(r.loop)
	return nil
}

func (e *Engine) remove(r *run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.active, r.id)
	e.idle.Broadcast()
}

func (e *Engine) find(id string) *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.active[id]
}

// Cancel asks a run to end as soon as what is running can be left. A run that has ended stays as it is.
// Cancel, Pause and Unpause return when the request is on disk; those who watch a run must not call them
// from there.
func (e *Engine) Cancel(id, reason string) error {
	return e.tell(id, flow.CancelRequested{At: e.Now(), Reason: reason})
}

// Pause asks a run to start nothing new until Unpause.
func (e *Engine) Pause(id string) error { return e.tell(id, flow.PauseRequested{At: e.Now()}) }

// Unpause ends a pause.
func (e *Engine) Unpause(id string) error { return e.tell(id, flow.ResumeRequested{At: e.Now()}) }

// tell returns when the event is on disk.
func (e *Engine) tell(id string, event flow.Event) error {
	err := errGone
	if r := e.find(id); r != nil {
		kept := make(chan error, 1)
		r.inbox.put(message{event: event, kept: func(err error) { kept <- err }})
		err = <-kept
	}
	if errors.Is(err, errGone) {
		return fault.New(fault.Missing, "run %s is not active", id).WithHint("`gantry runs show %s` tells how it ended", id)
	}
	return err
}

// Wait returns when the run has ended and that is on disk, with how it ended.
func (e *Engine) Wait(ctx context.Context, id string) (flow.Status, error) {
	r := e.find(id)
	if r == nil {
		return e.endedStatus(ctx, id)
	}
	select {
	case <-r.done:
		if r.broken != nil {
			return "", r.broken
		}
		return r.final, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (e *Engine) endedStatus(ctx context.Context, id string) (flow.Status, error) {
	detail, err := e.History.Show(ctx, id)
	if err != nil {
		return "", err
	}
	if !detail.Status.Ended() {
		return "", fault.New(fault.Interrupted, "run %s was left unfinished by a process that ended", id).
			WithHint("`gantry runs resume %s` takes it up", id)
	}
	return detail.Status, nil
}
