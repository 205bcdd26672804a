package actions

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func core(t *testing.T, name string, inputs map[string]any) Outcome {
	t.Helper()
	a, ok := Builtin().Action("core." + name)
	if !ok {
		t.Fatalf("no core.%s", name)
	}
	r := NewRuntime(Options{Clock: func() time.Time { return noon }, Network: Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	t.Cleanup(r.Close)
	return r.Execute(t.Context(), Call{Action: a, Inputs: inputs,
		OpenSecret: func(s expr.Secret) (string, error) { return "clear-" + s.Name, nil }})
}

func TestCoreActions(t *testing.T) {
	for _, c := range []struct {
		name   string
		inputs map[string]any
		want   string // the result as JSON, or code: message
		until  time.Duration
	}{
		{"noop", nil, "null", 0},
		{"noop", map[string]any{"x": int64(1)}, "invalid_input", 0},
		{"fail", map[string]any{"message": "Stop here."}, "failed: Stop here.", 0},
		{"fail", nil, "invalid_input", 0},
		{"set", map[string]any{"values": map[string]any{"a": []any{int64(1), nil}}}, `{"a":[1,null]}`, 0},
		{"set", map[string]any{"values": "x"}, `"x"`, 0},
		{"set", nil, "invalid_input", 0},
		{"delay", map[string]any{"duration": "5m"}, `{"until":"2026-11-22T12:05:00Z"}`, 5 * time.Minute},
		{"delay", map[string]any{"duration": "300ms"}, `{"until":"2026-11-22T12:00:00.3Z"}`, 300 * time.Millisecond},
		{"delay", map[string]any{"duration": "0s"}, `{"until":"2026-11-22T12:00:00Z"}`, 0},
		{"delay", map[string]any{"duration": "soon"}, "invalid_input", 0},
		{"delay", map[string]any{"duration": "31d"}, "invalid_input", 0},
		{"delay_until", map[string]any{"time": "2026-11-22T14:00:00+01:00"}, `{"until":"2026-11-22T13:00:00Z"}`, time.Hour},
		{"delay_until", map[string]any{"time": "2026-11-23"}, `{"until":"2026-11-23T00:00:00Z"}`, 12 * time.Hour},
		{"delay_until", map[string]any{"time": "2020-01-01"}, `{"until":"2020-01-01T00:00:00Z"}`, 0},
		{"delay_until", map[string]any{"time": "tomorrow"}, "invalid_input", 0},
		{"delay_until", map[string]any{"time": "2099-01-01"}, "invalid_input", 0},
	} {
		out := core(t, c.name, c.inputs)
		got, _ := json.Marshal(out.Result)
		text := string(got)
		if out.Err != nil {
			text = string(out.Err.Code) + ": " + out.Err.Message
		}
		if text != c.want && !(strings.HasPrefix(text, c.want+":") && out.Err != nil) {
			t.Errorf("core.%s %v: %s, want %s", c.name, c.inputs, text, c.want)
		}
		if (out.Wait != nil) != (c.until > 0) || out.Wait != nil && !out.Wait.Until.Equal(noon.Add(c.until)) {
			t.Errorf("core.%s %v: wait %+v", c.name, c.inputs, out.Wait)
		}
	}
}

func TestCoreSetHasTheTypeOfItsValues(t *testing.T) {
	a, _ := Builtin().Action("core.set")
	typed := schema.Object("", schema.Field{Name: "values", Type: schema.ListOf(schema.Integer())})
	if got := a.ResultFor(typed); got.String() != schema.ListOf(schema.Integer()).String() {
		t.Errorf("%s", got)
	}
	if got := a.ResultFor(schema.Object("")); got.Kind != schema.KindAny {
		t.Errorf("%s", got)
	}
}

func TestHTTPRequest(t *testing.T) {
	var got *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got, body = r, string(text)
		status := 200
		fmt.Sscan(strings.TrimPrefix(r.URL.Path, "/status/"), &status)
		w.Header().Set("X-Back", "yes")
		if r.URL.Path == "/json" {
			w.Header().Set("Content-Type", "application/json")
		}
		if status == 302 {
			w.Header().Set("Location", "/json")
		}
		w.WriteHeader(status)
		if r.URL.Path == "/json" {
			io.WriteString(w, `{"n":1}`)
		} else {
			io.WriteString(w, "text "+r.Header.Get("Authorization"))
		}
	}))
	defer s.Close()
	call := func(path string, more map[string]any) Outcome {
		with := map[string]any{"url": s.URL + path}
		for k, v := range more {
			with[k] = v
		}
		return core(t, "http_request", with)
	}
	type m = map[string]any

	out := call("/json?a=1", m{"query": m{"b": "x y", "c": nil, "d": []any{int64(1), int64(2)}}, "headers": m{"X-A": "b"}})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	result := out.Result.(m)
	if result["status"] != int64(200) || result["body"].(m)["n"] != int64(1) || result["headers"].(m)["x-back"] != "yes" {
		t.Errorf("%v", result)
	}
	if got.Method != "GET" || got.URL.RawQuery != "a=1&b=x+y&d=1%2C2" || got.Header.Get("X-A") != "b" {
		t.Errorf("%s %s", got.Method, got.URL)
	}
	call("/x", m{"method": "POST", "body": m{"a": []any{int64(1)}}})
	if body != `{"a":[1]}` || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("JSON: %s %s", body, got.Header.Get("Content-Type"))
	}
	call("/x", m{"method": "POST", "body": m{"a": "b c", "n": int64(2)}, "headers": m{"Content-Type": "application/x-www-form-urlencoded"}})
	if body != "a=b+c&n=2" {
		t.Errorf("form: %s", body)
	}
	call("/x", m{"method": "PUT", "body": "plain"})
	if body != "plain" || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("text: %s %s", body, got.Header.Get("Content-Type"))
	}

	out = call("/x", m{"auth": m{"username": "u", "password": expr.Secret{Name: "password"}}})
	if user, password, _ := got.BasicAuth(); user != "u" || password != "clear-password" {
		t.Errorf("basic: %s %s", user, password)
	}
	if text := fmt.Sprint(out.Result); strings.Contains(text, "clear-") || strings.Contains(text, "dTpjbGVhci1wYXNzd29yZA") {
		t.Errorf("the echo gives it away: %s", text)
	}
	call("/x", m{"auth": m{"token": "tok-en"}})
	if got.Header.Get("Authorization") != "Bearer tok-en" {
		t.Errorf("bearer: %s", got.Header.Get("Authorization"))
	}
	out = core(t, "http_request", m{"url": strings.Replace(s.URL, "http://", "http://user:hidden-pw@", 1) + "/x"})
	if text, _ := json.Marshal(out); strings.Contains(string(text), "hidden-pw") || strings.Contains(string(text), "dXNlcjpoaWRkZW4tcHc") {
		t.Errorf("the address gives it away: %s", text)
	}

	for _, c := range []struct {
		path   string
		expect any
		ok     bool
	}{
		{"/status/404", nil, false}, {"/status/404", int64(404), true}, {"/status/404", []any{"2xx", int64(404)}, true},
		{"/status/200", int64(404), false}, {"/status/204", "200-204", true}, {"/status/302", nil, true}, {"/status/302", "3xx", true},
		{"/status/500", "5XX", true},
	} {
		out := call(c.path, m{"expect": c.expect})
		if (out.Err == nil) != c.ok || out.Result == nil {
			t.Errorf("%s expecting %v: %v, result %v", c.path, c.expect, out.Err, out.Result)
		}
		if c.path == "/status/302" && out.Result.(m)["status"] != int64(map[bool]int{true: 302, false: 200}[c.expect != nil]) {
			t.Errorf("%s expecting %v: %v", c.path, c.expect, out.Result)
		}
	}
	for _, wrong := range []m{{"expect": "yes"}, {"expect": []any{int64(99)}}, {"url": "/x"}, {"url": "ftp://x"}, {"url": "file:///etc/passwd"}, {"method": "TRACE"}} {
		if out := call("/x", wrong); out.Err == nil || out.Err.Code != fault.InvalidInput {
			t.Errorf("%v: %v", wrong, out.Err)
		}
	}
	if out := call("/status/502", m{"method": "POST"}); !out.Unknown || out.Err.Code != fault.UnknownOutcome {
		t.Errorf("a lost POST: %+v", out.Err)
	}
}

func TestHTTPRequestRefusesWhatMustNotBeSent(t *testing.T) {
	out := core(t, "http_request", map[string]any{"url": "https://example.invalid/", "headers": map[string]any{"a b": "x"}})
	if out.Err == nil || out.Err.Code != fault.InvalidInput || out.Err.Passing {
		t.Errorf("a header's name with a space gives %v", out.Err)
	}
	out = core(t, "http_request", map[string]any{"url": "https://example.invalid/", "headers": map[string]any{"a": "x\r\nb: y"}})
	if out.Err == nil || out.Err.Code != fault.InvalidInput {
		t.Errorf("a header of two lines gives %v", out.Err)
	}
}
