// Package poll asks outside systems again and again for entities, and hands those that are new to triggers:
// each once, with the place to go on from kept in the same transaction.
package poll

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"gantry/actions"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's tables, to be given to store.Open.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return store.MigrationSet{Name: "polls", FS: files}
}

// Type is the type of triggers that this room serves.
const Type = "poll"

// Triggers takes events and tells what is active. *triggers.Service is one.
type Triggers interface {
	OnChange(told func(*triggers.Book))
	Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error)
	Room(orgID string) (ok bool, retryAfter time.Duration)
}

// Options are what a Poller is made of.
type Options struct {
	Store         *store.Store // opened with Migrations
	Triggers      Triggers
	Organisations *orgs.Service
	Actions       *actions.Runtime
	Now           func() time.Time // time.Now unless said
	Log           *slog.Logger

	Together    int // polls side by side, altogether; 16 unless said
	PerInstance int // and with one instance; 2 unless said
}

// Poller polls. Of many triggers and organisations each has a moment of its own within `every`, so that they
// do not all ask at once.
type Poller struct {
	Options

	mu    sync.Mutex // over slots, which only Run changes
	slots map[target]*slot

	book  chan *triggers.Book // the newest, while Run has not seen it
	done  chan *slot          // polls that have ended
	work  sync.WaitGroup
	all   *semaphore.Weighted
	gates gates
}

// New makes a Poller that does nothing until Run.
func New(o Options) *Poller {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Together <= 0 {
		o.Together = 16
	}
	if o.PerInstance <= 0 {
		o.PerInstance = 2
	}
	return &Poller{Options: o, slots: map[target]*slot{}, book: make(chan *triggers.Book, 1), done: make(chan *slot),
		all: semaphore.NewWeighted(int64(o.Together)), gates: gates{most: int64(o.PerInstance), open: map[string]*semaphore.Weighted{}}}
}

// gates bounds the polls side by side with each instance.
type gates struct {
	mu   sync.Mutex
	most int64
	open map[string]*semaphore.Weighted // by instance id
}

func (g *gates) of(instance string) *semaphore.Weighted {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open[instance] == nil {
		g.open[instance] = semaphore.NewWeighted(g.most)
	}
	return g.open[instance]
}
