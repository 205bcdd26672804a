package assist

import "strings"

// flowReader reads what stands in brackets or quotes, over lines that are indented further than outer.
type flowReader struct {
	*sketcher
	at    int
	outer int
	ended bool // a line began that does not belong to it any more
}

// space goes behind blanks, line breaks and comments. A line that is indented no further than what the brackets stand
// in ends them: they are not closed. A closing bracket may stand there all the same.
func (f *flowReader) space() bool {
	for f.at < len(f.text) && !f.ended {
		switch c := f.text[f.at]; {
		case c == ' ' || c == '\t':
			f.at++
		case c == '#' && f.at > 0 && strings.IndexByte(" \t\n", f.text[f.at-1]) >= 0:
			f.at = f.lineEnd(f.at)
		case c == '\n':
			if f.leaves(f.at + 1) {
				f.ended = true
				return false
			}
			f.at++
		default:
			return true
		}
	}
	return f.at < len(f.text) && !f.ended
}

func (f *flowReader) lineEnd(at int) int {
	if i := strings.IndexByte(f.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(f.text)
}

// leaves tells that the line at a place is none of this value: it is indented too little.
func (f *flowReader) leaves(at int) bool {
	line := f.text[at:f.lineEnd(at)]
	indent := indentOf(line)
	return indent < len(line) && line[indent] != '#' && indent <= f.outer && line[indent] != '}' && line[indent] != ']'
}

func (f *flowReader) value() *node {
	if f.depth++; f.depth > maxSketchDepth {
		f.depth--
		f.ended = true
		return &node{at: f.at, end: f.at, flow: true}
	}
	defer func() { f.depth-- }()
	switch f.text[f.at] {
	case '{':
		return f.mapping()
	case '[':
		return f.list()
	case '"', '\'':
		return f.quoted()
	}
	return f.plain(false)
}

func (f *flowReader) mapping() *node {
	m := &node{kind: mapping, at: f.at, flow: true}
	f.at++
	for f.space() {
		switch f.text[f.at] {
		case '}':
			f.at++
			m.end = f.at
			return m
		case ']':
			m.end = f.at
			return m
		case ',':
			f.at++
		default:
			f.entry(m)
		}
	}
	m.end = f.at
	return m
}

func (f *flowReader) entry(m *node) {
	before := f.at
	var key *node
	if c := f.text[f.at]; c == '"' || c == '\'' {
		key = f.quoted()
	} else {
		key = f.plain(true)
	}
	e := entry{key: unquoted(f.text[key.at:key.end]), keyAt: key.at, keyEnd: key.end, bare: true}
	if f.space() && f.text[f.at] == ':' {
		f.at++
		e.bare = false
		if f.space() && strings.IndexByte(",}]", f.text[f.at]) < 0 {
			f.properties()
			if f.space() && strings.IndexByte(",}]", f.text[f.at]) < 0 {
				e.value = f.value()
			}
		}
	}
	if f.at == before { // such as a stray bracket
		f.at++
	}
	m.entries = append(m.entries, e)
}

// properties goes behind anchors and tags.
func (f *flowReader) properties() {
	rest := f.text[f.at:f.lineEnd(f.at)]
	f.at += len(rest) - len(withoutProperties(rest))
}

func (f *flowReader) list() *node {
	l := &node{kind: listing, at: f.at, flow: true}
	f.at++
	for f.space() {
		switch f.text[f.at] {
		case ']':
			f.at++
			l.end = f.at
			return l
		case '}':
			l.end = f.at
			return l
		case ',':
			f.at++
		default:
			before := f.at
			f.properties()
			if !f.space() {
				continue
			}
			l.items = append(l.items, f.value())
			if f.at == before {
				f.at++
			}
		}
	}
	l.end = f.at
	return l
}

// plain reads text without quotes, up to what ends it inside of brackets. The braces of ${{ }} are none.
func (f *flowReader) plain(key bool) *node {
	n := &node{kind: scalar, at: f.at, end: f.at, flow: true}
	for f.at < len(f.text) {
		c := f.text[f.at]
		switch {
		case strings.HasPrefix(f.text[f.at:], "${{"):
			line := f.text[f.at:f.lineEnd(f.at)]
			if end := strings.Index(line, "}}"); end >= 0 {
				f.at += end + 2
			} else {
				f.at += len(line)
			}
			n.end = f.at
			continue
		case strings.IndexByte(",{}[]", c) >= 0,
			c == ':' && (key || f.at > n.at) && (endsKey(f.text, f.at) || strings.IndexByte(",}]", f.text[f.at+1]) >= 0),
			c == '#' && f.at > n.at && (f.text[f.at-1] == ' ' || f.text[f.at-1] == '\t'):
			return n
		case c == '\n':
			if key || f.leaves(f.at+1) {
				return n
			}
		}
		f.at++
		if c != ' ' && c != '\t' && c != '\n' {
			n.end = f.at
		}
	}
	return n
}

// quoted reads text in quotes. One that is never closed, or that is just being typed, ends with its line.
func (f *flowReader) quoted() *node {
	n := &node{kind: scalar, at: f.at, style: f.text[f.at], flow: true}
	line := f.lineEnd(f.at)
	n.end = line
	if end := quoteEnd(f.text[:line], f.at); end >= 0 {
		n.end = end
	} else if f.cursor < f.at || f.cursor > line {
		if end := quoteEnd(f.text, f.at); end >= 0 && !f.leavesBefore(end) {
			n.end = end
		}
	}
	f.at = n.end
	return n
}

// leavesBefore tells whether a line before a place does not belong to the value any more.
func (f *flowReader) leavesBefore(end int) bool {
	for at := f.lineEnd(f.at); at < end; at = f.lineEnd(at + 1) {
		if f.leaves(at + 1) {
			return true
		}
	}
	return false
}
