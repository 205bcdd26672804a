package halo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestControlsAreForThisMachine: no page in a browser, no other machine, no name that somebody may redirect.
func TestControlsAreForThisMachine(t *testing.T) {
	here, away := "127.0.0.1:5000", "192.0.2.7:5000"
	for _, c := range []struct {
		name, from, host, path string
		header                 [2]string
		remote                 bool
		want                   int
	}{
		{"a program here", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{}, false, 200},
		{"localhost", here, "LocalHost:4010", "/_sandbox/faults", [2]string{}, false, 200},
		{"IPv6", "[::1]:5000", "[::1]:4010", "/_sandbox/faults", [2]string{}, false, 200},
		{"another machine", away, "127.0.0.1:4010", "/_sandbox/faults", [2]string{}, false, 403},
		{"another machine that may", away, "10.0.0.1:4010", "/_sandbox/faults", [2]string{}, true, 200},
		{"a name that was bound anew", here, "evil.example:4010", "/_sandbox/faults", [2]string{}, false, 403},
		{"a name, with others allowed", away, "evil.example:4010", "/_sandbox/faults", [2]string{}, true, 403},
		{"a page of another site", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{"Origin", "https://evil.example"}, false, 403},
		{"a sandboxed page", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{"Origin", "null"}, false, 403},
		{"an image on another site", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{"Sec-Fetch-Site", "cross-site"}, false, 403},
		{"typed into the browser", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{"Sec-Fetch-Site", "none"}, false, 200},
		{"a page of its own", here, "127.0.0.1:4010", "/_sandbox/faults", [2]string{"Origin", "http://127.0.0.1:4010"}, false, 200},
		{"odd writing of the path", here, "evil.example:4010", "//_SANDBOX/faults", [2]string{}, false, 403},
		{"the API from another machine", away, "halo.test:4010", "/api/authinfo", [2]string{}, false, 200},
		{"the API from a page", here, "evil.example:4010", "/api/authinfo", [2]string{"Origin", "http://evil.example:4010"}, false, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(Options{RemoteControls: c.remote}.complete(), freshData(newClock().now))
			defer s.Close()
			r := httptest.NewRequest(http.MethodGet, c.path, nil)
			r.RemoteAddr, r.Host = c.from, c.host
			if c.header[0] != "" {
				r.Header.Set(c.header[0], c.header[1])
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("answered %d, want %d", w.Code, c.want)
			}
		})
	}
}

func TestEventsAreFiredByHand(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	id := te.hook(l.URL, `,"payload_type":1`, 46)
	te.hook(l.URL, ``, 70)
	if got := te.must(202, "POST", "/_sandbox/deliver", `{"event":"SLA resolution warning","ticket_id":2041}`).text; got != `{"queued":1}` {
		t.Error(got)
	}
	te.must(202, "POST", "/_sandbox/deliver", `{"eventno":39,"ticket_id":2041,"webhook_id":"`+strings.ToUpper(id)+`","action_id":1,"agent_id":7}`)
	te.must(200, "POST", "/_sandbox/webhooks/settle", "")
	got := payloads(t, l.take())
	if len(got) != 2 || got[0]["event"] != "sla resolution warning" || got[1]["event"] != "ticket closed" || str(got[1]["agent_id"]) != "7" ||
		got[1]["action"] == nil || got[0]["action"] != nil {
		t.Errorf("%v", got)
	}
	if n, err := te.halo.Fire("ticket deadline", 2041); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	te.settle()
	var list struct {
		Waiting    int
		Deliveries []Delivery
	}
	decode(t, te.get("/_sandbox/webhooks").text, &list)
	if list.Waiting != 0 || len(list.Deliveries) != 3 || list.Deliveries[0].Event != "ticket deadline" || list.Deliveries[0].Status != 204 ||
		list.Deliveries[2].URL != l.URL || list.Deliveries[2].Ticket != 2041 {
		t.Errorf("%+v", list)
	}
	l.take()
	te.must(202, "POST", "/_sandbox/webhooks/resend", `{"id":"`+list.Deliveries[0].ID+`"}`)
	te.settle()
	if got := l.take(); len(got) != 1 || got[0].body != list.Deliveries[0].RequestBody {
		t.Errorf("%v", got)
	}
	te.must(204, "DELETE", "/_sandbox/webhooks", "")
	if got := te.get("/api/webhookevent").text; got != "[]" {
		t.Error(got)
	}
	te.must(404, "POST", "/_sandbox/webhooks/resend", `{"id":"`+list.Deliveries[0].ID+`"}`)
	for _, body := range []string{`{}`, `{"event":"moonrise","ticket_id":2041}`, `{"eventno":3,"ticket_id":1}`, `{"eventno":3,"ticket_id":2041,"action_id":99}`,
		`{"eventno":3,"ticket_id":2041,"webhook_id":"x"}`, `[]`} {
		te.must(400, "POST", "/_sandbox/deliver", body)
	}
	if got := te.get("/_sandbox/deliver").array(t); len(got) != len(events) {
		t.Errorf("%v", got)
	}
}

func TestStatistics(t *testing.T) {
	te := start(t, Options{RateLimit: 10})
	te.get("/api/Tickets?count=1")
	te.must(404, "GET", "/api/tickets/99999", "")
	te.must(404, "GET", "/api/made-up", "")
	te.fault(Fault{Kind: FaultDrop})
	_, _ = te.do("POST", "/api/status", "[]") // not tried again by the client
	var got Statistics
	decode(t, te.get("/_sandbox/statistics").text, &got)
	if got.Requests != 5 || got.Statuses["200"] != 2 || got.Statuses["404"] != 2 || got.Statuses["none"] != 1 || got.Resources["api/tickets"] != 2 ||
		got.Resources["auth/token"] != 1 || len(got.Resources) != 3 || got.Faults["drop"] != 1 || got.Applications["Gantry Sandbox"] != 2 ||
		got.Left[DefaultClientID] != 8 {
		t.Errorf("%+v", got)
	}
	te.must(204, "POST", "/_sandbox/reset", "")
	decode(t, te.get("/_sandbox/statistics").text, &got)
	if after := te.halo.Statistics(); after.Requests != 0 || after.Left[DefaultClientID] != 10 {
		t.Errorf("%+v", after)
	}
}

func TestSecretsNeverReachTheLog(t *testing.T) {
	var told []RequestLog
	te := start(t, Options{OnRequest: func(r RequestLog) { told = append(told, r) }})
	te.post("/api/webhook", `[{"name":"H","url":"http://127.0.0.1:1/","basic_username":"u","basic_password":"hunter2","note":"kept"}]`)
	te.post("/api/supplier", `[{"name":"S","new_jira_apikey":"hunter3","api_key": 4711,"notes":"`+strings.Repeat("x", keptBody-80)+`","portal_password":"hunter4`+
		strings.Repeat("y", 2*keptBody)+`"}]`)
	te.must(401, "GET", "/api/status?access_token=hunter5&portal_password=hunter6&type=1", "", "X-Halo-Api-Key", "hunter7", "Authorization", "hunter8")
	form := credentials("all")
	form.Set("client_secret", "hunter9")
	te.form("/auth/token", form)
	text := te.get("/_sandbox/requests").text
	for _, secret := range []string{"hunter", "4711", te.token, DefaultClientSecret} {
		if strings.Contains(text, secret) {
			t.Errorf("the log shows %s", secret)
		}
	}
	for _, kept := range []string{"kept", `"Authorization":"Bearer ********"`, `"X-Halo-Api-Key":"********"`, "type=1", DefaultClientID} {
		if !strings.Contains(text, kept) {
			t.Errorf("the log lacks %s", kept)
		}
	}
	if len(told) != len(te.halo.Requests()) || told[1].Status != 201 || told[1].Size == 0 {
		t.Errorf("%+v", told)
	}
}

func TestTokenLifetimeIsChangedInTheMiddle(t *testing.T) {
	te := start(t, Options{})
	te.must(200, "POST", "/_sandbox/settings", `{"token_lifetime_seconds":5}`)
	short := te.as("all")
	te.clock.pass(5 * time.Second)
	short.must(401, "GET", "/api/status", "")
	te.get("/api/status")
}
