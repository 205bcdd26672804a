package engine

import (
	"errors"
	"sync"

	"gantry/engine/flow"
	"gantry/engine/history"
)

// message is an event on its way to a run's goroutine.
type message struct {
	event    flow.Event
	onDisk   bool                // the history has it already: it only needs to be applied
	begins   *run                // the sub-workflow's run that the event names: kept together with it
	kept     func(error)         // called once, when the event is on disk or will never be; nil: nobody waits
	requests []history.RequestOf // made by the attempt that the event ends
	// decides gives the event, in the run's goroutine and as the run stands then; its error drops the message. Without
	// an event and an error the turn keeps something else. nil: the event is there.
	decides func(*turn) (flow.Event, error)
	note    func() // in place of an event: something to tell, of which nothing is kept
	// carryOut is, in place of an event, what one has led to that was applied before.
	carryOut []flow.Command
}

// errGone is for messages that came too late.
var errGone = errors.New("the run is no longer active")

func (m message) drop(err error) {
	if m.kept != nil {
		m.kept(err)
	}
}

// inbox is an unbounded queue: those who tell a run something never wait for it.
type inbox struct {
	mu       sync.Mutex
	messages []message
	closed   bool
	ring     chan struct{} // holds one token while there are messages
}

func newInbox() *inbox { return &inbox{ring: make(chan struct{}, 1)} }

func (b *inbox) put(m message) {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		m.drop(errGone)
		return
	}
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

// close drops what is there and what is still to come.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	for _, m := range b.take() {
		m.drop(errGone)
	}
}
