// Package webhook takes requests at the addresses of webhook triggers: it knows the addresses, finds out
// whether a sender is who he should be, hands what came to triggers as events, and answers.
package webhook

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
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
	return store.MigrationSet{Name: "webhooks", FS: files}
}

// Path is where all hooks lie: Path + token, and Path + token + "/runs/" + name.
const Path = "/hooks/"

// Events takes what came. *triggers.Service is one.
type Events interface {
	Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error)
	Decided(ctx context.Context, eventID string) (triggers.Decision, error)
	OnChange(changed func(*triggers.Book))
	Room(orgID string) (ok bool, retryAfter time.Duration)
}

// Runs waits for the end of runs. *engine.Engine is one.
type Runs interface {
	Wait(ctx context.Context, id string) (flow.Status, error)
}

// Sealer encrypts the key of the addresses. *orgs.Keyring is one.
type Sealer interface {
	Seal(plain []byte, boundTo string) (string, error)
	Open(sealed string, boundTo string) ([]byte, error)
}

// Options are what Hooks are made of.
type Options struct {
	Store         *store.Store // opened with Migrations
	Sealer        Sealer
	Organisations *orgs.Service
	Events        Events
	Runs          Runs
	History       *history.History
	URL           string           // how senders reach this server: scheme://host[:port]
	Now           func() time.Time // time.Now unless said
	Log           *slog.Logger
	Limits        Limits
}

// Hooks is the http.Handler of all webhooks. It is safe for concurrent use.
type Hooks struct {
	Options
	key   []byte
	gate  *gate
	waits share // what all tasks that wait hold together; guarded by gate

	mu          sync.Mutex // of what follows, and of making the index anew
	book        *triggers.Book
	generations map[address]int64
	index       atomic.Pointer[index]

	refusals refusals
	counts   counts
}

// New makes the handler; it follows the Book of Events from now on. The first time it makes the key from
// which addresses are derived. A key that does not open is fault.Secret: without it all addresses would change.
func New(ctx context.Context, o Options) (*Hooks, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	o.Limits = o.Limits.complete()
	h := &Hooks{Options: o, gate: newGate(o.Limits)}
	h.refusals.hooks = h
	h.index.Store(&index{})
	var err error
	if h.key, err = loadKey(ctx, o.Store, o.Sealer); err != nil {
		return nil, err
	}
	if h.generations, err = loadGenerations(ctx, o.Store); err != nil {
		return nil, err
	}
	if !o.Store.ReadOnly() {
		if err := dropRefusals(ctx, o.Store, o.Now()); err != nil {
			return nil, err
		}
	}
	o.Events.OnChange(h.follow)
	return h, nil
}

// Close writes what has been counted. No request may be under way any more.
func (h *Hooks) Close(ctx context.Context) error { return h.refusals.flush(ctx) }

// Counts are numbers since New, for metrics.
type Counts struct {
	Unknown    int64 // requests for addresses that there are not
	Accepted   int64 // requests of which something was kept
	Duplicates int64 // of these, those that had come before
	Refused    int64 // for what they were: 4xx but 429
	Busy       int64 // for want of room: 429 and 503
}

type counts struct{ unknown, accepted, duplicates, refused, busy atomic.Int64 }

// Counts gives the numbers of now.
func (h *Hooks) Counts() Counts {
	return Counts{h.counts.unknown.Load(), h.counts.accepted.Load(), h.counts.duplicates.Load(), h.counts.refused.Load(), h.counts.busy.Load()}
}

// ServeHTTP answers what lies below Path; all else there is not.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	// Also of a request that is refused the server reads the rest. Not all writers have deadlines (recorders of
	// tests do not); there the server's own hold.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.Limits.Read))
	rest, ok := strings.CutPrefix(r.URL.Path, Path)
	token, below, nested := strings.Cut(rest, "/")
	name, isRun := strings.CutPrefix(below, "runs/")
	hook := h.find(token) // always asked, so that all addresses that are not there take the same time
	if !ok || hook == nil || nested && !isRun || !nested && below != "" {
		h.unknown(w)
		return
	}
	x := &exchange{Hooks: h, hook: hook, w: w, r: r}
	if nested {
		x.status(name)
		return
	}
	x.serve()
}

func (h *Hooks) unknown(w http.ResponseWriter) {
	h.counts.unknown.Add(1)
	writeProblem(w, problem{status: http.StatusNotFound, message: "There is nothing here."})
}
