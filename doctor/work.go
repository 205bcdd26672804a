package doctor

import (
	"context"
	"fmt"
	"time"

	"gantry/engine/history"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

func (x *examination) runs(v *history.Survey, now time.Time) {
	going := v.Unfinished - v.Held
	switch {
	case x.server != nil && len(x.server.Idle) > 0:
		x.add("runs", Fail, "%s not ended, and the server does not go on.", counted(len(x.server.Idle), "run has", "runs have")).
			hint("`gantry runs resume RUN` tells why for each; the server's log does, too").Details = x.server.Idle
	case x.server == nil && !x.owner.Owned && going > 0:
		x.add("runs", Warn, "%s not ended, the oldest since %s, and no process goes on.", counted(going, "run has", "runs have"), when(v.Oldest)).
			hint("`gantry serve` takes them up, or `gantry runs resume RUN` one of them")
	default:
		x.add("runs", OK, "%s, %d of them not ended.", counted(v.Runs, "run", "runs"), v.Unfinished)
	}
	if v.Held > 0 {
		x.add("held runs", Warn, "%s held since a backup was restored.", counted(v.Held, "run is", "runs are")).
			hint("what they do next may have been done already: look at each, then `gantry runs resume RUN` or `gantry runs cancel RUN`; `gantry runs list --status paused` has them")
	}
	if v.Queued > 0 {
		x.add("queue", OK, "%s to begin.", counted(v.Queued, "run waits", "runs wait"))
	}
	if v.Unknown > 0 {
		x.add("unknown writes", Warn, "In runs of the last 30 days there %s of which nobody knows whether it was done.", is(v.Unknown, "write", "writes")).
			hint("look in the other system, then `gantry runs resolve RUN TASK --done` or --not-done")
	}
	if v.Untold > 0 && x.server == nil {
		x.add("ends", Warn, "Completion triggers have still to be told of %s.", counted(v.Untold, "end of a run", "ends of runs")).hint("`gantry serve` tells them when it starts")
	}
}

// mostDamages is how many damaged parts of the history are told.
const mostDamages = 50

// history looks whether what is kept of runs is what was written: SQLite does not find a changed byte within a value.
func (x *examination) history(ctx context.Context, s *store.Store) {
	found, looked, err := history.New(s, orgs.NoKeys()).Look(ctx, x.o.Full)
	switch of := "runs that have not ended"; {
	case err != nil:
		x.failed("history", err)
	case len(found) > 0:
		check := x.add("history", Fail, "Of the history of runs %s not what was written.", counted(len(found), "part is", "parts are")).
			hint("these runs are not taken up, nor shown, and all others are; to have them back, stop the server and restore the last good backup with `gantry restore FILE`; check the disk and the memory of the machine")
		for _, d := range found[:min(len(found), mostDamages)] {
			check.Details = append(check.Details, d.String())
		}
	default:
		if x.o.Full {
			of = "all runs"
		}
		x.add("history", OK, "The history of %s is what was written (%s).", of, counted(looked, "event", "events"))
	}
}

// undecidedFor is how long an event may wait while a server works.
const undecidedFor = 5 * time.Minute

func (x *examination) events(ctx context.Context, s *store.Store, now time.Time) {
	n, oldest, err := triggers.Undecided(ctx, s)
	switch {
	case err != nil:
		x.failed("events", err)
	case n == 0:
		x.add("events", OK, "Every event of a trigger has been decided.")
	case x.server == nil && !x.owner.Owned:
		x.add("events", Warn, "%s not decided, the oldest since %s.", counted(n, "event is", "events are"), when(&oldest)).hint("`gantry serve` decides them")
	case now.Sub(oldest) > undecidedFor:
		x.add("events", Warn, "%s not decided, the oldest since %s.", counted(n, "event is", "events are"), when(&oldest)).hint("the server's log tells why; `gantry triggers events --status pending` shows them")
	default:
		x.add("events", OK, "%s about to be decided.", counted(n, "event is", "events are"))
	}
}

// clockOff is how far clocks may differ.
const clockOff = 2 * time.Minute

// clock looks whether the clock has gone back: ids and due times follow it.
func (x *examination) clock(v *history.Survey, now time.Time) {
	switch {
	case v.Newest != nil && v.Newest.After(now.Add(clockOff)):
		x.add("clock", Fail, "The clock says %s, and the newest run is of %s.", when(&now), when(v.Newest)).
			hint("set the clock right: lists, schedules and time-outs follow it")
	case x.server != nil && x.server.Now.Sub(now).Abs() > clockOff:
		x.add("clock", Warn, "The server's clock says %s, this one %s.", when(&x.server.Now), when(&now))
	default:
		x.add("clock", OK, "The clock says %s.", when(&now))
	}
}

func when(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// counted is a number with what it counts.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

func is(n int, one, many string) string {
	if n == 1 {
		return "is 1 " + one
	}
	return fmt.Sprint("are ", n, " ", many)
}
