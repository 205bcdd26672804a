package timers

import (
	"fmt"
	"testing"
	"time"
)

// TestOnTimeBesideCatchingUp: while hundreds of schedules have a month of minutes to catch up, one that is due is
// fired on time.
func TestOnTimeBesideCatchingUp(t *testing.T) {
	b := setup(t, daily)
	var keys []string
	for _, zone := range []string{"UTC", "Europe/London", "Asia/Tokyo", "America/New_York"} {
		keys = append(keys, fmt.Sprintf(`type: schedule, cron: "* * * * *", timezone: %s, catch_up: all, catch_up_within: 30d`, zone))
	}
	b.write(append(keys, `type: schedule, cron: "31 7 * * *"`)...)
	for n := range 40 {
		b.world.Organisations = append(b.world.Organisations, client(fmt.Sprintf("client-%02d", n)))
	}
	b.look("2026-03-02 07:30:00")
	b.restart("2026-05-02 07:30:59")
	b.bound = 1000
	began, start := time.Now(), b.clock
	b.room.Now = func() time.Time { return start.Add(999*time.Millisecond + time.Since(began)) }
	fired := 0
	for fired == 0 {
		if _, err := b.room.look(ctx); err != nil {
			t.Fatal(err)
		}
		if err := b.store.Read().Get(&fired, "SELECT count(*) FROM trigger_events WHERE trigger_name = 't4'"); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("fired %s after it was due", time.Since(began))
	if late := time.Since(began); late > 20*time.Second { // some seconds on a busy machine with the race detector; minutes if it waited
		t.Errorf("fired %s after it was due", late)
	}
}
