package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/schedule"
)

func parse(t testing.TB, text, zone string) *schedule.Cron {
	t.Helper()
	s, err := schedule.Parse(text, zone)
	if err != nil {
		t.Fatalf("%q in %s: %v", text, zone, err)
	}
	return s
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// sameAsOracle compares all due times of a stretch.
func sameAsOracle(t testing.TB, text, zone string, from, to time.Time) {
	t.Helper()
	got, _ := schedule.Between(parse(t, text, zone), from, to, 1_000_000)
	if diff := cmp.Diff(newOracle(text, zone).due(from, to), got); diff != "" {
		t.Errorf("%q in %s from %s to %s (-oracle +got):\n%s", text, zone, from, to, diff)
	}
}

// TestYears walks through two years of minutes for schedules of every form.
func TestYears(t *testing.T) {
	for i, text := range []string{
		"*/20 */6 * * *", "0 8 * * mon-fri", "15,45 9-17/4 * * *", "0 0 13 * fri", "0 0 */10 * mon", "0 0 1 * */2", "5/15 3 * jan,jul sun",
		"0 12 L * *", "0 12 L-3 * *", "0 12 LW * *", "0 12 15W * *", "0 12 1W,31W * *", "0 12 * * tue#2", "0 12 * * friL,mon#5", "0 12 1,L * 7",
		"0 0 29 2 *", "0 0 * * 5-7", "0 0 * * sat-sun", "0 0 * * 1/2", "30 4 31 * *", "@monthly", "@weekly", "@yearly", "0 0-23 7 * *",
	} {
		zone := []string{"UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe"}[i%4]
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			sameAsOracle(t, text, zone, moment(t, "2023-12-31T00:00:00Z"), moment(t, "2025-01-02T00:00:00Z"))
		})
	}
}

// zonesOfChanges are zones with the days around changes of their clocks.
var zonesOfChanges = []struct{ zone, change string }{
	{"UTC", "2026-03-29"},
	{"Europe/London", "2026-03-29"}, {"Europe/London", "2026-10-25"},
	{"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"},
	{"Australia/Lord_Howe", "2026-10-04"}, {"Australia/Lord_Howe", "2026-04-05"}, // by half an hour
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2019-02-17"}, // at midnight
	{"Asia/Kathmandu", "2026-03-29"}, {"Asia/Kathmandu", "1986-01-01"}, // by a quarter of an hour, once
	{"Africa/Casablanca", "2026-02-15"}, {"Africa/Casablanca", "2026-03-22"}, // put back for Ramadan
	{"Pacific/Apia", "2011-12-30"},                                           // a day that did not come
	{"Pacific/Kwajalein", "1993-08-21"}, {"Pacific/Enderbury", "1994-12-31"}, // likewise
	{"America/Caracas", "2007-12-09"}, {"Asia/Pyongyang", "2018-05-04"}, {"Antarctica/Troll", "2026-03-29"}, // half hours, two hours
	{"America/St_Johns", "2006-10-29"}, // at one minute past midnight
}

// TestChanges compares random schedules, and those that people write, with the oracle where clocks change.
func TestChanges(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range zonesOfChanges {
		day := moment(t, c.change+"T00:00:00Z")
		texts := []string{"30 2 * * *", "*/20 * * * *", "15 * * * *", "0 */2 * * *", "*/7 1-2 * * *", "0 0 * * *", "30 0 30 * *", "0 */6 30 * *"}
		for range 12 {
			texts = append(texts, randomSchedule(random))
		}
		for _, text := range texts {
			if _, err := schedule.Parse(text, c.zone); err != nil {
				continue // a random one that never comes
			}
			sameAsOracle(t, text, c.zone, day.AddDate(0, 0, -2), day.AddDate(0, 0, 3))
		}
	}
}

func randomSchedule(random *rand.Rand) string {
	var parts []string
	for i, most := range []int{59, 23, 31, 12, 7} {
		least := []int{0, 0, 1, 1, 0}[i]
		a := least + random.IntN(most-least)
		b := a + 1 + random.IntN(most-a)
		parts = append(parts, []string{
			"*", "*", fmt.Sprint(a), fmt.Sprintf("%d,%d", a, b), fmt.Sprintf("%d-%d", a, b), fmt.Sprintf("*/%d", 1+random.IntN((most-least)/2)),
		}[random.IntN(6)])
	}
	return strings.Join(parts, " ")
}

// TestNextAgreesWithBetween begins in the middle of gaps and overlaps, at any second.
func TestNextAgreesWithBetween(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range zonesOfChanges {
		day := moment(t, c.change+"T00:00:00Z")
		for _, text := range []string{"30 2 * * *", "*/20 * * * *", "0 */2 * * *", "*/5 0-3 * * *"} {
			s := parse(t, text, c.zone)
			all, _ := schedule.Between(s, day.AddDate(0, 0, -3), day.AddDate(0, 0, 6), 1_000_000)
			for range 200 {
				after := day.Add(time.Duration(random.IntN(3*24*3600)-24*3600) * time.Second).Add(time.Duration(random.IntN(2)) * time.Millisecond)
				want := all[slices.IndexFunc(all, func(at time.Time) bool { return at.After(after) })]
				if got := s.Next(after); !got.Equal(want) {
					t.Fatalf("%s in %s after %s: %s, want %s", text, c.zone, after, got, want)
				}
			}
		}
	}
}

func TestRareDays(t *testing.T) {
	for text, want := range map[string]string{
		"0 0 29 2 *":     "2028-02-29T00:00:00Z",
		"0 0 * 2 mon#5":  "2044-02-29T00:00:00Z",
		"0 0 29 2 */7":   "2032-02-29T00:00:00Z",
		"* * 29 2 */7":   "2032-02-29T00:00:00Z",
		"59 23 31 12 *":  "2026-12-31T23:59:00Z",
		"0 0 */28 2 */7": "2026-02-01T00:00:00Z",
	} {
		if got := parse(t, text, "UTC").Next(moment(t, "2026-01-01T00:00:00Z")); !got.Equal(moment(t, want)) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := parse(t, "0 0 * 2 mon#5", "America/New_York").Next(moment(t, "2073-01-01T00:00:00Z")); !got.Equal(moment(t, "2112-02-29T05:00:00Z")) {
		t.Errorf("over the year 2100: %s", got)
	}
}

// TestQuick bounds what the worst schedules cost. The best of some tries is taken: others use this machine, too.
func TestQuick(t *testing.T) {
	for _, text := range []string{"* * 29 2 */7", "0 0 * 2 mon#5", "* * * 2 mon#5", "59 23 31 12 *", "* * * * *", "0 0 29W * */6", "0 0 L-30 2 *"} {
		best := time.Hour
		for range 5 {
			began := time.Now()
			if s, err := schedule.Parse(text, "Europe/London"); err == nil {
				s.Next(moment(t, "2072-03-01T00:00:00Z"))
			}
			best = min(best, time.Since(began))
		}
		if best > 50*time.Millisecond {
			t.Errorf("%s takes %s", text, best)
		}
	}
}

func TestLatest(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		text := randomSchedule(random)
		s, err := schedule.Parse(text, "Europe/London")
		if err != nil {
			continue
		}
		from := moment(t, "2026-03-20T00:00:00Z").Add(time.Duration(random.IntN(20*86400)) * time.Second)
		to := from.Add(time.Duration(random.IntN(5*86400)) * time.Second)
		var want time.Time
		if all, _ := schedule.Between(s, from, to, 1_000_000); len(all) > 0 {
			want = all[len(all)-1]
		}
		if got := schedule.Latest(s, from, to); !got.Equal(want) {
			t.Fatalf("%s from %s to %s: %s, want %s", text, from, to, got, want)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	for _, text := range []string{"* * * * *", "*/15 * * * *", "0 8 * * mon-fri", "0 0 L * *", "0 0 29 2 *", "0 0 * 2 mon#5"} {
		b.Run(text, func(b *testing.B) {
			s := parse(b, text, "Europe/London")
			at := moment(b, "2026-01-01T00:00:00Z")
			for b.Loop() {
				s.Next(at)
			}
		})
	}
}
