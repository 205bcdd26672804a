package schedule_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/schedule"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRefused shows what admins read: testdata/refused.txt has each refused schedule with the place of the
// fault, what is wrong and the hint.
func TestRefused(t *testing.T) {
	file, err := os.ReadFile("testdata/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		if strings.HasPrefix(line, " ") {
			continue
		}
		text, zone, zoned := strings.Cut(line, " in zone ")
		if !zoned {
			zone = "UTC"
		}
		fmt.Fprintln(&got, line)
		var p *schedule.Problem
		if _, err := schedule.Parse(strings.Trim(text, `"`), strings.Trim(zone, `"`)); !errors.As(err, &p) {
			t.Errorf("%s is taken: %v", line, err)
			continue
		}
		if p.Field != "" && p.Field != "timezone" {
			fmt.Fprintf(&got, " %s^\n", strings.Repeat(" ", p.Offset))
		}
		fmt.Fprintf(&got, "   %s\n   hint: %s\n", p.Text, p.Hint)
	}
	if *update {
		if err := os.WriteFile("testdata/refused.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(file), got.String()); diff != "" {
		t.Error(diff)
	}
}

// TestTaken: forms that look unusual and are right.
func TestTaken(t *testing.T) {
	for _, text := range []string{
		"0 8 * * mon-fri", "*/15 8-17 1,15 JAN-mar/2 0-7", "@Daily", " @hourly ", "59 23 31 12 7", "0 0 29 2 *", "0 0 31 2 mon", "5/10 * * * *",
		"0\t8  * *\n*", "0 0 * * SAT-SUN", "0 0 l,15w * *", "0 0 * * FriL", "*/59 * * * *", "00 08 01 01 *",
	} {
		parse(t, text, "Europe/London")
	}
}
