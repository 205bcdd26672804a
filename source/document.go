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
	return d
}

// pos gives the place of a byte offset.
func (d *document) pos(offset int) Pos {
	offset = max(0, min(offset, len(d.text)))
	line := sort.SearchInts(d.lines, offset+1)
	start := d.lines[line-1]
	return Pos{File: d.file, Line: line, Column: 1 + utf8.RuneCountInString(d.text[start:offset])}
}

// offset gives the byte offset of a place.
func (d *document) offset(line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(d.lines) {
		return len(d.text)
	}
	i := d.lines[line-1]
	for ; column > 1 && i < len(d.text) && d.text[i] != '\n'; column-- {
		if d.text[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := utf8.DecodeRuneInString(d.text[i:])
		i += size
	}
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
