package wire

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"gantry/fault"
)

// Limit is what the other system allows: Requests per Per, of which Burst at once. The zero value is no limit.
type Limit struct {
	Requests int
	Per      time.Duration
	Burst    int
}

// Pacer keeps all runs that share an instance under its limit. It learns from 429: everybody waits as long
// as the other side asks.
type Pacer struct {
	clock   func() time.Time
	bucket  *rate.Limiter
	what    string
	mu      sync.Mutex
	resume  time.Time     // nobody sends before this
	penalty time.Duration // the last wait that we chose ourselves
}

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
// as long as the deadline leaves time to wait. waits may be nil.
func (p *Pacer) Wrap(next Sender, waits Waits) Sender {
	return SenderFunc(func(ctx context.Context, req *Request) (*Answer, error) {
		for resent := 0; ; resent++ {
			if f := p.wait(ctx, waits); f != nil {
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

// wait takes a token, or says that this would outlast the deadline. Whoever was held back by a refusal takes
// its token afterwards, so that not all come running at once.
func (p *Pacer) wait(ctx context.Context, waits Waits) error {
	for {
		now := p.clock()
		if held := p.held(now); held > 0 {
			if err := p.sleep(ctx, now, held, waits); err != nil {
				return err
			}
			continue
		}
		token := p.bucket.ReserveN(now, 1)
		pause := token.DelayFrom(now)
		if pause <= 0 {
			return nil
		}
		if err := p.sleep(ctx, now, pause, waits); err != nil {
			token.CancelAt(now)
			return err
		}
		if p.held(p.clock()) <= 0 {
			return nil
		}
	}
}

func (p *Pacer) held(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.resume.Sub(now)
}

func (p *Pacer) sleep(ctx context.Context, now time.Time, pause time.Duration, waits Waits) error {
	if deadline, ok := ctx.Deadline(); ok && now.Add(pause).After(deadline) {
		return p.outlasts(pause)
	}
	if waits != nil {
		waits.WaitBegins(now.Add(pause))
		defer waits.WaitEnds()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		if ctx.Err() == context.DeadlineExceeded {
			return p.outlasts(pause)
		}
		return &Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off while waiting for %s", p.what)}
	}
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
