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
		r := httptest.NewRequest(method, "http://halo.example/", strings.NewReader(body))
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
		`[{"slaid":1,"priorityid":1,"name":"n","id":"x"}]`,
	} {
		for _, name := range []string{"tickets", "actions", "users", "client", "asset", "invoice", "attachment", "agent", "priority", "fieldinfo",
			"lookup"} {
			f.Add(name, seed)
		}
	}
	s := New(Options{RateLimit: -1, Now: newClock().now})
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
