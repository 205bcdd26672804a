package main

import (
	"fmt"
	"io"
	"strings"

	"gantry/engine"
	"gantry/source"
)

// planWords tell what becomes of a task when a run is resumed.
var planWords = map[string]string{"repeat": "repeat", "go_on": "go on from", "items": "run items of", "sub_run": "go on in the run of", "start": "start",
	"join": "wait at", "outputs": "evaluate the outputs", "unknown": "take as unknown"}

// planWriter writes what resuming a run does.
type planWriter struct {
	app   *App
	out   io.Writer
	style style
}

func (a *App) planText(p *engine.ResumePlan, run *readRun, s style) func(io.Writer) error {
	return func(out io.Writer) error {
		w := planWriter{a, out, s}
		ended := endedAs(&run.Run)
		if p.Unfinished {
			ended = "it was left unfinished"
		}
		if p.Held != nil {
			ended = "it is held since " + p.Held.At.Local().Format("2006-01-02 15:04:05") + " (" + source.OneLine(p.Held.Why) + ")"
		}
		w.line("", s.bold("Run "+shortID(p.Run)+" of "+p.Workflow)+": "+ended+". Resumed, it will:")
		w.steps(p, "  ")
		w.obstacles(p)
		if p.Held != nil {
			w.line("", s.warn("What it does next may have been done since the backup was made: look in the other systems first."))
		}
		return nil
	}
}

func (w planWriter) line(indent, text string) { fmt.Fprintln(w.out, indent+text) }

func (w planWriter) steps(p *engine.ResumePlan, indent string) {
	parts := p.Parts
	for _, s := range p.Steps {
		if p.IsUnresolved(s) { // obstacles says what comes first
			continue
		}
		text := planWords[s.What] + " "
		if s.What == "items" {
			text = fmt.Sprintf("run %d of %d items of ", s.Items, s.Of)
		}
		text += unitName(s.Task, s.Instance, nil)
		if s.What == "start" && s.Task == "" {
			text = "begin"
		}
		if s.Status != "" && (s.What == "repeat" || p.Unfinished) {
			text += w.style.dim(" (" + strings.ReplaceAll(string(s.Status), "_", " ") + ")")
		}
		if s.Anew {
			text += ", in a new run of its workflow"
		}
		if len(s.Edited) > 0 {
			text += ", with another " + strings.Join(s.Edited, ", ")
		}
		w.line(indent, strings.TrimSpace(text))
	}
	for i := range parts {
		w.line(indent, "go on with run "+shortID(parts[i].Run)+" of "+parts[i].Workflow+", which will:")
		w.steps(&parts[i], indent+"  ")
	}
	if p.Done > 0 {
		w.line(indent, w.style.dim("keep "+counted(p.Done, "task")+" that "+isOrAre(p.Done)+" done"))
	}
	if p.Was != "" {
		w.line(indent, w.style.dim("use version "+p.Version+" of the workflow instead of version "+p.Was))
	}
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// obstacles writes what is in the way, and what to do about it.
func (w planWriter) obstacles(p *engine.ResumePlan) {
	for _, u := range p.Unresolved {
		w.line("", w.style.bad("Nobody knows whether "+unitName(u.Task, u.Instance, u.Item)+" was done."))
		if u.Error != nil {
			w.line("  ", source.OneLine(u.Error.Message))
		}
		w.line("  ", "Look in the other system, then say what you found, one of:")
		for _, outcome := range []string{"--done", "--not-done", "--result JSON"} {
			w.line("    ", w.app.command(u.Command()+" "+outcome))
		}
	}
	for _, m := range p.Misfits {
		where := m.What
		if m.What == "task" {
			w.line("", w.style.bad("The run cannot go on with version "+p.Version+": task "+m.Task+" has run, and is gone."))
			continue
		}
		if m.Task != "" {
			where = m.Task + ": " + m.What
		}
		w.line("", w.style.bad("The run cannot go on with version "+p.Version+": "+where))
		w.diff("- ", m.Was)
		w.diff("+ ", m.Is)
	}
	for i := range p.Parts {
		w.obstacles(&p.Parts[i])
	}
}

// diff writes what was, or is, line by line.
func (w planWriter) diff(mark, text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		w.line("    ", mark+source.OneLine(line))
	}
}
