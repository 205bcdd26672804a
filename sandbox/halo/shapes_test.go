package halo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// listShapes is the table of list shapes: the key of the rows, or nothing for a plain array.
var listShapes = map[string]string{
	"Actions": "actions", "Agent": "", "Appointment": "", "Asset": "assets", "Attachment": "attachments", "Client": "clients",
	"ClientContract": "contracts", "Invoice": "invoices", "Item": "items", "KBArticle": "articles", "Opportunities": "tickets",
	"Organisation": "", "Projects": "tickets", "Quotation": "quotes", "Site": "sites", "Status": "", "Supplier": "suppliers", "Team": "",
	"Tickets": "tickets", "TicketType": "", "TopLevel": "tree", "Users": "users", "Workday": "", "Priority": "", "Category": "",
	"FieldInfo": "", "Outcome": "", "Lookup": "", "AssetType": "", "CAB": "", "SLA": "",
	"Report": "reports", "RecurringInvoice": "invoices", "TicketApproval": "", "Timesheet": "", "TimesheetEvent": "", "Field": "", "CustomTable": "",
	"Webhook": "", "Notification": "", "WebhookEvent": "",
}

func TestEveryListHasItsShape(t *testing.T) {
	te := start(t, Options{})
	if len(listShapes) != len(resources()) {
		t.Errorf("%d shapes for %d resources", len(listShapes), len(resources()))
	}
	for name, key := range listShapes {
		for _, path := range []string{"/api/" + name, "/api/" + strings.ToLower(name) + "/", "/API/" + strings.ToUpper(name)} {
			got := te.get(path)
			if key == "" {
				got.array(t)
				continue
			}
			m := got.object(t)
			if _, isNumber := m["record_count"].(json.Number); !isNumber {
				t.Errorf("%s: no record_count", path)
			}
			got.rows(t, key)
		}
	}
}

// envelopeKeys are what Halo's description allows beside the rows.
var envelopeKeys = map[string]string{
	"Tickets": "page_no page_size record_count tickets columns_id columns_tilehtml columns_dashboard_id columns_cardhtml columns_calendar_event_title " +
		"columns zapier_ticket _warning completion_perc include_children collapse_by_default _dl_warning statuses priorities agents",
	"Attachment": "type unique_id ticket_id action_id record_count attachments page_no page_size folders",
}

func TestEnvelopesHaveOnlyWhatHaloHas(t *testing.T) {
	te := start(t, Options{})
	for name, key := range listShapes {
		allowed := strings.Fields(envelopeKeys[name])
		if key == "" {
			continue
		}
		if envelopeKeys[name] == "" && ticketUse[name] == "" {
			allowed = []string{"page_no", "page_size", "record_count", key}
		} else if envelopeKeys[name] == "" {
			allowed = strings.Fields(envelopeKeys["Tickets"])
		}
		for got := range te.get("/api/" + name + "?pageinate=true&includecolumns=true&page_size=2").object(t) {
			if !slices.Contains(allowed, got) {
				t.Errorf("%s: Halo's envelope has no %s", name, got)
			}
		}
	}
}

// TestOnlyWhatHaloHas reads every list and every single and compares names and types with Halo's own description.
func TestOnlyWhatHaloHas(t *testing.T) {
	te := start(t, Options{})
	te.webhooks()
	te.post("/api/attachment", `[{"ticket_id":2041,"filename":"a.txt","data_base64":"aGk="}]`)
	te.post("/api/tickets", `[{"id":2041,"customfields":[{"id":101,"value":"S1"}],"assets":[{"id":1}],"tags":[{"text":"vip"}]}]`)
	for name, key := range listShapes {
		res := resources()[strings.ToLower(name)]
		query := "?showall=true&includedisabled=true&includenotes=true&includelines=true&lookupid=11&ticket_id=2041&include_custom_fields=101,102&count=500"
		if name != "Actions" && name != "Attachment" {
			query = strings.Replace(query, "&ticket_id=2041", "", 1)
		}
		got := te.get("/api/" + name + query)
		var rows []map[string]any
		if key == "" {
			rows = got.array(t)
		} else {
			rows = got.rows(t, key)
		}
		if len(rows) == 0 {
			t.Errorf("%s: nothing is seeded", name)
		}
		for _, row := range rows {
			checkFields(t, res, row, false)
		}
		for _, row := range rows[:min(3, len(rows))] {
			path := fmt.Sprintf("/api/%s/%s?includedetails=true&ticket_id=2041&lookupid=11", name, keyOf(res, row))
			checkFields(t, res, te.get(path).object(t), true)
		}
	}
}

// keyOf is what stands in the path of a row.
func keyOf(res *resource, row map[string]any) string {
	switch {
	case res.number != "":
		return str(row[res.parent]) + "&" + str(row[res.number])
	case res.name == "TimesheetEvent":
		return "1" // lists do not tell their ids
	}
	return str(row["id"])
}

func checkFields(t *testing.T, res *resource, row map[string]any, full bool) {
	t.Helper()
	for name, v := range row {
		f, known := schemas()[res.schema].field(name)
		if !known || full && !f.inFull || !full && !f.inList {
			t.Errorf("%s (full %t): Halo has no field %s there", res.name, full, name)
		}
		if v != nil && !typed(f.kind, v) {
			t.Errorf("%s.%s is %v, which is not of the right type", res.name, name, v)
		}
	}
}

func typed(k kind, v any) bool {
	switch k {
	case kindInt:
		n, ok := v.(json.Number)
		return ok && !strings.ContainsAny(n.String(), ".eE")
	case kindNum:
		n, ok := v.(json.Number)
		return ok && strings.Contains(n.String(), ".")
	case kindBool:
		_, ok := v.(bool)
		return ok
	case kindText:
		_, ok := v.(string)
		return ok
	case kindGUID:
		s, ok := v.(string)
		return ok && len(s) == 36
	case kindDate:
		s, ok := v.(string)
		_, _, valid := parseDate(s)
		return ok && valid
	case kindList:
		_, ok := v.([]any)
		return ok
	case kindObject:
		_, ok := v.(map[string]any)
		return ok
	}
	return true
}

func TestDoublesAreWrittenAsDoubles(t *testing.T) {
	te := start(t, Options{})
	for path, want := range map[string]string{
		"/api/users?count=1&search=Joanna": `"site_id":19.0`, "/api/site?count=1&client_id=12": `"client_id":12.0`, "/api/tickets/2041": `"estimate":0.0`,
	} {
		if got := te.get(path).text; !strings.Contains(got, want) {
			t.Errorf("%s lacks %s: %s", path, want, got)
		}
	}
	m := te.get("/api/users?search=Joanna").rows(t, "users")[0]
	if str(m["site_id_int"]) != "19" {
		t.Errorf("site_id_int is %v", m["site_id_int"])
	}
}

func TestPrioritiesAreRowsPerSLA(t *testing.T) {
	te := start(t, Options{})
	all, one := te.get("/api/priority").array(t), te.get("/api/priority?slaid=2").array(t)
	distinct := te.get("/api/priority?includedistinct=true").array(t)
	if len(all) != 8 || len(one) != 4 || len(distinct) != 4 {
		t.Fatalf("%d rows, %d of an SLA, %d distinct", len(all), len(one), len(distinct))
	}
	if len(str(one[0]["id"])) != 36 || str(one[0]["priorityid"]) != "1" || str(one[0]["slaid"]) != "2" {
		t.Errorf("%v", one[0])
	}
	if got := te.get("/api/priority/" + strings.ToUpper(str(one[0]["id"]))).object(t); got["id"] != one[0]["id"] {
		t.Errorf("%v", got)
	}
}

func TestLookups(t *testing.T) {
	te := start(t, Options{})
	if got := te.get("/api/lookup?lookupid=11").array(t); len(got) == 0 {
		t.Error("HaloAPI gives up when the list of lookups is empty")
	}
	sources := te.get("/api/lookup?lookupid=22").array(t)
	if len(sources) != 7 || sources[1]["name"] != "Email" || str(sources[1]["lookupid"]) != "22" {
		t.Errorf("%v", sources)
	}
	if got := te.get("/api/lookup").array(t); len(got) != 22 {
		t.Errorf("without lookupid all lists come together: %d", len(got))
	}
	if got := te.get("/api/lookup?lookupid=22&exclude_zero=true").array(t); len(got) != 6 {
		t.Errorf("exclude_zero leaves %d", len(got))
	}
}

func TestMe(t *testing.T) {
	te := start(t, Options{})
	if got := te.get("/api/Agent/me").object(t); str(got["id"]) != "3" || got["isapiagent"] != true {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/Users/me").object(t); str(got["linked_agent_id"]) != "3" {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/Client/me").object(t); got["name"] != "Acme MSP" {
		t.Errorf("%v", got)
	}
	te.must(404, "GET", "/api/Tickets/me", "")
}

func TestWhatIsNotThereIsNotPretended(t *testing.T) {
	te := start(t, Options{})
	for _, path := range []string{"/", "/api", "/api/nothing", "/api/tickets/2041/actions", "/api/InstanceInfo",
		"/api/Contract", "/api/invoice/pdf/1/2", "/api/tickets/a/b/c"} {
		if r := te.must(404, "GET", path, ""); r.text != "" {
			t.Errorf("%s: 404 has a body", path)
		}
	}
}

func TestWrongVerbs(t *testing.T) {
	te := start(t, Options{})
	for _, c := range [][2]string{{"PUT", "/api/tickets"}, {"PATCH", "/api/tickets/2041"}, {"PUT", "/api/tickets/2041"}, {"DELETE",
		"/api/tickets"}, {"POST", "/api/tickets/2041"}, {"POST", "/api/agent/me"}} {
		te.must(405, c[0], c[1], "[]")
	}
}
