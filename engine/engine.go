// Package engine runs workflows on one machine: it drives the state machine of engine/flow, carries out
// its commands (attempts of actions, sub-workflows, timers) and writes what happens to the history.
package engine

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gantry/actions"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fair"
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

	// Recovers says that Recover is to come: what is submitted before waits for it, so that limits count the runs
	// of before, and these come first.
	Recovers bool

	Room    Room                // for runs side by side
	Bounds  Bounds              // of what a run keeps
	Workers int                 // attempts under way at the same time, 256 unless said; shared like Room
	Grace   time.Duration       // how long Close lets writes under way end, 2 s unless said; negative: not at all
	Now     func() time.Time    // time.Now unless said
	NewID   func() string       // UUID v7 unless said
	URL     func(string) string // of a run, for expressions and messages; "" unless said
	Address string              // under which people and other systems reach the server: scheme://host[:port]; "" unless said
	Moment  func(what string)   // see Engine.moment; nil: nothing
	Log     *slog.Logger
}

// Engine runs workflows. It is safe for concurrent use.
type Engine struct {
	Options
	admission *admission
	door      door
	slots     *fair.Gate // for attempts
	outside   outside
	feeds     feeds
	versions  versions
	links     links
	telling   atomic.Bool // tellUntold is to be called after a while

	mu      sync.Mutex
	active  map[string]*run
	mending map[string]*run  // by id: tops of families that broke off and are to be taken up
	broken  map[string]error // why runs broke off that nobody has taken up since, and the tops of their families
	closed  bool
	idle    *sync.Cond // signalled when a run leaves active, or ends without having begun

	parking  atomic.Bool     // nothing new begins
	intake   context.Context // ended with that
	stopping context.CancelFunc
	halt     context.Context // ended by Close: attempts are cut off
	cutOff   context.CancelFunc
	work     sync.WaitGroup

	backgrounds atomic.Int64 // begun so far
}

// DefaultWorkers is how many attempts run at the same time unless Options says.
const DefaultWorkers = 256

// New makes an engine. Nothing runs until Start, Resume or Recover.
func New(o Options) *Engine {
	if o.Workers <= 0 {
		o.Workers = DefaultWorkers
	}
	o.Room.complete()
	o.Bounds.complete()
	if o.Grace == 0 {
		o.Grace = DefaultGrace
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
	e := &Engine{Options: o, slots: fair.NewGate(o.Workers, min(o.Room.Own, o.Workers)), active: map[string]*run{}, mending: map[string]*run{}, broken: map[string]error{}}
	e.admission = newAdmission(o.Room, func(s *seat) { e.background(func() { e.beginQueued(s) }) })
	e.door.shut.Store(o.Recovers)
	e.idle = sync.NewCond(&e.mu)
	e.intake, e.stopping = context.WithCancel(context.Background())
	e.halt, e.cutOff = context.WithCancel(context.Background())
	return e
}

// Drain waits until no run is active or about to begin: sub-workflows and handlers of failed runs included.
func (e *Engine) Drain(ctx context.Context) error {
	stop := context.AfterFunc(ctx, e.stir)
	defer stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	for (len(e.active) > 0 || e.admission.stirs()) && ctx.Err() == nil {
		e.idle.Wait()
	}
	return ctx.Err()
}

func (e *Engine) stir() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle.Broadcast()
}

// add makes a run active and gives it its goroutine, unless the engine is closed or has the run already.
func (e *Engine) add(r *run) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.isClosed() {
		return errClosed()
	}
	if e.active[r.id] != nil {
		return errActive(r.id)
	}
	e.active[r.id] = r
	delete(e.broken, r.id)
	r.seat.active++
	r.seat.begun = true
	e.work.Go(r.loop)
	return nil
}

func (e *Engine) remove(r *run) {
	e.mu.Lock()
	last := false
	if e.active[r.id] == r {
		delete(e.active, r.id)
		r.seat.active--
		last = r.seat.active == 0
	}
	e.idle.Broadcast()
	e.mu.Unlock()
	if last {
		r.seat.over()
	}
}

func (e *Engine) find(id string) *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.active[id]
}
