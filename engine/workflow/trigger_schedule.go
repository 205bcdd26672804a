package workflow

import (
	"time"
	_ "time/tzdata" // schedules mean the same on machines without a time zone database

	"gantry/expr"
	"gantry/schema"
)

func scheduleTrigger() *triggerType {
	return &triggerType{
		Name: "schedule",
		Doc:  "Starts runs by the clock.",
		Settings: []schema.Field{
			needed(setting("cron", "Five fields (minute hour day month weekday), or @hourly, @daily, @weekly, @monthly, @yearly.", schema.String())),
			withDefault(setting("timezone", "The time zone that the fields mean, such as Europe/London.", schema.String()), "UTC"),
			withDefault(setting("catch_up", "What happens to times that passed while Gantry was down: none, only the last, or all.", oneOf("none", "last", "all")), "none"),
			withDefault(setting("overlap", "When the last run is still going: skip this time, queue it, or cancel the last run.", oneOf("skip", "queue", "cancel")), "skip"),
			withDefault(setting("jitter", "Starts late by up to this long, each organisation differently.", formatted("duration")), "0s"),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).schedule,
	}
}

func intervalTrigger() *triggerType {
	return &triggerType{
		Name: "interval",
		Doc:  "Starts runs at equal distances of time.",
		Settings: []schema.Field{
			needed(setting("every", "The distance, such as 15m.", formatted("duration"))),
			withDefault(setting("overlap", "When the last run is still going: skip this time, queue it, or cancel the last run.", oneOf("skip", "queue", "cancel")), "skip"),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).interval,
	}
}

func (t *triggerCheck) schedule() {
	if cron := t.text("cron"); cron != "" {
		if problem := checkCron(cron); problem != "" {
			t.ds.Errorf(t.at("cron"), "bad-cron", "this is no schedule: %s", problem).
				Hint = "minute hour day month weekday, such as 0 8 * * mon-fri for 8:00 on workdays"
		}
	}
	zone := t.text("timezone")
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		t.ds.Errorf(t.at("timezone"), "bad-timezone", "there is no time zone %q", zone).Hint = "write it as Europe/London, America/New_York or UTC"
	}
	t.lasts("jitter", 0)
}

func (t *triggerCheck) interval() { t.lasts("every", time.Second) }

// lasts checks a duration that is at least so long. What is no duration at all has been reported.
func (t *triggerCheck) lasts(key string, least time.Duration) {
	d, err := schema.ParseDuration(t.text(key))
	if err == nil && d < least {
		t.ds.Errorf(t.at(key), "out-of-range", "%s must be at least %s", key, schema.FormatDuration(least))
	}
}
