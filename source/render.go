package source

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Texts holds the content of files by the name that positions give them, for excerpts.
type Texts map[string][]byte

const (
	tabWidth     = 4   // a tab in an excerpt is shown as this many spaces
	excerptWidth = 120 // longer lines are cut around the place that is meant
)

type palette struct{ bold, red, yellow, cyan, dim, off string }

// Render writes each diagnostic as people read them: place, severity and message, the line of the file
// with the place marked, and the hint.
func (ds Diagnostics) Render(w io.Writer, texts Texts, colour bool) {
	var p palette
	if colour {
		p = palette{"\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"}
	}
	for i, d := range ds {
		if i > 0 {
			fmt.Fprintln(w)
		}
		d.render(w, texts, p)
	}
}

func (d Diagnostic) render(w io.Writer, texts Texts, p palette) {
	tone := p.red
	if d.Severity == Warning {
		tone = p.yellow
	}
	if place := d.Pos.String(); place != "" {
		fmt.Fprintf(w, "%s%s:%s ", p.bold, printable(place), p.off)
	}
	fmt.Fprintf(w, "%s%s:%s %s\n", p.bold+tone, d.Severity, p.off, indented(d.Message))
	if text, ok := texts[d.Pos.File]; ok && d.Pos.IsKnown() {
		if line, ok := lineOf(text, d.Pos.Line); ok && strings.TrimSpace(line) != "" {
			shown, mark := excerpt(line, d)
			margin := fmt.Sprintf("%5d", d.Pos.Line)
			fmt.Fprintf(w, "%s%s |%s %s\n", p.dim, margin, p.off, shown)
			fmt.Fprintf(w, "%s%s |%s %s\n", p.dim, strings.Repeat(" ", len(margin)), p.off, strings.Replace(mark, "^", p.bold+tone+"^", 1)+p.off)
		}
	}
	if d.Hint != "" {
		fmt.Fprintf(w, "%shint:%s %s\n", p.cyan, p.off, indented(d.Hint))
	}
}

// indented keeps the later lines of a message apart from the next diagnostic.
func indented(s string) string { return strings.ReplaceAll(printable(s), "\n", "\n      ") }

// lineOf finds a line (from 1) in a file as it stands on disk.
func lineOf(text []byte, line int) (string, bool) {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	for ; line > 1; line-- {
		i := bytes.IndexAny(text, "\r\n")
		if i < 0 {
			return "", false
		}
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		text = text[i+1:]
	}
	if i := bytes.IndexAny(text, "\r\n"); i >= 0 {
		text = text[:i]
	}
	return string(text), true
}

// excerpt gives the line as shown and, below it, the mark: a caret at the place, and a line on to the
// end of what is meant.
func excerpt(line string, d Diagnostic) (shown, mark string) {
	var out strings.Builder
	from, to, at, column := -1, -1, 0, 1
	for _, r := range line {
		if column == d.Pos.Column {
			from = at
		}
		if d.End.Line == d.Pos.Line && column == d.End.Column {
			to = at
		}
		text, cells := shownRune(r)
		out.WriteString(text)
		at += cells
		column++
	}
	if from < 0 {
		from = at
	}
	if to < 0 {
		to = at
		if d.End.Line != d.Pos.Line {
			to = from + 1
		}
	}
	shown = out.String()
	if at > excerptWidth {
		shown, from, to = cutAround(shown, from, to)
	}
	return shown, strings.Repeat(" ", from) + "^" + strings.Repeat("~", max(0, to-from-1))
}

// cutAround keeps the part of a long line around the mark.
func cutAround(shown string, from, to int) (string, int, int) {
	left := max(0, from-excerptWidth/2)
	var out strings.Builder
	at := 0
	if left > 0 {
		out.WriteString("…")
	}
	skipped := left
	for _, r := range shown {
		cells := cellsOf(r)
		switch {
		case at < left:
			skipped = at + cells
		case at < left+excerptWidth:
			out.WriteRune(r)
		default:
			out.WriteString("…")
			return out.String(), from - skipped + min(left, 1), min(to, at) - skipped + min(left, 1)
		}
		at += cells
	}
	return out.String(), from - skipped + min(left, 1), to - skipped + min(left, 1)
}

func shownRune(r rune) (string, int) {
	switch {
	case r == '\t':
		return strings.Repeat(" ", tabWidth), tabWidth
	case r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.In(r, unicode.Mn, unicode.Cf) || r == '\u00a0':
		return "\ufffd", 1
	case unicode.Is(unicode.Bidi_Control, r):
		return "\ufffd", 1
	default:
		return string(r), cellsOf(r)
	}
}

// cellsOf is how many columns of a terminal a rune takes.
func cellsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// printable keeps control sequences that a file may carry from reaching the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) || unicode.In(r, unicode.Mn) {
			return r
		}
		return utf8.RuneError
	}, s)
}
