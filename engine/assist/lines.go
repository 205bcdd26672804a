package assist

import (
	"strings"
	"unicode/utf8"

	"gantry/source"
)

// lines is a text cut into lines, as the parser cuts it: without byte order mark, line breaks of all three kinds.
type lines []string

func newLines(text string) lines {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Split(text, "\n")
}

// line gives a line, counted from 1; "" beyond the text.
func (l lines) line(n int) string {
	if n < 1 || n > len(l) {
		return ""
	}
	return l[n-1]
}

// offset gives the byte of a column, counted from 1 in code points, in its line; its end where the column lies behind it.
func offset(line string, column int) int {
	for i := range line {
		if column--; column < 1 {
			return i
		}
	}
	return len(line)
}

// column is the other way round.
func column(line string, offset int) int {
	return 1 + utf8.RuneCountInString(line[:min(offset, len(line))])
}

// from gives what stands at a place, up to the end of its line.
func (l lines) from(p source.Pos) string {
	line := l.line(p.Line)
	return line[offset(line, p.Column):]
}

// lastBefore gives the last line of something that begins at first, where something else begins at next: blank
// lines and comments between the two belong to the latter.
func (l lines) lastBefore(first, next int) int {
	last := min(next-1, len(l))
	for last > first {
		if text := strings.TrimSpace(l.line(last)); text != "" && text[0] != '#' {
			break
		}
		last--
	}
	return max(first, last)
}
