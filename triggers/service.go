package triggers

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"gantry/engine"
	"gantry/engine/workflow"
	"gantry/orgs"
	"gantry/store"
)

// Workflows gives the checked workflows of now and tells of changes.
type Workflows interface {
	Checked() []*workflow.Workflow
	// OnChange has changed called after each change, from any goroutine; it returns at once.
	OnChange(changed func())
}

// Engine starts the runs. *engine.Engine is one.
type Engine interface {
	Submit(ctx context.Context, req engine.Request, kept func(id string, err error))
	Queued() engine.QueueState
}

// Options are what a Service is made of.
type Options struct {
	Store         *store.Store // opened with Migrations
	Organisations *orgs.Service
	Workflows     Workflows           // nil: none, as for a command that only starts runs by hand
	Now           func() time.Time    // time.Now unless said
	NewID         func() string       // of events and their runs: ids that grow, UUID v7 unless said
	URL           func(string) string // of a run, for expressions; "" unless said
	Log           *slog.Logger

	// Observe is told of each decision once it is on disk: the trigger's type, when the event happened, and what
	// became of it. It must be quick; nil: nobody.
	Observe func(triggerType string, at time.Time, status Status)

	Queue Queue // how much is taken before Room says no
	Keep  Keep  // how long decided events are kept
}

// Service keeps events and decides them. It is safe for concurrent use.
type Service struct {
	Options
	engine  Engine // nil until Start
	details map[string][]Detail

	book      atomic.Pointer[Book]
	rebuild   sync.Mutex // held while a Book is made and told to the listeners
	listeners []func(*Book)
	changed   chan struct{} // holds one token while there is something that the Book does not know

	line    *line
	waiters waiters
	told    atomic.Int64 // when troubles were told the last time, in Unix nanoseconds

	halt context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // the goroutines, and decisions on their way to disk
}

// New makes the service. Until Start nothing is decided, but everything else works: ByHand, List, Show,
// Events, Enable, Disable; and what is accepted is decided after the next Start.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.URL == nil {
		o.URL = func(string) string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Queue, o.Keep = o.Queue.complete(), o.Keep.complete()
	s := &Service{Options: o, details: map[string][]Detail{}, changed: make(chan struct{}, 1), line: newLine()}
	s.halt, s.stop = context.WithCancel(context.Background())
	return s
}

// Start makes the Book, takes up the events that are not decided yet, and goes on in the background until
// Close: it follows changes, decides events with the engine's help, and drops old ones. Call it once, before
// anything is accepted and before the engine takes up unfinished runs. A Book that cannot be made, or a
// database that cannot be read, is its error.
func (s *Service) Start(ctx context.Context, e Engine) error {
	s.engine = e
	if err := s.remake(ctx); err != nil {
		return err
	}
	if err := s.takeUp(ctx); err != nil {
		return err
	}
	s.Organisations.OnTreeChange(s.touch)
	if s.Workflows != nil {
		s.Workflows.OnChange(s.touch)
	}
	s.touch() // what changed since the Book was made
	s.work.Go(s.follow)
	s.work.Go(s.decideAll)
	s.work.Go(s.keepTidy)
	return nil
}

// Close ends the background work and waits until decisions that are on their way are on disk. What is not
// decided stays so, for the next Start. Call it before the engine's Close.
func (s *Service) Close() {
	s.stop()
	s.line.close()
	s.work.Wait()
}

// Detail adds to List and Show what a type of triggers knows beside: next times, addresses, cursors.
type Detail interface {
	// Of gives the facts of a trigger for an organisation as JSON data; orgID "" is the trigger altogether.
	// nil: there is nothing to say.
	Of(ctx context.Context, key Key, orgID string) (map[string]any, error)
}

// Describe has d add details to the triggers of the types. Call it before anything is listed.
func (s *Service) Describe(d Detail, types ...string) {
	for _, t := range types {
		s.details[t] = append(s.details[t], d)
	}
}
