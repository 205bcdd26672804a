package actions

import (
	"slices"
	"strings"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// pageStyle is how a list is asked for in parts.
type pageStyle string

const (
	pageByNumber pageStyle = "page"   // page=1, page=2, …
	pageByOffset pageStyle = "offset" // offset=0, offset=100, …
	pageByCursor pageStyle = "cursor" // the answer gives a token for the next part
	pageByLink   pageStyle = "link"   // the answer gives the address of the next part
)

// paginate says how all parts of a list are read.
type paginate struct {
	Style    pageStyle
	Param    string // the query parameter for page number, offset or cursor
	Size     string // the query parameter for the page size; may be empty
	PageSize int64
	First    int64 // the first page's number, or the first offset
	query    *expr.Template
	total    *expr.Program // how many there are in all; may be nil
	next     *expr.Program // cursor or address of the next part, null or "" at the end
	limit    string        // the input that bounds how many are wanted
}

const defaultPageSize = 100

func (f *folder) readPaginate(a *Action, n *source.Node) *paginate {
	if n == nil {
		return nil
	}
	b := source.ReadFields(n, "paginate", f.ds)
	style := pageStyle(f.oneOf(b, "style", string(pageByNumber), string(pageByOffset), string(pageByCursor), string(pageByLink)))
	p := &paginate{Style: style, Param: b.Text("parameter"), Size: b.Text("size_parameter")}
	var at *source.Node
	if p.PageSize, at = b.Int("page_size", defaultPageSize); at != nil && (p.PageSize < 1 || p.PageSize > 10_000) {
		f.ds.Errorf(at.Pos, "bad-size", "page_size must be from 1 to 10000")
	}
	first := int64(0)
	if style == pageByNumber {
		first = 1
	}
	p.First, _ = b.Int("first", first)
	inputs := expr.NewEnv(inputsVariable(a.Inputs))
	p.query = f.textMap(inputs, b.Node("query"), "query")
	answer := expr.NewEnv(append(answerVariables(), inputsVariable(a.Inputs))...)
	p.total = f.expression(answer, b.Node("total"))
	p.next = f.expression(answer, b.Node("next"))
	p.limit = f.readLimit(a, b.TextNode("limit"))
	b.Close()
	needsNext := style == pageByCursor || style == pageByLink
	if needsNext && p.next == nil {
		f.ds.Errorf(n.Pos, "missing-key", "paginate by %s needs next: an expression that gives it", style)
	}
	if style != pageByLink && p.Param == "" {
		f.ds.Errorf(n.Pos, "missing-key", "paginate by %s needs parameter: the query parameter", style)
	}
	return p
}

// says tells whether reading pages sets a query parameter.
func (p *paginate) says(name string) bool {
	own := []string{p.Param, p.Size}
	if p.query != nil {
		own = append(own, p.query.Type().FieldNames()...)
	}
	return name != "" && slices.ContainsFunc(own, func(s string) bool { return strings.EqualFold(s, name) })
}

func (f *folder) readLimit(a *Action, n *source.Node) string {
	name := "limit"
	if n != nil {
		name = n.Value.(string)
	}
	field, ok := a.inputType.Field(name)
	switch {
	case ok && field.Type.Kind != schema.Kind("integer"):
		f.ds.Errorf(a.Pos, "wrong-type", "input %s bounds a list, so it must be a whole number", name)
	case !ok && n != nil:
		f.ds.Errorf(n.Pos, "unknown-input", "limit: there is no input %q", name).Hint = source.DidYouMean(name, a.inputType.FieldNames())
	}
	return name
}
