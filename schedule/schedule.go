// Package schedule says when a cron schedule or an interval is due.
//
// It is pure: no clock, no goroutines; the time zone database is part of the program. What cron means where
// clocks are put forward or back is told at Cron.Next.
package schedule

import "time"

// Schedule gives due times, one after the other.
type Schedule interface {
	// Next gives the first due time after the given one, in UTC and in whole seconds (Interval: as exact as its
	// anchor). The zero time means that there is none any more.
	Next(after time.Time) time.Time
}

// Between gives the due times after from and up to to, oldest first, and whether there are more of them than
// the bound.
func Between(s Schedule, from, to time.Time, bound int) (due []time.Time, more bool) {
	for at := s.Next(from); !at.IsZero() && !at.After(to); at = s.Next(at) {
		if len(due) == bound {
			return due, true
		}
		due = append(due, at)
	}
	return due, false
}

// Latest gives the newest due time after from and up to to, or the zero time. It halves the stretch instead of
// walking through it, so a month of minutes costs no more than some twenty steps.
func Latest(s Schedule, from, to time.Time) time.Time {
	var newest time.Time
	after, beyond := from, to // due times lie after the first, and none between the second and to
	for {
		at := s.Next(after)
		if at.IsZero() || at.After(to) {
			return newest
		}
		newest, after = at, at
		for beyond.Sub(after) > time.Second {
			middle := after.Add(beyond.Sub(after) / 2)
			if at := s.Next(middle); at.IsZero() || at.After(to) {
				beyond = middle
				continue
			}
			after = middle
			break
		}
	}
}
