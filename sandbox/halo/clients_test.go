package halo

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// call is a request exactly as some client sends it.
type call struct {
	method, path, body string
	header             []string
	status             int    // wanted
	has                string // part of the answer that the client reads
}

func (te *tenant) replay(calls []call) {
	te.t.Helper()
	for _, c := range calls {
		r := te.must(c.status, c.method, c.path, c.body, c.header...)
		if !strings.Contains(r.text, c.has) {
			te.t.Errorf("%s %s lacks %s: %.300s", c.method, c.path, c.has, r.text)
		}
	}
}

// TestPowerShellHabits: the HaloAPI module asks for authinfo first, appends /token, checks a lookup, writes lower-case
// paths, "true" in quotes and pages by record_count.
func TestPowerShellHabits(t *testing.T) {
	te := start(t, Options{})
	info := te.must(200, "GET", "/api/authinfo", "", "Authorization", "").object(t)
	if str(info["auth_url"]) != te.base+"/auth" || info["tenant_id"] != "acme-msp" {
		t.Fatalf("%v", info)
	}
	if r := te.form("/auth/token?tenant=acme-msp", credentials("all")); r.status != 200 || r.object(t)["expires_in"] == nil {
		t.Fatalf("%d %s", r.status, r.text)
	}
	te.replay([]call{
		{"GET", "/api/lookup?lookupid=11", "", nil, 200, `"lookupid":11`},
		{"GET", "//api/tickets?pageinate=true&page_size=50&page_no=4&order=id&orderdesc=False&open_only=True", "", nil, 200, `"record_count":`},
		{"GET", "/api/Tickets/2041?includedetails=True&includelastaction=true", "", nil, 200, `"id":2041`},
		{"GET", "/api/Actions?ticket_id=2041&count=1000&excludesys=True", "", nil, 200, `"actions":[`},
		{"GET", "/api/client/12?includedetails=true&includeactivity=true", "", nil, 200, `"name":"Northwind Dental"`},
		{"GET", "/api/CustomTable/50", "", nil, 404, ""},
		{"POST", "/api/recurringinvoice", `[{"client_id":12,"lines":[]}]`, nil, 201, `"id":-`},
		{"POST", "/api/agent", `[{"id":9999,"name":"nobody"}]`, nil, 404, ""},
		{"POST", "/api/Report", `[{"id":0,"sql":"SELECT 1 AS one","name":"","apiquery_id":0,"_testonly":false,"_loadreportonly":true}]`, nil, 201, `"rows":[{"one":1}]`},
		{"DELETE", "/api/actions/1?ticket_id=2041", "", nil, 200, `"id":1`},
	})
	seen, pages := 0, 1
	for page := 1; page <= pages; page++ {
		got := te.get(fmt.Sprintf("/api/client?pageinate=true&page_size=5&page_no=%d&includeinactive=True", page))
		total := int(toInt(stored(got.object(t)["record_count"])))
		pages = (total + 4) / 5
		seen += len(got.rows(t, "clients"))
	}
	if seen != 14 {
		t.Errorf("%d clients over the pages", seen)
	}
	if tables := te.get("/api/customtable").array(t); len(tables) < 2 {
		t.Errorf("%d custom tables; the module's own tests want more than one", len(tables))
	}
}

// TestPythonHabits: True and False, zeros for numbers not set, ID in capitals, the tenant as a form field, the
// token's own word before the token.
func TestPythonHabits(t *testing.T) {
	te := start(t, Options{})
	form := credentials("all")
	form.Set("tenant", "acme-msp")
	r := te.form("/auth/token", form).object(t)
	te.token = ""
	login := []string{"Authorization", str(r["token_type"]) + " " + str(r["access_token"]), "Content-Type", "application/x-www-form-urlencoded"}
	te.replay([]call{
		{"GET", "/api/Client?pageinate=False&page_size=0&page_no=0&order=ID&orderdesc=False&includeinactive=True&includeactive=True&count=5000", "", login, 200,
			`"record_count":14,"clients":[{"id":1,`},
		{"GET", "/api/Agent?includeenabled=True&includedisabled=True&includeunassigned=True", "", login, 200, `"name":"Unassigned"`},
		{"GET", "/api/Asset?pageinate=True&page_size=5000&page_no=1&order=id&orderdesc=True&count=5000&includechildren=True", "", login, 200, `"page_size":5000`},
		{"GET", "/api/Tickets?page_size=50&page_no=2&pageinate=True", "", login, 200, `"page_no":2,"page_size":50`},
		{"GET", "/api/Tickets/?search=printer&count=3", "", login, 200, `"tickets":[`},
		{"GET", "/api/TopLevel", "", login, 200, `"tree":[`},
	})
}

// TestTypeScriptHabits: count=true beside pageinate, JSON's Content-Type on GETs, an answer without JSON is {}.
func TestTypeScriptHabits(t *testing.T) {
	te := start(t, Options{})
	total, fetched := -1, 0
	for page := 1; fetched != total; page++ {
		got := te.get(fmt.Sprintf("/api/Tickets?page_size=50&page_no=%d&pageinate=true&count=true", page))
		total = int(toInt(stored(got.object(t)["record_count"])))
		rows := got.rows(t, "tickets")
		if len(rows) == 0 {
			t.Fatalf("page %d is empty with %d of %d fetched", page, fetched, total)
		}
		fetched += len(rows)
	}
	te.replay([]call{
		{"POST", "/api/Tickets", `[{"summary":"s","details":"d","client_id":12,"tickettype_id":1}]`, []string{"Content-Type", "application/json;charset=utf-8"}, 201, `"client_name":"Northwind Dental"`},
		{"POST", "/api/Tickets", `[{"summary":"s","details":"d"}]`, []string{"Content-Type", "application/json-patch+json"}, 201, `"id":`},
		{"GET", "/api/Users/me", "", nil, 200, `"linked_agent_id":3`},
	})
}

// TestNodeRedAndN8nHabits: numbers as text, a body {} on GET and DELETE, tenant=undefined on premises.
func TestNodeRedAndN8nHabits(t *testing.T) {
	te := start(t, Options{OnPremise: true})
	if r := te.form("/auth/token?tenant=undefined", credentials("all")); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.text)
	}
	te.replay([]call{
		{"GET", "/api/tickets?page_no=1&page_size=1&pageinate=true", "{}", nil, 200, `"record_count":`},
		{"POST", "/api/tickets", `[{"id":"2041","client_id":"12","site_id":"19","user_id":"34","flagged":"true"}]`, nil, 201, `"client_id":12,`},
		{"POST", "/api/site", `[{"name":"N","client_id":"12"}]`, nil, 201, `"client_id":12.0`},
		{"GET", "/api/tickets/abc", "{}", nil, 400, `{"id":["The value 'abc' is not valid."]}`},
		{"POST", "/api/tickets", `[{"id":"abc"}]`, nil, 400, `"[0].id":["Could not convert string to integer: abc.`},
		{"DELETE", "/api/tickets/2041?reason=test", "{}", nil, 200, `"id":2041`},
		{"GET", "/api/tickets/2041", "{}", nil, 404, ""},
	})
}

// TestPartnerPortalHabits: pages of 999, userlookup in place of a user, an outcome by number, notes as HTML.
func TestPartnerPortalHabits(t *testing.T) {
	te := start(t, Options{})
	te.replay([]call{
		{"GET", "/api/Client?pageinate=true&page_no=1&page_size=999", "", []string{"Content-Type", ""}, 200, `"page_size":999`},
		{"GET", "/api/Priority", "", nil, 200, `"priorityid":`},
		{"GET", "/api/lookup?lookupid=22", "", nil, 200, `"lookupid":22`},
		{"POST", "/api/Tickets", `[{"files":null,"usertype":1,"userlookup":{"id":-1,"lookupdisplay":"Enter Details Manually"},"client_id":12,"site_id":null,` +
			`"summary":"s","details_html":"<p>d</p>","donotapplytemplateintheapi":true,"attachments":[],"_novalidate":true}]`, nil, 201, `"user_name":"General User"`},
		{"POST", "/api/actions", `[{"ticket_id":2041,"outcome_id":7,"note_html":"<p>x</p>","hiddenfromuser":true}]`, nil, 201, `"outcome":"Internal Note"`},
		{"POST", "/api/actions", `[{"ticket_id":"2041","note":"x"}]`, nil, 400, `"Message":"An Outcome must be entered for this Action"`},
	})
}

// TestKeyHabits: clients of the newer key method send it in a header and page by what comes back.
func TestKeyHabits(t *testing.T) {
	te := start(t, Options{Applications: []Application{{Name: "Keyed", ClientID: "k", APIKey: "the-key"}}})
	te.token = ""
	key := []string{"X-Halo-Api-Key", "the-key", "Content-Type", ""}
	te.replay([]call{
		{"GET", "/api/Users?pageinate=true&page_size=50&page_no=2", "", key, 200, `{"page_no":2,"page_size":50,"record_count":`},
		{"GET", "/api/AssetType", "", key, 200, `[{"id":`},
		{"GET", "/api/Users", "", []string{"X-Halo-Api-Key", "another"}, 401, ""},
	})
}

// TestNoRedirects: many clients lose their login on a redirect, so that no spelling of a path may cause one.
func TestNoRedirects(t *testing.T) {
	te := start(t, Options{})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/api/tickets/", "//api//tickets", "/API/TICKETS", "/api/tickets?" + url.Values{"search": {"wi-fi & more"}}.Encode()} {
		r, _ := http.NewRequest("GET", te.base+path, nil)
		r.Header.Set("Authorization", "bearer "+te.token)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != 200 {
			t.Errorf("%s answered %d", path, answer.StatusCode)
		}
	}
}
