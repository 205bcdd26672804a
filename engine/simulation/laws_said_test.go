package simulation_test

import (
	"context"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// saying is something that somebody told the engine about one run, by a name that nobody else has: an answer, a
// delivery, a resolution, or that it is to be resumed.
type saying struct {
	what  string
	run   string
	by    string
	heard bool // the engine has said what became of it
	err   error
}

// names gives who is behind an event, "" if that is nobody of ours.
func names(event flow.Event) string {
	switch ev := event.(type) {
	case flow.Answered:
		if result, ok := ev.Result.(map[string]any); ok && result["token"] != nil {
			return result["token"].(string)
		}
		return ev.By
	case flow.Resolved:
		return ev.By
	case flow.Reopened:
		return ev.By
	}
	return ""
}

// keptSayings checks that what was confirmed is in the log once, and what was refused is not.
func (l *laws) keptSayings() {
	w := l.world
	for _, s := range w.asked.said {
		if !s.heard {
			continue
		}
		n := 0
		for _, event := range l.books.read(w.life, s.run).events {
			if names(event) == s.by {
				n++
			}
		}
		code := fault.Code("")
		if s.err != nil {
			code = fault.From(s.err).Code
		}
		switch {
		case n > 1, n > 0 && s.err != nil && code != fault.Interrupted:
			w.wrong("%s of run %s by %s is in the log %d times, it was answered by %v", s.what, s.run, s.by, n, s.err)
		case n == 0 && s.err == nil && s.what != "delivery" && (s.what != "resumption" || w.disk.untouched()):
			w.wrong("%s of run %s by %s was confirmed and is not in the log", s.what, s.run, s.by)
		}
	}
}

// openWaits checks that the table of waits says what the logs of all runs say.
func (l *laws) openWaits(of *life) {
	w := l.world
	type wait struct {
		run  string
		unit flow.Unit
		kind string
		ends int64
	}
	open := map[wait]bool{}
	for _, id := range of.runs() {
		for _, a := range l.books.read(of, id).state.Awaiting() {
			open[wait{id, a.Unit, a.What, nanos(a.Until)}] = true
		}
	}
	rows, err := of.history.Waits(context.Background(), history.WaitFilter{Limit: 1_000_000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rows {
		one := wait{r.Run, r.Unit, r.Kind, nanos(r.Until)}
		if !open[one] {
			w.wrong("the table of waits has one of run %s (execution %d, item %d), the log has none", r.Run, r.Unit.Exec, r.Unit.Item)
		}
		delete(open, one)
	}
	for one := range open {
		w.wrong("run %s waits by its log (execution %d, item %d), the table of waits has nothing of it", one.run, one.unit.Exec, one.unit.Item)
	}
}

func nanos(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixNano()
}
