package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"gantry/fault"
)

// JSON tells whether the command prints one JSON document instead of text.
func (a *App) JSON() bool { return a.Flags.Format == "json" }

// Show prints a command's result: doc as one JSON document with --format json, else what text writes.
func (a *App) Show(doc any, text func(out io.Writer) error) error {
	if a.JSON() {
		return a.document(doc)
	}
	out := &remembering{Writer: a.Out}
	if err := text(out); err != nil {
		return err
	}
	return unwritten(out.err)
}

func (a *App) document(doc any) error {
	out := &remembering{Writer: a.Out}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil && out.err == nil {
		return err
	}
	return unwritten(out.err)
}

// remembering keeps the first error of a writer, so that whoever writes many lines need not look at each.
type remembering struct {
	io.Writer
	err error
}

// Write writes until an error has come.
func (r *remembering) Write(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.Writer.Write(p)
	r.err = err
	return n, err
}

// unwritten is the error of a result that did not reach its reader. A reader that has gone, as in
// `gantry run … | head`, has read what it wanted.
func unwritten(err error) error {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return fault.Wrap(err, fault.Failed, "the result could not be written: %s", err)
}

// Note tells the person something beside the result, on standard error; --quiet silences it.
func (a *App) Note(format string, args ...any) {
	if !a.Flags.Quiet {
		fmt.Fprintf(a.Err, format+"\n", args...)
	}
}

// table writes rows in columns under a header. Cells are as wide as a terminal shows them, and are not cut: a wide
// one makes its column wide.
func table(out io.Writer, style style, header []string, rows [][]string) {
	widths := make([]int, len(header))
	for i, cell := range header {
		widths[i] = ansi.StringWidth(cell)
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	line := func(row []string) string {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
			}
		}
		return strings.TrimRight(b.String(), " ")
	}
	fmt.Fprintln(out, style.dim(line(header)))
	for _, row := range rows {
		fmt.Fprintln(out, line(row))
	}
}

// style colours text, on terminals only.
type style struct{ on bool }

func (s style) paint(code, text string) string {
	if !s.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string { return s.paint("1", text) }
func (s style) dim(text string) string  { return s.paint("2", text) }
func (s style) good(text string) string { return s.paint("32", text) }
func (s style) bad(text string) string  { return s.paint("31", text) }
func (s style) warn(text string) string { return s.paint("33", text) }

// outStyle is for standard output, errStyle for standard error: colour goes where a terminal is, unless
// NO_COLOR (https://no-color.org) is set or the terminal is dumb.
func (a *App) outStyle() style { return style{on: a.colours(a.Out)} }
func (a *App) errStyle() style { return style{on: a.colours(a.Err)} }

func (a *App) colours(w io.Writer) bool {
	return isTerminal(w) && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"
}

// isTerminal tells whether a person looks at what is written to w.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
