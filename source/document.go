package source

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// document is a file's text, with line breaks as \n and without byte order mark, and its lines.
type document struct {
	file  string
	text  string
	lines []int // byte offset of each line's first byte
	ascii bool  // every rune is one byte

	// near is where the last search for a column ended; the next one is mostly a little further on the
	// same line, and without it a file of one long line would take time by the square of its length.
	near struct{ line, column, offset int }
}

func newDocument(file, text string) *document {
	d := &document{file: file, text: text, lines: make([]int, 1, 1+strings.Count(text, "\n"))}
	for i := 0; i < len(text); {
		j := strings.IndexByte(text[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
		d.lines = append(d.lines, i)
	}
	d.ascii = isASCII(text)
	return d
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// pos gives the place of a byte offset.
func (d *document) pos(offset int) Pos {
	offset = max(0, min(offset, len(d.text)))
	line := sort.SearchInts(d.lines, offset+1)
	start := d.lines[line-1]
	if d.ascii {
		return Pos{File: d.file, Line: line, Column: 1 + offset - start}
	}
	return Pos{File: d.file, Line: line, Column: 1 + utf8.RuneCountInString(d.text[start:offset])}
}

// offset gives the byte offset of a place. It is for the time of parsing only: it is not safe for
// concurrent use.
func (d *document) offset(line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(d.lines) {
		return len(d.text)
	}
	start, end := d.lines[line-1], len(d.text)
	if line < len(d.lines) {
		end = d.lines[line] - 1
	}
	if d.ascii {
		return min(start+max(column-1, 0), end)
	}
	at, i := 1, start
	if d.near.line == line && d.near.column <= column {
		at, i = d.near.column, d.near.offset
	}
	for ; at < column && i < end; at++ {
		_, size := utf8.DecodeRuneInString(d.text[i:])
		i += size
	}
	d.near.line, d.near.column, d.near.offset = line, at, i
	return i
}

// line gives the text of a line (from 1) without its break.
func (d *document) line(line int) string {
	if line < 1 || line > len(d.lines) {
		return ""
	}
	rest := d.text[d.lines[line-1]:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return rest[:i]
	}
	return rest
}
