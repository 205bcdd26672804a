package wire

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"gantry/fair"
	"gantry/fault"
)

// Limit is what the other system allows: Requests per Per, of which Burst at once. The zero value is no limit.
type Limit struct {
	Requests int
	Per      time.Duration
	Burst    int
}

// Pacer keeps all runs that share an instance under its limit. Those who wait are served by organisation in
// turn, so that one with thousands of requests does not hold up the others who share it. It learns from 429:
// everybody waits as long as the other side asks.
type Pacer struct {
	clock func() time.Time
	what  string

	mu      sync.Mutex
	bucket  *rate.Limiter
	line    fair.Line[*waiter]
	alarm   *time.Timer   // set while anybody waits
	resume  time.Time     // nobody sends before this
	penalty time.Duration // the last wait that we chose ourselves
}

// waiter is a request that waits; goes is closed when it may be sent.
type waiter struct{ goes chan struct{} }

const (
	firstPenalty = 5 * time.Second
	maxPenalty   = 2 * time.Minute
	maxResends   = 8
)

// NewPacer makes a pacer; what names the other system in faults. A window of n requests is kept by a bucket
// of burst tokens that refills with the rest of the window's share, so that no window ever holds more than n.
func NewPacer(what string, limit Limit, clock func() time.Time) *Pacer {
	p := &Pacer{clock: clock, what: what, bucket: rate.NewLimiter(rate.Inf, 1)}
	if limit.Requests > 0 && limit.Per > 0 {
		burst := limit.Burst
		if burst <= 0 {
			burst = max(1, limit.Requests/5)
		}
		steady := max(1, limit.Requests-burst)
		p.bucket = rate.NewLimiter(rate.Limit(float64(steady)/limit.Per.Seconds()), burst)
	}
	return p
}

// Waits hears of the time that a request spends waiting for the limit. Both are called in the sender's
// goroutine: a wait that begins always ends before its request is sent or given up.
type Waits interface {
	WaitBegins(until time.Time)
	WaitEnds()
}

// Wrap paces what goes through to next, and sends again what was refused with 429 (nothing was done then)
// as long as the deadline leaves time to wait. Requests of the same queue, an organisation's, keep their
// order. waits may be nil.
func (p *Pacer) Wrap(next Sender, queue string, waits Waits) Sender {
	return SenderFunc(func(ctx context.Context, req *Request) (*Answer, error) {
		for resent := 0; ; resent++ {
			if f := p.wait(ctx, queue, waits); f != nil {
				return nil, f
			}
			a, err := next.Send(ctx, req)
			if err != nil {
				return nil, err
			}
			if a.Status != http.StatusTooManyRequests {
				p.answered()
				return a, nil
			}
			pause := p.refused(a.Header)
			if resent == maxResends {
				return nil, p.outlasts(pause)
			}
		}
	})
}

// wait takes a token, or says that this would outlast the deadline.
func (p *Pacer) wait(ctx context.Context, queue string, waits Waits) error {
	now := p.clock()
	p.mu.Lock()
	if p.line.Len() == 0 && p.delay(now) <= 0 {
		p.bucket.AllowN(now, 1)
		p.mu.Unlock()
		return nil
	}
	pause := p.foreseen(now, queue)
	if deadline, ok := ctx.Deadline(); ok && now.Add(pause).After(deadline) {
		p.mu.Unlock()
		return p.outlasts(pause)
	}
	w := &waiter{goes: make(chan struct{})}
	place := p.line.Join(queue, w)
	p.wake(now)
	p.mu.Unlock()
	if waits != nil {
		waits.WaitBegins(now.Add(pause))
		defer waits.WaitEnds()
	}
	select {
	case <-w.goes:
		return nil
	case <-ctx.Done():
	}
	return p.giveUp(ctx, place, queue)
}

// giveUp leaves the line. Who was let go at the same moment has taken a token for nothing.
func (p *Pacer) giveUp(ctx context.Context, place *fair.Place[*waiter], queue string) error {
	now := p.clock()
	p.mu.Lock()
	place.Leave()
	pause := p.foreseen(now, queue)
	p.mu.Unlock()
	if ctx.Err() == context.DeadlineExceeded {
		return p.outlasts(pause)
	}
	return &Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off while waiting for %s", p.what)}
}

// serve lets go whose turn it is, as many as there are tokens, and asks to be called when there is the next.
func (p *Pacer) serve() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alarm = nil
	now := p.clock()
	for first := p.line.First(); first != nil && p.delay(now) <= 0; first = p.line.First() {
		p.bucket.AllowN(now, 1)
		close(p.line.Serve(first).goes)
	}
	p.wake(now)
}

// wake sets the alarm for the next token. The caller holds the lock, as in the following.
func (p *Pacer) wake(now time.Time) {
	if p.alarm == nil && p.line.Len() > 0 {
		p.alarm = time.AfterFunc(max(p.delay(now), 0), p.serve)
	}
}

// delay is how long it is until the next request may go.
func (p *Pacer) delay(now time.Time) time.Duration {
	at := now
	if p.resume.After(at) {
		at = p.resume
	}
	return at.Sub(now) + p.refill(1-p.bucket.TokensAt(at))
}

// refill is how long the bucket takes for so many tokens.
func (p *Pacer) refill(tokens float64) time.Duration {
	limit := p.bucket.Limit()
	if tokens <= 0 || limit == rate.Inf {
		return 0
	}
	return time.Duration(math.Ceil(tokens / float64(limit) * float64(time.Second)))
}

// foreseen is how long one who joins the queue now has to wait, if nobody else comes.
func (p *Pacer) foreseen(now time.Time, queue string) time.Duration {
	pause := p.delay(now)
	left := p.bucket.TokensAt(now.Add(pause)) - 1 // when the first has gone
	return pause + p.refill(float64(p.line.Ahead(queue))-max(left, 0))
}

func (p *Pacer) outlasts(pause time.Duration) *Failure {
	e := fault.New(fault.RateLimited, "%s takes no more requests for %s, which is longer than this task may take", p.what, pause.Round(time.Second)).
		WithHint("raise the task's timeout, or give it a retry; other programs may share the limit")
	e.Passing, e.RetryAfter = true, pause
	return &Failure{Fault: e}
}

func (p *Pacer) answered() {
	p.mu.Lock()
	p.penalty = 0
	p.mu.Unlock()
}

// refused notes a 429 and gives how long everybody now waits.
func (p *Pacer) refused(h http.Header) time.Duration {
	now := p.clock()
	p.mu.Lock()
	defer p.mu.Unlock()
	pause, told := RetryAfter(h, now)
	if !told || pause <= 0 {
		if now.Before(p.resume) { // refused with others at the same moment: one penalty for all
			return p.resume.Sub(now)
		}
		p.penalty = min(max(2*p.penalty, firstPenalty), maxPenalty)
		pause = p.penalty
	}
	if until := now.Add(pause); until.After(p.resume) {
		p.resume = until
	}
	return pause
}

// RetryAfter reads the header of that name: seconds or a date. Waits are cut at one hour.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(seconds >= 0) {
			return 0, false
		}
		return time.Duration(min(seconds, 3600) * float64(time.Second)), true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), time.Hour), true
}
