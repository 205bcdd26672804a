package schedule_test

import (
	"testing"
	"time"

	"gantry/schedule"
)

func TestInterval(t *testing.T) {
	anchor := moment(t, "2026-03-29T00:10:00Z")
	for _, c := range []struct {
		every time.Duration
		after string
		want  string
	}{
		{15 * time.Minute, "2026-03-29T00:10:00Z", "2026-03-29T00:25:00Z"},
		{15 * time.Minute, "2026-03-29T00:24:59Z", "2026-03-29T00:25:00Z"},
		{15 * time.Minute, "2026-03-29T00:25:00Z", "2026-03-29T00:40:00Z"},
		{15 * time.Minute, "2020-01-01T00:00:00Z", "2026-03-29T00:25:00Z"}, // nothing is due before its anchor
		{24 * time.Hour, "2026-03-29T00:10:00Z", "2026-03-30T00:10:00Z"},   // elapsed time, whatever clocks do
		{time.Second, "2026-03-29T00:10:00.5Z", "2026-03-29T00:10:01Z"},
	} {
		got := schedule.Interval{Every: c.every, Anchor: anchor}.Next(moment(t, c.after))
		if !got.Equal(moment(t, c.want)) {
			t.Errorf("every %s after %s: %s, want %s", c.every, c.after, got, c.want)
		}
	}
	if at := (schedule.Interval{Anchor: anchor}).Next(anchor); !at.IsZero() {
		t.Errorf("an interval without a length is due at %s", at)
	}
}

func TestBetweenIsBounded(t *testing.T) {
	s := schedule.Interval{Every: time.Minute, Anchor: moment(t, "2026-01-01T00:00:00Z")}
	due, more := schedule.Between(s, s.Anchor, s.Anchor.Add(10*time.Minute), 3)
	if len(due) != 3 || !more || !due[2].Equal(s.Anchor.Add(3*time.Minute)) {
		t.Errorf("%v, more %v", due, more)
	}
	due, more = schedule.Between(s, s.Anchor, s.Anchor.Add(3*time.Minute), 3)
	if len(due) != 3 || more {
		t.Errorf("%v, more %v", due, more)
	}
}
