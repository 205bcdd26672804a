package actions_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/sandbox/halo"
)

// What an admin reads when the configuration is wrong.
func TestHaloSignInFaults(t *testing.T) {
	noAgent := halo.Application{Name: "No agent", ClientID: "no-agent", ClientSecret: "no-agent-secret", NoAgent: true}
	narrow := halo.Application{Name: "Narrow", ClientID: "narrow", ClientSecret: "narrow-secret", Scopes: []string{"read:tickets"}}
	page := httptest.NewServer(nil)
	defer page.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, c := range []struct {
		name    string
		config  map[string]any
		secret  string
		words   string
		hint    string
		passing bool
	}{
		{"wrong secret", nil, "wrong", "client id and secret", "new client secret", false},
		{"wrong client", values{"client_id": "nobody"}, "", "client id and secret", "client id", false},
		{"wrong tenant", values{"tenant": "somebody-else"}, "", "tenant", "API Details", false},
		{"no agent to log in as", values{"client_id": "no-agent"}, "no-agent-secret", "no agent to log in as", "Login Type", false},
		{"missing scope", values{"client_id": "narrow"}, "narrow-secret", "scope", "tick all", false},
		{"not a Halo", values{"resource_server": page.URL}, "", "404", "auth server", false},
		{"unreachable", values{"resource_server": closed.URL}, "", "refuses connections", "reachable", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, halo.Options{Applications: []halo.Application{noAgent, narrow}})
			for key, value := range c.config {
				b.config[key] = value
			}
			if c.secret != "" {
				b.secrets["client_secret"] = c.secret
			}
			out := b.call("halo.create_ticket", values{"summary": "x"})
			if out.Err == nil || out.Err.Code != fault.LoginFailed || out.Unknown || out.Err.Passing != c.passing {
				t.Fatalf("%+v", out)
			}
			if !strings.Contains(out.Err.Message, c.words) || !strings.Contains(out.Err.Hint, c.hint) {
				t.Errorf("says %q, hint %q", out.Err.Message, out.Err.Hint)
			}
			text, _ := json.Marshal(out)
			if strings.Contains(string(text), b.secrets["client_secret"]) {
				t.Errorf("leaks the secret: %s", text)
			}
		})
	}
}

func TestHaloAnswersThatAreFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault halo.Fault
		code  fault.Code
		words string
	}{
		{"forbidden", halo.Fault{Kind: halo.FaultForbidden}, fault.Forbidden, "does not allow"},
		{"sign-in refused for good", halo.Fault{Kind: halo.FaultUnauthorised, Times: -1}, fault.Unauthorised, "sign-in"},
		{"error page", halo.Fault{Kind: halo.FaultErrorPage}, fault.ServerError, "failed"},
		{"dropped", halo.Fault{Kind: halo.FaultDrop, Times: -1}, fault.Network, "without an answer"},
		{"half", halo.Fault{Kind: halo.FaultHalf}, fault.BadResponse, "half-way"},
		{"a .NET exception", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"ClassName":"System.Exception","Message":"Please select the CAB members CODE:APP03/2"}`}, fault.BadRequest, "CAB members"},
		{"no access", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"Message":"You do not have access to this Action"}`}, fault.Forbidden, "You do not have access"},
		{"result code", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"resultCode":5,"errorMessage":"Broken thing"}`}, fault.BadRequest, "Broken thing"},
		{"model state", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"[0].id":["Could not convert string to integer: abc."]}`}, fault.BadRequest, "[0].id: Could not convert"},
		{"model state of newer versions", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"title":"One or more validation errors occurred.","status":400,"errors":{"$[0].id":["The JSON value could not be converted."]}}`}, fault.BadRequest, "$[0].id: The JSON value"},
		{"says nothing", halo.Fault{Kind: halo.FaultStatus, Status: 400}, fault.BadRequest, "does not say why"},
		{"an error text", halo.Fault{Kind: halo.FaultStatus, Status: 400, Body: `{"error":"odd"}`}, fault.BadRequest, "odd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.fault.Path = "/api/*"
			b := setup(t, halo.Options{Faults: []halo.Fault{c.fault}})
			out := b.call("halo.list_statuses", nil)
			if out.Err == nil || out.Err.Code != c.code || !strings.Contains(out.Err.Message, c.words) || out.Err.Hint == "" && c.name != "result code" && c.name != "an error text" {
				t.Errorf("%+v, hint %q", out.Err, out.Err.Hint)
			}
			if len(out.Requests) < 2 || out.Requests[0].Method != "POST" {
				t.Errorf("records %+v", out.Requests)
			}
		})
	}
}

// A token that is revoked in mid-run costs one more sign-in and nothing else.
func TestHaloRevokedToken(t *testing.T) {
	b := setup(t, halo.Options{})
	b.object("halo.get_current_agent", nil)
	if len(b.last.Requests) != 2 {
		t.Errorf("the first call takes %d requests", len(b.last.Requests))
	}
	b.object("halo.get_current_agent", nil)
	if len(b.last.Requests) != 1 {
		t.Errorf("with a cached token it takes %d requests", len(b.last.Requests))
	}
	b.halo.RevokeTokens()
	b.object("halo.create_ticket", values{"summary": "x", "tickettype_id": int64(1), "client_id": b.halo.Clients()[1].ID, "skip_validation": true})
	if len(b.last.Requests) != 3 {
		t.Errorf("after the revocation it takes %d requests: %+v", len(b.last.Requests), b.last.Requests)
	}
}

// An expired token is renewed without anybody noticing; one that lacks a right is not kept for long, because
// Halo writes the rights into it; and a changed secret counts at once.
func TestHaloTokensAge(t *testing.T) {
	b := setup(t, halo.Options{})
	var ahead time.Duration
	b.runtime = actions.NewRuntime(actions.Options{Network: loopback, Clock: func() time.Time { return time.Now().Add(ahead) }})
	t.Cleanup(b.runtime.Close)
	requests := func(want int) {
		t.Helper()
		b.call("halo.get_current_agent", nil)
		if len(b.last.Requests) != want {
			t.Errorf("%d requests, want %d (%v)", len(b.last.Requests), want, b.last.Err)
		}
	}
	requests(2)
	ahead = 58 * time.Minute
	requests(1)
	ahead = 2 * time.Hour
	requests(2)
	if err := b.halo.InjectFault(halo.Fault{Path: "/api/*/*", Kind: halo.FaultForbidden, Times: 2}); err != nil {
		t.Fatal(err)
	}
	requests(1) // refused, but the token is new
	requests(1)
	ahead += 2 * time.Minute
	if err := b.halo.InjectFault(halo.Fault{Path: "/api/*/*", Kind: halo.FaultForbidden}); err != nil {
		t.Fatal(err)
	}
	requests(1) // refused with an older token
	requests(2)
	b.secrets["client_secret"] = "changed-meanwhile"
	if out := b.call("halo.get_current_agent", nil); out.Err == nil || out.Err.Code != fault.LoginFailed {
		t.Errorf("the old token is used with a new secret: %v", out.Err)
	}
}

func TestHaloLostAnswerOfAWrite(t *testing.T) {
	for _, kind := range []string{halo.FaultDrop, halo.FaultHalf} {
		b := setup(t, halo.Options{Faults: []halo.Fault{{Method: "POST", Path: "/api/*", Kind: kind, After: true}}})
		before := len(b.list("halo.list_tickets", nil))
		out := b.call("halo.create_ticket", values{"summary": "x", "tickettype_id": int64(1), "client_id": b.halo.Clients()[1].ID, "skip_validation": true})
		if out.Err == nil || out.Err.Code != fault.UnknownOutcome || !out.Unknown {
			t.Errorf("%s: %+v", kind, out)
		}
		if after := len(b.list("halo.list_tickets", nil)); after != before+1 {
			t.Errorf("%s: %d tickets more", kind, after-before)
		}
	}
}

// More requests than Halo takes at once: nothing fails.
func TestHaloThrottling(t *testing.T) {
	b := setup(t, halo.Options{RateLimit: 10, RateWindow: time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	b.callWithin(ctx, "halo.get_current_agent", nil)
	action, _ := actions.Builtin().Action("halo.get_current_agent")
	var all sync.WaitGroup
	for range 15 {
		all.Go(func() {
			if out := b.execute(ctx, action, nil); out.Err != nil {
				t.Error(out.Err)
			}
		})
	}
	all.Wait()
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	for range 12 {
		if out := b.callWithin(short, "halo.get_current_agent", nil); out.Err != nil {
			if out.Err.Code != fault.RateLimited && out.Err.Code != fault.Timeout || !out.Err.Passing {
				t.Errorf("%+v", out.Err)
			}
			break
		}
	}
}

func TestHaloHangs(t *testing.T) {
	b := setup(t, halo.Options{Faults: []halo.Fault{{Path: "/api/*", Kind: halo.FaultHang, Times: -1}}})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if out := b.callWithin(ctx, "halo.list_agents", nil); out.Err == nil || out.Err.Code != fault.Timeout || !out.TimedOut || out.Err.Hint == "" {
		t.Errorf("%+v", out)
	}
}

// A new secret of the same application keeps the pace: Halo counts both as one. Another application, or
// another Halo, begins anew; and what is forgotten signs in anew.
func TestHaloPaceSurvivesANewSecret(t *testing.T) {
	other := halo.Application{Name: "Other", ClientID: "other", ClientSecret: "other-secret"}
	b := setup(t, halo.Options{Applications: []halo.Application{other}})
	wait := func(ctx context.Context) bool {
		out := b.callWithin(ctx, "halo.get_current_agent", nil)
		return out.Err != nil && out.Err.Code == fault.RateLimited
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := b.halo.InjectFault(halo.Fault{Path: "/api/*/*", Kind: halo.FaultThrottled, RetryAfter: 3000}); err != nil {
		t.Fatal(err)
	}
	if !wait(ctx) {
		t.Fatalf("not told to wait: %+v", b.last)
	}
	renewed := httptest.NewRequest("POST", "http://127.0.0.1/_sandbox/applications", strings.NewReader(`{"client_id": "`+halo.DefaultClientID+`", "client_secret": "a-new-one"}`))
	renewed.RemoteAddr = "127.0.0.1:1234"
	b.halo.ServeHTTP(httptest.NewRecorder(), renewed)
	b.secrets["client_secret"] = "a-new-one"
	if !wait(ctx) {
		t.Errorf("a new secret lets the pace be forgotten: %+v", b.last)
	}
	b.config["client_id"], b.secrets["client_secret"] = "other", "other-secret"
	if wait(ctx) || b.last.Err != nil || len(b.last.Requests) != 2 {
		t.Errorf("another application waits, too: %+v", b.last)
	}
	b.runtime.Forget("i1")
	if wait(ctx) || len(b.last.Requests) != 2 {
		t.Errorf("what was forgotten does not sign in anew: %+v", b.last)
	}
}
