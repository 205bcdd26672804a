package wire

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault"
)

var somewhere = &Request{Method: "GET", URL: &url.URL{Scheme: "https", Host: "a.example"}}

// No window ever holds more requests than the limit says, however many want to send.
func TestPaceKeepsTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var times []time.Time
		target := SenderFunc(func(context.Context, *Request) (*Answer, error) {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			return &Answer{Status: 200}, nil
		})
		p := NewPacer("Halo", Limit{Requests: 100, Per: time.Minute}, time.Now).Wrap(target, "acme", nil)
		var all sync.WaitGroup
		for range 350 {
			all.Go(func() {
				if _, err := p.Send(t.Context(), somewhere); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i := range times {
			if i+100 < len(times) && times[i+100].Sub(times[i]) < time.Minute {
				t.Fatalf("more than 100 requests within %v", times[i+100].Sub(times[i]))
			}
		}
		if took := times[len(times)-1].Sub(times[0]); took > 5*time.Minute {
			t.Errorf("350 requests took %v", took)
		}
	})
}

// A 429 holds everybody back for as long as it says, and is then sent again.
func TestPaceLearnsFromRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var refusals int
		var last time.Time
		target := SenderFunc(func(context.Context, *Request) (*Answer, error) {
			if refusals++; refusals == 1 {
				return &Answer{Status: 429, Header: http.Header{"Retry-After": {"30"}}}, nil
			}
			last = time.Now()
			return &Answer{Status: 200}, nil
		})
		p := NewPacer("Halo", Limit{}, time.Now).Wrap(target, "acme", nil)
		start := time.Now()
		a, err := p.Send(t.Context(), somewhere)
		if err != nil || a.Status != 200 || last.Sub(start) != 30*time.Second {
			t.Errorf("%v %v after %v", a, err, last.Sub(start))
		}
	})
}

func TestPaceGivesUpWithinTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		target := SenderFunc(func(context.Context, *Request) (*Answer, error) {
			calls++
			return &Answer{Status: 429, Header: http.Header{"Retry-After": {"60"}}}, nil
		})
		p := NewPacer("Halo", Limit{}, time.Now).Wrap(target, "acme", nil)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := p.Send(ctx, somewhere)
		f := AsFailure(err)
		if err == nil || f.Fault.Code != fault.RateLimited || !f.Fault.Passing || f.Fault.RetryAfter < 59*time.Second || f.Sent {
			t.Errorf("%+v", f)
		}
		if time.Since(start) != 0 || calls != 1 {
			t.Errorf("it waited %v for nothing, %d calls", time.Since(start), calls)
		}
	})
}

// Without Retry-After the waits grow, and those refused at the same moment wait once.
func TestPaceWithoutRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		refused := 0
		target := SenderFunc(func(context.Context, *Request) (*Answer, error) {
			time.Sleep(time.Second) // the bubble's time: all three are on their way before the first refusal
			mu.Lock()
			defer mu.Unlock()
			if refused++; refused <= 3 {
				return &Answer{Status: 429, Header: http.Header{}}, nil
			}
			return &Answer{Status: 200}, nil
		})
		p := NewPacer("Halo", Limit{}, time.Now).Wrap(target, "acme", nil)
		start := time.Now()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if _, err := p.Send(t.Context(), somewhere); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took != firstPenalty+2*time.Second {
			t.Errorf("took %v, want %v", took, firstPenalty+2*time.Second)
		}
	})
}

func TestPaceCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer("Halo", Limit{Requests: 2, Per: time.Hour, Burst: 1}, time.Now).Wrap(SenderFunc(func(context.Context, *Request) (*Answer, error) {
			return &Answer{Status: 200}, nil
		}), "acme", nil)
		if _, err := p.Send(t.Context(), somewhere); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		if _, err := p.Send(ctx, somewhere); AsFailure(err).Fault.Code != fault.Cancelled {
			t.Errorf("%v", err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Second, "1.5": 1500 * time.Millisecond, "0": 0, " 7 ": 7 * time.Second, "999999999": time.Hour,
		"Sun, 22 Nov 2026 12:00:45 GMT": 45 * time.Second, "Sun, 22 Nov 2026 11:00:00 GMT": 0,
		"": -1, "-5": -1, "soon": -1, "NaN": -1, "Inf": time.Hour,
	} {
		got, told := RetryAfter(http.Header{"Retry-After": {text}}, now)
		if told != (want >= 0) || told && got != want {
			t.Errorf("%q: %v %v, want %v", text, got, told, want)
		}
	}
}
