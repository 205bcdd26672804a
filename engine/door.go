package engine

import (
	"sync"
	"sync/atomic"
)

// door keeps those who come in their order while it is shut. The zero value is open.
type door struct {
	shut    atomic.Bool // so that an open one costs nothing
	mu      sync.Mutex
	outside []func()
}

// waits keeps what is to be done when the door opens; it gives false if the door is open.
func (d *door) waits(do func()) bool {
	if !d.shut.Load() {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut.Load() {
		d.outside = append(d.outside, do)
		return true
	}
	return false
}

func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut.Store(true)
}

// open does what waited, and whatever comes meanwhile, and then leaves the door open.
func (d *door) open() {
	for {
		d.mu.Lock()
		waiting := d.outside
		d.outside = nil
		if len(waiting) == 0 {
			d.shut.Store(false)
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		for _, do := range waiting {
			do()
		}
	}
}
