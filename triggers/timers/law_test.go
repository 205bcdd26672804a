package timers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gantry/fault"
	"gantry/schedule"
)

// TestLaws plays random lives of a server: time passes, it is down for a while, the clock is set back, the disk
// is full. Whatever happens, each due time comes once at most and in order, and with catch_up: all none is lost
// within the window.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		catchUp := rapid.SampledFrom([]string{"none", "last", "all"}).Draw(rt, "catch_up")
		cron := rapid.SampledFrom([]string{"*/7 * * * *", "0 * * * *", "5,6,50 */2 * * *"}).Draw(rt, "cron")
		jitter := rapid.SampledFrom([]string{"0s", "90s", "2h"}).Draw(rt, "jitter")
		b := setup(t, fmt.Sprintf(`type: schedule, cron: %q, catch_up: %s, jitter: %s`, cron, catchUp, jitter))
		b.lookNow()
		began, newest := b.clock, b.clock
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			passes := time.Duration(rapid.IntRange(1, 3*3600).Draw(rt, "seconds")) * time.Second
			switch rapid.SampledFrom([]string{"on", "on", "down", "back", "full"}).Draw(rt, "what") {
			case "on":
				b.runUntil(b.clock.Add(passes).Format(layout))
			case "down":
				b.restart(b.clock.Add(passes).Format(layout))
				b.lookNow()
			case "back":
				b.clock = b.clock.Add(-passes)
				b.lookNow()
			case "full":
				b.refuse, b.most, b.calls = fault.New(fault.Storage, "full"), rapid.IntRange(0, 3).Draw(rt, "calls"), 0
				b.clock = b.clock.Add(passes)
				b.room.look(ctx)
				b.refuse = nil
				b.lookNow()
			}
			if b.clock.After(newest) {
				newest = b.clock
			}
		}
		if b.clock.Before(newest) {
			b.clock = newest
		}
		b.restart(b.clock.Add(10 * time.Hour).Format(layout))
		until := b.clock
		b.runUntil(until.Add(2 * time.Hour).Format(layout)) // longer than any jitter
		b.law(rt, cron, catchUp, began, until)
		b.close()
	})
}

func (b *bench) law(rt *rapid.T, cron, catchUp string, began, until time.Time) {
	var fired []int64
	if err := b.store.Read().Select(&fired, "SELECT at FROM trigger_events ORDER BY id"); err != nil {
		rt.Fatal(err)
	}
	for i := 1; i < len(fired); i++ {
		if fired[i] <= fired[i-1] {
			rt.Fatalf("%s after %s", time.UnixMicro(fired[i]).UTC(), time.UnixMicro(fired[i-1]).UTC())
		}
	}
	s, err := schedule.Parse(cron, "UTC")
	if err != nil {
		rt.Fatal(err)
	}
	due := map[int64]bool{}
	lost := 0
	for at := s.Next(began); !at.After(b.clock); at = s.Next(at) {
		due[at.UnixMicro()] = true
		if !at.After(until) && !slices.Contains(fired, at.UnixMicro()) {
			lost++
		}
	}
	for _, at := range fired {
		if !due[at] {
			rt.Fatalf("%s was never due", time.UnixMicro(at).UTC())
		}
	}
	if catchUp == "all" && lost > 0 {
		rt.Fatalf("%d of %d times were lost", lost, len(due))
	}
	if last := schedule.Latest(s, began, until); catchUp == "last" && !slices.Contains(fired, last.UnixMicro()) {
		rt.Fatalf("the last time, %s, was not caught up", last)
	}
}
