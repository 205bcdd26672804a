package timers

import (
	"hash/fnv"
	"time"

	"gantry/schedule"
	"gantry/triggers"
)

// place names a timer.
type place struct {
	triggers.Key
	organisation string // id
}

// timer is the times of one trigger for one organisation.
type timer struct {
	place
	typ  string // of the trigger
	spec *spec
	rules
	times  schedule.Schedule
	anchor time.Time
	last   time.Time // the newest due time that was fired; zero: none
	floor  time.Time // no due time up to it is fired, or fired again

	due, at time.Time // what comes next: the due time, and when it is fired. Zero: nothing
	settled time.Time // due times up to it are fired however late they are: it was decided to catch them up

	uncounted bool // of those up to settled nobody knows yet whether there are too many
	leftOut   int  // due times that were too many, not yet told
}

// plan decides what comes next: the first due time above the floor, unless it is later than it may be. Then
// what the trigger's catch_up says is taken up, or else what is on time.
func (t *timer) plan(now time.Time, late time.Duration) {
	if t.floor.After(now.Add(wrongBy)) {
		t.floor, t.settled = now, time.Time{} // fired by a clock that was wrong: else nothing would come for long
	}
	t.next(t.times.Next(t.floor), now)
	if t.due.IsZero() || t.behind() || t.at.After(now.Add(-late)) {
		return
	}
	if due := t.missed(now); !due.IsZero() {
		t.next(due, now)
		return
	}
	due := schedule.Latest(t.times, t.floor, now.Add(-late)) // its jitter may keep it on time
	if due.IsZero() || !t.fires(due).After(now.Add(-late)) {
		due = t.times.Next(now.Add(-late))
	}
	t.next(due, now)
}

// behind tells whether what comes next is caught up.
func (t *timer) behind() bool { return !t.due.After(t.settled) }

// next sets what comes next. What is caught up waits behind what is on time.
func (t *timer) next(due, now time.Time) {
	t.due, t.at = due, time.Time{}
	if due.IsZero() {
		return
	}
	t.at = t.fires(due)
	if t.behind() && t.at.Before(now) {
		t.at = now
	}
}

// missed gives the first due time that is to be caught up, or the zero time. Nothing before it is fired any more.
func (t *timer) missed(now time.Time) time.Time {
	from := t.floor
	if oldest := now.Add(-t.within); from.Before(oldest) {
		from = oldest.Add(-time.Second)
	}
	var due time.Time
	switch t.catchUp {
	case "last":
		due = schedule.Latest(t.times, from, now)
		t.settled = due
	case "all":
		if due = t.times.Next(from); due.IsZero() || due.After(now) {
			return time.Time{}
		}
		t.settled, t.uncounted = t.spec.latest(t.times, from, now), true
	}
	if !due.IsZero() {
		t.floor = latest(t.floor, due.Add(-time.Second))
	}
	return due
}

// count leaves out the oldest of the due times that are caught up where there are too many. It may take a while,
// so it waits for a moment in which nothing else is due.
func (t *timer) count() {
	t.uncounted = false
	first, leftOut := t.spec.newest(t.times, t.floor, t.settled)
	t.leftOut += leftOut
	t.due, t.floor = first, first.Add(-time.Second)
}

// newest gives the first of the newest due times up to an end, as many as may be caught up, and how many there
// are before it. Of many timers with one schedule only the first has to count.
func (s *spec) newest(times schedule.Schedule, from, to time.Time) (first time.Time, before int) {
	if last := s.counted; last.from.Equal(from) && last.to.Equal(to) {
		return last.first, last.before
	}
	var ring [mostTimes]time.Time
	n := 0
	for at := times.Next(from); !at.IsZero() && !at.After(to); at = times.Next(at) {
		ring[n%mostTimes] = at
		n++
	}
	first = ring[0]
	if before = max(n-mostTimes, 0); before > 0 {
		first = ring[n%mostTimes]
	}
	s.counted = counted{from, to, first, before}
	return first, before
}

// latest is schedule.Latest; of many timers with one schedule only the first has to search.
func (s *spec) latest(times schedule.Schedule, from, to time.Time) time.Time {
	if last := s.searched; last.from.Equal(from) && last.to.Equal(to) {
		return last.first
	}
	s.searched = counted{from: from, to: to, first: schedule.Latest(times, from, to)}
	return s.searched.first
}

// counted is what newest, or latest, has found last.
type counted struct {
	from, to, first time.Time
	before          int
}

// fires says when a due time is fired: late by its jitter, which is always the same for it, spread over the
// organisations, and ends before the next due time so that times keep their order.
func (t *timer) fires(due time.Time) time.Time {
	if t.jitter <= 0 {
		return due
	}
	room := t.jitter
	if next := t.times.Next(due); !next.IsZero() {
		room = min(room, next.Sub(due)-1)
	}
	h := fnv.New64a()
	for _, part := range []string{t.Workflow, t.Trigger, t.organisation, stamp(due)} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return due.Add(time.Duration(h.Sum64()>>1) % max(room, 1))
}

// stamp writes a due time as events and expressions have it.
func stamp(due time.Time) string { return due.UTC().Format(time.RFC3339) }
