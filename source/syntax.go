package source

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// syntaxError is what the YAML library's errors have.
type syntaxError interface {
	error
	GetMessage() string
	GetToken() *token.Token
}

// explain says in an admin's words what the YAML library refused.
func (d *document) explain(err error, ds *Diagnostics) {
	var syntax syntaxError
	if !errors.As(err, &syntax) || syntax.GetToken() == nil {
		e := ds.Errorf(Pos{File: d.file, Line: 1, Column: 1}, "syntax", "this is not YAML that can be read")
		e.Hint = "look for unusual nesting, anchors or tags; the reader says: " + err.Error()
		return
	}
	pos := d.at(syntax.GetToken())
	if d.explainTemplates(ds); ds.HasErrors() {
		return
	}
	if tab := d.tabIn(pos.Line); tab >= 0 {
		d.tabError(tab, ds)
		return
	}
	if at := d.hardSpaceIn(pos.Line); at >= 0 {
		d.hardSpaceError(at, ds)
		return
	}
	d.explainMessage(syntax.GetMessage(), pos, ds)
}

func (d *document) tabError(at int, ds *Diagnostics) {
	e := ds.Errorf(d.pos(at), "tab", "there is a tab in the indentation; YAML allows only spaces")
	e.Hint = "set the editor to indent with spaces and replace the tab, usually by two"
}

// hardSpace looks like a space and is none to YAML.
const hardSpace = "\u00a0"

func (d *document) hardSpaceError(at int, ds *Diagnostics) {
	e := ds.Errorf(d.pos(at), "hard-space", "there is a non-breaking space in the indentation")
	e.Hint = "replace it with a plain space; it often comes with text copied from a web page"
}

// tabIn finds a tab in a line's indentation.
func (d *document) tabIn(line int) int {
	text := d.line(line)
	indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
	if i := strings.IndexByte(indent, '\t'); i >= 0 {
		return d.lines[line-1] + i
	}
	return -1
}

func (d *document) hardSpaceIn(line int) int {
	text := d.line(line)
	rest := strings.TrimLeft(text, " ")
	if strings.HasPrefix(rest, hardSpace) {
		return d.lines[line-1] + len(text) - len(rest)
	}
	return -1
}

// explanation says in an admin's words what a message of the YAML library means. In the hint, REST
// stands for the rest of the line in quotes.
type explanation struct {
	part, code, message, hint string
}

var explanations = []explanation{
	{"reserved character", "reserved", "a value cannot begin with @ or `", "put the value in quotes: REST"},
	{"directive", "reserved", "a value cannot begin with %", "put the value in quotes: REST"},
	{"escape", "bad-escape", "the backslash here begins no escape sequence", backslashHint},
	{"invalid key", "bad-key", "a key must be plain or quoted text on one line", "a list or a map cannot be a key"},
	{"character corresponding to", "unopened-bracket", "there is a closing bracket without its opening one", "text that begins with a bracket goes into quotes"},
	{"anchor value", "reserved", "there is no value behind this anchor", "text that begins with & goes into quotes: REST"},
	{"multi-line content", "bad-block", "there is no text below this | or >", "indent the text further than its key"},
	{"number of indent", "bad-block", "the indentation of this block of text does not fit its header", blockHint},
	{"header option", "bad-block", "this is no header of a block of text", blockHint},
}

const blockHint = "write | or > alone (|- without the last line break) and indent all lines alike"

// explainMessage translates by the library's message; what is not known passes as it is.
func (d *document) explainMessage(message string, pos Pos, ds *Diagnostics) {
	before := len(*ds)
	has := func(part string) bool { return strings.Contains(message, part) }
	switch {
	case has("could not find end character of"):
		d.explainQuote(has("double"), pos, ds)
	case has("must be specified"), has("end token"), has("could not find flow map"):
		d.explainBracket(message, pos, ds)
	case has("mapping value is not allowed"):
		d.explainColon(pos, ds)
	case has("value is not allowed in this context") && afterQuote(d.line(pos.Line), pos.Column):
		e := ds.Errorf(pos, "after-quote", "there is more behind the closing quote")
		e.Hint = "put the whole value in the other kind of quotes, or write it below a |; inside single quotes a ' is written ''"
	case has("non-map value"), has("value is not allowed"), has("unexpected scalar"), has("not allowed in this"), has("unexpected key name"):
		d.explainPlace(pos, ds)
	default:
		d.explainKnown(message, pos, ds)
	}
	if e := &(*ds)[before]; strings.Contains(d.line(pos.Line), "${{") && !strings.Contains(e.Hint, "quotes") {
		e.Hint = `put the whole value in quotes: "${{ … }}"`
	}
}

func (d *document) explainKnown(message string, pos Pos, ds *Diagnostics) {
	for _, x := range explanations {
		if strings.Contains(message, x.part) {
			e := ds.Errorf(pos, x.code, "%s", x.message)
			e.Hint = strings.Replace(x.hint, "REST", d.quotedRest(pos), 1)
			return
		}
	}
	ds.Errorf(pos, "syntax", "this is not YAML that can be read: %s", message)
}

func (d *document) explainQuote(double bool, pos Pos, ds *Diagnostics) {
	quote := "single"
	if double {
		quote = "double"
		if d.escapeProblem(pos, ds) {
			return
		}
	}
	e := ds.Errorf(pos, "unclosed-quote", "the %s quote that opens here is never closed", quote)
	e.Hint = "close it at the end of the text"
}

func (d *document) explainBracket(message string, pos Pos, ds *Diagnostics) {
	closing, list := "}", "map"
	if strings.Contains(message, "]") {
		closing, list = "]", "list"
	}
	e := ds.Errorf(pos, "unclosed-bracket", "a comma or %s is missing before or behind this", closing)
	if strings.Contains(message, "end token") {
		e.Message = "the " + list + " that opens here is never closed by " + closing
	}
	e.Hint = "text with any of { } [ ] , in it goes into quotes"
}

// escapeProblem reports a wrong escape sequence, over which the library takes the closing quote for text.
func (d *document) escapeProblem(pos Pos, ds *Diagnostics) bool {
	q := quoted{text: d.text, at: d.offset(pos.Line, pos.Column) + 1, quote: '"'}
	if q.read(); q.problem == "" {
		return false
	}
	ds.Errorf(d.pos(q.at), "bad-escape", "%s", q.problem).Hint = q.hint
	return true
}

// explainPlace is for lines that fit nowhere.
func (d *document) explainPlace(pos Pos, ds *Diagnostics) {
	line := strings.TrimSpace(d.line(pos.Line))
	switch {
	case strings.HasPrefix(line, "- "):
		e := ds.Errorf(pos, "indentation", "a list entry cannot stand here, among the keys of a map or below a key that has a value already")
		e.Hint = "entries of one list start in the same column, below a key without a value of its own"
	case !strings.Contains(line, ":"):
		e := ds.Errorf(pos, "indentation", "this is neither a key with its value nor part of the text above")
		e.Hint = "a key is followed by a colon and a space; the later lines of a text are indented further than its key"
	default:
		e := ds.Errorf(pos, "indentation", "this does not belong here: its indentation fits none of the lines above")
		e.Hint = "keys of one map start in the same column, and a key is followed by a colon and a space"
	}
}

// explainColon is for a second ": " where a value was begun: another key that is indented too far, or
// text with a colon.
func (d *document) explainColon(pos Pos, ds *Diagnostics) {
	line := d.line(pos.Line)
	from := min(len(line), d.offset(pos.Line, pos.Column)-d.lines[pos.Line-1])
	if strings.Contains(line[from:], ": ") || strings.HasSuffix(strings.TrimSpace(line[from:]), ":") {
		e := ds.Errorf(pos, "colon-in-text", "a colon and a space inside plain text begin a key, which cannot stand here")
		e.Hint = "put the whole value in quotes: " + d.quotedRest(pos)
		return
	}
	e := ds.Errorf(d.firstOfLine(pos.Line+1), "indentation", "this line is indented further than its neighbours, but the line above has a value already")
	e.Hint = "keys of one map start in the same column"
}

func (d *document) firstOfLine(line int) Pos {
	text := d.line(line)
	return Pos{File: d.file, Line: min(line, len(d.lines)), Column: 1 + len(text) - len(strings.TrimLeft(text, " "))}
}

// quotedRest shows the rest of a line as it looks in quotes.
func (d *document) quotedRest(pos Pos) string {
	line := d.line(pos.Line)
	from := min(len(line), d.offset(pos.Line, pos.Column)-d.lines[pos.Line-1])
	rest, _, _ := strings.Cut(line[from:], " #")
	rest = strings.TrimSpace(rest)
	if strings.Contains(rest, `"`) && !strings.Contains(rest, "'") {
		return "'" + rest + "'"
	}
	return strconv.Quote(rest)
}

// afterQuote tells whether what stands before the column ends with a quote.
func afterQuote(line string, column int) bool {
	runes := []rune(line)
	before := strings.TrimRight(string(runes[:max(0, min(column-1, len(runes)))]), " ")
	return strings.HasSuffix(before, "'") || strings.HasSuffix(before, `"`)
}
