package source

import (
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// at gives the place of a token.
func (d *document) at(tk *token.Token) Pos {
	if tk == nil || tk.Position == nil {
		return Pos{File: d.file, Line: 1, Column: 1}
	}
	return Pos{File: d.file, Line: max(1, tk.Position.Line), Column: max(1, tk.Position.Column)}
}

// buildScalar reads plain and quoted scalars. The library says where they stand and, for plain ones,
// how far they go; the value is read from the file itself, so that every byte of it has its place.
func (b *builder) buildScalar(tk *token.Token) *Node {
	pos := b.doc.at(tk)
	node := &Node{Pos: pos, doc: b.doc, start: b.doc.offset(pos.Line, pos.Column), size: 1}
	switch tk.Type {
	case token.SingleQuoteType:
		node.Kind = String
		b.readQuoted(node, tk, '\'')
	case token.DoubleQuoteType:
		node.Kind = String
		b.readQuoted(node, tk, '"')
	default:
		b.readPlain(node, tk.Value)
	}
	return node
}

// readPlain aligns the value with the file: on one line they are the same, over several each line
// break with its indentation has become a space (or, doubled, a line break).
func (b *builder) readPlain(node *Node, value string) {
	end := node.start + len(value)
	if !strings.HasPrefix(b.doc.text[node.start:], value) {
		node.spans, end = alignFolded(b.doc.text, node.start, value)
		if node.spans == nil { // the library's place is wrong: keep the value, give up on places inside
			node.doc = nil
		}
	}
	b.resolvePlain(node, value)
	if node.Kind == String {
		b.checkPlainText(node, value, end)
	}
}

// alignFolded finds how a folded value lies in the text from start on; nil when it does not.
func alignFolded(text string, start int, value string) ([]span, int) {
	spans := []span{{value: 0, source: start}}
	at := start
	for i := 0; i < len(value); {
		if at < len(text) && text[at] == value[i] && value[i] != '\n' && !foldsHere(text[at:]) {
			i++
			at++
			continue
		}
		if value[i] != ' ' && value[i] != '\n' {
			return nil, 0
		}
		skipped := len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\n"))
		breaks := strings.Count(text[at:at+skipped], "\n")
		if breaks == 0 {
			return nil, 0
		}
		spans = append(spans, span{value: i, source: at, fixed: true})
		if breaks == 1 {
			i++
		}
		for ; breaks > 1 && i < len(value) && value[i] == '\n'; breaks-- {
			i++
		}
		at += skipped
		spans = append(spans, span{value: i, source: at})
	}
	return spans, at
}

// foldsHere tells whether nothing but blanks stands before the next line break.
func foldsHere(text string) bool {
	rest := strings.TrimLeft(text, " \t")
	return rest == "" || rest[0] == '\n'
}

// checkPlainText tells about plain text that is probably not what was meant.
func (b *builder) checkPlainText(node *Node, value string, end int) {
	if node.doc != nil && strings.HasPrefix(strings.TrimLeft(b.doc.text[min(end, len(b.doc.text)):], " \t"), "#") {
		b.checkCut(node, value)
	}
	if r, _ := utf8.DecodeRuneInString(value); r == '“' || r == '”' || r == '‘' || r == '’' {
		d := b.ds.Warnf(node.Pos, "curly-quote", "the curly quote %c does not quote: it is part of the text", r)
		d.Hint = `use a straight quote, " or '`
	}
}

// checkCut tells about a comment that was meant as part of the text before it: inside ${{ }}, or between
// quotes that begin behind a space, as they do in expressions.
func (b *builder) checkCut(node *Node, value string) {
	if opened := strings.LastIndex(value, "${{"); opened >= 0 && !strings.Contains(value[opened:], "}}") {
		d := b.ds.Errorf(node.At(opened), "cut-expression", "the expression is cut off: a # behind a space begins a comment")
		d.Hint = `put the whole value in double quotes: "${{ … }}"`
		return
	}
	for _, quote := range []string{"'", `"`} {
		if strings.Count(value, quote)%2 == 1 && strings.Contains(value, " "+quote) {
			d := b.ds.Warnf(node.At(strings.LastIndex(value, quote)), "cut-text", "the text ends within these quotes: a # behind a space begins a comment")
			d.Hint = "put the whole value in quotes if the # belongs to it"
			return
		}
	}
}

// readQuoted reads a quoted scalar from its opening quote on.
func (b *builder) readQuoted(node *Node, tk *token.Token, quote byte) {
	node.Value = tk.Value
	if node.start >= len(b.doc.text) || b.doc.text[node.start] != quote {
		node.doc = nil
		return
	}
	q := quoted{text: b.doc.text, at: node.start + 1, quote: quote}
	q.from(q.at)
	if q.read(); q.problem != "" {
		b.ds.Errorf(b.doc.pos(q.at), "bad-escape", "%s", q.problem).Hint = q.hint
		return
	}
	node.Value, node.spans = q.out.String(), q.spans
	if len(q.spans) == 1 {
		node.start, node.spans = q.spans[0].source, nil
	}
}

// quoted reads single- and double-quoted text.
type quoted struct {
	text    string
	at      int
	quote   byte
	out     strings.Builder
	spans   []span
	problem string
	hint    string
}

func (q *quoted) from(source int) {
	q.spans = append(q.spans, span{value: q.out.Len(), source: source})
}
func (q *quoted) pin(source int) {
	q.spans = append(q.spans, span{value: q.out.Len(), source: source, fixed: true})
}

func (q *quoted) read() {
	for q.at < len(q.text) && q.problem == "" {
		switch c := q.text[q.at]; {
		case c == q.quote && q.quote == '\'' && strings.HasPrefix(q.text[q.at:], "''"):
			q.pin(q.at)
			q.out.WriteByte('\'')
			q.at += 2
			q.from(q.at)
		case c == q.quote:
			return
		case c == '\\' && q.quote == '"':
			q.escape()
		case (c == ' ' || c == '\t' || c == '\n') && foldsHere(q.text[q.at:]):
			q.fold()
		default:
			q.out.WriteByte(c)
			q.at++
		}
	}
}

// fold turns a line break, with the blanks around it, into a space, and several into one less.
func (q *quoted) fold() {
	start := q.at
	breaks := 0
	for q.at < len(q.text) && (q.text[q.at] == ' ' || q.text[q.at] == '\t' || q.text[q.at] == '\n') {
		if q.text[q.at] == '\n' {
			breaks++
		}
		q.at++
	}
	q.pin(start)
	if breaks == 1 {
		q.out.WriteByte(' ')
	} else if breaks > 1 {
		q.out.WriteString(strings.Repeat("\n", breaks-1))
	}
	q.from(q.at)
}
