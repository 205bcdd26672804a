package schedule

import "time"

// Interval is due at equal distances of elapsed time after its anchor: anchor + every, anchor + 2 × every, …
// Time zones mean nothing to it.
type Interval struct {
	Every  time.Duration // more than zero
	Anchor time.Time
}

// Next gives the first due time after the given one. An interval without a length is never due.
func (i Interval) Next(after time.Time) time.Time {
	if i.Every <= 0 {
		return time.Time{}
	}
	passed := after.Sub(i.Anchor)
	if passed < 0 {
		return i.Anchor.Add(i.Every).UTC()
	}
	return i.Anchor.Add((passed/i.Every + 1) * i.Every).UTC()
}
