package workflow

import (
	"errors"
	"time"

	"gantry/expr"
	"gantry/schedule"
	"gantry/schema"
)

// longestCatchUp is how far back catch_up_within may reach.
const longestCatchUp = 30 * 24 * time.Hour

func scheduleTrigger() *triggerType {
	return &triggerType{
		Name: "schedule",
		Doc:  "Starts runs by the clock.",
		Settings: []schema.Field{
			needed(setting("cron", "Five fields (minute hour day month weekday), or @hourly, @daily, @weekly, @monthly, @yearly.", schema.String())),
			withDefault(setting("timezone", "The time zone that the fields mean, such as Europe/London.", schema.String()), "UTC"),
			withDefault(setting("catch_up", "What happens to times that passed while Gantry was down: none, only the last, or all.", oneOf("none", "last", "all")), "none"),
			withDefault(setting("catch_up_within", "How long ago a time may be that is caught up, at most 30d. Older ones are left out.", formatted("duration")), "24h"),
			overlapSetting(),
			withDefault(setting("jitter", "Starts late by up to this long, each organisation differently, but never after the next time.", formatted("duration")), "0s"),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).schedule,
	}
}

func intervalTrigger() *triggerType {
	return &triggerType{
		Name: "interval",
		Doc:  "Starts runs at equal distances of time, counted from when the trigger was first seen by a server.",
		Settings: []schema.Field{
			needed(setting("every", "The distance, such as 15m.", formatted("duration"))),
			overlapSetting(),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).interval,
	}
}

func overlapSetting() schema.Field {
	return withDefault(setting("overlap", "When the last run is still going: skip this time, queue it, or cancel the last run.", oneOf("skip", "queue", "cancel")), "skip")
}

func (t *triggerCheck) schedule() {
	zone := t.text("timezone")
	if problem := scheduleProblem("@daily", zone); problem != nil {
		t.ds.Errorf(t.at("timezone"), "bad-timezone", "%s", problem.Text).Hint = problem.Hint
	}
	if cron := t.text("cron"); cron != "" {
		if problem := scheduleProblem(cron, "UTC"); problem != nil {
			pos := t.at("cron")
			if n := t.node.Settings.Lookup("cron"); n != nil {
				pos = n.At(problem.Offset)
			}
			t.ds.Errorf(pos, "bad-cron", "this is no schedule: %s", problem.Text).Hint = problem.Hint
		}
	}
	t.lasts("jitter", 0)
	t.lasts("catch_up_within", 0)
	t.lastsAtMost("catch_up_within", longestCatchUp)
}

func scheduleProblem(cron, zone string) *schedule.Problem {
	_, err := schedule.Parse(cron, zone)
	problem, _ := errors.AsType[*schedule.Problem](err)
	return problem
}

func (t *triggerCheck) interval() { t.lasts("every", time.Second) }

// lasts checks a duration that is at least so long. What is no duration at all has been reported.
func (t *triggerCheck) lasts(key string, least time.Duration) {
	d, err := schema.ParseDuration(t.text(key))
	if err == nil && d < least {
		t.ds.Errorf(t.at(key), "out-of-range", "%s must be at least %s", key, schema.FormatDuration(least))
	}
}

func (t *triggerCheck) lastsAtMost(key string, most time.Duration) {
	d, err := schema.ParseDuration(t.text(key))
	if err == nil && d > most {
		t.ds.Errorf(t.at(key), "out-of-range", "%s must be at most %s", key, schema.FormatDuration(most))
	}
}
