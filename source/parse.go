package source

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const byteOrderMark = "\ufeff"

// Limits bound what a file may hold. A zero means the default.
type Limits struct {
	Bytes   int // size of the file: 10 MiB
	Depth   int // levels of lists and maps: 100
	Nodes   int // values, aliases counted as often as they are used: 200,000
	Entries int // keys of one map: 2,000, since the parser's effort grows with their square
}

func (l Limits) orDefault() Limits {
	set := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&l.Bytes, 10<<20)
	set(&l.Depth, 100)
	set(&l.Nodes, 200_000)
	set(&l.Entries, 2_000)
	return l
}

// Parse reads one YAML document. The node is nil when there are errors; warnings come with a node. A
// file without any value has the error "empty-file". Parse never panics and keeps to the default Limits.
func Parse(file string, text []byte) (*Node, Diagnostics) {
	return ParseWithin(file, text, Limits{})
}

// ParseWithin is Parse with other limits.
func ParseWithin(file string, text []byte, limits Limits) (*Node, Diagnostics) {
	limits = limits.orDefault()
	var ds Diagnostics
	if len(text) > limits.Bytes {
		d := ds.Errorf(Pos{File: file, Line: 1, Column: 1}, "too-large", "the file has %d bytes; at most %d are read", len(text), limits.Bytes)
		d.Hint = "keep data out of workflow files: read it with an action"
		return nil, ds
	}
	clean := readable(file, text, &ds)
	if ds.HasErrors() {
		return nil, ds
	}
	doc := newDocument(file, clean)
	n := parseDocument(doc, limits, &ds)
	ds.Sort()
	if ds.HasErrors() {
		return nil, ds
	}
	return n, ds
}

// readable takes the byte order mark and carriage returns away and refuses what is not text.
func readable(file string, text []byte, ds *Diagnostics) string {
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		d := ds.Errorf(Pos{File: file, Line: 1, Column: 1}, "not-utf8", "the file is UTF-16, not UTF-8")
		d.Hint = "save it with the encoding UTF-8"
		return ""
	}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	clean := string(text)
	at, code, message, hint := unreadable(clean)
	if at >= 0 {
		pos := newDocument(file, clean).pos(at)
		ds.Errorf(pos, code, "%s", message).Hint = hint
	}
	return clean
}

// unreadable finds the first byte that no YAML file may have.
func unreadable(text string) (at int, code, message, hint string) {
	plain := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return i, "control-character", fmt.Sprintf("there is a control character (0x%02x) here", c),
				"delete it; in text write it as an escape in double quotes"
		}
		plain = plain && c < utf8.RuneSelf
	}
	if plain || utf8.ValidString(text) {
		return -1, "", "", ""
	}
	for i, r := range text {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
			return i, "not-utf8", fmt.Sprintf("the byte 0x%02x here is not UTF-8", text[i]), "save the file with the encoding UTF-8"
		}
	}
	return -1, "", "", ""
}

func parseDocument(doc *document, limits Limits, ds *Diagnostics) *Node {
	tokens, err := tokenise(doc.text)
	if err != nil {
		doc.explain(err, ds)
		return nil
	}
	if guard(doc, tokens, limits, ds); ds.HasErrors() {
		return nil
	}
	file, err := parseTokens(tokens)
	if err != nil {
		doc.explain(err, ds)
		return nil
	}
	body := onlyBody(file)
	if body == nil {
		d := ds.Errorf(Pos{File: doc.file, Line: 1, Column: 1}, "empty-file", "there is nothing in the file")
		d.Hint = "a file needs at least one key with its value"
		return nil
	}
	b := &builder{doc: doc, limits: limits, ds: ds}
	return b.buildRoot(body)
}

func onlyBody(file *ast.File) ast.Node {
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if _, ok := d.Body.(*ast.DirectiveNode); !ok {
			return d.Body
		}
	}
	return nil
}

// errPanic is what a defect of the YAML library looks like from outside.
var errPanic = errors.New("the YAML reader cannot read this file")

func tokenise(text string) (tokens token.Tokens, err error) {
	defer contain(&err)
	return lexer.Tokenize(text), nil
}

// parseTokens lets duplicate keys through: builder reports them all, with both places.
func parseTokens(tokens token.Tokens) (file *ast.File, err error) {
	defer contain(&err)
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func contain(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %s", errPanic, strings.SplitN(fmt.Sprint(r), "\n", 2)[0])
	}
}
