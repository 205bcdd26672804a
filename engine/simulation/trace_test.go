package simulation_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gantry/engine/flow"
)

// trace is what happened in a world, in its order.
type trace struct {
	wanted bool // somebody will read it; else nothing is noted
	mu     sync.Mutex
	lines  []line
}

type line struct {
	at     time.Duration
	order  int // of what happens at once
	text   string
	detail string // what is too long to be read
}

var longID = regexp.MustCompile(`00000000-0000-7000-8000-0*([0-9]+)`)

// named shortens the ids of runs.
func named(text string) string { return longID.ReplaceAllString(text, "#$1") }

// say notes what happens now.
func (w *world) say(format string, args ...any) {
	if !w.trace.wanted {
		return
	}
	w.trace.add(line{at: w.elapsed(), text: named(fmt.Sprintf(format, args...))})
}

func (t *trace) add(l line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, l)
}

// gather adds the events of all logs, each at the moment at which it was first told of.
func (t *trace) gather(w *world) {
	if !t.wanted {
		return
	}
	for _, id := range w.life.runs() {
		for i, event := range w.laws.books.read(w.life, id).events {
			kind, data, err := flow.EncodeEvent(event)
			if err != nil {
				w.t.Fatal(err)
			}
			t.add(line{w.laws.toldAt(id, i+1), i + 1, named(fmt.Sprintf("run %s log %d: %s%s", id, i+1, strings.ReplaceAll(kind, "_", " "), inWords(event))), event.When().String() + string(data)})
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.SortStableFunc(t.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.at, b.at), a.order-b.order, strings.Compare(a.text, b.text))
	})
}

// inWords is what matters of an event.
func inWords(event flow.Event) string {
	switch ev := event.(type) {
	case flow.AttemptStarted:
		return unit(ev.Unit) + ev.Subrun
	case flow.AttemptWaits:
		return unit(ev.Unit) + "until " + ev.Until.Format(time.TimeOnly)
	case flow.AttemptEnded:
		if ev.Outcome.Error != nil {
			return unit(ev.Unit) + string(ev.Outcome.Status()) + ": " + string(ev.Outcome.Error.Code)
		}
		return unit(ev.Unit) + string(ev.Outcome.Status())
	case flow.AttemptPutBack:
		return unit(ev.Unit)
	case flow.TimerFired:
		return unit(ev.Unit)
	case flow.Answered:
		return unit(ev.Unit) + "by " + names(ev)
	case flow.AttemptVerified:
		return unit(ev.Unit) + string(ev.Verdict)
	case flow.Resolved:
		return unit(ev.Unit) + fmt.Sprint("done: ", ev.Done, ", by ", ev.By)
	case flow.Reopened:
		return " " + ev.Version + " by " + ev.By
	}
	return ""
}

func unit(u flow.Unit) string {
	if u.Item == flow.NoItem {
		return fmt.Sprintf(" (execution %d) ", u.Exec)
	}
	return fmt.Sprintf(" (execution %d, item %d) ", u.Exec, u.Item)
}

// text is all of it, to be compared.
func (t *trace) text() string {
	var text strings.Builder
	for _, l := range t.lines {
		fmt.Fprintf(&text, "%14s  %s %s\n", l.at, l.text, l.detail)
	}
	return text.String()
}

// words is what a person reads.
func (t *trace) words() string {
	var text strings.Builder
	for _, l := range t.lines {
		fmt.Fprintf(&text, "%12.6fs  %s\n", l.at.Seconds(), l.text)
	}
	return text.String()
}

// firstDifference gives the first lines in which two traces differ.
func firstDifference(a, b string) (string, string) {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] {
			return one[i], two[i]
		}
	}
	return "(one is longer)", one[min(len(one), len(two))-1]
}
