package timers

import (
	"fmt"
	"testing"
	"time"

	"gantry/triggers"
)

func TestJitter(t *testing.T) {
	b := setup(t, daily+", jitter: 10m")
	fires, err := b.room.NextFires(ctx, triggers.Key{Workflow: "w", Trigger: "t"}, "northwind", 2)
	if err != nil || len(fires) != 2 {
		t.Fatal(fires, err)
	}
	late := fires[0].At.Sub(fires[0].Due)
	if late < 2*time.Second || late > 10*time.Minute || late == fires[1].At.Sub(fires[1].Due) {
		t.Fatalf("late by %s, then by %s", late, fires[1].At.Sub(fires[1].Due))
	}
	b.look("2026-03-02 07:30:00")
	b.clock = fires[0].At.UTC().Add(-time.Second)
	b.lookNow()
	b.want()
	b.close() // a restart while it waits
	b.open()
	b.lookNow()
	b.want()
	b.clock = fires[0].At.UTC()
	b.lookNow()
	b.want("02 08:00:00") // known by its due time, not by when it came
}

// TestJitterKeepsTheOrder: it is spread over the organisations, at most as long as written, and ends before the
// next due time.
func TestJitterKeepsTheOrder(t *testing.T) {
	b := setup(t, `type: schedule, cron: "*/5 * * * *", jitter: 1h`)
	spread := map[time.Duration]bool{}
	for i := range 50 {
		b.world.Organisations = append(b.world.Organisations, client(fmt.Sprint("client-", i)))
		fires, err := b.room.NextFires(ctx, triggers.Key{Workflow: "w", Trigger: "t"}, fmt.Sprint("client-", i), 20)
		if err != nil || len(fires) != 20 {
			t.Fatal(fires, err)
		}
		for _, f := range fires {
			late := f.At.Sub(f.Due)
			if late < 0 || late >= 5*time.Minute {
				t.Errorf("late by %s", late)
			}
			spread[late/time.Minute] = true
		}
	}
	if len(spread) != 5 {
		t.Errorf("spread over %d of 5 minutes", len(spread))
	}
}
