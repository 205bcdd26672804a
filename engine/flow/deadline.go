package flow

import (
	"time"

	"gantry/fault"
)

// deadline is the end of the run's time. With timeout_excludes_waiting the time in which the run only
// waits (for timers, people, other systems) is added to it.
type deadline struct {
	at        time.Time // zero: none
	limit     time.Time // of the task that called the run; waiting does not move it; zero: none
	asked     time.Time // what the driver was last told
	reached   bool
	idleSince time.Time // zero: not only waiting
}

func (d *deadline) begin(now time.Time, timeout, limit time.Duration) {
	if timeout > 0 {
		d.at = now.Add(timeout)
	}
	if limit > 0 {
		d.limit = now.Add(limit)
	}
}

// next is when the run's time is up, as things are; zero: it is not running out.
func (d *deadline) next() time.Time {
	if d.reached {
		return time.Time{}
	}
	at := d.at
	if !d.idleSince.IsZero() {
		at = time.Time{}
	}
	if at.IsZero() || !d.limit.IsZero() && d.limit.Before(at) {
		return d.limit
	}
	return at
}

// keepDeadline tells the driver when the deadline has moved.
func (s *State) keepDeadline() {
	d := &s.clock
	if s.wf.TimeoutExcludesWaiting && !d.at.IsZero() {
		switch idle := s.onlyWaits(); {
		case idle && d.idleSince.IsZero():
			d.idleSince = s.now
		case !idle && !d.idleSince.IsZero():
			d.at = d.at.Add(s.now.Sub(d.idleSince))
			d.idleSince = time.Time{}
		}
	}
	want := d.next()
	if !want.Equal(d.asked) {
		d.asked = want
		s.do(SetDeadline{want})
	}
}

func (s *State) onlyWaits() bool {
	for _, e := range s.live {
		if e.Status != Waiting {
			return false
		}
	}
	return len(s.live) > 0
}

// deadlineReached cuts off what is running. A run that has failed or was cancelled stays that.
func (s *State) deadlineReached() {
	at := s.clock.next()
	if at.IsZero() || s.now.Before(at) {
		s.clock.asked = time.Time{} // it has moved, or the driver's clock was set back: ask again
		return
	}
	s.clock.reached = true
	if s.phase == going {
		s.phase, s.err = expiring, s.timeoutError(at)
	}
	s.cutOff(RunTimeout)
}

func (s *State) timeoutError(at time.Time) *fault.Error {
	if at.Equal(s.clock.limit) {
		return fault.New(fault.Timeout, "the run took longer than the %s that the task calling it allows", s.start.Limit).
			WithHint("set `timeout` of that task")
	}
	return fault.New(fault.Timeout, "the run took longer than its timeout of %s", s.wf.Timeout).
		WithHint("set `timeout` in the workflow (at most 30d), or timeout_excludes_waiting: true if it waits for people")
}
