package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestBucketsFollowOnEachOther: in every zone each bucket begins where the one before ends, at a whole quarter of an hour, every
// time lies in the bucket that begins before it, and days and weeks begin with their date.
func TestBucketsFollowOnEachOther(t *testing.T) {
	zones := []string{"UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Beirut", "Africa/Cairo",
		"America/Havana", "America/St_Johns", "Pacific/Apia", "Pacific/Chatham", "America/Sao_Paulo"}
	rapid.Check(t, func(rt *rapid.T) {
		zone, problem := Zone(rapid.SampledFrom(zones).Draw(rt, "zone"))
		if problem != nil {
			rt.Fatal(problem)
		}
		b := rapid.SampledFrom([]Bucket{Hours, Days, Weeks}).Draw(rt, "bucket")
		at := time.Unix(rapid.Int64Range(1_000_000_000, 2_000_000_000).Draw(rt, "at"), 0)
		start := b.Start(at, zone)
		next := b.Next(start, zone)
		if at.Before(start) || !at.Before(next) {
			rt.Fatalf("%s is not from %s to %s", at.In(zone), start, next)
		}
		if start.Unix()%900 != 0 || next.Unix()%900 != 0 {
			rt.Fatalf("%s to %s", start, next)
		}
		if again := b.Start(start, zone); !again.Equal(start) && !(b == Hours && zone.String() == "Australia/Lord_Howe") {
			rt.Fatalf("the bucket of %s begins at %s", start, again)
		}
		if b == Hours {
			return
		}
		before := start.Add(-time.Second)
		if before.Day() == start.Day() {
			rt.Fatalf("%s is not where its day begins", start)
		}
		if b == Weeks && start.Weekday() != time.Monday {
			rt.Fatalf("a week begins on %s", start)
		}
	})
}

// TestDaysWithoutMidnight: where clocks go forward at midnight the day begins when they have.
func TestDaysWithoutMidnight(t *testing.T) {
	for _, c := range []struct{ zone, at, want, next string }{
		{"Asia/Beirut", "2026-03-29T12:00:00+03:00", "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00"},
		{"America/Havana", "2026-11-01T12:00:00-05:00", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"},
		{"Europe/London", "2026-10-25T12:00:00Z", "2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z"},
	} {
		zone, problem := Zone(c.zone)
		if problem != nil {
			t.Fatal(problem)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		start := Days.Start(at, zone)
		if got, next := start.Format(time.RFC3339), Days.Next(start, zone).Format(time.RFC3339); got != c.want || next != c.next {
			t.Errorf("%s: from %s to %s", c.at, got, next)
		}
	}
}
