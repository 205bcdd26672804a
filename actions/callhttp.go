package actions

import (
	"context"
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

func internal(text string) *fault.Error { return fault.New(fault.Internal, "%s", text) }

func waitingEnded(ctx context.Context) *wire.Failure {
	if ctx.Err() == context.DeadlineExceeded {
		e := fault.New(fault.Timeout, "the sign-in did not end in time")
		e.Passing = true
		return &wire.Failure{Fault: e, TimedOut: true}
	}
	return &wire.Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off while waiting for the sign-in")}
}

func gaveUp(f *wire.Failure) bool { return f.TimedOut || f.Fault.Code == fault.Cancelled }

// callIntegration runs an action of the YAML catalogue.
func (a *attempt) callIntegration(ctx context.Context) Outcome {
	s, f := a.session()
	if f != nil {
		return Outcome{Err: f}
	}
	a.redactor.Under(s.redactor)
	send := s.signed(a, s.pacer.Wrap(a.network(), a.waits(s.integration.Title)))
	req, f := a.build(s)
	if f != nil {
		return Outcome{Err: f}
	}
	if a.call.Action.Pages() {
		return a.readPages(ctx, s, send, req)
	}
	answer, scope, failed := a.exchange(ctx, send, req)
	if failed != nil {
		return *failed
	}
	result, f := a.call.Action.operation().extract.take(scope, a.now(), a.call.Action.Result)
	if f != nil {
		return a.unreadable(answer, f)
	}
	return Outcome{Result: result}
}

// exchange sends one request and gives its successful answer, and the variables that expressions see of it.
func (a *attempt) exchange(ctx context.Context, send wire.Sender, req *wire.Request) (*wire.Answer, expr.Vars, *Outcome) {
	answer, err := send.Send(ctx, req)
	if err != nil {
		out := a.failed(err)
		return nil, nil, &out
	}
	if e := a.refused(answer); e != nil {
		out := Outcome{Err: e}
		if !a.call.Action.SafeToRepeat(a.inputs) {
			out = unsafeRefusal(answer, e)
		}
		return nil, nil, &out
	}
	body, f := a.decode(answer, req.URL)
	if f != nil {
		out := a.unreadable(answer, f)
		return nil, nil, &out
	}
	return answer, expr.Vars{"status": int64(answer.Status), "headers": headerMap(answer.Header), "body": body,
		"inputs": fill(a.call.Action.Inputs, a.inputs)}, nil
}

// refused gives the fault of an answer that is none of success, or that an error rule knows to be a failure.
func (a *attempt) refused(answer *wire.Answer) *fault.Error {
	action := a.call.Action
	var e *fault.Error
	if !answer.Successful() {
		e = statusFault(answer, action.Integration().Title, a.clock())
	}
	rules := slices.Concat(action.operation().errors, action.Integration().Errors)
	return judge(rules, answer, e, a.now())
}

// unsafeRefusal: an answer of a gateway tells nothing about the write behind it; and a server that failed in
// the middle may have done half of it, so that nobody repeats it without having looked.
func unsafeRefusal(answer *wire.Answer, e *fault.Error) Outcome {
	if lostAnswer(answer.Status) {
		return Outcome{Err: lost(e), Unknown: true}
	}
	if answer.Status >= 500 && answer.Status != http.StatusServiceUnavailable {
		c := *e
		c.Passing = false
		e = &c
	}
	return Outcome{Err: e}
}

// unreadable is a successful answer that cannot be used: of a write nobody knows what was done.
func (a *attempt) unreadable(answer *wire.Answer, f *fault.Error) Outcome {
	f = f.WithDetail(map[string]any{"status": int64(answer.Status), "body": excerpt(string(answer.Body), maxExcerpt)})
	if a.call.Action.SafeToRepeat(a.inputs) {
		return Outcome{Err: f}
	}
	return Outcome{Err: lost(f), Unknown: true}
}

func (a *attempt) decode(answer *wire.Answer, u *url.URL) (any, *fault.Error) {
	if a.call.Action.operation().extract.file {
		return fileOf(answer), nil
	}
	if len(strings.TrimSpace(string(answer.Body[:min(len(answer.Body), 64)]))) == 0 && len(answer.Body) <= 64 {
		return nil, nil
	}
	if isHTML(answer) {
		return nil, fault.New(fault.BadResponse, "%s answered with a web page where data is expected", u.Host).
			WithHint("check the address: it leads to a page for people, perhaps a sign-in page")
	}
	body, err := schema.DecodeBytes(answer.Body)
	if err == nil {
		return body, nil
	}
	if a.call.Action.Result.Kind == "any" && !strings.Contains(answer.Header.Get("Content-Type"), "json") {
		return strings.ToValidUTF8(string(answer.Body), "\uFFFD"), nil
	}
	return nil, fault.Wrap(err, fault.BadResponse, "%s answered with something that is not JSON: %s", u.Host, err).
		WithHint("a proxy between here and there may have answered in its place")
}

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
	q := req.URL.Query()
	for _, m := range []map[string]any{v.dict(r.query), a.passed(r, "query")} {
		for name, value := range m {
			if text, ok := queryText(value); ok {
				q.Set(name, text)
			}
		}
	}
	req.URL.RawQuery = q.Encode()
	a.setHeaders(req, s.headers, v.dict(r.headers))
	a.setBody(req, r, &v)
	if v.err != nil {
		return nil, fault.From(v.err)
	}
	return req, nil
}

// passed are the inputs that go along under their own names; those not given stay away.
func (a *attempt) passed(r *request, where string) map[string]any {
	if r.pass != where {
		return nil
	}
	out := map[string]any{}
	if more, ok := a.inputs[r.spread].(map[string]any); ok {
		maps.Copy(out, more)
	}
	for _, name := range r.passed {
		if v, ok := a.inputs[name]; ok {
			out[name] = v
		}
	}
	return out
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
		body = join(body, a.passed(r, "body"), r.bodyIsList)
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

// join puts the passed inputs into the body's map. What the template leaves null is not sent.
func join(body any, passed map[string]any, isList bool) any {
	at := body
	if list, ok := body.([]any); ok && isList && len(list) == 1 {
		at = list[0]
	}
	out := map[string]any{}
	if m, ok := at.(map[string]any); ok {
		for key, value := range m {
			if value != nil {
				out[key] = value
			}
		}
	}
	maps.Copy(out, passed)
	if isList {
		return []any{out}
	}
	return out
}
