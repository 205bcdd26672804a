package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/source"
)

// picture draws a runTree as lines for a terminal.
type picture struct {
	style style
	width int       // columns; lines are cut there
	now   time.Time // for what is going on
	live  bool      // what is going on is drawn with spinners
	frame int       // of the spinners
	lines []pictureLine
}

// pictureLine is a line, and whether it is about something that is going on or went wrong, which counts
// more when there are too many lines.
type pictureLine struct {
	text  string
	vital bool
}

// shownCalls is how many sub-workflows' runs of one task are drawn; those that succeeded go first.
const shownCalls = 6

func (p *picture) draw(t *runTree) {
	if t.root == nil {
		return
	}
	p.run(t.root, "")
	for _, h := range t.handlers {
		p.run(h, "on_failure: ")
	}
}

func (p *picture) run(n *runNode, what string) {
	head := p.glyph(n.Status) + " " + p.style.bold(what+n.Workflow)
	if n.Note != "" {
		head += "  " + p.style.dim(n.Note)
	}
	p.add(!n.Status.Ended(), head+p.time(lasted(n.Started, n.Finished, p.now)))
	p.steps(n, "")
}

func (p *picture) steps(n *runNode, indent string) {
	widest := 0
	for _, s := range n.Steps {
		widest = max(widest, ansi.StringWidth(stepName(s)))
	}
	widest = min(widest, max(p.width/3, 12))
	for i, s := range n.Steps {
		branch, below := "├─ ", "│  "
		if i == len(n.Steps)-1 {
			branch, below = "└─ ", "   "
		}
		p.step(s, n.took(s, p.now), indent+branch, widest, p.waits(n, s))
		p.calls(n, s, indent+below)
		p.fault(s.Error, indent+below+"  ")
	}
}

// waits says that a step waits for a rate limit, and for how long still.
func (p *picture) waits(n *runNode, s engine.Step) string {
	if s.Status.Ended() {
		if s.Waited >= shownWait {
			text := "waited " + shortDuration(s.Waited) + " for a rate limit"
			if s.Items > 1 {
				text += ", all items together"
			}
			return p.style.dim(text)
		}
		return ""
	}
	if text := waitingText(n.Waiting[s.ID], p.now); text != "" {
		return p.style.warn(text)
	}
	return ""
}

// shownWait is from when on a wait for a rate limit is worth a word.
const shownWait = time.Second

// waitingText is "waiting for HaloPSA's rate limit, 12s", or nothing where that is not worth a word.
func waitingText(w engine.Waiting, now time.Time) string {
	left := w.Until.Sub(now)
	if w.Attempts == 0 || left < shownWait {
		return ""
	}
	return fmt.Sprintf("waiting for %s's rate limit, %s", w.System, shortDuration(left))
}

func (p *picture) step(s engine.Step, took time.Duration, lead string, widest int, wait string) {
	name := ansi.Truncate(stepName(s), widest, "…")
	name += strings.Repeat(" ", widest-ansi.StringWidth(name))
	text := p.style.dim(lead) + p.glyph(s.Status) + " " + name + p.time(took)
	if s.Items > 0 {
		text += "  " + p.bar(s)
	}
	if word := statusWord(s.Status); word != "" {
		text += "  " + p.paint(s.Status, word)
	}
	if s.Attempts > 1 && s.Items == 0 {
		text += "  " + p.style.warn(fmt.Sprintf("attempt %d", s.Attempts))
	}
	if wait != "" {
		text += "  " + wait
	}
	p.add(s.Status != flow.Succeeded, text+"  "+p.style.dim(s.Action))
}

func stepName(s engine.Step) string {
	if s.Instance > 1 {
		return fmt.Sprintf("%s #%d", s.Name, s.Instance)
	}
	return s.Name
}

// statusWord says what a glyph alone does not.
func statusWord(s flow.Status) string {
	switch s {
	case flow.Waiting, flow.Queued, flow.Paused, flow.Cancelled:
		return string(s)
	case flow.TimedOut:
		return "timed out"
	case flow.Unknown:
		return "outcome unknown"
	}
	return ""
}

// calls draws the runs of a step's sub-workflow: all of few, else those that matter.
func (p *picture) calls(n *runNode, s engine.Step, indent string) {
	calls := n.callsOf(s)
	if len(calls) == 1 && s.Items == 0 {
		p.steps(calls[0], indent)
		return
	}
	shown := 0
	for _, call := range calls {
		if len(calls) > shownCalls && (shown == shownCalls || call.Status == flow.Succeeded) {
			continue
		}
		shown++
		p.add(call.Status != flow.Succeeded, p.style.dim(indent)+p.glyph(call.Status)+" "+p.style.dim(call.Workflow)+p.time(lasted(call.Started, call.Finished, p.now)))
		if call.Status != flow.Succeeded {
			p.steps(call, indent+"  ")
		}
	}
	if hidden := len(calls) - shown; hidden > 0 && shown > 0 {
		p.add(false, p.style.dim(fmt.Sprintf("%sand %d more runs", indent, hidden)))
	}
}

func (p *picture) fault(f *fault.Error, indent string) {
	if f == nil {
		return
	}
	p.words(f.Message, indent, p.style.bad)
	if f.Hint != "" {
		p.words("hint: "+f.Hint, indent, p.style.dim)
	}
}

func (p *picture) words(text, indent string, paint func(string) string) {
	for _, line := range wrapped(text, p.width-ansi.StringWidth(indent)) {
		p.add(true, p.style.dim(indent)+paint(line))
	}
}

// wrapped breaks text into lines of at most width columns, without control characters.
func wrapped(text string, width int) []string {
	return strings.Split(ansi.Wrap(source.OneLine(text), max(width, 12), ""), "\n")
}

func (p *picture) add(vital bool, text string) {
	p.lines = append(p.lines, pictureLine{ansi.Truncate(text, p.width, "…"), vital})
}

func (p *picture) time(d time.Duration) string {
	if d == 0 {
		return "  " + strings.Repeat(" ", 6)
	}
	return "  " + p.style.dim(fmt.Sprintf("%6s", shortDuration(d)))
}

// bar is the progress of a for_each.
func (p *picture) bar(s engine.Step) string {
	wide := min(20, max(p.width/6, 6))
	done := wide * s.ItemsEnded / s.Items
	text := p.style.good(strings.Repeat("█", done)) + p.style.dim(strings.Repeat("░", wide-done)) + fmt.Sprintf(" %d/%d", s.ItemsEnded, s.Items)
	if s.ItemsFailed > 0 {
		text += " " + p.style.bad(fmt.Sprintf("%d failed", s.ItemsFailed))
	}
	return text
}

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func (p *picture) glyph(s flow.Status) string {
	switch {
	case p.live && s == flow.Running:
		return p.style.paint("36", spinner[p.frame%len(spinner)])
	case p.live && s == flow.Waiting:
		return p.style.dim(spinner[p.frame/4%len(spinner)]) // it waits: slowly
	}
	return p.paint(s, statusGlyph(s))
}

func statusGlyph(s flow.Status) string {
	switch s {
	case flow.Succeeded:
		return "✓"
	case flow.Failed, flow.TimedOut:
		return "✗"
	case flow.Unknown:
		return "?"
	case flow.Cancelled:
		return "–"
	case flow.Running:
		return "●"
	}
	return "○"
}

func (p *picture) paint(s flow.Status, text string) string { return paintStatus(p.style, s, text) }

func paintStatus(style style, s flow.Status, text string) string {
	switch s {
	case flow.Succeeded:
		return style.good(text)
	case flow.Failed, flow.TimedOut:
		return style.bad(text)
	case flow.Unknown, flow.Cancelled:
		return style.warn(text)
	case flow.Running:
		return style.paint("36", text)
	}
	return style.dim(text)
}

// fit leaves out lines until there are at most height: first, from the top, those of what is done.
func fit(lines []pictureLine, height int) []string {
	surplus := len(lines) - height
	if surplus > 0 {
		surplus++ // the line that says so
	}
	out, hidden := []string{}, 0
	for i, l := range lines {
		if i > 0 && !l.vital && hidden < surplus {
			hidden++
			continue
		}
		out = append(out, l.text)
	}
	if over := len(out) - (height - 1); surplus > 0 && over > 0 {
		hidden += over
		out = append(out[:1], out[1+over:]...)
	}
	if hidden > 0 {
		out = append(out, "")
		copy(out[2:], out[1:])
		out[1] = fmt.Sprintf("… %d lines are not shown", hidden)
	}
	return out
}
