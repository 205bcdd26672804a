package halo

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// inside talks to a server without a network, as the ready-made application.
func inside(s *Server) func(method, target, body string) *httptest.ResponseRecorder {
	p := principal{app: &s.options.Applications[0], scopes: []string{"all"}}
	token, _ := s.tokens.issue(grant{principal: p, scope: "all"}, s.options.Now(), s.options.TokenLifetime)
	return func(method, target, body string) *httptest.ResponseRecorder {
		path, query, _ := strings.Cut(target, "?")
		r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
}

func sound(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Header().Get("Content-Type"), "json") && !json.Valid(w.Body.Bytes()) {
		t.Fatalf("not JSON: %.300s", w.Body)
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"pageinate=true&page_size=5&page_no=2", "count=3&order=id&orderdesc=true", "search=a&client_id=12", "startdate=2026-01-01&datesearch=dateclosed",
		`advanced_search=[{"filter_name":"id","filter_type":8,"filter_value":3}]`, "idonly=true&include_custom_fields=1,2",
		"page_no=99999999&page_size=2147483647&pageinate=1",
		"activeinactive=true,false", "team=1,x", "lastupdatefromdate=true", "slaid=1&includedistinct=true&lookupid=11&ticket_id=2041",
	} {
		f.Add("Tickets", seed)
		f.Add("Users", seed)
	}
	call := inside(New(Options{RateLimit: -1, Now: newClock().now}))
	f.Fuzz(func(t *testing.T, resource, query string) {
		sound(t, call(http.MethodGet, "/api/"+resource+"?"+query, ""))
		sound(t, call(http.MethodGet, "/api/"+resource+"/"+query, ""))
	})
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`[{"summary":"s","details":"d","client_id":"12","customfields":[{"id":101,"value":1}],"attachments":[{"filename":"a","data_base64":"aGk="}]}]`,
		`{"summary":"s"}`, `[{"id":2041,"_recover":true,"status_id":9}]`, `[{"ticket_id":2041,"outcome":"Close","timetaken":1.5,"new_status":9}]`,
		`[{"name":"x","site_id":19.0}]`, `[{"userlookup":{"id":"-1"},"_novalidate":true}]`, `[{"id":"abc"}]`,
		`[{"client_id":12,"lines":[{"qty_order":2}]}]`, "[", `[null]`,
		`[{"assets":[1,{"id":2}],"tags":[null],"teams":[[]],"users":"x","faqlists":[{"id":1}],"_novalidate":1}]`,
		`[{"id":1,"ihid":1,"qty_order":"2","result":true,"your_vote":-1,"parent_id":2041,"sql":"SELECT 1","_testonly":true}]`, "[1,-1]", `{"ticket_id":2041,"action_number":1}`,
		`[{"slaid":1,"priorityid":1,"name":"n","id":"x"}]`,
		`[{"name":"h","url":"http://127.0.0.1/","payload_type":3,"mappings":[{"key":"a","value":"ticket.id"},1],"batch_method":1,"_test":true}]`,
		`[{"eventno":"3","webhook_id":"8e25bc7b-0000-0000-0000-000000000000","conditions":[{"fieldname":"status","value_int":1},null]}]`,
	} {
		for _, name := range []string{"tickets", "actions", "users", "client", "asset", "invoice", "attachment", "agent", "priority", "fieldinfo",
			"lookup", "webhook", "notification", "webhookevent", "report", "recurringinvoice", "ticketapproval", "timesheet", "timesheetevent", "field",
			"customtable", "tickets/vote", "tickets/object", "tickets/view", "tickets/processchildren", "actions/reaction", "actions/review",
			"invoice/updatelines", "recurringinvoice/process", "quotation/approval", "clientcontract/nextref", "clientcontract/approval",
			"report/bookmark", "users/prefs", "appointment/booking", "appointment/generate", "attachment/document"} {
			f.Add(name, seed)
		}
	}
	s := New(Options{RateLimit: -1, Now: newClock().now})
	s.outgoing = &http.Client{Transport: nowhere{}}
	f.Cleanup(func() { _ = s.Close() })
	call := inside(s)
	f.Fuzz(func(t *testing.T, resource, body string) {
		sound(t, call(http.MethodPost, "/api/"+resource, body))
		sound(t, call(http.MethodPost, "/api/"+resource+"?returnall=true", "["+body+"]"))
		sound(t, call(http.MethodGet, "/api/"+resource+"?pageinate=true&page_size=3", ""))
		s.mu.RLock()
		grown := len(s.data.table("Tickets").rows) > 1000
		s.mu.RUnlock()
		if grown {
			call(http.MethodPost, "/_sandbox/reset", "")
			call = inside(s)
		}
	})
}

// nowhere is where the webhooks of a fuzz test go.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }

// FuzzSpoiled: what spoils an answer gives JSON again, of the same shape, except where it cuts it off.
func FuzzSpoiled(f *testing.F) {
	for _, seed := range []string{`{"id":1,"a":2}`, `[{"id":1},2,null]`, `{"record_count":1,"tickets":[{"id":1}],"x":[]}`, `{`, `""`, `{"a":1e9}`} {
		f.Add(FaultNulls, seed)
		f.Add(FaultDoubles, seed)
		f.Add(FaultUnknown, seed)
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		fault := Fault{Kind: kind}
		if kind == FaultTruncated || fault.check() != nil {
			return
		}
		got := fault.twist(answer{status: http.StatusOK, body: []byte(body)}).body
		if json.Valid([]byte(body)) && (!json.Valid(got) || strings.TrimSpace(body)[0] != got[0]) {
			t.Fatalf("%q became %q", body, got)
		}
	})
}

// FuzzRedact: no secret survives, whatever stands around it and wherever the log cuts.
func FuzzRedact(f *testing.F) {
	f.Add(`{"a":"b"}`, "basic_password", 10)
	f.Add("", "client_secret", 4090)
	s := New(Options{Now: newClock().now})
	f.Fuzz(func(t *testing.T, before, name string, padding int) {
		if padding < 0 || padding > 3*keptBody || !secretName.MatchString(name) || strings.Contains(before, "hunter2") {
			return
		}
		key, _ := json.Marshal(name)
		if strings.ContainsAny(string(key[1:len(key)-1]), `"\\`) || !secretJSON.MatchString(string(key)+`:"x"`) {
			return
		}
		body := `[{"x":"` + strings.Repeat("y", padding) + `",` + string(key) + `:"hunter2"}]`
		if got := s.redactBody(&exchange{body: []byte(body)}); strings.Contains(got, "hunter") {
			t.Fatalf("%q shows %q", body, got)
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add("grant_type=client_credentials&client_id=x&client_secret=y&scope=all", "tenant=acme-msp")
	f.Add("grant_type=refresh_token&refresh_token=%zz", "tenant=%")
	s := New(Options{Now: newClock().now})
	f.Fuzz(func(t *testing.T, form, query string) {
		r := httptest.NewRequest(http.MethodPost, "http://halo.example/auth/token", strings.NewReader(form))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		sound(t, w)
	})
}

func TestManyAtOnce(t *testing.T) {
	now := newClock().now
	s := newServer(Options{RateLimit: -1, Now: now}.complete(), freshData(now))
	call := inside(s)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				call("POST", "/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`)
				call("POST", "/api/actions", `[{"ticket_id":2041,"outcome":"Private Note","timetaken":0.25}]`)
				call("GET", "/api/tickets?pageinate=true&page_size=20&search=s", "")
				call("GET", "/api/actions?ticket_id=2041", "")
				call("GET", "/_sandbox/requests", "")
			}
		})
	}
	all.Wait()
	ticket := s.data.find("Tickets", 2041)
	if got := len(s.data.table("Actions").groups[2041]); got < 80 || ticket.num("timetaken") < 20 {
		t.Errorf("%d actions, %v hours", got, ticket["timetaken"])
	}
	if got := len(s.data.table("Tickets").rows); got != 182+80 {
		t.Errorf("%d tickets", got)
	}
}
