package halo

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (te *tenant) fault(f Fault) {
	te.t.Helper()
	body, _ := json.Marshal(f)
	te.must(201, "POST", "/_sandbox/faults", string(body))
}

func TestFaultsThatAnswer(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		fault  Fault
		status int
		header [2]string
		text   string
	}{
		{Fault{Kind: FaultUnauthorised}, 401, [2]string{}, ""},
		{Fault{Kind: FaultForbidden}, 403, [2]string{}, ""},
		{Fault{Kind: FaultThrottled, RetryAfter: 7}, 429, [2]string{"Retry-After", "7"}, ""},
		{Fault{Kind: FaultThrottled}, 429, [2]string{"Retry-After", ""}, ""},
		{Fault{Kind: FaultErrorPage}, 500, [2]string{"Content-Type", "text/html; charset=utf-8"}, htmlError},
		{Fault{Kind: FaultStatus, Status: 503, Body: "busy", Header: map[string]string{"Content-Type": "text/plain"}}, 503,
			[2]string{"Content-Type", "text/plain"}, "busy"},
		{Fault{Kind: FaultStatus}, 500, [2]string{}, ""},
		{Fault{Kind: FaultStatus, Status: 200, Body: "[]"}, 200, [2]string{"Content-Type", "application/json; charset=utf-8"}, "[]"},
	} {
		c.fault.Path = "/API/tickets"
		te.fault(c.fault)
		r := te.must(c.status, "GET", "/api/Tickets/", "")
		if r.text != c.text || c.header[0] != "" && r.header.Get(c.header[0]) != c.header[1] {
			t.Errorf("%+v: %q %v", c.fault, r.text, r.header)
		}
		te.get("/api/tickets?count=1") // once only
	}
}

func TestFaultsChooseTheirRequests(t *testing.T) {
	te := start(t, Options{})
	te.fault(Fault{Kind: FaultForbidden, Method: "GET", Path: "/api/tickets/*", Skip: 1, Times: 2})
	te.get("/api/tickets?count=1")
	te.get("/api/tickets/2041")
	te.must(403, "GET", "/api/tickets/2041", "")
	te.must(403, "GET", "/api/tickets/2042", "")
	te.get("/api/tickets/2042")

	te.fault(Fault{Kind: FaultForbidden, Times: -1})
	te.must(403, "GET", "/api/client", "")
	te.must(403, "POST", "/auth/token", "")
	te.must(204, "DELETE", "/_sandbox/faults", "")
	te.get("/api/client")
}

func TestFaultOfTheTokenEndpoint(t *testing.T) {
	te := start(t, Options{Faults: []Fault{{Path: "/auth/token", Kind: FaultErrorPage, Skip: 1}}})
	if r := te.form("/auth/token", credentials("all")); r.status != 500 || !strings.Contains(r.text, "<html>") {
		t.Errorf("%d %s", r.status, r.text)
	}
	te.login("all")
}

func TestFaultByHeader(t *testing.T) {
	te := start(t, Options{})
	te.must(403, "GET", "/api/tickets", "", FaultHeader, "forbidden")
	te.must(418, "GET", "/api/tickets", "", FaultHeader, `{"kind":"status","status":418}`)
	te.must(400, "GET", "/api/tickets", "", FaultHeader, "nonsense")
	te.get("/api/tickets?count=1")
}

func TestDroppedConnection(t *testing.T) {
	te := start(t, Options{})
	te.fault(Fault{Kind: FaultDrop, Method: "POST"})
	if r, err := te.do("POST", "/api/supplier", `[{"name":"Never"}]`); err == nil {
		t.Errorf("answered %d", r.status)
	}
	te.fault(Fault{Kind: FaultDrop, Method: "POST", After: true})
	if r, err := te.do("POST", "/api/supplier", `[{"name":"Written"}]`); err == nil {
		t.Errorf("answered %d", r.status)
	}
	names := column(te.get("/api/supplier").rows(t, "suppliers"), "name")
	if text := strings.Join(names, ","); strings.Contains(text, "Never") || !strings.Contains(text, "Written") {
		t.Errorf("only with after the work is done: %s", text)
	}
}

func TestHalfAnAnswer(t *testing.T) {
	te := start(t, Options{})
	te.fault(Fault{Kind: FaultHalf})
	r, err := te.do("GET", "/api/tickets?count=2", "")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(r.text, `{"record_count"`) || json.Valid([]byte(r.text)) {
		t.Errorf("%v %q", err, r.text)
	}
}

func TestHangEndsWithTheClientOrTheServer(t *testing.T) {
	te := start(t, Options{})
	te.fault(Fault{Kind: FaultHang, Times: 2})
	ctx, cancel := context.WithCancel(context.Background())
	r, _ := http.NewRequestWithContext(ctx, "GET", te.base+"/api/tickets", nil)
	done := make(chan error, 2)
	go func() { _, err := http.DefaultClient.Do(r); done <- err }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() { _, err := te.do("GET", "/api/tickets", ""); done <- err }()
	_ = te.halo.Close()
	if err := <-done; err == nil {
		t.Error("the hanging answer outlived the server")
	}
}

func TestSlowAnswersComeInTheEnd(t *testing.T) {
	te := start(t, Options{})
	te.fault(Fault{Kind: FaultSlow, DelayMS: 1})
	te.get("/api/tickets?count=1")
	te.fault(Fault{Kind: FaultSlow, DelayMS: int(time.Hour / time.Millisecond)})
	ctx, cancel := context.WithCancel(context.Background())
	r, _ := http.NewRequestWithContext(ctx, "GET", te.base+"/api/tickets", nil)
	done := make(chan error, 1)
	go func() { _, err := http.DefaultClient.Do(r); done <- err }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFaultsThatCannotBe(t *testing.T) {
	te := start(t, Options{})
	for _, body := range []string{"", "{", `{"kind":"nonsense"}`, `{"kind":"status","status":99}`, `{"kind":"slow"}`,
		`{"kind":"drop","path":"["}`, `[{"kind":"drop"},{"kind":"x"}]`} {
		te.must(400, "POST", "/_sandbox/faults", body)
	}
	if got := te.get("/_sandbox/faults").text; got != "[]" {
		t.Error(got)
	}
	if te.halo.InjectFault(Fault{Kind: "x"}) == nil {
		t.Error("accepted")
	}
}

func TestRateLimit(t *testing.T) {
	te := start(t, Options{RateLimit: 5, RateWindow: 5 * time.Minute, Applications: []Application{{ClientID: "other", APIKey: "key"}}})
	for range 5 {
		te.get("/api/status")
		te.clock.pass(time.Second)
	}
	r := te.must(429, "GET", "/api/status", "")
	if r.text != "" || r.header.Get("Retry-After") != "295" {
		t.Errorf("%q %v", r.text, r.header)
	}
	te.must(200, "GET", "/api/status", "", "X-Halo-Api-Key", "key") // counted by application
	te.clock.pass(295 * time.Second)
	te.get("/api/status") // the window rolls
	te.must(429, "GET", "/api/status", "")
}

func TestRateLimitOfHalo(t *testing.T) {
	te := start(t, Options{RateLimit: 700, OmitRetryAfter: true})
	if o := (Options{}).complete(); o.RateLimit != 700 || o.RateWindow != 5*time.Minute {
		t.Errorf("%d in %s", o.RateLimit, o.RateWindow)
	}
	for range 700 {
		te.halo.limiter.take(DefaultClientID, te.clock.now())
	}
	if r := te.must(429, "GET", "/api/status", ""); r.header.Get("Retry-After") != "" {
		t.Errorf("%v", r.header)
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	te := start(t, Options{Applications: []Application{{ClientID: "k", APIKey: "very-secret-key"}}})
	te.post("/api/supplier", `[{"name":"S","notes":"`+DefaultClientSecret+`","password":"hunter2"}]`)
	te.get("/api/status?token=opensesame&type=1")
	te.must(403, "GET", "/api/tickets", "", FaultHeader, "forbidden")
	log := te.halo.Requests()
	if len(log) != 4 || log[1].Status != 201 || log[1].Application != "Gantry Sandbox" || log[3].Fault != "forbidden" {
		t.Errorf("%+v", log)
	}
	text := te.get("/_sandbox/requests").text
	for _, secret := range []string{DefaultClientSecret, "hunter2", "opensesame", te.token} {
		if strings.Contains(text, secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
	if !strings.Contains(text, DefaultClientID) || !strings.Contains(text, "type=1") {
		t.Error("the log hides what is no secret")
	}
	te.must(204, "DELETE", "/_sandbox/requests", "")
	if len(te.halo.Requests()) != 0 {
		t.Error("the log was not emptied")
	}
}

func TestReset(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/supplier", `[{"name":"S"}]`)
	te.fault(Fault{Kind: FaultDrop, Path: "/api/nothing"})
	te.must(204, "POST", "/_sandbox/reset", "")
	te.must(401, "GET", "/api/supplier", "")
	te.token = te.login("all")
	if got := te.get("/api/supplier").object(t); str(got["record_count"]) != "3" {
		t.Errorf("%v", got)
	}
	if got := te.get("/_sandbox/faults").text; got != "[]" {
		t.Error(got)
	}
	te.must(404, "GET", "/_sandbox/nothing", "")
}

func TestLargeBodies(t *testing.T) {
	te := start(t, Options{})
	te.must(413, "POST", "/api/tickets", strings.Repeat(" ", maxBody+1))
}
