package engine

import (
	"sync"

	"gantry/engine/flow"
	"gantry/engine/history"
)

// message is an event on its way to a run's goroutine.
type message struct {
	event    flow.Event
	onDisk   bool                // the history has it already: it only needs to be applied
	kept     func()              // called once the event is on disk
	requests []history.RequestOf // made by the attempt that the event ends
}

// inbox is an unbounded queue: those who tell a run something never wait for it.
type inbox struct {
	mu       sync.Mutex
	messages []message
	ring     chan struct{} // holds one token while there are messages
}

func newInbox() *inbox { return &inbox{ring: make(chan struct{}, 1)} }

func (b *inbox) put(m message) {
	b.mu.Lock()
	b.messages = append(b.messages, m)
	b.mu.Unlock()
	select {
	case b.ring <- struct{}{}:
	default:
	}
}

func (b *inbox) take() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.messages
	b.messages = nil
	return taken
}
