package simulation_test

import (
	"fmt"
	"strings"
	"time"

	"gantry/engine/flow"
)

// units holds what the target saw of a run's tasks and items against its log.
func (l *laws) units(id string, changed bool, state *flow.State, events []flow.Event) {
	courses := l.courses(id, events)
	for path, all := range l.world.target.sent {
		run, rest, _ := strings.Cut(path, "/")
		if run != id {
			continue
		}
		task, item, _ := strings.Cut(rest, "/")
		u := &unitSent{path: path, item: itemOf(item), changed: changed, sent: all}
		for _, e := range state.Executions() {
			if e.Task.Name == task {
				u.execs = append(u.execs, e)
			}
		}
		l.checkSent(u, courses)
	}
}

func itemOf(text string) int {
	item := flow.NoItem
	if text != "-" {
		_, _ = fmt.Sscan(text, &item)
	}
	return item
}

// unitSent is what the target saw of one task, or one of its items, in one run.
type unitSent struct {
	path    string
	changed bool // the task may have done something else at first
	item    int
	execs   []*flow.Execution // of the task
	sent    []*sent
}

// all tells whether all requests but looks have one method.
func (u *unitSent) all(method string) bool {
	for _, s := range u.sent {
		if s.method != method && s.method != "LOOK" {
			return false
		}
	}
	return true
}

// course is how a unit went by the log.
type course struct {
	stage     stage
	starts    int
	succeeded time.Duration // when it was known; zero: it has not
	observed  bool          // it succeeded, and nobody had to be believed
	resolved  bool
	blind     int // starts that only reads, and writes that are safe to repeat, may make; the first's number in the log
}

type stage string

const (
	free      stage = ""
	out       stage = "under way"
	waits     stage = "waiting"
	unknown   stage = "unknown"
	failed    stage = "failed"
	succeeded stage = "succeeded"
)

// courses goes through a log. What has succeeded must not begin again, and an answer must answer something.
func (l *laws) courses(id string, events []flow.Event) map[flow.Unit]*course {
	all := map[flow.Unit]*course{}
	of := func(u flow.Unit) *course {
		if all[u] == nil {
			all[u] = &course{}
		}
		return all[u]
	}
	for i, event := range events {
		succeeds := func(c *course) { c.stage, c.succeeded = succeeded, l.toldAt(id, i+1) }
		switch ev := event.(type) {
		case flow.AttemptStarted:
			c := of(ev.Unit)
			if c.stage == succeeded {
				l.world.wrong("run %s, log %d: execution %d, item %d is repeated, and had succeeded", id, i+1, ev.Exec, ev.Item)
			}
			if (c.stage == out || c.stage == unknown || c.stage == failed) && c.blind == 0 {
				c.blind = i + 1
			}
			c.stage = out
			c.starts++
		case flow.AttemptPutBack:
			of(ev.Unit).stage = free
		case flow.AttemptWaits:
			of(ev.Unit).stage = waits
		case flow.TimerFired:
			if c := of(ev.Unit); c.stage == waits {
				c.stage = free
			}
		case flow.Answered:
			c := of(ev.Unit)
			if c.stage != waits {
				l.world.wrong("run %s, log %d: execution %d, item %d is answered, and is %s", id, i+1, ev.Exec, ev.Item, c.stage)
			}
			succeeds(c)
		case flow.AttemptEnded:
			c := of(ev.Unit)
			switch {
			case ev.Outcome.Unknown:
				c.stage = unknown
			case ev.Outcome.Error == nil:
				succeeds(c)
				c.observed = true
			case ev.Outcome.Repeatable:
				c.stage = free
			default:
				c.stage = failed
			}
		case flow.AttemptVerified:
			if c := of(ev.Unit); ev.Verdict == flow.Done {
				succeeds(c)
				c.observed = true
			} else if ev.Verdict == flow.NotDone {
				c.stage = free
			}
		case flow.Resolved:
			c := of(ev.Unit)
			c.resolved = true
			if c.stage = failed; ev.Done {
				succeeds(c)
			}
		case flow.Reopened:
			for _, c := range all {
				if c.stage == failed || c.stage == waits {
					c.stage = free
				}
			}
		}
	}
	return all
}

func (l *laws) checkSent(u *unitSent, courses map[flow.Unit]*course) {
	w := l.world
	starts, observed, resolved := 0, 0, false
	var known time.Duration
	for _, e := range u.execs {
		c := courses[flow.Unit{Exec: e.ID, Item: u.item}]
		if c == nil {
			continue
		}
		starts += c.starts
		resolved = resolved || c.resolved
		known = c.succeeded
		if c.observed {
			observed++
		}
		if c.blind > 0 && u.all("POST") {
			w.wrong("%s is written again (log %d), and nobody knows whether it was done", u.path, c.blind)
		}
	}
	harm, did := 0, 0
	for _, s := range u.sent {
		if s.method != "LOOK" && !s.treats.harmless() {
			harm++
		}
		if s.method != "LOOK" && s.treats.did() {
			did++
		}
		if len(u.execs) == 1 && known > 0 && s.at > known && s.method != "LOOK" {
			w.wrong("%s was sent again at %s, it had succeeded at %s", u.path, s.at, known)
		}
	}
	if u.all("POST") && harm > starts {
		w.wrong("the write %s was sent %d times, the log knows of %d", u.path, harm, starts)
	}
	looped := len(u.execs) > 1 && !u.all("GET") && !u.all("POST") && !u.all("PUT") // a look sees what others made
	if observed > did && !looped && !u.changed {
		w.wrong("%s succeeded %d times, and was done %d times", u.path, observed, did)
	}
	last := u.sent[len(u.sent)-1]
	if len(u.execs) == 1 && last.method == "POST" && u.item == flow.NoItem && !resolved && u.execs[0].Status != flow.Unknown &&
		(last.treats == lost || last.treats == hangs || last.treats == panics) {
		w.wrong("%s may have been done (it %s), and is kept as %s", u.path, last.treats, u.execs[0].Status)
	}
}
