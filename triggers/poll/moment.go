package poll

import (
	"hash/fnv"
	"time"

	"gantry/fault"
)

// Pauses.
const (
	firstWithin = 30 * time.Second // of a target that has never been asked for
	moreWithin  = 5 * time.Second  // where a poll left something over
	longest     = time.Hour        // after failures, unless every is longer
)

// share is a target's own part of a span of time, from 0 up to the whole: always the same one.
func (t target) share(span time.Duration) time.Duration {
	h := fnv.New64a()
	for _, part := range []string{t.Workflow, "\x00", t.Trigger, "\x00", t.organisation} {
		_, _ = h.Write([]byte(part)) // a hash takes everything
	}
	if span <= 0 {
		return 0
	}
	return time.Duration(h.Sum64() % uint64(span))
}

// regular gives the next of a target's own moments behind now: one in each `every`.
func (t target) regular(now time.Time, every time.Duration) time.Time {
	own := t.share(every)
	since := time.Duration(now.UnixNano() % int64(every))
	wait := own - since
	if wait <= 0 {
		wait += every
	}
	return now.Add(wait)
}

// pause gives how long to wait after so many failures in a row: longer and longer, and at least as long as the
// other side asks for.
func pause(every time.Duration, failures int, why *fault.Error) time.Duration {
	wait := every
	for range min(failures-1, 20) {
		if wait *= 2; wait >= longest {
			break
		}
	}
	wait = max(min(wait, longest), every)
	if why != nil {
		wait = max(wait, min(why.RetryAfter, 24*time.Hour))
	}
	return wait
}
