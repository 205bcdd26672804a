package halo

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestPaging(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		query     string
		rows      int
		page_size string // as answered; "" when it must not be there
	}{
		{"", 50, ""},                                             // the default
		{"page_size=5&page_no=2", 50, ""},                        // ignored without pageinate
		{"pageinate=true&page_size=5&page_no=2", 5, "5"},         //
		{"pageinate=True&page_size=5", 5, "5"},                   // as Python writes it
		{"pageinate=true", 50, "50"},                             //
		{"pageinate=true&page_size=1000", 100, "100"},            // capped, and the effective size is told
		{"pageinate=true&page_size=100&page_no=2", 72, "100"},    // the rest
		{"pageinate=true&page_size=100&page_no=99", 0, "100"},    // beyond the end
		{"pageinate=true&page_size=-4&page_no=-1", 50, "50"},     //
		{"count=3", 3, ""},                                       //
		{"count=5000", 172, ""},                                  //
		{"pageinate=true&page_size=5&page_no=3&count=7", 7, "5"}, // count switches paging off
		{"paginate=true&page_size=5", 50, ""},                    // spelt rightly, which Halo does not know
	} {
		m := te.get("/api/tickets?" + c.query).object(t)
		if rows := m["tickets"].([]any); len(rows) != c.rows || str(m["page_size"]) != c.page_size || str(m["record_count"]) != "172" {
			t.Errorf("%s: %d rows, page_size %v, record_count %v", c.query, len(rows), m["page_size"], m["record_count"])
		}
	}
}

func TestPagesAreDisjointAndWhole(t *testing.T) {
	te := start(t, Options{})
	seen := map[string]bool{}
	for page := 1; ; page++ {
		rows := te.get(fmt.Sprintf("/api/tickets?pageinate=true&page_size=25&page_no=%d&order=client_name&orderdesc=true", page)).rows(t, "tickets")
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			if id := str(r["id"]); seen[id] {
				t.Errorf("ticket %s comes twice", id)
			} else {
				seen[id] = true
			}
		}
	}
	if len(seen) != 172 {
		t.Errorf("%d tickets on all pages", len(seen))
	}
}

func TestOtherListsAreNotCappedUnlessAsked(t *testing.T) {
	query := "/api/users?pageinate=true&page_size=999"
	if got := start(t, Options{}).get(query).rows(t, "users"); len(got) <= 50 {
		t.Errorf("%d", len(got))
	}
	if got := start(t, Options{PageCap: 10}).get(query).object(t); str(got["page_size"]) != "10" {
		t.Errorf("%v", got["page_size"])
	}
}

func TestCountIsCapped(t *testing.T) {
	te := start(t, Options{})
	te.halo.mu.Lock()
	for range 1200 {
		s := &seeder{state: te.halo.data}
		s.add("Tickets", record{"summary": "x", "~use": "ticket"})
	}
	te.halo.mu.Unlock()
	if got := te.get("/api/tickets?count=5000").rows(t, "tickets"); len(got) != 1000 {
		t.Errorf("%d", len(got))
	}
}

// column gives one field of every row.
func column(rows []map[string]any, name string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, str(r[name]))
	}
	return out
}

func TestOrder(t *testing.T) {
	te := start(t, Options{})
	names := column(te.get("/api/client?order=name&orderdesc=true").rows(t, "clients"), "name")
	if names[0] != "Tidewater Marine plc" || names[len(names)-1] != "Acme MSP" {
		t.Errorf("%v", names)
	}
	rows := te.get("/api/tickets?count=172&order=client_id&orderdesc=true&order2=id").rows(t, "tickets")
	ok := slices.IsSortedFunc(rows, func(a, b map[string]any) int {
		if a["client_id"] != b["client_id"] {
			return -compareIDs(a, b, "client_id")
		}
		return compareIDs(a, b, "id")
	})
	if !ok {
		t.Error("order and order2 do not hold")
	}
	if got := column(te.get("/api/tickets?count=2&order=nonsense").rows(t, "tickets"), "id"); got[0] < got[1] {
		t.Errorf("an unknown order must leave the default: %v", got)
	}
}

func compareIDs(a, b map[string]any, name string) int {
	var x, y int
	_, _ = fmt.Sscan(str(a[name]), &x)
	_, _ = fmt.Sscan(str(b[name]), &y)
	return x - y
}

// TestFilters states for each parameter what must hold of every row, and that some but not all rows are left.
func TestFilters(t *testing.T) {
	te := start(t, Options{})
	whole := map[string]int{} // rows without a filter
	is := func(name string, values ...string) func(map[string]any) bool {
		return func(r map[string]any) bool { return slices.Contains(values, str(r[name])) }
	}
	for _, c := range []struct {
		path, key, query string
		holds            func(map[string]any) bool
	}{
		{"tickets", "tickets", "open_only=true", func(r map[string]any) bool { return str(r["status_id"]) != "9" }},
		{"tickets", "tickets", "closed_only=true", is("status_id", "9")},
		{"tickets", "tickets", "client_id=12", is("client_name", "Northwind Dental")},
		{"tickets", "tickets", "client_ids=12,13", is("client_id", "12", "13")},
		{"tickets", "tickets", "status_id=1", is("status_name", "New")},
		{"tickets", "tickets", "status=1,%202", is("status_id", "1", "2")},
		{"tickets", "tickets", "agent_id=4", is("agent_name", "Tom Whitfield")},
		{"tickets", "tickets", "agent=4,5", is("agent_id", "4", "5")},
		{"tickets", "tickets", "team=1", is("team", "1st Line Support")},
		{"tickets", "tickets", "team=2nd%20Line%20Support", is("team", "2nd Line Support")},
		{"tickets", "tickets", "requesttype_id=5", is("tickettype_name", "Alert")},
		{"tickets", "tickets", "requesttype=5,9", is("tickettype_id", "5", "9")},
		{"tickets", "tickets", "priority=2", is("priority_name", "High")},
		{"tickets", "tickets", "sla=2", is("sla_name", "Premium SLA")},
		{"tickets", "tickets", "category_1=3", is("category_1", "Hardware>Printer")},
		{"tickets", "tickets", "search=printer", is("category_1", "Hardware>Printer")},
		{"tickets", "tickets", "search_summary=PRINTER", is("category_1", "Hardware>Printer")},
		{"tickets", "tickets", "search_id=2050", is("id", "2050")},
		{"tickets", "tickets", "startdate=2026-09-20&enddate=2026-09-22&datesearch=dateoccured", func(r map[string]any) bool {
			return str(r["dateoccurred"]) >= "2026-09-20" && str(r["dateoccurred"]) < "2026-09-23"
		}},
		{"tickets", "tickets", "lastupdatefromdate=2026-09-24T00:00:00Z", func(r map[string]any) bool { return str(r["last_update"]) >= "2026-09-24" }},
		{"tickets", "tickets", "requesttype_id=1&client_id=13", is("client_id", "13")},
		{"users", "users", "client_id=12", is("client_name", "Northwind Dental")},
		{"users", "users", "site_id=19", is("site_id_int", "19")},
		{"users", "users", "search=bloggs", is("name", "Joanna Bloggs")},
		{"users", "users", "exclude_agents=true&search=MSP", is("name", "General User")},
		{"site", "sites", "client_id=17", is("client_name", "St. Aldhelm's Academy Trust")},
		{"client", "clients", "toplevel_id=2", is("toplevel_name", "Partner Accounts")},
		{"client", "clients", "search=northwind", is("id", "12")},
		{"asset", "assets", "client_id=12", is("client_id", "12")},
		{"clientcontract", "contracts", "client_id=12", is("client_id", "12")},
		{"quotation", "quotes", "client_id=13", is("client_id", "13")},
		{"item", "items", "recurringonly=true", is("isrecurringitem", "true")},
		{"asset", "assets", "assettype_id=2", is("assettype_name", "Laptop")},
		{"asset", "assets", "inventory_number=ast-00003", is("id", "3")},
		{"asset", "assets", "user_id=35", is("username", "Joanna Bloggs")},
		{"asset", "assets", "supplier_id=1&search=ND-WS", is("client_id", "12")},
		{"invoice", "invoices", "invoicedatestart=2026-09-01&client_ids=12,13", is("client_id", "12", "13")},
		{"item", "items", "excluderecurring=true&supplier_id=1", is("isrecurringitem", "false")},
		{"appointment", "", "tasksonly=false&agents=5,99", is("agent_id", "5")},
		{"appointment", "", "start_date=2026-09-26&end_date=2026-09-27", func(r map[string]any) bool { return str(r["start_date"]) < "2026-09-28" }},
		{"kbarticle", "articles", "search=vpn", is("name", "Connecting to the VPN from home")},
		{"tickettype", "", "itil_type=3", is("itilrequesttype", "3")},
		{"status", "", "excludepending=true", is("slaaction", "N")},
		{"fieldinfo", "", "typeid=1", is("usage", "1")},
		{"users", "users", "toplevel_id=2", is("client_name", "Kestrel Freight & Co.", "Tidewater Marine plc")},
		{"users", "users", "search_phonenumbers=true&search=01632&client_id=12", is("client_id", "12")},
		{"site", "sites", "toplevel_id=2", is("client_id", "18.0", "21.0")},
		{"status", "", "excludeclosed=true", func(r map[string]any) bool { return str(r["id"]) != "9" }},
		{"tickettype", "", "domain=opps", is("name", "Opportunity")},
		{"team", "", "type=prjs", is("name", "Projects")},
		{"category", "", "type_id=2", is("type_id", "2")},
		{"agent", "", "team_id=2", func(r map[string]any) bool { return len(r["teams"].([]any)) > 0 }},
	} {
		list := func(query string) []map[string]any {
			r := te.get("/api/" + c.path + "?count=500&" + query)
			if c.key == "" {
				return r.array(t)
			}
			return r.rows(t, c.key)
		}
		rows := list(c.query)
		if whole[c.path] == 0 {
			whole[c.path] = len(list(""))
		}
		if len(rows) == 0 || len(rows) == whole[c.path] {
			t.Errorf("%s?%s leaves %d rows", c.path, c.query, len(rows))
		}
		for _, r := range rows {
			if !c.holds(r) {
				t.Errorf("%s?%s leaves %v", c.path, c.query, r)
				break
			}
		}
	}
}

func TestUnknownAndEmptyParametersAreIgnored(t *testing.T) {
	te := start(t, Options{})
	if got := te.get("/api/tickets?nonsense=1&client_id=&status=,&CLIENT_ID=12&%zz=1&count=500").rows(t, "tickets"); len(got) == 0 || len(got) == 172 {
		t.Errorf("%d rows", len(got))
	}
}

func TestValuesOfTheWrongTypeInAQuery(t *testing.T) {
	te := start(t, Options{})
	for path, name := range map[string]string{
		"/api/tickets?client_id=abc": "client_id", "/api/tickets?open_only=maybe": "open_only", "/api/tickets?pageinate=true&page_no=x": "page_no",
		"/api/tickets?startdate=soon": "startdate", "/api/tickets/abc": "id", "/api/priority/abc": "id", "/api/tickets?client_id=99999999999": "client_id",
	} {
		m := te.must(400, "GET", path, "").object(t)
		list, _ := m[name].([]any)
		if len(list) != 1 {
			t.Errorf("%s: %v", path, m)
		}
	}
	if got := te.must(400, "GET", "/api/tickets/abc", "").text; got != `{"id":["The value 'abc' is not valid."]}` {
		t.Error(got)
	}
}

func TestInactiveRows(t *testing.T) {
	te := start(t, Options{})
	count := func(query string) int { return len(te.get("/api/client?"+query).rows(t, "clients")) }
	for query, want := range map[string]int{
		"": 13, "includeinactive=true": 14, "includeactive=false&includeinactive=true": 1, "activeinactive=true,false": 13,
		"activeinactive=false,true": 1, "activeinactive=true,true": 14,
	} {
		if got := count(query); got != want {
			t.Errorf("%q: %d, want %d", query, got, want)
		}
	}
}

func TestAgentsThatListsLeaveOut(t *testing.T) {
	te := start(t, Options{})
	for query, want := range map[string]int{
		"": 8, "includedisabled=true": 10, "includeunassigned=true": 9, "includeapiagents=true": 9, "showall=true": 12,
		"includeenabled=false&includedisabled=True": 2,
	} {
		if got := te.get("/api/agent?" + query).array(t); len(got) != want {
			t.Errorf("%q: %d, want %d", query, len(got), want)
		}
	}
}

func TestTeamsOfTheAgentOnly(t *testing.T) {
	te := start(t, Options{})
	for query, want := range map[string]int{"": 5, "showall=true": 6, "showall=true&includedisabled=true": 7} {
		if got := te.get("/api/team?" + query).array(t); len(got) != want {
			t.Errorf("%q: %d, want %d", query, len(got), want)
		}
	}
}

func TestIDOnly(t *testing.T) {
	te := start(t, Options{})
	if got := te.get("/api/client?idonly=true&count=1").rows(t, "clients"); len(got[0]) != 1 || got[0]["id"] == nil {
		t.Errorf("%v", got)
	}
}

func TestAdvancedSearch(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		filters string
		want    []string
	}{
		{`[{"filter_name":"emailaddress","filter_type":4,"filter_value":"joanna"}]`, []string{"Joanna Bloggs"}},
		{`[{"filter_name":"name","filter_type":2,"filter_value":"samir patel"}]`, []string{"Samir Patel"}},
		{`[{"filter_name":"id","filter_type":0,"filter_value":"35,36"}]`, []string{"Joanna Bloggs", "Samir Patel"}},
		{`[{"filter_name":"id","filter_type":0,"filter_value":[35,36]}]`, []string{"Joanna Bloggs", "Samir Patel"}},
		{`[{"filter_name":"id","filter_type":8,"filter_value":35},{"filter_name":"id","filter_type":9,"filter_value":36}]`, []string{"Joanna Bloggs"}},
		{`[{"filter_name":"client_id","filter_type":6,"filter_value":12},{"filter_name":"name","filter_type":5,"filter_value":"a"}]`, nil},
		{`[{"filter_name":"name","filter_type":4,"filter_value":"Joanna%"}]`, []string{"Joanna Bloggs"}},
		{`[{"filter_name":"id","filter_type":7,"filter_value":34},{"filter_name":"id","filter_type":10,"filter_value":35}]`, []string{"Joanna Bloggs"}},
		{`[{"filter_name":"client_id","filter_type":6,"filter_value":12},{"filter_name":"id","filter_type":1,"filter_value":"34,36,37,38,39"}]`,
			[]string{"Joanna Bloggs"}},
		{`[{"filter_name":"name","filter_type":3,"filter_value":"General User"},{"filter_name":"site_name","filter_type":2,"filter_value":"Harrogate Surgery"},{"filter_name":"name","filter_type":4,"filter_value":"%patel"}]`, []string{"Samir Patel"}},
	} {
		r := te.get("/api/users?advanced_search=" + url.QueryEscape(c.filters))
		if got := column(r.rows(t, "users"), "name"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.filters, got, c.want)
		}
	}
	for _, bad := range []string{"{", `[{"filter_name":"nonsense","filter_type":2,"filter_value":1}]`,
		`[{"filter_name":"id","filter_type":99}]`, `[{"filter_name":"id","filter_type":"2"}]`} {
		te.must(400, "GET", "/api/users?advanced_search="+url.QueryEscape(bad), "")
	}
}

func TestCustomFieldsInListsOnlyWhenAskedFor(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/tickets", `[{"id":2041,"customfields":[{"id":101,"value":"S1"},{"name":"CFbusinessImpact","value":"A team"}]}]`)
	if r := te.get("/api/tickets?search_id=2041").rows(t, "tickets")[0]; r["customfields"] != nil {
		t.Errorf("%v", r["customfields"])
	}
	got := te.get("/api/tickets?search_id=2041&include_custom_fields=102").rows(t, "tickets")[0]["customfields"].([]any)
	if len(got) != 1 || got[0].(map[string]any)["display"] != "A team" || str(got[0].(map[string]any)["value"]) != "2" {
		t.Errorf("%v", got)
	}
	full := te.get("/api/tickets/2041").object(t)["customfields"].([]any)
	if len(full) != 2 || full[0].(map[string]any)["label"] != "Serial number" {
		t.Errorf("%v", full)
	}
}

func TestLastUpdateOfClients(t *testing.T) {
	te := start(t, Options{})
	te.clock.pass(10 * time.Minute)
	since := url.QueryEscape(haloDate(te.clock.now()))
	te.post("/api/client", `[{"id":12,"ref":"changed"}]`)
	if got := te.get("/api/client?lastupdatefromdate="+since).rows(t, "clients"); len(got) != 1 || str(got[0]["id"]) != "12" {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/client?lastupdatefromdate=true").rows(t, "clients"); len(got) != 13 {
		t.Errorf("Halo's description calls it a boolean; that must do nothing: %d", len(got))
	}
}
