package schedule_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/schedule"
)

// TestTableOfChanges shows in testdata/changes.txt what becomes of schedules where clocks change: the due times
// in local time with the offset, from some hours before to some hours after. TestChanges proves the same cases,
// and many more, against the oracle.
func TestTableOfChanges(t *testing.T) {
	var got strings.Builder
	for _, c := range []struct {
		what, zone, from string
		hours            int
		texts            []string
	}{
		{"put forward at 1:00 to 2:00", "Europe/London", "2026-03-29T00:00:00Z", 3, []string{"30 1 * * *", "0 1-3 * * *", "*/30 * * * *", "0 */2 * * *", "15 */1 * * *"}},
		{"put back at 2:00 to 1:00", "Europe/London", "2026-10-24T23:00:00Z", 4, []string{"30 1 * * *", "0 1-3 * * *", "*/30 * * * *", "0 */2 * * *"}},
		{"put forward at 2:00 to 3:00", "America/New_York", "2026-03-08T06:00:00Z", 3, []string{"30 2 * * *", "*/20 2 * * *", "30 * * * *", "0 */2 * * *"}},
		{"put back at 2:00 to 1:00", "America/New_York", "2026-11-01T04:30:00Z", 3, []string{"30 1 * * *", "30 * * * *"}},
		{"put forward at 2:00 to 2:30", "Australia/Lord_Howe", "2026-10-03T14:30:00Z", 2, []string{"15 2 * * *", "15 * * * *", "*/15 * * * *"}},
		{"put back at 2:00 to 1:30", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 2, []string{"45 1 * * *", "45 * * * *", "*/15 * * * *"}},
		{"put forward at midnight to 1:00", "America/Sao_Paulo", "2018-11-04T02:00:00Z", 8, []string{"0 0 * * *", "30 0 4 11 *", "0 */6 * * *", "@daily"}},
		{"put back at midnight to 23:00", "America/Sao_Paulo", "2019-02-17T00:00:00Z", 4, []string{"30 23 * * *", "0 0 * * *", "0 * * * *"}},
		{"put forward by 15 minutes at midnight", "Asia/Kathmandu", "1985-12-31T18:00:00Z", 2, []string{"0 0 * * *", "*/15 * * * *"}},
		{"put back for Ramadan at 3:00 to 2:00", "Africa/Casablanca", "2026-02-15T00:00:00Z", 4, []string{"30 2 * * *", "30 * * * *"}},
		{"put forward after it at 2:00 to 3:00", "Africa/Casablanca", "2026-03-22T00:00:00Z", 4, []string{"30 2 * * *", "30 * * * *"}},
		{"30 December 2011 did not come", "Pacific/Apia", "2011-12-29T10:00:00Z", 24, []string{"0 9 * * *", "0 9 30 * *", "0 */8 * * *"}},
		{"never changes", "UTC", "2026-03-29T00:00:00Z", 3, []string{"30 1 * * *", "0 */2 * * *"}},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from := moment(t, c.from)
		fmt.Fprintf(&got, "%s: %s\n", c.zone, c.what)
		for _, text := range c.texts {
			due, _ := schedule.Between(parse(t, text, c.zone), from.Add(-time.Second), from.Add(time.Duration(c.hours)*time.Hour), 100)
			fmt.Fprintf(&got, "  %-14s", text)
			for _, at := range due {
				fmt.Fprint(&got, "  ", at.In(zone).Format("02 15:04-07:00"))
			}
			fmt.Fprintln(&got)
		}
	}
	const golden = "testdata/changes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if diff := cmp.Diff(string(want), got.String()); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
