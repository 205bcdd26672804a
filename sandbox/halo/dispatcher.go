package halo

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// maxWaiting bounds the deliveries that wait, however many events a script causes.
const maxWaiting = 10_000

// delivery is one request of a webhook: what happened, or several of it together.
type delivery struct {
	from         *state // the data that it tells of; a reset makes others
	id           string
	webhook      string
	notification int64
	ticket       int64
	event        string

	method, url, kind string
	header            http.Header // the authentication
	secrets           []string    // what the log must not show of it
	payloads          []any
	body              []byte // in place of payloads: sent as it is

	with  string        // deliveries of a webhook with the same word travel together; empty: alone
	delay time.Duration // how long the first waits for others
	limit int           // how many travel together at most; no limit when zero
}

// dispatcher sends deliveries: those of one webhook one after the other, those of different ones side by side.
// It works only while something waits: an idle one holds no goroutine.
type dispatcher struct {
	send   func(context.Context, delivery) outcome
	record func(delivery, outcome)
	after  func(time.Duration) <-chan time.Time

	life context.Context
	end  context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	lanes   map[string]*lane // by webhook
	waiting int              // deliveries that are not recorded yet
	idle    chan struct{}    // closed when nothing waits any more; nil when nothing does
}

// lane is the deliveries of one webhook, in their order.
type lane struct {
	queue   []delivery
	busy    bool
	batches map[string]*batch
}

// batch is deliveries that wait for company.
type batch struct {
	list   []delivery
	leaves chan struct{} // closed when they need not wait any longer
	sent   bool
}

func newDispatcher(life context.Context, after func(time.Duration) <-chan time.Time) *dispatcher {
	d := &dispatcher{after: after, lanes: map[string]*lane{}}
	d.life, d.end = context.WithCancel(life)
	return d
}

var errQueueFull = errors.New("too many deliveries wait; this one was not sent")

// add takes deliveries over and returns at once.
func (d *dispatcher) add(due []delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range due {
		if d.life.Err() != nil {
			return
		}
		if d.waiting == 0 {
			d.idle = make(chan struct{})
		}
		d.waiting++
		in := d.lanes[one.webhook]
		if in == nil {
			in = &lane{batches: map[string]*batch{}}
			d.lanes[one.webhook] = in
		}
		switch {
		case d.waiting > maxWaiting:
			d.work.Go(func() { d.finish(one, outcome{err: errQueueFull}) })
		case one.with != "" && one.body == nil:
			d.join(in, one)
		default:
			d.push(in, one)
		}
	}
}

// join lets a delivery wait for others. Whoever calls holds mu.
func (d *dispatcher) join(in *lane, one delivery) {
	b := in.batches[one.with]
	if b == nil {
		b = &batch{leaves: make(chan struct{})}
		in.batches[one.with] = b
		ready := d.after(one.delay)
		d.work.Go(func() {
			select {
			case <-ready:
			case <-b.leaves:
			case <-d.life.Done():
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.leave(in, one.with, b)
		})
	}
	b.list = append(b.list, one)
	if one.limit > 0 && len(b.list) >= one.limit {
		d.leave(in, one.with, b)
	}
}

// leave puts a batch on its way, once. Whoever calls holds mu.
func (d *dispatcher) leave(in *lane, with string, b *batch) {
	if b.sent {
		return
	}
	b.sent = true
	close(b.leaves)
	delete(in.batches, with)
	together := b.list[0]
	together.payloads = nil
	for _, one := range b.list {
		together.payloads = append(together.payloads, one.payloads...)
	}
	d.push(in, together)
}

// push queues a delivery and sees that somebody sends it. Whoever calls holds mu.
func (d *dispatcher) push(in *lane, one delivery) {
	in.queue = append(in.queue, one)
	if !in.busy {
		in.busy = true
		d.work.Go(func() { d.run(in) })
	}
}

func (d *dispatcher) run(in *lane) {
	for {
		d.mu.Lock()
		if len(in.queue) == 0 {
			in.busy = false
			d.mu.Unlock()
			return
		}
		one := in.queue[0]
		in.queue = in.queue[1:]
		d.mu.Unlock()
		if d.life.Err() != nil {
			d.finish(one, outcome{err: context.Canceled})
			continue
		}
		d.finish(one, d.send(d.life, one))
	}
}

// finish records how a delivery ended and tells who waits for that.
func (d *dispatcher) finish(one delivery, o outcome) {
	if d.life.Err() == nil { // what Close cut off was neither delivered nor refused
		d.record(one, o)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting -= max(1, len(one.payloads)); d.waiting == 0 {
		close(d.idle)
	}
}

// settle sends what waits for company and returns when nothing is under way any more.
func (d *dispatcher) settle(ctx context.Context) error {
	for {
		d.mu.Lock()
		if d.waiting == 0 {
			d.mu.Unlock()
			return nil
		}
		idle := d.idle
		for _, in := range d.lanes {
			for with, b := range in.batches {
				d.leave(in, with, b)
			}
		}
		d.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		case <-d.life.Done():
			return nil
		}
	}
}

func (d *dispatcher) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting
}

// close cuts off what is under way and returns when nothing runs any more.
func (d *dispatcher) close() {
	d.mu.Lock()
	d.end() // under the lock: add starts nothing after it
	d.mu.Unlock()
	d.work.Wait()
}
