package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
)

// TestStatuses: every code has a status.
func TestStatuses(t *testing.T) {
	for _, c := range fault.Codes() {
		if statuses[c.Code] == 0 {
			t.Errorf("%s has no HTTP status", c.Code)
		}
	}
	if len(statuses) != len(fault.Codes()) {
		t.Error("a status for a code that there is not")
	}
}

type askIn struct {
	Body struct {
		Name  string `json:"name" minLength:"2"`
		Count int    `json:"count,omitempty" maximum:"9"`
	}
}

type askOut struct {
	Body struct {
		Name string `json:"name"`
	}
}

// odd is an API with one operation, which does what a test says.
func odd(t *testing.T, do func(ctx context.Context, in *askIn) (*askOut, error)) (Operation[askIn, askOut], http.Handler, *strings.Builder) {
	t.Helper()
	logged := &strings.Builder{}
	a := New(House{Log: slog.New(slog.NewTextHandler(logged, nil)), SignIn: func(r *http.Request) (*access.Caller, error) {
		if r.Header.Get("Authorization") == "Bearer good" {
			return &access.Caller{Kind: access.ByUser, UserID: "u"}, nil
		}
		return nil, nil
	}})
	ask := Operation[askIn, askOut]{ID: "ask", Method: "POST", Path: "/ask", Policy: Policy{Where: SignedIn}, MaxBody: 200}
	ask.serve(a, do)
	return ask, a.Handler(), logged
}

// send posts a text, signed in, and gives the answer.
func send(h http.Handler, path, media, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", Base+path, strings.NewReader(body))
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer good")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// TestWrongRequests: what is wrong with a request is said in one shape, with the part that is meant and never its value.
func TestWrongRequests(t *testing.T) {
	_, h, _ := odd(t, func(_ context.Context, in *askIn) (*askOut, error) {
		out := &askOut{}
		out.Body.Name = in.Body.Name
		return out, nil
	})
	const media = "application/json"
	for _, c := range []struct {
		path, media, body string
		header            []string
		status            int
		says              string
	}{
		{"/ask", media, `{"name": "Ada"}`, nil, 200, `{"name":"Ada"}`},
		{"/ask", media + "; charset=utf-8", `{"name": "Ada"}`, nil, 200, `{"name":"Ada"}`},
		{"/ask", media, `{"name": "S"}`, nil, 422, `"code":"invalid_input","message":"the request is not right: body.name: `},
		{"/ask", media, `{"name": "Ada", "nmae": "hunter2"}`, nil, 422, `body.nmae: unexpected property`},
		{"/ask", media, `{"name": "Ada", "count": 1000}`, nil, 422, `"fields":[{"field":"body.count"`},
		{"/ask", media, `{"name": "Ada", "Name": "S"}`, nil, 422, `body.Name: unexpected property`},
		{"/ask", media, `{"NAME": "Ada"}`, nil, 422, `expected required property name to be present`},
		{"/ask", media, `{"name": "Ada", "count": 1, "n\u0061me": "S"}`, nil, 400, `is there twice`},
		{"/ask", media, `{}`, nil, 422, `expected required property name to be present`},
		{"/ask", media, `{"name": "hunter2`, nil, 400, `"code":"usage"`},
		{"/ask", media, ``, nil, 400, `request body is required`},
		{"/ask", media, `{"name": "` + strings.Repeat("x", 300) + `"}`, nil, 413, `"code":"too_large"`},
		{"/ask", "text/plain", `{"name": "hunter2"}`, nil, 400, `Content-Type: application/json`},
		{"/ask", "", `{"name": "hunter2"}`, nil, 400, `Content-Type: application/json`},
		{"/ask?force=hunter2", media, `{"name": "Ada"}`, nil, 422, `query.force: unknown query parameter`},
		{"/ask", media, `{"name": "Ada"}`, []string{"Authorization", ""}, 401, `"code":"signed_out"`},
		{"/ask", media, `{"name": "Ada"}`, []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403, `another site`},
		{"/nothing", media, `{}`, nil, 404, `"code":"missing"`},
		{"/openapi.json", media, `{}`, nil, 405, `does not take POST`},
		{"/workflows/%zz/check", media, `{}`, nil, 404, ``},
	} {
		if strings.Contains(c.path, "%zz") {
			continue // net/http refuses it before
		}
		rec := send(h, c.path, c.media, c.body, c.header...)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%s %s: %d %s", c.path, c.body, rec.Code, rec.Body)
		}
		if strings.Contains(rec.Body.String(), "hunter2") || rec.Code != 200 && rec.Header().Get("Content-Type") != media {
			t.Errorf("%s %s: %v %s", c.path, c.body, rec.Header(), rec.Body)
		}
	}
}

// TestFaultsComeBack: the client gives the very fault that the handler gave.
func TestFaultsComeBack(t *testing.T) {
	var gives error
	ask, h, _ := odd(t, func(context.Context, *askIn) (*askOut, error) { return nil, gives })
	c := InMemory(h, access.Local("tester"))
	in := &askIn{}
	in.Body.Name = "Ada"
	for _, code := range fault.Codes() {
		f := fault.New(code.Code, "no %s", "luck").WithHint("try again").WithDetail(map[string]any{"status": int64(9007199254740993), "list": []any{1.5}})
		f.Task, f.RetryAfter = "t", 3*time.Second
		gives = f
		_, err := ask.Call(t.Context(), c, in)
		got := fault.From(err)
		if got.Code != f.Code || got.Error() != f.Error() || got.Task != "t" || got.RetryAfter != f.RetryAfter || got.Detail.(map[string]any)["status"] != int64(9007199254740993) {
			t.Errorf("%s: %+v", code.Code, got)
		}
		if _, work := errors.AsType[*WorkError](err); work {
			t.Errorf("%s is said to be the work's", code.Code)
		}
	}
	gives = &WorkError{fault.New(fault.InvalidInput, "they do not like it")}
	_, err := ask.Call(t.Context(), c, in)
	if _, work := errors.AsType[*WorkError](err); !work || fault.From(err).Code != fault.InvalidInput {
		t.Error(err)
	}
}

// TestDefectsAreNotTold: what goes wrong in Gantry itself is told to who works on this machine, and logged for others.
func TestDefectsAreNotTold(t *testing.T) {
	for name, do := range map[string]func(context.Context, *askIn) (*askOut, error){
		"error": func(context.Context, *askIn) (*askOut, error) { return nil, errors.New("SELECT secrets of /var/lib") },
		"panic": func(context.Context, *askIn) (*askOut, error) { panic("SELECT secrets of /var/lib") },
	} {
		ask, h, logged := odd(t, do)
		rec := send(h, "/ask", "application/json", `{"name": "Ada"}`)
		body := rec.Body.String()
		if rec.Code != 500 || strings.Contains(body, "/var/lib") || !strings.Contains(body, "error_id") || !strings.Contains(logged.String(), "/var/lib") {
			t.Errorf("%s: %d %s\n%s", name, rec.Code, body, logged)
		}
		in := &askIn{}
		in.Body.Name = "Ada"
		if _, err := ask.Call(t.Context(), InMemory(h, access.Local("tester")), in); !strings.Contains(fault.From(err).Message, "/var/lib") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSomethingElseAnswers: a proxy's page is no fault of ours.
func TestSomethingElseAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/server"):
			http.Error(w, "<html>Bad gateway", http.StatusBadGateway)
		case strings.HasSuffix(r.URL.Path, "/keys"):
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		default:
			_, _ = w.Write([]byte("<html>Welcome"))
		}
	}))
	defer server.Close()
	c, err := NewClient(server.URL, "token", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, first := ShowServer.Call(t.Context(), c, &struct{}{})
	_, second := ListKeys.Call(t.Context(), c, &struct{}{})
	_, third := ListRuns.Call(t.Context(), c, &ListRunsIn{})
	for _, err := range []error{first, second, third} {
		if f := fault.From(err); f.Code != fault.BadResponse {
			t.Error(err)
		}
	}
	server.Close()
	if _, err := ShowServer.Call(t.Context(), c, &struct{}{}); fault.From(err).Code != fault.Network {
		t.Error(err)
	}
}
