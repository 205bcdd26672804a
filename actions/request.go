package actions

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// request says how an action's inputs become an HTTP request.
type request struct {
	Method         string
	method         *expr.Template // in place of Method, for generic actions
	path           pathTemplate
	query, headers *expr.Template // maps
	body           *expr.Template
	bodyInput      string // body is this input as it stands: it is not bounded as results of expressions are
	bodyIsList     bool   // body is a list of one map, into which passed inputs go
	pass           string
	passed         []string // the inputs that go along under their own name
	spread         string   // an input whose entries go along beside the passed ones
	maxBody        int64
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

func (f *folder) readRequest(a *Action, n *source.Node) *request {
	if n == nil {
		return nil
	}
	b := source.ReadFields(n, "request", f.ds)
	env := expr.NewEnv(inputsVariable(a.Inputs), configVariable(a.Integration().Config))
	r := &request{}
	f.readMethod(r, env, b.Required("method"))
	r.path = f.readPath(a, b.Required("path"))
	r.query, r.headers = f.textMap(env, b.Node("query"), "query"), f.textMap(env, b.Node("headers"), "headers")
	r.pass = f.oneOf(b, "pass", "", "query", "body")
	r.spread = f.readSpread(a, b.TextNode("spread"))
	if r.spread != "" && r.pass == "" {
		f.ds.Errorf(n.Pos, "bad-request", "spread needs pass: where the entries go")
	}
	f.readBody(r, env, b.Node("body"))
	if size, at := b.Int("max_body_mib", 0); at != nil {
		if size < 1 || size > 512 {
			f.ds.Errorf(at.Pos, "bad-size", "max_body_mib must be from 1 to 512")
		}
		r.maxBody = size << 20
	}
	b.Close()
	return r
}

func (f *folder) readMethod(r *request, env *expr.Env, n *source.Node) {
	if n == nil {
		return
	}
	if text, ok := n.Value.(string); ok && isTemplate(text) {
		r.method = f.text(env, n, "method")
		r.Method = "ANY"
		return
	}
	text, _ := n.Value.(string)
	if !slices.Contains(methods, text) {
		f.ds.Errorf(n.Pos, "unknown-word", "method cannot be %q", fmt.Sprint(n.Value)).Hint = source.DidYouMean(text, methods)
	}
	r.Method = text
}

func isTemplate(text string) bool { return strings.Contains(text, "${{") }

func (f *folder) readSpread(a *Action, n *source.Node) string {
	if n == nil {
		return ""
	}
	name := n.Value.(string)
	field, ok := a.inputType.Field(name)
	if !ok {
		f.ds.Errorf(n.Pos, "unknown-input", "spread: there is no input %q", name).Hint = source.DidYouMean(name, a.inputType.FieldNames())
	} else if kind := field.Type.Kind; kind != "object" && kind != "map" {
		f.ds.Errorf(n.Pos, "wrong-type", "spread: input %s must be an object", name)
	}
	return name
}

func (f *folder) readBody(r *request, env *expr.Env, n *source.Node) {
	if n == nil {
		return
	}
	if r.pass == "body" {
		r.bodyIsList = n.Kind == source.List && len(n.Items) == 1 && n.Items[0].Kind == source.Map
		if !r.bodyIsList && n.Kind != source.Map {
			f.ds.Errorf(n.Pos, "bad-request", "with pass: body, body must be a map, or a list of one map").Hint =
				"write body: [{}] to send the inputs as a list of one"
		}
	}
	r.body = f.compile(env, n)
	if text, ok := n.Value.(string); ok && r.pass == "" {
		if whole := wholeInput.FindStringSubmatch(text); whole != nil {
			r.bodyInput = whole[1]
		}
	}
}

// wholeInput is a template that is one input and nothing else.
var wholeInput = regexp.MustCompile(`^\s*\$\{\{\s*inputs\.([a-z][a-z0-9_]*)\s*\}\}\s*$`)

// settle decides which inputs are passed along: those that nothing else of the action mentions.
func (r *request) settle(a *Action, paging *paginate) {
	if r.pass == "" {
		return
	}
	used := map[string]bool{r.spread: true}
	for _, name := range r.path.names() {
		used[name] = true
	}
	for _, t := range []*expr.Template{r.method, r.query, r.headers, r.body} {
		if t == nil {
			continue
		}
		for _, ref := range t.References() {
			if len(ref.Path) > 1 && ref.Path[0] == "inputs" {
				used[ref.Path[1]] = true
			}
		}
	}
	if paging != nil {
		used[paging.limit] = true
	}
	for _, field := range a.Inputs {
		if !used[field.Name] {
			r.passed = append(r.passed, field.Name)
		}
	}
}

// pathTemplate is a path such as /Tickets/{ticket_id}: names in braces are inputs, escaped as one segment.
// {+name} is a whole path of its own (RFC 6570), for generic actions.
type pathTemplate struct {
	text  string
	parts []pathPart
}

type pathPart struct {
	text, input string
	whole       bool
}

func (p pathTemplate) names() (names []string) {
	for _, part := range p.parts {
		if part.input != "" {
			names = append(names, part.input)
		}
	}
	return names
}

func (f *folder) readPath(a *Action, n *source.Node) (p pathTemplate) {
	if n == nil {
		return p
	}
	text, ok := n.Value.(string)
	if !ok || !strings.HasPrefix(text, "/") {
		f.ds.Errorf(n.Pos, "bad-path", "path must be text that begins with /")
		return p
	}
	p.text = text
	if strings.Contains(text, "${{") || strings.ContainsAny(text, "?#\\") {
		f.ds.Errorf(n.Pos, "bad-path", "path takes inputs as {name}, and nothing after a ? or #").Hint = "put the rest into query"
		return p
	}
	for rest := text; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		if literal != "" {
			p.parts = append(p.parts, pathPart{text: literal})
		}
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			f.ds.Errorf(n.Pos, "bad-path", "path has a { without a }")
			return p
		}
		p.parts = append(p.parts, f.readPathInput(a, n, name))
		rest = tail
	}
	return p
}

func (f *folder) readPathInput(a *Action, n *source.Node, name string) pathPart {
	part := pathPart{input: strings.TrimPrefix(name, "+"), whole: strings.HasPrefix(name, "+")}
	field, ok := a.inputType.Field(part.input)
	switch {
	case !ok:
		f.ds.Errorf(n.Pos, "unknown-input", "path: there is no input %q", part.input).Hint = source.DidYouMean(part.input, a.inputType.FieldNames())
	case !field.Required && !field.Type.HasDefault:
		f.ds.Errorf(n.Pos, "bad-path", "input %s stands in the path, so it must be required", part.input)
	case field.Type.Kind != "integer" && field.Type.Kind != "string":
		f.ds.Errorf(n.Pos, "wrong-type", "input %s stands in the path, so it must be a whole number or text, not %s", part.input, field.Type)
	}
	return part
}

// render gives the escaped path below the base address.
func (p pathTemplate) render(inputs map[string]any) (string, error) {
	var b strings.Builder
	for _, part := range p.parts {
		switch {
		case part.input == "":
			b.WriteString(part.text)
		case part.whole:
			whole, err := wholePath(fmt.Sprint(inputs[part.input]))
			if err != nil {
				return "", fmt.Errorf("%s %w", part.input, err)
			}
			b.WriteString(whole)
		default:
			text := fmt.Sprint(inputs[part.input])
			if text == "" || text == "." || text == ".." || inputs[part.input] == nil {
				return "", fmt.Errorf("%s cannot be %q: it is part of the address", part.input, text)
			}
			b.WriteString(url.PathEscape(text))
		}
	}
	return b.String(), nil
}

// wholePath judges a path that an author wrote: it stays below the base address.
func wholePath(text string) (string, error) {
	text = strings.Trim(text, "/")
	if strings.Contains(text, "://") || strings.ContainsAny(text, "?#\\") {
		return "", fmt.Errorf("must be a path such as Tickets/1234, without host and without ? or # (a query has its own input)")
	}
	segments := strings.Split(text, "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/\\") {
			return "", fmt.Errorf("has a segment %q that is not allowed in a path", s)
		}
		segments[i] = url.PathEscape(plain)
	}
	return strings.Join(segments, "/"), nil
}

// queryText is a value as a query parameter, or header; null is none. Lists of plain values become
// comma-separated, as most systems want them; what is nested becomes JSON.
func queryText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case []any:
		if slices.ContainsFunc(v, isNested) {
			return jsonText(v)
		}
		parts := make([]string, 0, len(v))
		for _, item := range v {
			if text, ok := queryText(item); ok {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, ","), len(parts) > 0
	case map[string]any:
		return jsonText(v)
	}
	return fmt.Sprint(v), true
}

func isNested(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

func jsonText(v any) (string, bool) {
	text, err := schema.Encode(v)
	return string(text), err == nil
}
