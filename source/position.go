// Package source reads YAML files into trees that remember where everything stands, and tells people
// what is wrong in a file: position, message, the line itself and a hint. Files are UTF-8 and hold one
// YAML 1.2 document of JSON data.
package source

import "strconv"

// Pos is a place in a file. Line and Column start at 1 and columns count runes, as editors do; a zero
// Line means that the place is not known (values made in Go).
type Pos struct {
	File         string
	Line, Column int
}

// String gives file:line:column, leaving out what is not known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	place := strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	if p.File == "" {
		return place
	}
	return p.File + ":" + place
}

// IsKnown tells whether the place is known.
func (p Pos) IsKnown() bool { return p.Line > 0 }

// compare orders places by file, then line, then column.
func (p Pos) compare(q Pos) int {
	switch {
	case p.File != q.File:
		if p.File < q.File {
			return -1
		}
		return 1
	case p.Line != q.Line:
		return p.Line - q.Line
	default:
		return p.Column - q.Column
	}
}
