package timers

import (
	"time"

	"gantry/schedule"
	"gantry/schema"
	"gantry/triggers"
)

// spec is what a trigger says about its times, read once for all its organisations.
type spec struct {
	fingerprint string // of what makes it another schedule: jitter and catch_up may change without
	zone        string
	every       time.Duration
	cron        *schedule.Cron // nil: an interval
	counted     counted        // only of cron, whose times are the same for all
	searched    counted        // likewise
}

// rules say what becomes of a due time.
type rules struct {
	catchUp        string // none, last or all
	within, jitter time.Duration
}

// read gives a trigger's times and rules. The checker has refused what cannot be read.
func (r *Room) read(a *triggers.Active) (*spec, rules, error) {
	text := func(key string) string {
		value, _ := a.Trigger.Settings[key].(string)
		return value
	}
	fingerprint, known := "every "+text("every"), rules{catchUp: "none"}
	if a.Trigger.Type == Schedule {
		fingerprint = text("cron") + " in " + text("timezone")
		known.catchUp = text("catch_up")
		for key, d := range map[string]*time.Duration{"catch_up_within": &known.within, "jitter": &known.jitter} {
			var err error
			if *d, err = schema.ParseDuration(text(key)); err != nil {
				return nil, rules{}, err
			}
		}
	}
	if s, ok := r.specs[fingerprint]; ok {
		return s, known, nil
	}
	s := &spec{fingerprint: fingerprint, zone: text("timezone")}
	var err error
	if a.Trigger.Type == Schedule {
		s.cron, err = schedule.Parse(text("cron"), s.zone)
	} else {
		s.every, err = schema.ParseDuration(text("every"))
	}
	if err != nil {
		return nil, rules{}, err
	}
	r.specs[fingerprint] = s
	return s, known, nil
}

// from gives the due times of a trigger that was first seen at anchor.
func (s *spec) from(anchor time.Time) schedule.Schedule {
	if s.cron != nil {
		return s.cron
	}
	return schedule.Interval{Every: s.every, Anchor: anchor}
}
