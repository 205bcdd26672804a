package timers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
)

const daily = `type: schedule, cron: "0 8 * * *"`

func TestFiresOnceAndOnTime(t *testing.T) {
	b := setup(t, daily)
	b.look("2026-03-02 07:30:00")
	b.look("2026-03-02 07:59:59")
	b.want()
	b.look("2026-03-02 08:00:00")
	b.want("02 08:00:00")
	b.look("2026-03-02 08:00:20")
	b.runUntil("2026-03-04 09:00:00")
	b.want("02 08:00:00", "03 08:00:00", "04 08:00:00")
}

func TestNothingIsDueBeforeATriggerIsSeen(t *testing.T) {
	b := setup(t, daily+", catch_up: all")
	b.look("2026-03-02 08:00:20") // the first look of all
	b.want()
}

func TestRestartWithinTheMinute(t *testing.T) {
	b := setup(t, daily)
	b.runUntil("2026-03-02 07:59:50")
	b.restart("2026-03-02 08:00:30")
	b.lookNow()
	b.want("02 08:00:00")
	b.restart("2026-03-02 08:00:45")
	b.lookNow()
	b.want("02 08:00:00")
}

// TestDowntime: the server is down from Monday 7:40 until a while later.
func TestDowntime(t *testing.T) {
	for _, c := range []struct{ keys, back, want string }{
		{`cron: "0 8 * * *"`, "02 08:01:01", ""},
		{`cron: "0 8 * * *"`, "03 08:00:59", "03 08:00:00"}, // yesterday's is old, today's on time
		{`cron: "0 8 * * *", catch_up: last`, "02 20:00:00", "02 08:00:00"},
		{`cron: "0 * * * *", catch_up: last`, "02 12:30:00", "02 12:00:00"},
		{`cron: "0 * * * *", catch_up: last`, "02 12:00:20", "02 12:00:00"}, // which is on time: nothing beside it
		{`cron: "0 * * * *", catch_up: all`, "02 12:00:20", "02 08:00:00, 02 09:00:00, 02 10:00:00, 02 11:00:00, 02 12:00:00"},
		{`cron: "0 8 * * *", catch_up: all`, "05 09:00:00", "05 08:00:00"}, // within a day unless said
		{`cron: "0 8 * * *", catch_up: all, catch_up_within: 30d`, "05 09:00:00", "02 08:00:00, 03 08:00:00, 04 08:00:00, 05 08:00:00"},
		{`cron: "0 8 * * *", catch_up: last, catch_up_within: 2h`, "02 11:00:00", ""},
		{`cron: "0 8 * * *", catch_up: last, catch_up_within: 3h`, "02 11:00:00", "02 08:00:00"},
		{`cron: "0 8 * * *", catch_up: all, catch_up_within: 0s`, "02 08:00:40", "02 08:00:00"},
		{`cron: "30 2 * * *", timezone: Asia/Kathmandu, catch_up: last`, "02 22:00:00", "02 20:45:00"},
	} {
		t.Run(c.keys+" back "+c.back, func(t *testing.T) {
			b := setup(t, "type: schedule, "+c.keys)
			b.runUntil("2026-03-02 07:40:00")
			b.restart("2026-03-" + c.back)
			b.lookNow()
			b.lookNow()
			var want []string
			if c.want != "" {
				want = strings.Split(c.want, ", ")
			}
			b.want(want...)
		})
	}
}

// TestTooManyToCatchUp keeps the newest, in order, and tells how many were left out.
func TestTooManyToCatchUp(t *testing.T) {
	b := setup(t, `type: schedule, cron: "* * * * *", catch_up: all`)
	b.look("2026-03-02 07:30:00")
	b.restart("2026-03-03 07:30:00")
	b.lookNow()
	got := b.events()
	if len(got) != mostTimes || got[0] != "02 14:51:00" || got[mostTimes-1] != "03 07:30:00" {
		t.Errorf("%d times from %s to %s", len(got), got[0], got[len(got)-1])
	}
	facts, err := b.room.Of(ctx, triggers.Key{Workflow: "w", Trigger: "t"}, "northwind")
	if told := fmt.Sprint(facts["left_out"]); err != nil || told != "map[at:2026-03-03T07:30:00Z times:440]" {
		t.Errorf("%s, %v", told, err)
	}
	b.runUntil("2026-03-03 07:32:30")
	if n := len(b.events()); n != mostTimes+2 {
		t.Errorf("%d events two minutes later", n)
	}
}

// TestCatchingUpGoesOnAfterARestart: the disk is full after the first of five.
func TestCatchingUpGoesOnAfterARestart(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *", catch_up: all`)
	b.look("2026-03-02 07:30:00")
	b.restart("2026-03-02 12:30:00")
	b.refuse, b.most = fault.New(fault.Storage, "The disk is full."), 2
	if _, err := b.room.look(ctx); err == nil {
		t.Fatal("a full disk is not told")
	}
	b.want("02 08:00:00", "02 09:00:00")
	b.refuse = nil
	b.restart("2026-03-02 12:31:00")
	b.lookNow()
	b.want("02 08:00:00", "02 09:00:00", "02 10:00:00", "02 11:00:00", "02 12:00:00")
}

func TestClockThatIsSet(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *"`)
	b.runUntil("2026-03-02 09:05:00")
	b.want("02 08:00:00", "02 09:00:00")
	b.runUntil("2026-03-02 09:05:00")
	b.set("2026-03-02 08:05:00") // back by an hour
	b.runUntil("2026-03-02 09:30:00")
	b.want("02 08:00:00", "02 09:00:00")
	b.restart("2026-03-02 08:30:00") // and again, over a restart
	b.runUntil("2026-03-02 10:30:00")
	b.want("02 08:00:00", "02 09:00:00", "02 10:00:00")
	b.look("2026-03-02 14:30:00") // forward: what was jumped over is as old as after downtime
	b.runUntil("2026-03-02 15:30:00")
	b.want("02 08:00:00", "02 09:00:00", "02 10:00:00", "02 15:00:00")
}

// TestClockThatWasWrong: a machine that starts with a clock years ahead is not dead for years.
func TestClockThatWasWrong(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *"`)
	b.look("2026-03-02 07:30:00")
	b.set("2038-01-19 02:59:00")
	b.runUntil("2038-01-19 03:30:00")
	b.want("19 03:00:00")
	b.set("2026-03-02 07:35:00")
	b.runUntil("2026-03-02 09:30:00")
	b.want("19 03:00:00", "02 08:00:00", "02 09:00:00")
}

// TestIntervalSeenByAWrongClock: its anchor is no good.
func TestIntervalSeenByAWrongClock(t *testing.T) {
	b := setup(t, `type: interval, every: 20m`)
	b.look("2038-01-19 02:59:00")
	b.set("2026-03-02 08:00:00")
	b.runUntil("2026-03-02 08:45:00")
	b.want("02 08:20:00", "02 08:40:00")
}

// TestFullQueue: what is caught up waits for room, what is on time does not.
func TestFullQueue(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *", catch_up: all`)
	b.look("2026-03-02 07:30:00")
	b.restart("2026-03-02 09:30:00")
	b.full = true
	b.runUntil("2026-03-02 09:31:00")
	b.want()
	b.full = false
	b.runUntil("2026-03-02 09:32:00")
	b.full = true
	b.runUntil("2026-03-02 10:01:00")
	b.want("02 08:00:00", "02 09:00:00", "02 10:00:00")
}

func TestAnotherScheduleBeginsNow(t *testing.T) {
	b := setup(t, daily+", catch_up: all, catch_up_within: 30d")
	b.runUntil("2026-03-02 07:40:00")
	b.close()
	b.room = nil
	b.write(`type: schedule, cron: "15 8 * * *", catch_up: all, catch_up_within: 30d`)
	b.set("2026-03-04 08:05:00")
	b.open()
	b.runUntil("2026-03-04 08:20:00")
	b.want("04 08:15:00")
	b.write(`type: schedule, cron: "15 8 * * *", timezone: Asia/Tokyo, catch_up: all, catch_up_within: 30d`)
	b.runUntil("2026-03-05 09:00:00")
	b.want("04 08:15:00", "04 23:15:00")
}

// TestOtherRulesAreNoOtherSchedule: editing catch_up or jitter loses nothing.
func TestOtherRulesAreNoOtherSchedule(t *testing.T) {
	b := setup(t, daily)
	b.runUntil("2026-03-02 07:40:00")
	b.close()
	b.room = nil
	b.write(daily + ", catch_up: last")
	b.set("2026-03-02 12:00:00")
	b.open()
	b.lookNow()
	b.want("02 08:00:00")
}

func TestSwitchedOff(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *", catch_up: all`)
	key := triggers.Key{Workflow: "w", Trigger: "t"}
	switched := func(on bool) {
		b.world.Switches = []triggers.Switch{{Key: key, On: on, At: b.clock}}
		b.changed()
	}
	b.runUntil("2026-03-02 08:30:00")
	switched(false)
	b.runUntil("2026-03-02 10:30:00")
	switched(true)
	b.runUntil("2026-03-02 11:30:00")
	b.want("02 08:00:00", "02 11:00:00")

	// Off and on again while no server runs: only what came since is caught up.
	b.set("2026-03-02 13:30:00")
	switched(true)
	b.restart("2026-03-02 15:30:00")
	b.lookNow()
	b.want("02 08:00:00", "02 11:00:00", "02 14:00:00", "02 15:00:00")

	// Off while no server runs, on later while one does.
	b.world.Switches[0].On = false
	b.restart("2026-03-02 16:30:00")
	b.lookNow()
	switched(true)
	b.runUntil("2026-03-02 17:30:00")
	b.want("02 08:00:00", "02 11:00:00", "02 14:00:00", "02 15:00:00", "02 17:00:00")
}

func TestOrganisationsComeAndGo(t *testing.T) {
	b := setup(t, `type: schedule, cron: "0 * * * *", catch_up: all`)
	fired := func() (all string) {
		var slugs []string
		if err := b.store.Read().Select(&slugs, "SELECT organisation_id FROM trigger_events ORDER BY organisation_id, id"); err != nil {
			t.Fatal(err)
		}
		return strings.Join(slugs, " ")
	}
	b.runUntil("2026-03-02 08:30:00")
	b.world.Organisations = append(b.world.Organisations, client("contoso"))
	b.changed()
	b.runUntil("2026-03-02 09:30:00")
	if got := fired(); got != "contoso northwind northwind" {
		t.Errorf("fired for %s", got)
	}
	b.world.Organisations[1].Enabled = false
	b.changed()
	b.runUntil("2026-03-02 11:30:00")
	if got := fired(); got != "contoso contoso contoso northwind northwind" {
		t.Errorf("fired for %s", got)
	}
	b.world.Organisations = []orgs.Organisation{b.world.Organisations[0], client("northwind")}
	b.restart("2026-03-02 12:30:00")
	b.runUntil("2026-03-02 13:30:00")
	if got := fired(); got != "contoso contoso contoso northwind northwind northwind" {
		t.Errorf("fired for %s", got)
	}
}

func TestIntervalKeepsItsAnchor(t *testing.T) {
	b := setup(t, `type: interval, every: 20m`)
	b.look("2026-03-02 07:33:07")
	b.runUntil("2026-03-02 08:00:00")
	b.want("02 07:53:07")
	b.restart("2026-03-02 08:05:00")
	b.runUntil("2026-03-02 08:14:00")
	b.want("02 07:53:07", "02 08:13:07")
	b.restart("2026-03-02 11:00:00") // nothing old after downtime, and the same distances
	b.runUntil("2026-03-02 11:20:00")
	b.want("02 07:53:07", "02 08:13:07", "02 11:13:07")
	b.write(`type: interval, every: 30m`)
	b.runUntil("2026-03-02 11:55:00")
	b.want("02 07:53:07", "02 08:13:07", "02 11:13:07", "02 11:50:00")
}

// TestFullDisk: what cannot be kept is fired when there is room, as long as it is on time.
func TestFullDisk(t *testing.T) {
	b := setup(t, daily)
	b.look("2026-03-02 07:30:00")
	b.refuse = fault.New(fault.Storage, "The disk is full.")
	b.set("2026-03-02 08:00:00")
	if _, err := b.room.look(ctx); err == nil {
		t.Fatal("a full disk is not told")
	}
	b.want()
	b.refuse = nil
	b.look("2026-03-02 08:00:40")
	b.look("2026-03-02 08:00:41")
	b.want("02 08:00:00")
}

// TestOwnWorkIsNoDowntime: what comes due while the room is busy is on time however long that takes.
func TestOwnWorkIsNoDowntime(t *testing.T) {
	b := setup(t, `type: schedule, cron: "* * * * *"`)
	b.runUntil("2026-03-02 07:31:00")
	b.room.busy = 3 * time.Minute // the look of 7:31 took so long
	b.look("2026-03-02 07:34:10")
	b.want("02 07:31:00", "02 07:32:00", "02 07:33:00", "02 07:34:00")
}

// TestCatchingUpIsNotDecidedTwice: a change of the Book before the first of what is caught up is fired brings
// back nothing that was left out.
func TestCatchingUpIsNotDecidedTwice(t *testing.T) {
	for keys, want := range map[string][]string{
		"catch_up: last":                     {"02 12:00:00"},
		"catch_up: all, catch_up_within: 2h": {"02 11:00:00", "02 12:00:00"},
	} {
		t.Run(keys, func(t *testing.T) {
			b := setup(t, `type: schedule, cron: "0 * * * *", `+keys)
			b.look("2026-03-02 07:30:00")
			b.restart("2026-03-02 12:30:00")
			b.full = true
			b.lookNow()
			b.changed()
			b.lookNow()
			b.full = false
			b.runUntil("2026-03-02 12:31:00")
			b.want(want...)
		})
	}
}
