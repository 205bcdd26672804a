package assist

import "strings"

// A text that is being typed mostly is no YAML that can be read. sketch reads it all the same, by its indentation,
// brackets and quotes, and never fails: what does not fit is left out. The checker never sees a sketch; it only tells
// where in the structure the cursor stands, and what to give the checker in place of a text that cannot be read.

// kind is what a part of a sketch is.
type kind int

const (
	scalar kind = iota
	mapping
	listing
)

// node is a value of a sketch. It stands in the text from byte at up to byte end.
type node struct {
	kind    kind
	at, end int
	entries []entry // of a mapping
	items   []*node // of a listing
	style   byte    // of a scalar: ' " | > or 0, which is plain
	flow    bool    // it stands in { } or [ ], or is these itself
	col     int     // of a mapping or listing in block style: the column of its keys or dashes, from 0
	alone   bool    // a plain scalar on a line of its own, which may become a key
}

// entry is a key of a mapping. A key without a colon is bare: somebody is typing it.
type entry struct {
	key           string
	keyAt, keyEnd int
	bare          bool
	value         *node // nil: none
}

func (n *node) lookup(key string) *node {
	if n == nil {
		return nil
	}
	for _, e := range n.entries {
		if e.key == key && !e.bare {
			return e.value
		}
	}
	return nil
}

const maxSketchDepth = 60

// sketcher reads a text line by line.
type sketcher struct {
	text   string
	starts []int // of the lines
	i      int   // the line that is to be read next
	cursor int   // byte of the cursor; -1: none
	depth  int
}

// sketchOf reads a text whose line breaks are \n. A quote that opens on the cursor's line and is not closed there ends
// with the line: it is just being typed.
func sketchOf(text string, cursor int) *node {
	s := &sketcher{text: text, cursor: cursor, starts: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
	root := &node{kind: mapping}
	for s.skip() { // a line that fits nowhere must not hide the rest
		before := s.i
		if n := s.block(0); n != nil {
			if n.kind != mapping {
				if len(root.entries) == 0 {
					root = n
				}
			} else if root.kind == mapping {
				n.entries = append(root.entries, n.entries...)
				root = n
			}
		}
		s.i = max(s.i, before+1)
	}
	return root
}

// line gives a line without its break.
func (s *sketcher) line(i int) string {
	end := len(s.text)
	if i+1 < len(s.starts) {
		end = s.starts[i+1] - 1
	}
	return s.text[s.starts[i]:end]
}

// lineOf gives the line of a byte, from the one that is read on.
func (s *sketcher) lineOf(at int) int {
	i := s.i
	for i+1 < len(s.starts) && s.starts[i+1] <= at {
		i++
	}
	return i
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

func isBlank(line string) bool {
	text := strings.TrimLeft(line, " \t")
	return text == "" || text[0] == '#' || text == "---" || text == "..."
}

// skip goes to the next line that says something; false at the end.
func (s *sketcher) skip() bool {
	for s.i < len(s.starts) && isBlank(s.line(s.i)) {
		s.i++
	}
	return s.i < len(s.starts)
}

// next gives the indentation of the next line that says something, -1 at the end.
func (s *sketcher) next() int {
	if !s.skip() {
		return -1
	}
	return indentOf(s.line(s.i))
}

// block reads what begins on the next line, if that is indented at least so far; nil: nothing.
func (s *sketcher) block(least int) *node {
	indent := s.next()
	if indent < least {
		return nil
	}
	return s.begun(indent, least-1)
}

// begun reads what begins in a column of the current line, inside of something that is indented by outer.
func (s *sketcher) begun(col, outer int) *node {
	if s.depth++; s.depth > maxSketchDepth {
		s.depth--
		s.i++
		return nil
	}
	defer func() { s.depth-- }()
	text := s.line(s.i)[col:]
	switch {
	case isDash(text):
		return s.list(col)
	case keyEnd(text) >= 0, s.bareKey(col, text):
		return s.mapping(col)
	}
	n := s.inline(s.starts[s.i]+col, outer)
	n.alone = n.kind == scalar && n.style == 0 && !n.flow
	return n
}

func isDash(text string) bool { return text == "-" || strings.HasPrefix(text, "- ") }

// bareKey tells that a line without a colon is a key that is being typed: another key stands below it.
func (s *sketcher) bareKey(col int, text string) bool {
	if strings.ContainsAny(text[:1], "{[\"'|>&*!$") {
		return false
	}
	for i := s.i + 1; i < len(s.starts); i++ {
		if line := s.line(i); !isBlank(line) {
			return indentOf(line) == col && keyEnd(line[col:]) >= 0
		}
	}
	return false
}

// mapping reads the keys that stand in one column.
func (s *sketcher) mapping(col int) *node {
	m := &node{kind: mapping, at: s.starts[s.i] + col, col: col}
	for first := true; first || s.next() == col && !isDash(s.line(s.i)[col:]); first = false {
		s.entry(m, col)
		for s.next() > col { // what fits nowhere
			s.i++
		}
	}
	return m
}

func (s *sketcher) entry(m *node, col int) {
	start := s.starts[s.i] + col
	text := s.line(s.i)[col:]
	colon := keyEnd(text)
	if colon < 0 {
		bare := strings.TrimRight(withoutComment(text), " \t")
		m.entries = append(m.entries, entry{key: bare, keyAt: start, keyEnd: start + len(bare), bare: true})
		m.end = start + len(bare)
		s.i++
		return
	}
	key := strings.TrimRight(text[:colon], " \t")
	e := entry{key: unquoted(key), keyAt: start, keyEnd: start + len(key)}
	e.value = s.value(start+colon+1, col)
	m.entries = append(m.entries, e)
	m.end = start + colon + 1
	if e.value != nil {
		m.end = max(m.end, e.value.end)
	}
}

// value reads what stands behind a colon or a dash, in a map or list whose keys or dashes stand in a column.
func (s *sketcher) value(at, col int) *node {
	line := s.line(s.i)
	rest := line[min(at-s.starts[s.i], len(line)):]
	body := withoutProperties(strings.TrimLeft(rest, " \t"))
	at += len(rest) - len(body)
	switch {
	case isBlank(body):
		s.i++
		if s.next() == col && isDash(s.line(s.i)[col:]) {
			return s.list(col)
		}
		return s.block(col + 1)
	case body[0] == '|' || body[0] == '>':
		return s.blockText(at, col)
	}
	return s.inline(at, col)
}

// list reads the entries whose dashes stand in one column.
func (s *sketcher) list(col int) *node {
	l := &node{kind: listing, at: s.starts[s.i] + col, col: col}
	for first := true; first || s.next() == col && isDash(s.line(s.i)[col:]); first = false {
		line := s.line(s.i)
		inner := col + 1 + indentOf(line[col+1:])
		var item *node
		if body := withoutProperties(line[inner:]); isBlank(body) || body[0] == '|' || body[0] == '>' {
			if item = s.value(s.starts[s.i]+col+1, col+1); item != nil && item.kind == listing && item.col == col {
				item = nil
			}
		} else {
			item = s.begun(inner, col)
		}
		if item == nil {
			item = &node{at: s.starts[min(s.i, len(s.starts)-1)]}
			item.end = item.at
		}
		l.items = append(l.items, item)
		l.end = max(l.end, item.end)
		for s.next() > col {
			s.i++
		}
	}
	return l
}

// blockText reads a text below | or >.
func (s *sketcher) blockText(at, col int) *node {
	n := &node{kind: scalar, style: s.text[at], at: at, end: s.starts[s.i] + len(s.line(s.i))}
	for s.i++; s.i < len(s.starts); s.i++ {
		line := s.line(s.i)
		if strings.TrimSpace(line) != "" {
			if indentOf(line) <= col {
				break
			}
			n.end = s.starts[s.i] + len(line)
		}
	}
	return n
}

// inline reads a value that begins within a line, and goes behind the last of its lines.
func (s *sketcher) inline(at, outer int) *node {
	f := &flowReader{sketcher: s, at: at, outer: outer}
	var n *node
	switch s.text[at] {
	case '{', '[':
		n = f.value()
	case '"', '\'':
		n = f.quoted()
	default:
		n = s.plain(at, outer)
	}
	s.i = s.lineOf(max(at, n.end-1)) + 1
	return n
}

// plain reads text without quotes outside of brackets; further indented lines belong to it.
func (s *sketcher) plain(at, outer int) *node {
	n := &node{kind: scalar, at: at}
	line := s.line(s.i)
	first := strings.TrimRight(withoutComment(line[at-s.starts[s.i]:]), " \t")
	n.end = at + len(first)
	for i := s.i + 1; i < len(s.starts); i++ {
		line := s.line(i)
		if strings.TrimSpace(line) == "" {
			continue
		}
		indent := indentOf(line)
		if indent <= outer || isBlank(line) || keyEnd(line[indent:]) >= 0 || isDash(line[indent:]) {
			break
		}
		n.end = s.starts[i] + len(strings.TrimRight(withoutComment(line), " \t"))
	}
	return n
}
