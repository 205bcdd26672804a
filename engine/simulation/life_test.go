package simulation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// life is one process of a world: from its start until it is closed, or crashes.
type life struct {
	world   *world
	number  int
	store   *store.Store
	history *history.History
	actions *actions.Runtime
	engine  *engine.Engine
	dead    atomic.Bool // crashed: what it does counts for nothing
	shut    atomic.Bool // closing, or closed
	closed  chan struct{}
}

// open begins a life over the data directory, whose tables are as they are to be.
func (w *world) open() {
	w.lives++ // names the directory of the next one, should it crash
	l := &life{world: w, number: w.lives, closed: make(chan struct{})}
	dir := filepath.Join(w.dir, "life"+itoa(w.lives-1))
	ctx := context.Background()
	var err error
	l.store, err = store.Open(ctx, dir, store.Options{Gather: func() { w.step("gather") }, Commit: func(do func() error) error { return w.disk.commit(l, do) }})
	if err != nil {
		w.t.Fatal(err)
	}
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	if err != nil {
		w.t.Fatal(err)
	}
	l.history = history.New(l.store, ring)
	l.actions = actions.NewRuntime(actions.Options{Clock: w.now, HTTP: sender{l}})
	l.engine = engine.New(engine.Options{History: l.history, Organisations: orgs.New(l.store, ring, w.now), Actions: l.actions, Workflows: w.library,
		Ended: l.hears, Observe: w.laws.observer(l), Recovers: true, Room: w.room, Workers: w.workers, Now: w.now, NewID: w.newID, Log: l.world.log(),
		Moment: w.step})
	w.before, w.life = w.life, l
	w.say("process %d begins", l.number)
	w.laws.begins(l)
	resumed, problems := l.engine.Recover(ctx)
	for _, p := range problems {
		w.wrong("a run could not be taken up: %v", p)
	}
	w.say("it has taken up %d runs", len(resumed))
}

// hears keeps in the same transaction that it heard of a run's end. A run that ends twice is refused, and found.
func (l *life) hears(tx *store.Tx, end engine.Ended) error {
	w := l.world
	if w.deaf && !w.calm.Load() && oneIn(w.chance.of("deaf "+end.Run.ID+w.elapsed().String()), 2) {
		return fault.New(fault.Internal, "nobody listens")
	}
	_, err := tx.Exec("INSERT INTO heard (run, status, finished_at) VALUES (?, ?, ?)", end.Run.ID, string(end.Run.Status), end.Run.FinishedAt.UnixNano())
	if store.IsUnique(err) {
		w.wrong("the end of run %s is told again", end.Run.ID)
	}
	return err
}

// close ends the process as SIGTERM does.
func (l *life) close(when string) {
	l.world.say("process %d is closed %s", l.number, when)
	l.end(l.engine.Close)
}

// park ends it gently.
func (l *life) park(patience time.Duration) {
	l.world.say("process %d is parked", l.number)
	l.end(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		l.engine.Park(ctx)
	})
}

// end stops the engine, and what it stands on.
func (l *life) end(stop func()) {
	l.shut.Store(true)
	stop()
	l.actions.Close()
	if err := l.store.Close(); err != nil && !l.dead.Load() {
		l.world.wrong("the store does not close: %v", err)
	}
	close(l.closed)
	if !l.dead.Load() {
		l.world.say("process %d has ended", l.number)
		if err := os.Rename(l.store.Dir(), l.world.path()); err != nil {
			l.world.t.Fatal(err)
		}
	}
}

// crash ends it in the midst of things: the next life goes on with what is on disk now.
func (l *life) crash() {
	w := l.world
	l.dead.Store(true)
	w.say("process %d CRASHES", l.number)
	if err := copyFiles(l.store.Dir(), w.path()); err != nil {
		w.t.Fatal(err)
	}
	l.end(l.engine.Close)
}

// copyFiles copies a data directory as it lies on disk.
func copyFiles(from, to string) error {
	files, err := os.ReadDir(from)
	if err == nil {
		err = os.MkdirAll(to, 0o700)
	}
	for _, f := range files {
		if f.IsDir() || f.Name() == store.DatabaseFile+"-shm" || f.Name() == store.LockFile {
			continue
		}
		text, readErr := os.ReadFile(filepath.Join(from, f.Name()))
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(to, f.Name()), text, 0o600))
	}
	return err
}

// unfinished gives the runs that have not ended, as the disk has it.
func (l *life) unfinished() (ids []string) {
	if err := l.store.Read().Select(&ids, "SELECT id FROM runs WHERE finished_at IS NULL ORDER BY id"); err != nil {
		l.world.t.Fatal(err)
	}
	return ids
}

// untold tells whether there are ends that nobody has heard of yet.
func (l *life) untold() bool {
	ids, err := l.history.Untold(context.Background())
	if err != nil {
		l.world.t.Fatal(err)
	}
	return len(ids) > 0
}
