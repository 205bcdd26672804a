package engine

import (
	"sync"
	"sync/atomic"
)

// feeds tell those who follow a run that there is more in its log. They hold no data: a slow reader finds
// everything on disk, and costs the run nothing.
type feeds struct {
	followed atomic.Int32 // runs; so that a run which nobody follows pays nothing
	mu       sync.Mutex
	of       map[string]*feed
}

// feed is shared by all who follow one run.
type feed struct {
	readers int
	more    chan struct{} // closed when there is more, and replaced
}

// follow begins to follow a run; leave ends that. next gives a channel that is closed when there is more than
// there was at the call.
func (f *feeds) follow(run string) (next func() <-chan struct{}, leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := f.of[run]
	if one == nil {
		if f.of == nil {
			f.of = map[string]*feed{}
		}
		one = &feed{more: make(chan struct{})}
		f.of[run] = one
		f.followed.Add(1)
	}
	one.readers++
	next = func() <-chan struct{} {
		f.mu.Lock()
		defer f.mu.Unlock()
		return one.more
	}
	leave = func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if one.readers--; one.readers == 0 && f.of[run] == one {
			delete(f.of, run)
			f.followed.Add(-1)
		}
	}
	return next, leave
}

// signal tells that there is more of a run.
func (f *feeds) signal(run string) {
	if f.followed.Load() == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if one := f.of[run]; one != nil {
		close(one.more)
		one.more = make(chan struct{})
	}
}
