package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/source"
)

// runDocument is a run as `--format json` gives it.
type runDocument struct {
	ID           string         `json:"id"`
	Workflow     string         `json:"workflow"`
	Version      string         `json:"version"`
	Organisation string         `json:"organisation"` // slug
	Status       flow.Status    `json:"status"`
	Outputs      map[string]any `json:"outputs"`
	Error        *fault.Error   `json:"error"`
	StartedAt    *time.Time     `json:"started_at"`
	FinishedAt   *time.Time     `json:"finished_at"`
	Tasks        []history.Task `json:"tasks"` // in the order they started, without sub-runs and requests
}

func documentOf(d *history.Detail) runDocument {
	doc := runDocument{ID: d.ID, Workflow: d.Workflow, Version: d.Version, Organisation: d.Organisation, Status: d.Status, Outputs: d.Outputs,
		Error: d.Error, StartedAt: d.StartedAt, FinishedAt: d.FinishedAt, Tasks: []history.Task{}}
	for _, t := range d.Tasks {
		t.Subrun, t.Requests = "", nil
		doc.Tasks = append(doc.Tasks, t)
	}
	return doc
}

// shortID is the part of a run's id that people copy: its end, which is random.
func shortID(id string) string { return id[max(0, len(id)-8):] }

// result shows how a run ended. The error is errFailed unless it succeeded.
func (w *watching) result(ctx context.Context, d *readRun, end error) error {
	err := w.app.Show(documentOf(&d.Detail), func(out io.Writer) error {
		s := w.app.outStyle()
		if !w.app.Flags.Quiet {
			w.gap()
		}
		text := w.app.versionText(ctx, d.ID)
		w.app.showStatus(out, s, &d.Run)
		w.app.showOutcome(out, s, &d.Detail, outputNames(text))
		w.showHandlers(out, s, text, d.Status)
		fmt.Fprintln(out)
		w.app.twoParts(out, "Run "+shortID(d.ID)+" kept "+w.app.keptWhere()+" — ", w.app.command("runs show "+shortID(d.ID)))
		if !d.Status.Ended() {
			fmt.Fprintln(out, w.app.unended(d.ID))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case end != nil && !w.closedByHand():
		return workError{end}
	case d.Status != flow.Succeeded:
		return errFailed
	}
	return nil
}

// gap sets the result apart from the progress, where both go to one terminal.
func (w *watching) gap() {
	if isTerminal(w.app.Out) && isTerminal(w.app.Err) {
		fmt.Fprintln(w.app.Out)
	}
}

// twoParts writes a sentence and the command that goes with it, on two lines where a terminal is too narrow.
func (a *App) twoParts(out io.Writer, sentence, command string) {
	if isTerminal(a.Out) && ansi.StringWidth(sentence+command) > a.width() {
		sentence += "\n  "
	}
	fmt.Fprintln(out, sentence+command)
}

// keptWhere says where runs are kept.
func (a *App) keptWhere() string {
	switch {
	case a.data != nil:
		return "in " + a.data.Dir
	case a.far:
		return "on " + a.client.Where()
	}
	return "in " + a.client.Where() // whose server was asked
}

// unended says what can be done with a run that has not ended.
func (a *App) unended(id string) string {
	if a.served() {
		return fmt.Sprintf("It goes on there: %s watches it, %s ends it.", a.command("runs follow "+shortID(id)), a.command("runs cancel "+shortID(id)))
	}
	return fmt.Sprintf("It has not ended: %s goes on with it, %s gives it up.", a.command("runs resume "+shortID(id)), a.command("runs cancel "+shortID(id)))
}

// command is a command line that works where this one was called.
func (a *App) command(words string) string {
	line := "gantry " + words
	if a.Flags.Sandbox || a.data != nil && a.data.Sandbox {
		line += " --sandbox"
	}
	if a.Flags.Project != "." {
		line += " --project " + shellWord(a.Flags.Project)
	}
	if a.Flags.Data != "" {
		line += " --data " + shellWord(a.Flags.Data)
	}
	if a.Flags.Here {
		line += " --here"
	}
	return line
}

// shellWord quotes what a shell would take apart.
func shellWord(word string) string { return source.ShellWord(word) }

func (a *App) showStatus(out io.Writer, s style, r *history.Run) {
	text := statusSentence(r.Status)
	if r.StartedAt != nil && r.FinishedAt != nil {
		text += " after " + shortDuration(r.FinishedAt.Sub(*r.StartedAt))
	}
	fmt.Fprintln(out, paintStatus(s, r.Status, statusGlyph(r.Status)+" "+text))
}

func statusSentence(s flow.Status) string {
	switch s {
	case flow.Succeeded:
		return "Succeeded"
	case flow.Failed:
		return "Failed"
	case flow.TimedOut:
		return "Timed out"
	case flow.Cancelled:
		return "Cancelled"
	}
	return "Unfinished (" + string(s) + ")"
}

// showOutcome writes a run's error and outputs; of a workflow without outputs, what its last task gave.
func (a *App) showOutcome(out io.Writer, s style, d *history.Detail, outputs []string) {
	if d.Error != nil {
		a.showError(out, s, d.Error, "  ")
	}
	p := &valuePrinter{out: out, style: s, width: a.width()}
	switch {
	case len(d.Outputs) > 0 && !onlyNulls(d.Outputs):
		fmt.Fprintln(out)
		p.fields(d.Outputs, outputs, "")
	case len(d.Tasks) > 0 && len(d.Outputs) == 0:
		last := lastOf(d.Tasks)
		if last.Status == flow.Succeeded && last.Result != nil {
			fmt.Fprintln(out)
			p.named(last.Name, last.Result, "")
		}
	}
	if p.cut {
		fmt.Fprintln(out, s.dim("(shortened; "+a.command("runs show "+shortID(d.ID)+" --full")+" shows everything)"))
	}
}

func lastOf(tasks []history.Task) history.Task {
	return slices.MaxFunc(tasks, func(a, b history.Task) int {
		if a.FinishedAt == nil || b.FinishedAt == nil {
			return 0
		}
		return a.FinishedAt.Compare(*b.FinishedAt)
	})
}

func onlyNulls(m map[string]any) bool {
	for _, v := range m {
		if v != nil {
			return false
		}
	}
	return true
}

// showError writes an error with its hint, in lines as wide as the terminal, or unbroken in pipes and files.
func (a *App) showError(out io.Writer, s style, f *fault.Error, indent string) {
	message := source.OneLine(f.Message)
	if f.Task != "" && !strings.Contains(f.Message, f.Task) {
		message = f.Task + ": " + message
	}
	width := 1 << 20
	if isTerminal(a.Out) {
		width = a.width() - len(indent)
	}
	for _, line := range wrapped(message+" ("+string(f.Code)+")", width) {
		fmt.Fprintln(out, indent+s.bad(line))
	}
	if f.Hint == "" {
		return
	}
	for _, line := range wrapped("hint: "+f.Hint, width) {
		fmt.Fprintln(out, indent+line)
	}
}

// outputNames gives the outputs in the order in which the workflow has them; text nil: it cannot be read.
func outputNames(text *source.Node) []string {
	outputs := text.Lookup("outputs")
	if outputs == nil {
		return nil
	}
	all := make([]string, len(outputs.Entries))
	for i, e := range outputs.Entries {
		all[i] = e.Key
	}
	return all
}

// handlerOf names the workflow that handles the failure of another; "": none does.
func handlerOf(text *source.Node) string {
	handler := text.Lookup("on_failure")
	if id, ok := handler.Data().(string); ok {
		return id
	}
	id, _ := handler.Lookup("workflow").Data().(string)
	return id
}

// showHandlers tells of the workflow that on_failure started, or should have.
func (w *watching) showHandlers(out io.Writer, s style, text *source.Node, status flow.Status) {
	handler := handlerOf(text)
	if handler != "" && (status == flow.Failed || status == flow.TimedOut) && len(w.view.tree().handlers) == 0 {
		fmt.Fprintf(out, "on_failure: %s could not be started; `gantry check` may tell why\n", handler)
	}
	for _, h := range w.view.tree().handlers {
		w.app.twoParts(out, "on_failure: "+h.Workflow+" "+paintStatus(s, h.Status, strings.ToLower(statusSentence(h.Status)))+" — ",
			w.app.command("runs show "+shortID(h.ID)))
	}
}

// terminalWidth is how wide the terminal is that shows the output; 0 when it goes into a file or pipe.
func (a *App) terminalWidth() int {
	if file, ok := a.Out.(*os.File); ok && isTerminal(file) {
		width, _ := terminalSize(file)
		return width
	}
	return 0
}

// width is how wide results may be: the terminal's width, or 100 in files and pipes.
func (a *App) width() int {
	return cmp.Or(a.terminalWidth(), 100)
}
