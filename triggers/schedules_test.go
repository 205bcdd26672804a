package triggers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/fault/faulttest"
	"gantry/triggers"
)

// due knows when hooks would be due, if they were clocks: for each organisation another hour.
type due struct{ address }

func (due) Due(_ context.Context, a *triggers.Active, organisations []string) (time.Time, bool, error) {
	hour := map[string]int{"later": 12, "in": 8}[a.Key.Trigger]
	return time.Date(2026, 3, 2, hour, len(organisations), 0, 0, time.UTC), hour > 0, nil
}

// TestSchedules: soonest first, for those within reach, and without those of which nobody knows.
func TestSchedules(t *testing.T) {
	b := setup(t, map[string]string{"a": "title: A\n" + named("later"), "w": named("in"), "x": named("unknown")})
	b.Describe(due{}, "webhook")
	shown := func(f triggers.ScheduleFilter) string {
		t.Helper()
		all, err := b.Schedules(ctx, f)
		faulttest.Must(t, err)
		text := ""
		for _, s := range all {
			text += fmt.Sprintf("%s %q %d %q %s; ", s.Key, s.Title, s.Organisations, s.Organisation, s.At.Format("15:04"))
		}
		return text
	}
	northwind := func(id string) bool { return id == b.northwind.ID }
	for _, c := range []struct {
		f    triggers.ScheduleFilter
		want string
	}{
		{triggers.ScheduleFilter{}, `w / in "" 2 "" 08:02; a / later "A" 2 "" 12:02; `},
		{triggers.ScheduleFilter{Limit: 1}, `w / in "" 2 "" 08:02; `},
		{triggers.ScheduleFilter{Reach: northwind}, `w / in "" 1 "northwind-dental" 08:01; a / later "A" 1 "northwind-dental" 12:01; `},
		{triggers.ScheduleFilter{Types: []string{"schedule"}}, ``},
		{triggers.ScheduleFilter{Reach: func(string) bool { return false }}, ``},
	} {
		if got := shown(c.f); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
	faulttest.Must(t, b.Disable(ctx, triggers.Switching{Key: triggers.Key{Workflow: "w", Trigger: "in"}, By: "ana"}))
	if got := shown(triggers.ScheduleFilter{}); got != `a / later "A" 2 "" 12:02; ` {
		t.Error(got)
	}
}

// named is a hook with another name.
func named(name string) string { return strings.Replace(hook(""), "name: hook", "name: "+name, 1) }
