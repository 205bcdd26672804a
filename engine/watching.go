package engine

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
)

// Watching gathers the updates of a run, and of all that it leads to, for one reader who may be slow. Its Watch and
// Over go into a Request.
type Watching struct {
	mu      sync.Mutex
	updates []Update
	over    bool
	left    bool          // nobody reads any more
	ring    chan struct{} // holds one token while there is something to read
}

// NewWatching makes one that is empty.
func NewWatching() *Watching { return &Watching{ring: make(chan struct{}, 1)} }

// Watch takes an update.
func (w *Watching) Watch(u Update) { w.put(func() { w.updates = append(w.updates, u) }) }

// Over tells that nothing more comes.
func (w *Watching) Over() { w.put(func() { w.over = true }) }

// Leave gathers nothing any more.
func (w *Watching) Leave() {
	w.put(func() { w.left, w.updates = true, nil })
}

func (w *Watching) put(change func()) {
	w.mu.Lock()
	if !w.left {
		change()
	}
	w.mu.Unlock()
	select {
	case w.ring <- struct{}{}:
	default:
	}
}

func (w *Watching) take() (updates []Update, over bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	updates, w.updates = w.updates, nil
	return updates, w.over
}

// Updates gives what was gathered and what comes, until Over, or ctx ends.
func (w *Watching) Updates(ctx context.Context) iter.Seq[Update] {
	return func(yield func(Update) bool) {
		for {
			updates, over := w.take()
			for _, u := range updates {
				if !yield(u) {
					return
				}
			}
			if over {
				return
			}
			select {
			case <-w.ring:
			case <-ctx.Done():
				return
			}
		}
	}
}

// watcher is somebody who is told of all runs of a seat.
type watcher struct {
	tell func(Update)
	over func() // nil: need not know
}

// watchers are read without a lock, at every turn of every run.
type watchers struct {
	list atomic.Pointer[[]*watcher]
}

func (w *watchers) all() []*watcher {
	if list := w.list.Load(); list != nil {
		return *list
	}
	return nil
}

// change replaces the list; whoever calls it holds Engine.mu, or has the seat for himself.
func (w *watchers) change(change func([]*watcher) []*watcher) {
	list := change(slices.Clone(w.all()))
	w.list.Store(&list)
}

func (w *watchers) add(one *watcher) {
	w.change(func(all []*watcher) []*watcher { return append(all, one) })
}

func (w *watchers) tell(u Update) {
	for _, one := range w.all() {
		one.tell(u)
	}
}

// watch adds the watcher of a request to a seat that nobody else knows yet.
func (s *seat) watch(tell func(Update), over func()) {
	if tell != nil {
		s.watchers.add(&watcher{tell, over})
	}
}

// over tells those who watch that nothing more comes.
func (s *seat) over() {
	for _, w := range s.watchers.all() {
		if w.over != nil {
			w.over()
		}
	}
}
