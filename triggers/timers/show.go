package timers

import (
	"context"
	"time"

	"gantry/triggers"
)

// shownTimes is how many times `gantry triggers show` tells.
const shownTimes = 5

// Fire is a time that is to come.
type Fire struct {
	Due time.Time // what the schedule says, in its time zone; UTC for intervals
	At  time.Time // when the event is made: later than Due by the jitter
}

// NextFires gives the next n times of a trigger for an organisation, from now on; none where it does not fire
// for it, or is an interval that no server has seen yet. It works without Run, from what is on disk.
func (r *Room) NextFires(ctx context.Context, key triggers.Key, organisation string, n int) ([]Fire, error) {
	a, ok := r.Triggers.Book().Find(key)
	if !ok || a.Trigger.Type != Schedule && a.Trigger.Type != Interval {
		return nil, nil
	}
	if _, fires := a.For(organisation); !fires {
		return nil, nil
	}
	p := place{key, organisation}
	w, seen, err := r.rowOf(ctx, p)
	if err != nil {
		return nil, err
	}
	reader := Room{specs: map[string]*spec{}} // the room's own belong to Run
	s, known, err := reader.read(a)
	if err != nil {
		return nil, err
	}
	seen = seen && w.Spec == s.fingerprint
	if !seen && s.cron == nil {
		return nil, nil
	}
	t := &timer{place: p, times: s.from(timeOf(w.Anchor)), rules: known}
	after := r.now()
	if seen {
		after = latest(after, timeOf(w.LastDue))
	}
	return t.upcoming(after, s.location(), n), nil
}

func (t *timer) upcoming(after time.Time, zone *time.Location, n int) []Fire {
	var fires []Fire
	for due := t.times.Next(after); len(fires) < n && !due.IsZero(); due = t.times.Next(due) {
		fires = append(fires, Fire{due.In(zone), t.fires(due).In(zone)})
	}
	return fires
}

func (s *spec) location() *time.Location {
	if zone, err := time.LoadLocation(s.zone); err == nil {
		return zone // "" is UTC
	}
	return time.UTC
}

// Of tells about a trigger in `gantry triggers list` and `show` (triggers.Detail): for an organisation
// {next: [times], last: time, left_out: {times: number, at: time}}, for the trigger altogether {next: time,
// last: time} of all its organisations. Times are RFC 3339 texts.
func (r *Room) Of(ctx context.Context, key triggers.Key, organisation string) (map[string]any, error) {
	if organisation == "" {
		return r.altogether(ctx, key)
	}
	fires, err := r.NextFires(ctx, key, organisation, shownTimes)
	if err != nil {
		return nil, err
	}
	facts := map[string]any{}
	if len(fires) > 0 {
		next := make([]any, len(fires))
		for i, f := range fires {
			next[i] = f.Due.Format(time.RFC3339)
		}
		facts["next"] = next
	}
	w, _, err := r.rowOf(ctx, place{key, organisation})
	if err != nil {
		return nil, err
	}
	if w.LastDue != 0 {
		facts["last"] = stamp(timeOf(w.LastDue))
	}
	if w.LeftOut > 0 {
		facts["left_out"] = map[string]any{"times": int64(w.LeftOut), "at": stamp(timeOf(w.LeftOutAt))}
	}
	return orNil(facts), nil
}

// altogether is read from the rows: there may be thousands of organisations.
func (r *Room) altogether(ctx context.Context, key triggers.Key) (map[string]any, error) {
	var w row
	err := r.Store.Read().GetContext(ctx, &w, `SELECT coalesce(max(last_due), 0) AS last_due, coalesce(min(CASE WHEN next_due > ? THEN next_due END), 0) AS next_due
		FROM timers WHERE workflow = ? AND trigger_name = ?`, r.now().Unix(), key.Workflow, key.Trigger)
	if err != nil {
		return nil, err
	}
	facts := map[string]any{}
	if w.NextDue != 0 {
		facts["next"] = stamp(timeOf(w.NextDue))
	} else if a, ok := r.Triggers.Book().Find(key); ok && len(a.Organisations) > 0 { // no server has planned it yet
		fires, err := r.NextFires(ctx, key, a.Organisations[0].ID, 1)
		if err != nil {
			return nil, err
		}
		for _, f := range fires {
			facts["next"] = stamp(f.Due)
		}
	}
	if w.LastDue != 0 {
		facts["last"] = stamp(timeOf(w.LastDue))
	}
	return orNil(facts), nil
}

func orNil(facts map[string]any) map[string]any {
	if len(facts) == 0 {
		return nil
	}
	return facts
}
