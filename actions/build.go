package actions

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// build makes the request of the action's templates and inputs.
func (a *attempt) build(s *session) (*wire.Request, *fault.Error) {
	r := a.call.Action.operation().request
	v := values{scope: expr.Vars{"inputs": fill(a.call.Action.Inputs, a.inputs), "config": s.config}, at: a.now(), open: s.secret(a)}
	req := &wire.Request{Method: r.Method, Header: http.Header{}, MaxBody: r.maxBody}
	if r.method != nil {
		req.Method = v.text(r.method)
	}
	path, err := r.path.render(a.inputs)
	if err != nil {
		return nil, fault.Wrap(err, fault.InvalidInput, "%s: %s", a.call.Action.ID, err)
	}
	if req.URL, err = url.Parse(s.base + path); err != nil || req.URL.Host == "" {
		return nil, fault.New(fault.InvalidInput, "%s: the instance %s has no usable address", a.call.Action.ID, a.call.Instance.Name).
			WithHint("check its configuration")
	}
	a.setQuery(req, r, &v)
	a.setHeaders(req, s.headers, v.dict(r.headers))
	a.setBody(req, r, &v)
	if v.err != nil {
		return nil, fault.From(v.err)
	}
	return req, nil
}

// setQuery writes the query. A list without entries is refused: left out it would not narrow down anything, and
// who asks for the tickets of no clients would get those of all.
func (a *attempt) setQuery(req *wire.Request, r *request, v *values) {
	own := v.dict(r.query)
	passed, f := a.passed(r, "query", own)
	v.fail(f)
	q := req.URL.Query()
	for _, m := range []map[string]any{own, passed} {
		for name, value := range m {
			text, ok := queryText(value)
			if _, isList := value.([]any); isList && text == "" {
				v.fail(fault.New(fault.InvalidInput, "%s: %s is a list without entries, and would not count", a.call.Action.ID, name).
					WithHint("leave it out to ask for all; where nothing is to be asked for, let the task depend on size(…) > 0"))
			}
			if ok {
				q.Set(name, text)
			}
		}
	}
	req.URL.RawQuery = q.Encode()
}

// passed are the inputs that go along under their own names; those not given stay away. own is what the request
// says by itself: the entries of spread come beside that, they neither replace it nor an input.
func (a *attempt) passed(r *request, where string, own map[string]any) (map[string]any, *fault.Error) {
	if r.pass != where {
		return nil, nil
	}
	out := map[string]any{}
	for _, name := range r.passed {
		if v, ok := a.inputs[name]; ok {
			out[name] = v
		}
	}
	more, _ := a.inputs[r.spread].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if a.says(name, own, out) {
			return nil, fault.New(fault.InvalidInput, "%s: %s cannot set %s, for it is set already", a.call.Action.ID, r.spread, name).
				WithHint("leave it out of %s: an input or the action itself says it; `gantry actions show %s` lists the inputs", r.spread, a.call.Action.ID)
		}
	}
	maps.Copy(out, more)
	return out, nil
}

// says tells whether the request has a value under the name already; other systems do not tell capitals apart.
func (a *attempt) says(name string, more ...map[string]any) bool {
	if p := a.call.Action.operation().paginate; p != nil && p.says(name) {
		return true
	}
	for _, m := range more {
		for there, value := range m {
			if value != nil && strings.EqualFold(there, name) {
				return true
			}
		}
	}
	return false
}

func (a *attempt) setHeaders(req *wire.Request, more ...map[string]any) {
	req.Header.Set("Accept", "application/json")
	if a.call.Action.operation().extract.file {
		req.Header.Set("Accept", "*/*")
	}
	req.Header.Set("User-Agent", a.userAgent)
	for _, m := range more {
		for name, value := range m {
			if text, ok := queryText(value); ok {
				req.Header.Set(name, text)
			}
		}
	}
}

func (a *attempt) setBody(req *wire.Request, r *request, v *values) {
	if r.body == nil && r.pass != "body" {
		return
	}
	var body any
	if r.bodyInput != "" {
		body = a.inputs[r.bodyInput]
	} else {
		body = v.any(r.body)
	}
	if r.pass == "body" {
		own := onlyMap(body, r.bodyIsList)
		passed, f := a.passed(r, "body", own)
		v.fail(f)
		body = join(own, passed, r.bodyIsList)
	}
	if body == nil {
		return
	}
	text, err := schema.Encode(body)
	if err != nil && v.err == nil {
		v.err = err
	}
	req.Body = text
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
}

// onlyMap is the map that passed inputs go into: the body, or the only entry of that list.
func onlyMap(body any, isList bool) map[string]any {
	if list, ok := body.([]any); ok && isList && len(list) == 1 {
		body = list[0]
	}
	m, _ := body.(map[string]any)
	return m
}

// join puts the passed inputs into the body's map. What the template leaves null is not sent.
func join(own, passed map[string]any, isList bool) any {
	out := map[string]any{}
	maps.Copy(out, passed)
	for key, value := range own {
		if value != nil {
			out[key] = value
		}
	}
	if isList {
		return []any{out}
	}
	return out
}
