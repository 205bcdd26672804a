package timers

import (
	"testing"
	"time"

	"gantry/triggers"
)

// TestDue: what is due is known before a server has planned a schedule, and of an interval once one has.
func TestDue(t *testing.T) {
	b := setup(t, daily)
	b.write(`type: schedule, cron: "30 2 * * *", timezone: Europe/London`, `type: interval, every: 20m`)
	wants := func(trigger, want string, organisations ...string) {
		t.Helper()
		a, ok := b.room.Triggers.Book().Find(triggers.Key{Workflow: "w", Trigger: trigger})
		if !ok {
			t.Fatal(trigger)
		}
		at, known, err := b.room.Due(ctx, a, organisations)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if known {
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s for %v: %s, want %s", trigger, organisations, got, want)
		}
	}
	b.set("2026-03-28 07:30:00")
	wants("t", "2026-03-29T01:30:00Z", "northwind")
	wants("t1", "", "northwind")
	wants("t", "")
	b.lookNow()
	wants("t", "2026-03-29T01:30:00Z", "northwind", "nobody")
	wants("t1", "2026-03-28T07:50:00Z", "northwind")
	wants("t1", "", "nobody")
}
