package schedule

import (
	"math"
	"time"
)

// A reading is what a clock on the wall shows, as seconds since 1 January 1970 on that clock; schedules are
// written in readings. An instant is a moment that really comes, as Unix seconds. instant + offset = reading.

// farthest is more than any place's offset from UTC has ever been, in seconds.
const farthest = 26 * 60 * 60

const day = 24 * 60 * 60 // seconds

// span is a stretch of instants, end left out, in which a zone's offset stays the same.
type span struct{ start, end, offset int64 }

func spanAt(instant int64, zone *time.Location) span {
	at := time.Unix(instant, 0).In(zone)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	s := span{math.MinInt64 / 2, math.MaxInt64 / 2, int64(offset)}
	if !start.IsZero() {
		s.start = start.Unix()
	}
	if !end.IsZero() {
		s.end = end.Unix()
	}
	if s.end <= instant { // ZoneBounds takes the last day of a leap year for the end of the span before it
		s.end = instant - instant%day + day
	}
	return s
}

// gap is by how many seconds clocks were put forward at the span's start, and the offset until then.
func (s span) gap(zone *time.Location) (length, before int64) {
	if s.start < -1<<40 {
		return 0, s.offset
	}
	before = spanAt(s.start-1, zone).offset
	return max(s.offset-before, 0), before
}

// first gives the instant at which clocks show a reading for the first time. A reading that clocks jump over
// gives the moment of the jump.
func first(reading int64, zone *time.Location) int64 {
	s := spanAt(reading-farthest, zone)
	for reading-s.offset >= s.end {
		s = spanAt(s.end, zone)
	}
	return max(reading-s.offset, s.start)
}
