package history

import (
	"slices"
	"sync"
)

// underWay knows which appends have sealed values and are not on disk yet, so that keys can be changed while runs go on.
type underWay struct {
	mu  sync.Mutex
	now *sync.WaitGroup
}

// begin notes an append that is about to seal; call what it gives when the append is on disk, or refused.
func (u *underWay) begin() (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now == nil {
		u.now = &sync.WaitGroup{}
	}
	u.now.Add(1)
	return u.now.Done
}

// wait waits until all that had begun before are done. What begins meanwhile is not waited for.
func (u *underWay) wait() {
	u.mu.Lock()
	before := u.now
	u.now = nil
	u.mu.Unlock()
	if before != nil {
		before.Wait()
	}
}

// redacts tells whether an entry may seal something.
func redacts(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.Redact != nil })
}
