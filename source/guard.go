package source

import "github.com/goccy/go-yaml/token"

const (
	// properties is how many tags and anchors may stand before one value; more only serve to exhaust
	// the parser's stack.
	properties = 4
	// emptyValues bounds keys and list entries without a value: the parser's effort grows with their square.
	emptyValues = 20_000
)

// guard looks over the tokens before the parser, which recurses and for some inputs takes quadratic
// time, gets to see them.
func guard(doc *document, tokens token.Tokens, limits Limits, ds *Diagnostics) {
	g := guardian{doc: doc, limits: limits, ds: ds}
	for i, tk := range tokens {
		var next *token.Token
		if i+1 < len(tokens) {
			next = tokens[i+1]
		}
		if g.look(tk, next); ds.HasErrors() {
			return
		}
	}
}

type guardian struct {
	doc    *document
	limits Limits
	ds     *Diagnostics

	blocks     []block // open block lists and maps, outermost first
	flow       int     // open [ and {
	flowKeys   []int   // per open bracket
	values     int
	properties int
	empty      int
	started    bool // something of the document has been seen
	ended      bool // the document's end mark has been seen
}

type block struct{ column, keys int }

func (g *guardian) look(tk, next *token.Token) {
	g.document(tk)
	g.countProperties(tk)
	switch tk.Type {
	case token.MappingStartType, token.SequenceStartType:
		g.flow++
		g.flowKeys = append(g.flowKeys, 0)
		g.values++
	case token.MappingEndType, token.SequenceEndType:
		if g.flow > 0 {
			g.flow--
			g.flowKeys = g.flowKeys[:g.flow]
		}
	case token.SequenceEntryType, token.MappingKeyType:
		g.open(tk.Position.Column)
		g.countEmpty(tk, next)
	case token.MappingValueType:
		g.key(tk)
		g.countEmpty(tk, next)
	case token.CommentType, token.CollectEntryType, token.DocumentHeaderType, token.DocumentEndType:
	default:
		g.values++
		if next != nil && next.Type == token.MappingValueType {
			g.open(tk.Position.Column)
		}
	}
	if depth := len(g.blocks) + g.flow; depth > g.limits.Depth {
		d := g.errorf(tk, "too-deep", "lists and maps are nested more than %d levels deep here", g.limits.Depth)
		d.Hint = "take the inner part out, for example into a workflow of its own"
	}
	if g.values > 2*g.limits.Nodes { // keys are counted with the values
		g.errorf(tk, "too-large", "the file has more than %d values", g.limits.Nodes)
	}
}

func (g *guardian) errorf(tk *token.Token, code, format string, args ...any) *Diagnostic {
	return g.ds.Errorf(g.doc.at(tk), code, format, args...)
}

// document refuses a second document and directives.
func (g *guardian) document(tk *token.Token) {
	switch tk.Type {
	case token.CommentType:
		return
	case token.DocumentHeaderType:
		if g.started {
			d := g.errorf(tk, "several-documents", "a second document begins here; a file holds one")
			d.Hint = "put it into a file of its own, or write the text --- in quotes"
		}
	case token.DocumentEndType:
		g.ended = true
	case token.DirectiveType:
		if !g.started && tk.Position.Column == 1 {
			d := g.errorf(tk, "directive", "directives (lines that begin with %%) are not supported")
			d.Hint = "remove the line; files are always YAML 1.2"
		}
	default:
		if g.ended {
			g.errorf(tk, "several-documents", "there is more behind the document's end mark (...)")
		}
	}
	g.started = true
}

// open notes that a block list or map has an entry at the column.
func (g *guardian) open(column int) {
	if g.flow > 0 {
		return
	}
	for len(g.blocks) > 0 && g.blocks[len(g.blocks)-1].column > column {
		g.blocks = g.blocks[:len(g.blocks)-1]
	}
	if len(g.blocks) == 0 || g.blocks[len(g.blocks)-1].column < column {
		g.blocks = append(g.blocks, block{column: column})
	}
}

func (g *guardian) key(tk *token.Token) {
	keys := 0
	switch {
	case g.flow > 0:
		g.flowKeys[g.flow-1]++
		keys = g.flowKeys[g.flow-1]
	case len(g.blocks) > 0:
		g.blocks[len(g.blocks)-1].keys++
		keys = g.blocks[len(g.blocks)-1].keys
	}
	if keys > g.limits.Entries {
		g.errorf(tk, "too-large", "this map has more than %d keys", g.limits.Entries).Hint = "write it as a list of maps"
	}
}

func (g *guardian) countEmpty(tk, next *token.Token) {
	if next != nil && next.Position.Line == tk.Position.Line {
		return
	}
	if g.empty++; g.empty > emptyValues {
		g.errorf(tk, "too-large", "the file has more than %d keys and entries without a value on their line", emptyValues)
	}
}

func (g *guardian) countProperties(tk *token.Token) {
	switch tk.Type {
	case token.TagType, token.AnchorType:
		if g.properties++; g.properties > properties {
			g.errorf(tk, "too-deep", "there are more than %d tags and anchors on one value", properties)
		}
	default:
		if tk.Prev == nil || tk.Prev.Type != token.AnchorType { // an anchor's name is no value
			g.properties = 0
		}
	}
}
