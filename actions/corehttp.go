package actions

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

func coreHTTP(ctx context.Context, a *attempt) Outcome {
	expected, f := readExpect(a.inputs["expect"])
	if f != nil {
		return Outcome{Err: f}
	}
	req, f := a.coreRequest()
	if f != nil {
		return Outcome{Err: f}
	}
	req.KeepRedirects = expected.redirects()
	answer, err := a.network().Send(ctx, req)
	if err != nil {
		return a.failed(err)
	}
	result := map[string]any{"status": int64(answer.Status), "headers": headerMap(answer.Header), "body": coreBody(answer)}
	if expected.has(answer.Status) {
		return Outcome{Result: result}
	}
	e := statusFault(answer, req.URL.Host, a.clock())
	if answer.Successful() {
		e = fault.New(fault.BadResponse, "%s answered %s, which is not expected", req.URL.Host, statusText(answer.Status)).
			WithDetail(map[string]any{"status": int64(answer.Status), "body": excerpt(string(answer.Body), maxExcerpt)})
	}
	out := Outcome{Err: e}
	if !a.call.Action.SafeToRepeat(a.inputs) {
		out = a.unsafeRefusal(answer, e)
	}
	out.Result = result
	return out
}

// coreBody is the body as data when it is JSON, else as text.
func coreBody(answer *wire.Answer) any {
	if len(answer.Body) == 0 {
		return nil
	}
	kind := answer.Header.Get("Content-Type")
	if kind == "" || strings.Contains(kind, "json") {
		if v, err := schema.DecodeBytes(answer.Body); err == nil {
			return v
		}
	}
	return strings.ToValidUTF8(string(answer.Body), "\uFFFD")
}

func (a *attempt) coreRequest() (*wire.Request, *fault.Error) {
	text, _ := a.inputs["url"].(string)
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.InvalidInput, "core.http_request: url is not a web address").
			WithHint("write it whole, such as https://example.com/path")
	}
	if f := a.hostWithoutSecret(); f != nil {
		return nil, f
	}
	if password, has := u.User.Password(); has {
		a.redactor.Add(password, strings.TrimPrefix(basic(u.User.Username(), password), "Basic "))
	}
	if query, ok := a.inputs["query"].(map[string]any); ok {
		q := u.Query()
		for name, value := range query {
			if text, ok := queryText(value); ok {
				q.Set(name, text)
			}
		}
		u.RawQuery = q.Encode()
	}
	req := &wire.Request{Method: methodOf(a.inputs), URL: u, Header: http.Header{}}
	req.Header.Set("User-Agent", a.userAgent)
	if headers, ok := a.inputs["headers"].(map[string]any); ok {
		for name, value := range headers {
			text, ok := queryText(value)
			if !ok {
				continue
			}
			if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(text) {
				return nil, fault.New(fault.InvalidInput, "core.http_request: the header %q cannot be sent", a.redactor.Text(name)).
					WithHint("a header's name has letters, digits and hyphens; its value is one line of text")
			}
			req.Header.Set(name, text)
		}
	}
	a.coreSignIn(req)
	return req, a.coreEncode(req)
}

// hostWithoutSecret refuses a secret in the name of the host: the name goes to name servers and into
// every error. An address that is secret as a whole (a chat's webhook) is fine.
func (a *attempt) hostWithoutSecret() *fault.Error {
	if !expr.HasSecret(a.call.Inputs["url"]) {
		return nil
	}
	shown, _ := expr.Masked(a.call.Inputs["url"]).(string)
	_, rest, _ := strings.Cut(shown, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	host := rest[strings.LastIndex(rest, "@")+1:]
	if !strings.Contains(host, wire.Mask) {
		return nil
	}
	return fault.New(fault.Secret, "core.http_request: a secret cannot be part of the host in url").
		WithHint("keep the host in an ordinary variable, and secrets in headers, query, body or auth")
}

func (a *attempt) coreSignIn(req *wire.Request) {
	auth, _ := a.inputs["auth"].(map[string]any)
	text := func(name string) string { s, _ := auth[name].(string); return s }
	switch {
	case text("token") != "":
		a.redactor.Add(text("token"))
		req.Header.Set("Authorization", "Bearer "+text("token"))
	case text("username") != "" || text("password") != "":
		header := basic(text("username"), text("password"))
		a.redactor.Add(text("password"), strings.TrimPrefix(header, "Basic "))
		req.Header.Set("Authorization", header)
	}
}

// coreEncode writes the body: text as it is, a form where the Content-Type says so, else JSON.
func (a *attempt) coreEncode(req *wire.Request) *fault.Error {
	kind := strings.ToLower(req.Header.Get("Content-Type"))
	standard := "application/json"
	switch body := a.inputs["body"].(type) {
	case nil:
		return nil
	case string:
		req.Body, standard = []byte(body), "text/plain; charset=utf-8"
	case map[string]any:
		if strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
			form := url.Values{}
			for name, value := range body {
				if text, ok := queryText(value); ok {
					form.Set(name, text)
				}
			}
			req.Body = []byte(form.Encode())
			break
		}
		return encodeJSON(req, body, kind)
	default:
		return encodeJSON(req, body, kind)
	}
	if kind == "" {
		req.Header.Set("Content-Type", standard)
	}
	return nil
}

func encodeJSON(req *wire.Request, body any, kind string) *fault.Error {
	text, err := schema.Encode(body)
	if err != nil {
		return fault.Wrap(err, fault.InvalidInput, "core.http_request: body cannot be written as JSON: %s", err)
	}
	req.Body = text
	if kind == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return nil
}

// statusRange is a range of statuses that an author expects.
type statusRange struct{ from, to int }

type expectation []statusRange

func (e expectation) has(status int) bool {
	for _, r := range e {
		if status >= r.from && status <= r.to {
			return true
		}
	}
	return false
}

// redirects tells whether the author wants to see a redirect instead of following it.
func (e expectation) redirects() bool {
	return e.has(301) || e.has(302) || e.has(303) || e.has(307) || e.has(308)
}

var anySuccess = expectation{{200, 299}}

// readExpect reads 204, "2xx", "200-299", or a list of such.
func readExpect(v any) (expectation, *fault.Error) {
	list, isList := v.([]any)
	if v == nil || isList && len(list) == 0 {
		return anySuccess, nil
	}
	if !isList {
		list = []any{v}
	}
	var e expectation
	for _, item := range list {
		r, ok := readStatusRange(strings.ToLower(strings.TrimSpace(fmt.Sprint(item))))
		if !ok {
			return nil, fault.New(fault.InvalidInput, "core.http_request: expect cannot be %v", item).
				WithHint(`write statuses such as 204, "2xx" or "200-204"`)
		}
		e = append(e, r)
	}
	return e, nil
}

func readStatusRange(s string) (statusRange, bool) {
	if len(s) == 3 && s[0] >= '1' && s[0] <= '5' && s[1:] == "xx" {
		from := int(s[0]-'0') * 100
		return statusRange{from, from + 99}, true
	}
	low, high, isRange := strings.Cut(s, "-")
	from, err := strconv.Atoi(low)
	to := from
	if err == nil && isRange {
		to, err = strconv.Atoi(high)
	}
	return statusRange{from, to}, err == nil && from >= 100 && to <= 599 && from <= to
}
