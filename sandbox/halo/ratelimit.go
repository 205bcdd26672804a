package halo

import (
	"sync"
	"time"
)

// rateLimiter allows a number of requests in any window of time, for each application by itself.
type rateLimiter struct {
	limit  int // none when negative
	window time.Duration
	mu     sync.Mutex
	seen   map[string][]time.Time // by client id, oldest first, within the window
}

func newRateLimiter(limit int, window time.Duration) *rateLimiter {
	return &rateLimiter{limit: limit, window: window, seen: map[string][]time.Time{}}
}

// configure changes the limit; what was counted stays.
func (l *rateLimiter) configure(limit int, window time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.window = limit, window
}

// left tells how many requests an application may still make now; -1 without a limit.
func (l *rateLimiter) left(application string, now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit < 0 {
		return -1
	}
	used := 0
	for _, at := range l.seen[application] {
		if now.Before(at.Add(l.window)) {
			used++
		}
	}
	return max(l.limit-used, 0)
}

// take counts a request. When it is one too many, wait is how long until the next would be allowed.
func (l *rateLimiter) take(application string, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit < 0 {
		return 0, true
	}
	seen := l.seen[application]
	past := 0
	for past < len(seen) && !now.Before(seen[past].Add(l.window)) {
		past++
	}
	seen = seen[past:]
	if len(seen) >= l.limit {
		l.seen[application] = seen
		return seen[0].Add(l.window).Sub(now), false
	}
	l.seen[application] = append(seen, now)
	return 0, true
}

func (l *rateLimiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.seen)
}
