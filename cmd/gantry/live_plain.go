package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/source"
)

// saidOfStep is what lineView has told of an execution.
type saidOfStep struct {
	status   flow.Status
	attempts int
	tenths   int // of a for_each's items
}

func (v *lineView) take(updates []engine.Update) {
	for _, u := range updates {
		n := v.add(u)
		if n == v.known.root && !v.begun {
			v.begun = true
			fmt.Fprintln(v.out, strings.TrimSpace(n.Workflow+"  "+n.Note))
		}
		for _, s := range u.Changed {
			v.step(n, s)
		}
		for _, w := range u.Waiting {
			v.waiting(n, w)
		}
	}
}

// path names an execution from the run that is watched: notify / send.
func (n *runNode) path(s engine.Step) string {
	name := stepName(s)
	for ; n.parent != nil; n = n.parent {
		name = n.Task + " / " + name
	}
	return name
}

func (v *lineView) step(n *runNode, s engine.Step) {
	key := fmt.Sprintf("%s/%d", n.ID, s.ID)
	before := v.said[key]
	now := saidOfStep{s.Status, s.Attempts, 0}
	if s.Items > 0 {
		now.tenths, now.attempts = 10*s.ItemsEnded/s.Items, before.attempts
		if s.Status == flow.Waiting {
			now.status = flow.Running // its items wait, now this one and now that
		}
	}
	if now == before || s.Status == flow.Queued {
		return
	}
	v.said[key] = now
	if s.Status.Ended() {
		v.ended(n, s)
		return
	}
	v.going(n, s, before)
}

func (v *lineView) going(n *runNode, s engine.Step, before saidOfStep) {
	what := n.path(s)
	switch {
	case s.Status == flow.Waiting && s.Items == 0:
		v.line("waiting", what, strings.TrimSpace(forWhat(s)+"  "+afterAttempt(s)))
	case s.Items > 0 && before.status == flow.Running:
		v.line("", what, fmt.Sprintf("%d of %d items%s", s.ItemsEnded, s.Items, lostItems(s)))
	case s.Attempts > 1 && s.Items == 0:
		v.line("again", what, fmt.Sprintf("attempt %d", s.Attempts))
	case before.status == "":
		v.line("started", what, s.Action)
	}
}

// waitAgain is how long after a line about a step's wait for a rate limit the next one may come: the
// attempts of a for_each wait one after the other.
const waitAgain = 30 * time.Second

func (v *lineView) waiting(n *runNode, w engine.Waiting) {
	text := waitingText(w, v.now())
	at := slices.IndexFunc(n.Steps, func(s engine.Step) bool { return s.ID == w.Step })
	if text == "" || at < 0 {
		return
	}
	key := fmt.Sprintf("%s/%d", n.ID, w.Step)
	if last, said := v.waits[key]; said && v.now().Sub(last) < waitAgain {
		return
	}
	if v.waits == nil {
		v.waits = map[string]time.Time{}
	}
	v.waits[key] = v.now()
	v.line("", n.path(n.Steps[at]), text)
}

// forWhat says what a step waits for from outside.
func forWhat(s engine.Step) string {
	switch s.Awaits {
	case actions.ForAnswer:
		return "for an answer"
	case actions.ForWebhook:
		return "for a webhook"
	}
	return ""
}

func afterAttempt(s engine.Step) string {
	if s.Attempts > 1 {
		return fmt.Sprintf("after attempt %d", s.Attempts)
	}
	return ""
}

func (v *lineView) ended(n *runNode, s engine.Step) {
	more := "in " + shortDuration(n.took(s, v.now()))
	if s.Items > 0 {
		more = fmt.Sprintf("%d of %d items %s%s", s.ItemsEnded, s.Items, more, lostItems(s))
	}
	if s.Attempts > 1 && s.Items == 0 {
		more += fmt.Sprintf(", attempt %d", s.Attempts)
	}
	v.line(strings.ReplaceAll(string(s.Status), "_", " "), n.path(s), more)
	if s.Error != nil {
		fmt.Fprintln(v.out, "             "+source.OneLine(s.Error.Message))
		if s.Error.Hint != "" {
			fmt.Fprintln(v.out, "             hint: "+source.OneLine(s.Error.Hint))
		}
	}
}

// lostItems tells how many items of a for_each have not succeeded, where some have not.
func lostItems(s engine.Step) string {
	if s.ItemsFailed == 0 {
		return ""
	}
	return fmt.Sprintf(", %d failed or unknown", s.ItemsFailed)
}

func (v *lineView) line(word, what, more string) {
	fmt.Fprintln(v.out, strings.TrimRight(fmt.Sprintf("  %-9s  %s  %s", word, what, more), " "))
}
