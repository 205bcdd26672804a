package triggers

import (
	"context"
	"log/slog"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// Workflows gives the checked workflows of now and tells of changes.
type Workflows interface {
	Checked() []*workflow.Workflow
	// OnChange calls changed after each change; quick, from any goroutine.
	OnChange(changed func())
}

// Options are what a Service is made of.
type Options struct {
	Store         *store.Store // opened with Migrations
	Organisations *orgs.Service
	Workflows     Workflows           // nil: none, as for a command that only starts runs by hand
	Now           func() time.Time    // time.Now unless said
	NewID         func() string       // UUID v7 unless said
	URL           func(string) string // of a run; "" unless said
	Log           *slog.Logger

	Queue Queue // how much is taken before Room says no
}

// Service keeps events and decides them. It is safe for concurrent use.
type Service struct {
	Options
}

// New makes the service. Nothing is decided until Start; ByHand, List, Show, Events, Enable and Disable work without.
func New(o Options) *Service { return &Service{Options: o} }

// Accept keeps events: when it returns they are on disk, together with what also writes in the same transaction,
// or nothing is. They are decided in the background.
func (s *Service) Accept(ctx context.Context, events []Event, also func(*store.Tx) error) ([]Accepted, error) {
	return nil, fault.New(fault.Interrupted, "not started")
}

// Decided waits until an event is decided.
func (s *Service) Decided(ctx context.Context, eventID string) (Decision, error) {
	return Decision{}, fault.New(fault.Interrupted, "not started")
}

// Book gives the triggers of now.
func (s *Service) Book() *Book { return NewBook(World{}) }

// OnChange calls changed with the Book of now before it returns, and then after each change of workflows,
// organisations and switches; one call at a time. It must not change switches itself.
func (s *Service) OnChange(changed func(*Book)) {}

// Room tells whether the queue on disk takes more events for an organisation, and if not, when to ask again.
func (s *Service) Room(orgID string) (ok bool, retryAfter time.Duration) { return false, time.Second }

// Queue bounds what waits: events that are not decided and runs that are queued.
type Queue struct {
	Limit           int // altogether; 100,000 unless said
	PerOrganisation int // 50,000 unless said
}

// Detail adds to List and Show what a type of triggers knows: next times, addresses, cursors.
type Detail interface {
	// Of gives the facts of a trigger for an organisation, as JSON data; orgID "" is the trigger altogether. nil: none.
	Of(ctx context.Context, key Key, orgID string) (map[string]any, error)
}

// Describe registers what adds details to triggers of the types. Call it before Start.
func (s *Service) Describe(d Detail, types ...string) {}
