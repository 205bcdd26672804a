package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// job is one write function on its way. Whoever claims it first decides: the writer, to run it, or its
// caller, to give it up.
type job struct {
	fn      func(*Tx) error
	done    func(error)
	claimed atomic.Bool
	err     error // outcome, set by the writer
	after   bool  // it failed where others had written before it in the same transaction
}

func (j *job) claim() bool { return j.claimed.CompareAndSwap(false, true) }

// queue holds the jobs that wait. It has no bound of its own: those who Write wait for their answer, and
// those who Submit must never be held up, for the writer's own callbacks are among them.
type queue struct {
	mu      sync.Mutex
	waiting []*job
	closed  bool
	wake    chan struct{} // one token while there may be something to take
	gather  func()        // see Options; nil: nothing
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) push(j *job) error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return closedFault()
	}
	q.waiting = append(q.waiting, j)
	q.mu.Unlock()
	q.signal()
	return nil
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// close refuses further jobs; take still gives what was accepted.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

// take waits for jobs and gives all that wait, in order. It leaves spare as the room for the next ones.
// After close it gives the rest, then nothing.
func (q *queue) take(spare []*job) []*job {
	for {
		if q.gather != nil {
			q.gather()
		}
		q.mu.Lock()
		jobs, closed := q.waiting, q.closed
		if len(jobs) > 0 || closed {
			q.waiting = spare[:0]
			q.mu.Unlock()
			return jobs
		}
		q.mu.Unlock()
		<-q.wake
	}
}

// write queues fn and waits for its outcome.
func (w *writer) write(ctx context.Context, fn func(*Tx) error) error {
	if ctx.Err() != nil {
		return cancelledFault(ctx)
	}
	outcome := make(chan error, 1)
	j := &job{fn: fn, done: func(err error) { outcome <- err }}
	if err := w.queue.push(j); err != nil {
		return err
	}
	select {
	case err := <-outcome:
		return err
	case <-ctx.Done():
		if j.claim() {
			return cancelledFault(ctx)
		}
		return <-outcome
	}
}
