package powerloss_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// sets are the tables of a data directory in which runs are kept.
func sets() []store.MigrationSet {
	return []store.MigrationSet{orgs.Migrations(), history.Migrations()}
}

// life is one process on a data directory.
type life struct {
	store   *store.Store
	history *history.History
	orgs    *orgs.Service
	engine  *engine.Engine
	runtime *actions.Runtime
	stirs   chan struct{} // something has changed
	people  sync.WaitGroup
	leave   context.CancelFunc // people go home
	observe func(engine.Update)
	says    func(said) // told of each answer that counts
}

// said is an answer to a question that somebody was told counts.
type said struct {
	run  string
	exec int
	item int
}

// open begins a life. The engine goes, and nothing is asked of it.
func open(dir string, lib library) (*life, error) {
	l := &life{stirs: make(chan struct{}, 1), observe: func(engine.Update) {}, says: func(said) {}}
	var err error
	if l.store, err = store.Open(context.Background(), dir, store.Options{}, sets()...); err != nil {
		return nil, err
	}
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	if err != nil {
		return nil, errors.Join(err, l.store.Close())
	}
	l.orgs, l.history = orgs.New(l.store, ring, time.Now), history.New(l.store, ring)
	l.runtime = actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	l.engine = engine.New(engine.Options{History: l.history, Organisations: l.orgs, Actions: l.runtime, Workflows: lib, Recovers: true,
		Room: engine.Room{Runs: 6, Own: 6}, Observe: l.update, Grace: time.Millisecond})
	return l, nil
}

func (l *life) update(u engine.Update) {
	l.observe(u)
	l.stir()
}

func (l *life) stir() {
	select {
	case l.stirs <- struct{}{}:
	default:
	}
}

// attend lets people answer whatever is asked, until close.
func (l *life) attend() {
	ctx, leave := context.WithCancel(context.Background())
	l.leave = leave
	l.people.Go(func() {
		l.stir()
		for {
			select {
			case <-l.stirs:
				l.answer(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
}

func (l *life) answer(ctx context.Context) {
	open, err := l.history.Waits(ctx, history.WaitFilter{Limit: 1000})
	if err != nil {
		return // they go home
	}
	for _, w := range open {
		err := l.engine.Answer(ctx, engine.Answer{Wait: w, Result: map[string]any{"button": "yes"}, By: "ann"})
		if err == nil {
			l.says(said{w.Run, w.Unit.Exec, w.Unit.Item})
		}
	}
}

// close ends the life in order.
func (l *life) close(t *testing.T) {
	t.Helper()
	if l.leave != nil {
		l.leave()
		l.people.Wait()
	}
	l.engine.Close()
	l.runtime.Close()
	if err := l.store.Close(); err != nil {
		t.Error(err)
	}
}

// patience is how long runs may take to their end; they take fractions of a second.
const patience = 60 * time.Second

// rest waits until every run has ended.
func (l *life) rest() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return l.engine.Drain(ctx)
}

func compile(texts map[string]string) (library, error) {
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		return library{}, fault.Wrap(ds.Err(), fault.Internal, "the workflows are not right: %s", ds.Err())
	}
	return library{lib}, nil
}
