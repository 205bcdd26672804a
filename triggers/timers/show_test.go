package timers

import (
	"fmt"
	"testing"

	"gantry/triggers"
)

func TestOf(t *testing.T) {
	b := setup(t, daily)
	b.write(`type: schedule, cron: "30 2 * * *", timezone: Europe/London`, `type: interval, every: 20m`, `type: always_pass`)
	of := func(trigger, org string) string {
		t.Helper()
		facts, err := b.room.Of(ctx, triggers.Key{Workflow: "w", Trigger: trigger}, org)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(facts)
	}
	wants := func(trigger, org, want string) {
		t.Helper()
		if got := of(trigger, org); got != want {
			t.Errorf("%s for %q: %s, want %s", trigger, org, got, want)
		}
	}
	b.set("2026-03-27 07:30:00")
	wants("t", "northwind", "map[next:[2026-03-28T02:30:00Z 2026-03-29T02:30:00+01:00 2026-03-30T02:30:00+01:00 2026-03-31T02:30:00+01:00 2026-04-01T02:30:00+01:00]]")
	wants("t1", "northwind", "map[]") // no server has seen it yet
	wants("t2", "northwind", "map[]")
	wants("t", "nobody", "map[]")
	wants("gone", "northwind", "map[]")
	b.lookNow()
	b.runUntil("2026-03-28 03:00:00")
	wants("t1", "northwind", "map[last:2026-03-28T02:50:00Z next:[2026-03-28T03:10:00Z 2026-03-28T03:30:00Z 2026-03-28T03:50:00Z 2026-03-28T04:10:00Z 2026-03-28T04:30:00Z]]")
	wants("t", "", "map[last:2026-03-28T02:30:00Z next:2026-03-29T01:30:00Z]")
	wants("t2", "", "map[]")
}
