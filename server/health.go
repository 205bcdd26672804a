package server

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gantry/fault"
	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's own tables.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return store.MigrationSet{Name: "server", FS: files}
}

// health tells whether this process is alive and ready.
type health struct {
	store   *store.Store
	now     func() time.Time
	ready   atomic.Bool // everything is put together, and what was left over is taken up
	ending  atomic.Bool // the process is on its way out
	details func() map[string]any
	mayAsk  func(*http.Request) bool // for details

	mu      sync.Mutex
	tried   time.Time // when a write was last tried
	written error     // what came of it
	failed  int64     // transactions of anybody that had failed until then
}

// tryEvery bounds how often health writes: probes come every few seconds.
const tryEvery = 5 * time.Second

// live answers as long as the process answers anything.
func (h *health) live(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]any{"status": "live"})
}

// readiness answers 200 while work is taken, else 503 with why.
func (h *health) readiness(w http.ResponseWriter, r *http.Request) {
	status, answer := http.StatusOK, map[string]any{"status": "ready"}
	if why := h.notReady(r.Context()); why != "" {
		w.Header().Set("Retry-After", "5")
		status, answer = http.StatusServiceUnavailable, map[string]any{"status": "not ready", "why": why}
	}
	if h.mayAsk(r) && h.ready.Load() {
		for name, v := range h.details() {
			answer[name] = v
		}
	}
	answerJSON(w, status, answer)
}

// notReady says why no work is taken, "" while it is.
func (h *health) notReady(ctx context.Context) string {
	switch {
	case h.ending.Load():
		return "shutting down"
	case !h.ready.Load():
		return "starting"
	case h.tryWrite(ctx) != nil:
		return "the database cannot be written"
	}
	return ""
}

// tryWrite writes a row, as a full disk is noticed only then.
func (h *health) tryWrite(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if since := now.Sub(h.tried); since >= 0 && since < tryEvery {
		return h.written
	}
	ctx, cancel := context.WithTimeout(ctx, tryEvery)
	defer cancel()
	err := h.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO health (one, tried_at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET tried_at = excluded.tried_at", now.UnixNano())
		return err
	})
	if ctx.Err() != nil && err != nil && context.Cause(ctx) == context.Canceled { //nolint:errorlint // the probe went away; nothing is known
		return nil
	}
	if failed := h.store.Stats().Failed; failed != h.failed {
		// A row as small as this one may still find room where nothing else does.
		if h.failed = failed; err == nil {
			err = fault.New(fault.Storage, "what others wrote could not be kept")
		}
	}
	h.tried, h.written = now, err
	return err
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asked is gone
}

// refuse answers with a fault, in the form in which the API does.
func refuse(w http.ResponseWriter, status int, f *fault.Error) { answerJSON(w, status, f) }
