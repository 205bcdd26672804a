package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gantry/server"
	"gantry/store"
)

// rest waits until every event is decided and every run has ended, and gives what does not.
func (h *house) rest(ctx context.Context) (stuck string, err error) {
	s, err := store.Open(ctx, h.data, store.Options{ReadOnly: true}, server.Tables()...)
	if err != nil {
		return "", err
	}
	defer s.Close()
	var first []openEnd // what is waited for: all at first, later not what clocks go on making meanwhile
	for w := (watch{quiet: h.quiet, whole: patience}); ; time.Sleep(10 * time.Millisecond) {
		var left []openEnd
		if err := s.Read().SelectContext(ctx, &left, unfinished); err != nil {
			return "", err
		}
		if first = waitedFor(first, left); len(first) == 0 {
			return "", nil
		}
		if told := tellAll(first); w.over(time.Now(), fmt.Sprint(told, h.target.asked(first))) {
			return told, nil
		}
	}
}

// openEnd is something that has not come to its end: an event that is to be decided, a run, or its end that is to be told.
type openEnd struct {
	What, Workflow, ID, Status string
	Seq                        int // of the last event that is kept of a run
}

const unfinished = `SELECT 'event' AS what, workflow, id, status, 0 AS seq FROM trigger_events WHERE status = 'pending'
	UNION ALL SELECT 'run', workflow, id, status, (SELECT coalesce(max(seq), 0) FROM events WHERE run = runs.id) FROM runs WHERE finished_at IS NULL
	UNION ALL SELECT 'untold end', '', run, '', 0 FROM untold_ends`

// waitedFor gives what is left of what was waited for, as it is now, and what else has begun since, but for what a clock has
// made. At first, when nothing is waited for, it is all that is left.
func waitedFor(before, left []openEnd) []openEnd {
	var now []openEnd
	for _, o := range left {
		old := slices.ContainsFunc(before, func(b openEnd) bool { return b.What == o.What && b.ID == o.ID })
		if old || len(before) == 0 || o.Workflow != "tick" && o.Workflow != "polled" {
			now = append(now, o)
		}
	}
	return now
}

func tellAll(open []openEnd) string {
	told := make([]string, len(open))
	for i, o := range open {
		told[i] = strings.Join(strings.Fields(fmt.Sprintf("%s of %s %s %s", o.What, o.Workflow, o.ID, o.Status)), " ")
		if o.Seq > 0 {
			told[i] += fmt.Sprintf(" after %d events", o.Seq)
		}
	}
	return strings.Join(told, "; ")
}

const (
	// quiet is how long nothing may move of what is waited for before it counts as stuck. The longest that runs do nothing
	// of themselves is a fraction of a second, and 16 s where they look for a lost write once more; the rest is for a machine
	// that has others to serve.
	quiet = 30 * time.Second
	// patience is how long it may take altogether: what moves and never ends is stuck, too.
	patience = 10 * time.Minute
)

// watch tells when something that is looked at again and again has not changed for too long, or takes too long.
type watch struct {
	quiet, whole time.Duration
	began, moved time.Time
	last         string
}

// over takes what is seen at a moment.
func (w *watch) over(now time.Time, seen string) bool {
	if w.began.IsZero() {
		w.began = now
	}
	if w.moved.IsZero() || seen != w.last {
		w.moved, w.last = now, seen
	}
	return now.Sub(w.moved) >= w.quiet || now.Sub(w.began) >= w.whole
}
