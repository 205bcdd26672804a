package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/sandbox/halo"
)

func TestRequestLines(t *testing.T) {
	at := time.Date(2026, 9, 25, 14, 30, 0, 0, time.Local)
	for _, c := range []struct {
		request halo.RequestLog
		plain   string
		colour  string // that stands in the coloured line
	}{
		{halo.RequestLog{Time: at, Method: "GET", Path: "/api/Tickets", Query: "count=1", Status: 200, Duration: 1234567, Application: "My App"},
			"14:30:00 200 GET    /api/Tickets?count=1 1.2ms My App\n", "\x1b[32m200"},
		{halo.RequestLog{Time: at, Method: "POST", Path: "/api/x", Status: 429}, "14:30:00 429 POST   /api/x 0s\n", "\x1b[33m429"},
		{halo.RequestLog{Time: at, Method: "POST", Path: "/api/x", Status: 500, Fault: "error_page"}, "14:30:00 500 POST   /api/x 0s fault: error_page\n", "\x1b[31m500"},
		{halo.RequestLog{Time: at, Method: "DELETE", Path: "/api/x", Fault: "drop"}, "14:30:00 cut DELETE /api/x 0s fault: drop\n", "\x1b[31mcut"},
	} {
		var plain, coloured bytes.Buffer
		requestLines{mu: &sync.Mutex{}, out: &plain}.take(c.request)
		requestLines{mu: &sync.Mutex{}, out: &coloured, style: style{on: true}}.take(c.request)
		if plain.String() != c.plain {
			t.Errorf("%q, want %q", plain.String(), c.plain)
		}
		if !strings.Contains(coloured.String(), c.colour) {
			t.Errorf("%q lacks %q", coloured.String(), c.colour)
		}
	}
}

func TestDeliveryLines(t *testing.T) {
	for _, c := range []struct {
		delivery halo.Delivery
		want     string
	}{
		{halo.Delivery{Status: 204, Method: "POST", URL: "http://127.0.0.1:1/x", Event: "ticket closed", Together: 1}, " 204 webhook POST http://127.0.0.1:1/x ticket closed\n"},
		{halo.Delivery{Status: 500, Method: "PUT", URL: "http://127.0.0.1:1/x", Event: "ticket closed", Together: 3}, " 500 webhook PUT http://127.0.0.1:1/x ticket closed (3 events)\n"},
		{halo.Delivery{Method: "POST", URL: "http://10.0.0.1/", Event: "test", Answer: "may not\ngo there"}, " cut webhook POST http://10.0.0.1/ test may not"},
	} {
		var out bytes.Buffer
		requestLines{mu: &sync.Mutex{}, out: &out}.deliver(c.delivery)
		if !strings.Contains(out.String(), c.want) || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%q, want %q", out.String(), c.want)
		}
	}
}

func TestRequestLinesStayLines(t *testing.T) {
	var out bytes.Buffer
	requestLines{mu: &sync.Mutex{}, out: &out}.take(halo.RequestLog{Method: "GET", Path: "/api/\x1b[31m\nPOST /api/forged", Status: 404})
	if text := out.String(); strings.Count(text, "\n") != 1 || strings.ContainsRune(text, '\x1b') {
		t.Errorf("%q", text)
	}
}

// TestSandboxTellsAndLogs serves with --log and further networks, and asks for one thing.
func TestSandboxTellsAndLogs(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	var said bytes.Buffer
	app := &App{Out: in, Err: &said, Getenv: func(string) string { return "" }, Now: time.Now}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"sandbox", "halo", "--addr", "127.0.0.1:0", "--format", "json", "--log", "--webhook-allow", "10.1.2.3/8",
			"--fault", "throttled:/api/authinfo", "--fault-retry-after", "7", "--fault-skip", "1", "--retry-after", "none"}, app)
	}()
	var c map[string]string
	if err := json.NewDecoder(out).Decode(&c); err != nil {
		t.Fatal(err)
	}
	if len(c) != 4 || c["base_url"] == "" || c["tenant"] == "" || c["client_id"] == "" || c["client_secret"] == "" {
		t.Errorf("%v", c)
	}
	for _, want := range []int{200, 429} {
		answer, err := http.Get(c["base_url"] + "/api/authinfo?access_token=sesame")
		if err != nil || answer.StatusCode != want {
			t.Fatal(answer, err)
		}
		answer.Body.Close()
		if want == 429 && answer.Header.Get("Retry-After") != "7" {
			t.Errorf("%v", answer.Header)
		}
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	text := said.String()
	for _, want := range []string{"controls are at " + c["base_url"] + "/_sandbox; its webhooks may go to: this machine, 10.0.0.0/8.",
		" 200 GET    /api/authinfo?access_token=******** ", "fault: throttled", "Stopped after 2 requests."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	if strings.Contains(text, "sesame") {
		t.Error("a secret is shown")
	}
}
