package schedule_test

import (
	"strings"
	"testing"
	"time"

	"gantry/schedule"
)

// FuzzParse: any text is refused, or gives strictly growing times that the oracle finds, too.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"0 8 * * mon-fri", "*/15 * * * *", "@hourly", "TZ=0", "TZ= * * * * *", "TZ=UTC 0 0 * * *", "0 0 31 2 *", "5-6/2 * * * *", "1,,2 * * * *",
		"0 0 L * fri#L", "0 0 15W,LW * *", "0 0 L-3 * 5#2", "* * * * 7", "0 0 * * sat-sun", "59 23 31 12 0", "60 24 32 13 8", "- - - - -", "@every 5m",
		"0 0 * * 0-7/7", "0 12 1-31/30 1-12/11 *", "+1 * * * *", "* * * * ?", "H * * * *", "0 0 29 feb mon", "\x00 * * * *", "0 0 * * l",
	} {
		for i, zone := range []string{"UTC", "America/New_York", "Australia/Lord_Howe"} {
			f.Add(text, zone, int64(1_700_000_000+i*13_000_000))
		}
	}
	f.Fuzz(func(t *testing.T, text, zone string, start int64) {
		s, err := schedule.Parse(text, zone)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" || err.(*schedule.Problem).Hint == "" {
				t.Fatalf("%q in %q: nothing is said", text, zone)
			}
			return
		}
		// The years in which zones differ from UTC by whole minutes and have their rules.
		from := time.Unix(start%(40*365*86400)+40*365*86400, 0).UTC().Truncate(time.Minute)
		if start < 0 {
			from = time.Unix(-(start%(40*365*86400))+15*365*86400, 0).UTC().Truncate(time.Minute)
		}
		at := from
		for range 20 {
			next := s.Next(at)
			if next.IsZero() || !next.After(at) {
				t.Fatalf("%q in %s: %s is followed by %s", text, zone, at, next)
			}
			at = next
		}
		if !strings.ContainsAny(zone, "/") && zone != "UTC" {
			return // names such as LMT-like systems' own files
		}
		sameAsOracle(t, text, zone, from, from.Add(36*time.Hour))
		if first := s.Next(from); first.Sub(from) < 400*24*time.Hour { // around the first due time, wherever it lies
			sameAsOracle(t, text, zone, first.Add(-2*time.Hour), first.Add(26*time.Hour))
		}
	})
}
