package source

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// buildBlock reads a block scalar (| and >) from the file; of the library's reading it takes the place
// of the header and, where the header gives the indentation, what that amounts to.
func (b *builder) buildBlock(n *ast.LiteralNode) *Node {
	pos := b.doc.at(n.Start)
	node := &Node{Kind: String, Pos: pos, doc: b.doc, size: 1, start: b.doc.offset(pos.Line, pos.Column)}
	node.Value = n.Value.Value
	text := b.doc.text
	if node.start >= len(text) || text[node.start] != '|' && text[node.start] != '>' {
		node.doc = nil
		return node
	}
	header := headerAt(text[node.start:])
	lines := b.blockLines(pos.Line+1, header, n.Value.Value)
	r := blockReader{doc: b.doc, header: header, lines: lines}
	node.Value, node.spans = r.read()
	if len(node.spans) == 0 {
		node.start, node.spans = b.doc.offset(pos.Line+1, 1), nil
	}
	return node
}

// header is a block scalar's first line: |, >, |-, >+, |2- …
type header struct {
	folded   bool
	chomp    byte // '-', '+' or 0
	explicit bool // the indentation is given
}

func headerAt(text string) header {
	h := header{folded: text[0] == '>'}
	for i := 1; i < len(text) && i < 3; i++ {
		switch c := text[i]; {
		case c == '-' || c == '+':
			h.chomp = c
		case c >= '1' && c <= '9':
			h.explicit = true
		default:
			return h
		}
	}
	return h
}

// blockLine is a line of a block scalar without its indentation.
type blockLine struct {
	text string
	at   int // byte offset of text in the document
}

// blockLines gives the scalar's lines: from the first line on until one that is less indented.
func (b *builder) blockLines(first int, h header, value string) []blockLine {
	indent := -1
	var lines []blockLine
	for l := first; l <= len(b.doc.lines); l++ {
		text, at := b.doc.line(l), b.doc.lines[l-1]
		if at == len(b.doc.text) {
			break // behind the last line break there is no line
		}
		blanks := len(text) - len(strings.TrimLeft(text, " "))
		if blanks == len(text) && (indent < 0 || blanks <= indent) {
			lines = append(lines, blockLine{"", at + blanks})
			continue
		}
		if indent < 0 {
			if indent = contentIndent(h, blanks, value); indent < 0 {
				break
			}
		}
		if blanks < indent || indent == 0 && documentMark(text) {
			break
		}
		lines = append(lines, blockLine{text[indent:], at + indent})
	}
	return lines
}

// contentIndent is the indentation of the scalar's content, -1 when the line is not of it. The library
// knows the parent's indentation: an empty value says that the first line is no content.
func contentIndent(h header, blanks int, value string) int {
	content := strings.TrimLeft(value, "\n")
	if content == "" {
		return -1
	}
	if h.explicit {
		return max(0, blanks-(len(content)-len(strings.TrimLeft(content, " "))))
	}
	return blanks
}

func documentMark(line string) bool {
	return line == "---" || line == "..." || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "... ")
}

// blockReader puts a block scalar's lines together.
type blockReader struct {
	doc    *document
	header header
	lines  []blockLine
	out    strings.Builder
	spans  []span
}

func (r *blockReader) read() (string, []span) {
	content := len(r.lines)
	for content > 0 && r.lines[content-1].text == "" {
		content--
	}
	if r.header.folded {
		r.fold(r.lines[:content])
	} else {
		r.literal(r.lines[:content])
	}
	if content > 0 && r.header.chomp != '-' && r.ended(r.lines[content-1]) {
		r.out.WriteByte('\n')
	}
	if r.header.chomp == '+' {
		for _, line := range r.lines[content:] {
			r.spans = append(r.spans, span{value: r.out.Len(), source: line.at})
			r.out.WriteByte('\n')
		}
	}
	return r.out.String(), r.spans
}

// ended tells whether a line has a line break; the last line of a file need not.
func (r *blockReader) ended(line blockLine) bool { return line.at+len(line.text) < len(r.doc.text) }

func (r *blockReader) put(line blockLine) {
	r.spans = append(r.spans, span{value: r.out.Len(), source: line.at})
	r.out.WriteString(line.text)
}

func (r *blockReader) literal(lines []blockLine) {
	for i, line := range lines {
		if i > 0 {
			r.out.WriteByte('\n')
		}
		r.put(line)
	}
}

// fold joins lines by spaces; empty lines are line breaks, and lines that are indented further keep
// theirs on both sides.
func (r *blockReader) fold(lines []blockLine) {
	empty, keeps := 0, true // keeps: the line before (or the start) keeps its break
	for i, line := range lines {
		if line.text == "" {
			empty++
			continue
		}
		spaced := line.text[0] == ' ' || line.text[0] == '\t'
		switch {
		case i == empty: // only empty lines before: each is a break
			r.out.WriteString(strings.Repeat("\n", empty))
		case spaced || keeps:
			r.out.WriteString(strings.Repeat("\n", empty+1))
		case empty > 0:
			r.out.WriteString(strings.Repeat("\n", empty))
		default:
			r.out.WriteByte(' ')
		}
		empty, keeps = 0, spaced
		r.put(line)
	}
}
