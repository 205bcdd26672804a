package access

import (
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// strangers bounds what people who have not signed in can have written into the audit log, so that a flood of them
// does not fill the disk: 500 entries at once, then one in ten seconds. What is left out is counted in the next one.
type strangers struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	leftOut int
}

func newStrangers() *strangers {
	return &strangers{limiter: rate.NewLimiter(rate.Every(10*time.Second), 500)}
}

// allow tells whether one more entry is written, and what to add to its details.
func (s *strangers) allow(now time.Time) (ok bool, details map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.limiter.AllowN(now, 1) {
		s.leftOut++
		return false, nil
	}
	if s.leftOut > 0 {
		details = map[string]string{"left_out_before": strconv.Itoa(s.leftOut)}
		s.leftOut = 0
	}
	return true, details
}
