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
		events, err := w.life.history.EventsAfter(context.Background(), s.run, 0, 1_000_000)
		if err != nil {
			w.t.Fatal(err)
		}
		n := 0
		for _, event := range events {
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

// openWaits checks that the table of waits says what the logs say.
func (l *laws) openWaits(of *life) {
	w, ctx := l.world, context.Background()
	var ids []string
	if err := of.store.Read().Select(&ids, "SELECT id FROM runs ORDER BY id"); err != nil {
		w.t.Fatal(err)
	}
	type wait struct {
		unit flow.Unit
		kind string
		ends int64
	}
	for _, id := range ids {
		row, err := of.history.Get(ctx, id)
		if err != nil {
			w.t.Fatal(err)
		}
		events, err := of.history.EventsAfter(ctx, id, 0, 1_000_000)
		if err != nil {
			w.t.Fatal(err)
		}
		open := map[wait]bool{}
		state := flow.New(w.library.version(row.Workflow, row.FirstVersion()))
		for _, event := range events {
			if reopened, ok := event.(flow.Reopened); ok {
				reopened.Workflow = w.library.version(row.Workflow, reopened.Version)
				event = reopened
			}
			if _, err := state.Apply(event); err != nil {
				w.wrong("the log of run %s cannot be replayed: %v", id, err)
			}
		}
		for _, a := range state.Awaiting() {
			open[wait{a.Unit, a.What, nanos(a.Until)}] = true
		}
		rows, err := of.history.Waits(ctx, history.WaitFilter{Run: id, Limit: 1000})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range rows {
			if !open[wait{r.Unit, r.Kind, nanos(r.Until)}] {
				w.wrong("the table of waits has one of run %s (execution %d, item %d), the log has none", id, r.Unit.Exec, r.Unit.Item)
			}
		}
		if len(rows) != len(open) {
			w.wrong("run %s waits for %d things by the table, for %d by its log", id, len(rows), len(open))
		}
	}
}

func nanos(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixNano()
}
