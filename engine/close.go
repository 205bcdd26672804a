package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"gantry/engine/flow"
	"gantry/fault"
)

// DefaultGrace is how long Close lets writes under way end unless Options says.
const DefaultGrace = 2 * time.Second

// outside counts the attempts that have begun and not come back.
type outside struct {
	mu       sync.Mutex
	shut     bool // none begins any more
	attempts int
	writes   int
	changed  chan struct{} // closed when the next comes back; nil: nobody waits for one
}

func (o *outside) begin(writes bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut {
		return false
	}
	o.attempts++
	if writes {
		o.writes++
	}
	return true
}

func (o *outside) end(writes bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attempts--
	if writes {
		o.writes--
	}
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}

func (o *outside) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = true
}

// wait returns when none is out any more, or no write, or when ctx ends.
func (o *outside) wait(ctx context.Context, writesOnly bool) {
	for {
		o.mu.Lock()
		left := o.attempts
		if writesOnly {
			left = o.writes
		}
		if left > 0 && o.changed == nil {
			o.changed = make(chan struct{})
		}
		changed := o.changed
		o.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// Park stops gently: nothing new is taken or begun, attempts under way may end until ctx does, the rest is
// left on disk for a later process. Then it closes the engine.
func (e *Engine) Park(ctx context.Context) {
	e.stopIntake()
	e.outside.wait(ctx, false)
	e.Close()
}

// Close stops: nothing new is taken or begun, writes under way have Grace to end, and are then cut off like
// all reads. What has ended is kept; the rest is left on disk, to be taken up by Recover or Resume of a later
// process. Call it before the store is closed.
func (e *Engine) Close() {
	e.stopIntake()
	if e.halt.Err() == nil && e.Grace > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), e.Grace)
		e.outside.wait(ctx, true)
		cancel()
	}
	e.mu.Lock()
	e.closed = true
	runs := make([]*run, 0, len(e.active))
	for _, r := range e.active {
		runs = append(runs, r)
	}
	e.mu.Unlock()
	e.cutOff()
	e.outside.wait(context.Background(), false) // their last words are in the inboxes now
	for _, r := range runs {
		r.stop()
	}
	e.work.Wait()
}

// whenHalted is what is kept of an attempt that came back after the process began to end: its answer, if it
// got one; that it never went out, if so. Else nothing: whoever takes the run up decides whether to repeat it.
func (a *attempt) whenHalted(m message) message {
	ended, ok := m.event.(flow.AttemptEnded)
	if !ok || ended.Outcome.Error == nil {
		return m
	}
	out := ended.Outcome
	switch cutOff := out.Error.Code == fault.Cancelled || out.Error.Code == fault.Timeout; {
	case out.Unknown, cutOff && !a.writes:
		return message{}
	case cutOff && !errors.Is(context.Cause(a.ctx), errCancelled) && !errors.Is(context.Cause(a.ctx), errRunTimeout):
		return message{event: flow.AttemptPutBack{At: ended.At, Unit: ended.Unit}, requests: m.requests}
	}
	return m
}

// stopIntake lets nothing new begin.
func (e *Engine) stopIntake() {
	e.parking.Store(true)
	e.outside.close()
	e.stopping()
	e.admission.close()
	e.door.open()
	e.stir()
}

func (e *Engine) isClosed() bool { return e.parking.Load() }

// enter notes work that Close waits for, which the caller ends with work.Done. It gives false once the
// engine is closed.
func (e *Engine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.work.Add(1)
	return true
}

// background does work that Close waits for, unless the engine is closed.
func (e *Engine) background(work func()) {
	if !e.enter() {
		return
	}
	n := int(e.backgrounds.Add(1))
	go func() {
		defer e.work.Done()
		defer e.catch("a background task")
		e.moment("background", "", flow.Unit{Exec: n})
		work()
	}()
}

// retryPause is how long the engine waits before it tries again what the disk refused.
const retryPause = 5 * time.Second

// later does work after a while, unless the engine is closed by then.
func (e *Engine) later(pause time.Duration, work func()) {
	e.background(func() {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
			work()
		case <-e.intake.Done():
		}
	})
}
