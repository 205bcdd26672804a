package halo

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listener is a system that webhooks are sent to.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	status int
	hold   chan struct{} // answers wait until it is closed; not when nil
}

type received struct {
	method, kind, body string
	header             http.Header
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{status: http.StatusNoContent}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		l.got = append(l.got, received{r.Method, r.Header.Get("Content-Type"), string(text), r.Header})
		status, hold := l.status, l.hold
		l.mu.Unlock()
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		}
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			_, _ = io.WriteString(w, "got "+r.Header.Get("Authorization"))
		}
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) answers(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status = status
}

// take gives what came since the last time.
func (l *listener) take() []received {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := l.got
	l.got = nil
	return got
}

func (te *tenant) settle() {
	te.t.Helper()
	ctx, cancel := context.WithTimeout(te.t.Context(), 20*time.Second)
	defer cancel()
	if err := te.halo.Settle(ctx); err != nil {
		te.t.Fatal(err)
	}
}

// hook makes a webhook with events as public clients do: one post for it, one for each event.
func (te *tenant) hook(url, more string, events ...int) string {
	te.t.Helper()
	id := str(te.post("/api/Webhook", `[{"name":"H","url":"`+url+`","type":0,"method":0,"active":true,"content_type":"application/json",
		"authentication_type":0,"payload_type":0,"batch_method":0`+more+`}]`)["id"])
	for _, no := range events {
		te.event(id, no, "[]")
	}
	return id
}

func (te *tenant) event(hook string, no int, conditions string) {
	te.t.Helper()
	text, _ := json.Marshal(no)
	te.post("/api/Notification", `[{"webhook_id":"`+hook+`","type":-2,"delivery_method":6,"eventno":"`+string(text)+`","filter_type":2,"conditions":`+conditions+`}]`)
}

// webhooks makes a row of each resource of webhooks.
func (te *tenant) webhooks() {
	te.t.Helper()
	l := listen(te.t)
	id := te.hook(l.URL, "", 3)
	te.post("/api/Webhook", `[{"id":"`+id+`","_test":true}]`)
	te.settle()
}

func payloads(t *testing.T, got []received) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, r := range got {
		var m map[string]any
		decode(t, r.body, &m)
		all = append(all, m)
	}
	return all
}

func TestWebhooksTellWhatHappens(t *testing.T) {
	every := []int{3, 19, 39, 76, 1072, 9001, 9002, 9003}
	for _, c := range []struct {
		name, path, body string
		events           []string
	}{
		{"created", "/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`, []string{"new ticket logged"}},
		{"updated", "/api/tickets", `[{"id":2041,"summary":"other"}]`, []string{"ticket updated"}},
		{"status", "/api/tickets", `[{"id":2041,"status_id":5}]`, []string{"ticket updated", "ticket status changed"}},
		{"closed", "/api/tickets", `[{"id":2041,"status_id":9}]`, []string{"ticket updated", "ticket status changed", "ticket closed"}},
		{"reassigned", "/api/tickets", `[{"id":2041,"agent_id":7,"team":"Infrastructure"}]`, []string{"ticket updated", "ticket reassigned"}},
		{"note", "/api/actions", `[{"ticket_id":2041,"outcome":"Private Note","note":"n"}]`, []string{"action added"}},
		{"note that moves", "/api/actions", `[{"ticket_id":2041,"outcome":"Close","note":"n","new_agent":6}]`,
			[]string{"action added", "ticket status changed", "ticket closed", "ticket reassigned"}},
		{"user", "/api/actions", `[{"ticket_id":2041,"outcome":"User Reply","note":"n","who_type":0,"who":"Jo"}]`, []string{"ticket updated by user", "action added"}},
		{"old note", "/api/actions", `[{"ticket_id":2041,"id":1,"note":"changed"}]`, nil},
		{"only looked at", "/api/tickets", `[{"id":2041,"summary":"other","_validate_only":true}]`, nil},
		{"not a ticket", "/api/supplier", `[{"name":"S"}]`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			te, l := start(t, Options{}), listen(t)
			te.post("/api/tickets", `[{"id":2041,"status_id":2,"agent_id":4,"team":"1st Line Support"}]`)
			te.hook(l.URL, "", every...)
			te.post(c.path, c.body)
			te.settle()
			var events []string
			for _, p := range payloads(t, l.take()) {
				events = append(events, str(p["event"]))
			}
			if strings.Join(events, ", ") != strings.Join(c.events, ", ") {
				t.Errorf("told %v, want %v", events, c.events)
			}
		})
	}
	t.Run("deleted", func(t *testing.T) {
		te, l := start(t, Options{}), listen(t)
		te.hook(l.URL, "", every...)
		te.must(200, "DELETE", "/api/tickets/2041", "")
		te.settle()
		if got := payloads(t, l.take()); len(got) != 1 || got[0]["event"] != "ticket deleted" || str(got[0]["object_id"]) != "2041" {
			t.Errorf("%v", got)
		}
	})
}

func TestPayloads(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	small := te.hook(l.URL, `,"payload_type":0`, 9003)
	full := te.hook(l.URL, `,"payload_type":1`, 9003)
	bare := te.hook(l.URL, `,"payload_type":2`, 9003)
	own := te.hook(l.URL, `,"custom_payload":true,"mappings":[{"key":"number","value":"ticket.id"},{"key":"client","value":"ticket.client_name"},
		{"key":"source","value":"Halo"}]`, 9003)
	te.post("/api/actions", `[{"ticket_id":2041,"outcome":"Private Note","note":"look"}]`)
	te.settle()
	by := map[string]map[string]any{}
	var custom map[string]any
	for _, p := range payloads(t, l.take()) {
		if p["webhook_id"] == nil {
			custom = p
			continue
		}
		by[str(p["webhook_id"])] = p
	}
	ticket := te.get("/api/tickets/2041").object(t)
	for id, fields := range map[string]int{small: len(smallFields), full: len(ticket)} {
		p := by[id]
		inside, _ := p["ticket"].(map[string]any)
		action, _ := p["action"].(map[string]any)
		if len(inside) != fields || str(inside["id"]) != "2041" || action["note"] != "look" {
			t.Errorf("%d fields, want %d: %v", len(inside), fields, p)
		}
	}
	if p := by[bare]; p["ticket"] != nil || p["action"] != nil || str(p["object_id"]) != "2041" || p["message"] != "An Action has been added to Ticket ID: 0002041." {
		t.Errorf("%v", p)
	}
	for _, name := range []string{"id", "webhook_id", "escmsg_id"} {
		if len(str(by[full][name])) != 36 {
			t.Errorf("%s is %v", name, by[full][name])
		}
	}
	if by[full]["escmsg_id"] != by[bare]["escmsg_id"] || by[full]["id"] == by[bare]["id"] || str(by[full]["agent_id"]) != "3" {
		t.Errorf("%v %v", by[full]["escmsg_id"], by[bare])
	}
	if str(custom["number"]) != "2041" || custom["client"] != ticket["client_name"] || custom["source"] != "Halo" || len(custom) != 3 {
		t.Errorf("%s: %v", own, custom)
	}
}

func TestWebhookRequests(t *testing.T) {
	for _, c := range []struct {
		name, more, method, kind, header, value string
	}{
		{"plain", ``, "POST", "application/json", "Authorization", ""},
		{"put", `,"method":2`, "PUT", "application/json", "Authorization", ""},
		{"patch", `,"method":4,"content_type":"text/json"`, "PATCH", "text/json", "Authorization", ""},
		{"get", `,"method":1`, "GET", "", "Authorization", ""},
		{"form", `,"content_type":"application/x-www-form-urlencoded"`, "POST", "application/x-www-form-urlencoded", "Authorization", ""},
		{"basic", `,"authentication_type":1,"basic_username":"u","basic_password":"p4ss"`, "POST", "application/json", "Authorization", "Basic dTpwNHNz"},
		{"bearer", `,"authentication_type":2,"basic_password":"t0ken"`, "POST", "application/json", "Authorization", "Bearer t0ken"},
		{"key", `,"authentication_type":3,"basic_username":"X-Key","basic_password":"k3y"`, "POST", "application/json", "X-Key", "k3y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			te, l := start(t, Options{}), listen(t)
			l.answers(200)
			te.hook(l.URL, c.more, 3)
			te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
			te.settle()
			got := l.take()
			if len(got) != 1 || got[0].method != c.method || got[0].kind != c.kind || got[0].header.Get(c.header) != c.value {
				t.Fatalf("%+v", got)
			}
			text := te.get("/api/WebhookEvent").text + te.get("/api/Webhook").text + te.get("/_sandbox/webhooks").text + te.get("/_sandbox/requests").text
			for _, secret := range []string{"dTpwNHNz", "p4ss", "t0ken", "k3y"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s is shown", secret)
				}
			}
		})
	}
}

func TestDeliveriesAreLogged(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	l.answers(503)
	id := te.hook(l.URL, "", 3)
	te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
	te.settle()
	log := te.get("/api/WebhookEvent?webhook_id=" + id).array(t)
	if len(log) != 1 || log[0]["error"] != true || str(log[0]["responsestatus"]) != "503" || log[0]["responsebody"] != "got " ||
		!strings.Contains(str(log[0]["requestbody"]), `"event":"new ticket logged"`) || !strings.Contains(str(log[0]["requestheaders"]), "User-Agent: Halo") {
		t.Fatalf("one attempt, with what was answered: %v", log)
	}
	if got := te.get("/api/Webhook/" + id).object(t); str(got["last_status"]) != "503" {
		t.Errorf("%v", got)
	}
	first := l.take()[0].body
	l.answers(204)
	te.post("/api/WebhookEvent", `[{"id":"`+str(log[0]["id"])+`"}]`)
	te.settle()
	if again := l.take(); len(again) != 1 || again[0].body != first {
		t.Errorf("resent: %v", again)
	}
	if log := te.get("/api/WebhookEvent").array(t); len(log) != 2 {
		t.Errorf("%d deliveries", len(log))
	}
	te.must(405, "DELETE", "/api/WebhookEvent/"+str(log[0]["id"]), "")
	te.refusal("/api/WebhookEvent", `[{"status":1}]`)
}

func TestConditionsChooseTickets(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	id := te.hook(l.URL, `,"payload_type":1`)
	te.event(id, 3, `[{"fieldname":"tickettype_id","value_type":0,"value_int":2}]`)
	te.event(id, 76, `[{"fieldname":"client_id","value_type":1,"value_string":"12"}]`)
	te.post("/api/tickets", `[{"summary":"an incident","details":"d","tickettype_id":1}]`)
	te.post("/api/tickets", `[{"summary":"a request","details":"d","tickettype_id":2}]`)
	te.settle()
	if got := payloads(t, l.take()); len(got) != 1 || got[0]["ticket"].(map[string]any)["summary"] != "a request" {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{`[{"fieldname":"moon","value_type":0}]`, `[{"fieldname":"summary","value_type":7}]`} {
		te.refusal("/api/Notification", `[{"webhook_id":"`+id+`","eventno":3,"conditions":`+bad+`}]`)
	}
}
