package halo

import (
	"strings"
	"testing"
)

func TestFieldsThatAreMadeMandatory(t *testing.T) {
	rules := []Mandatory{
		{Fields: []string{"category_1", "impact", "urgency", "user_id"}, TicketType: 2},
		{Fields: []string{"CFserial", "CFbusinessImpact"}, TicketType: 4},
		{Resource: "Actions", Outcome: "Phone Call", Fields: []string{"timetaken", "note"}},
		{Resource: "Users", Fields: []string{"emailaddress", "phonenumber"}},
	}
	for _, c := range []struct {
		name, path, body string
		want             string // fields that the refusal names; empty: it is taken
	}{
		{"what Halo itself wants", "/api/tickets", `[{"client_id":12}]`, "summary, details"},
		{"all at once", "/api/tickets", `[{"tickettype_id":2,"summary":"s"}]`, "details, category_1, impact, urgency, user_id"},
		{"only what lacks", "/api/tickets", `[{"tickettype_id":2,"summary":"s","details":"d","impact":2,"urgency":2,"user_id":32}]`, "category_1"},
		{"empty is not given", "/api/tickets", `[{"tickettype_id":2,"summary":"s","details":"d","impact":0,"urgency":2,"user_id":32,"site_id":19,"category_1":" "}]`,
			"category_1, impact"},
		{"all there", "/api/tickets", `[{"tickettype_id":2,"summary":"s","details":"d","impact":2,"urgency":2,"user_id":32,"site_id":19,"categoryid_1":3}]`, ""},
		{"another type", "/api/tickets", `[{"tickettype_id":1,"summary":"s","details":"d"}]`, ""},
		{"not checked", "/api/tickets", `[{"tickettype_id":2,"summary":"s","_novalidate":true}]`, ""},
		{"only checked", "/api/tickets", `[{"tickettype_id":2,"summary":"s","details":"d","_validate_only":true}]`, "category_1, impact, urgency, user_id"},
		{"custom fields", "/api/tickets", `[{"tickettype_id":4,"summary":"s","details":"d"}]`, "Serial number (CFserial), Business impact (CFbusinessImpact)"},
		{"custom field by name", "/api/tickets", `[{"tickettype_id":4,"summary":"s","details":"d","customfields":[{"name":"CFserial","value":"1"}]}]`,
			"Business impact (CFbusinessImpact)"},
		{"custom field by id", "/api/tickets", `[{"tickettype_id":4,"summary":"s","details":"d","customfields":[{"id":101,"value":"1"},{"id":102,"value":2}]}]`, ""},
		{"custom field without a value", "/api/tickets", `[{"tickettype_id":4,"summary":"s","details":"d","customfields":[{"id":101,"value":""},{"id":102,"value":2}]}]`,
			"Serial number (CFserial)"},
		{"an update leaves them alone", "/api/tickets", `[{"id":2041,"tickettype_id":2,"summary":"s"}]`, ""},
		{"an update that empties one", "/api/tickets", `[{"id":2041,"tickettype_id":2,"category_1":""}]`, "category_1"},
		{"an outcome", "/api/actions", `[{"ticket_id":2041,"outcome":"phone call"}]`, "timetaken, note"},
		{"an outcome by number", "/api/actions", `[{"ticket_id":2041,"outcome_id":8,"note_html":"<p>n</p>"}]`, "timetaken"},
		{"another outcome", "/api/actions", `[{"ticket_id":2041,"outcome":"Private Note"}]`, ""},
		{"users", "/api/users", `[{"name":"Jo","site_id":19,"emailaddress":"jo@x.example"}]`, "phonenumber"},
	} {
		t.Run(c.name, func(t *testing.T) {
			te := start(t, Options{Mandatory: rules})
			if c.want == "" {
				te.post(c.path, c.body)
				return
			}
			if got := te.refusal(c.path, c.body); got != "Please complete the mandatory fields: "+c.want+"." {
				t.Error(got)
			}
		})
	}
}

func TestCustomFieldThatSaysItselfThatItIsMandatory(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/fieldinfo", `[{"id":101,"mandatory":true}]`)
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d"}]`); !strings.Contains(got, "CFserial") {
		t.Error(got)
	}
	te.post("/api/client", `[{"name":"New"}]`) // it is a field of tickets
}

func TestFieldsBecomeMandatoryInTheMiddle(t *testing.T) {
	te := start(t, Options{})
	body := `[{"summary":"s","details":"d"}]`
	te.post("/api/tickets", body)
	te.must(200, "POST", "/_sandbox/settings", `{"mandatory":[{"fields":["category_1"]}]}`)
	te.refusal("/api/tickets", body)
	te.must(200, "POST", "/_sandbox/settings", `{"mandatory":[]}`)
	te.post("/api/tickets", body)

	te.fault(Fault{Kind: FaultMandatory, Method: "POST", Path: "/api/tickets", Skip: 1, Fields: []string{"CFserial"}})
	te.post("/api/tickets", body)
	te.refusal("/api/tickets", body)
	te.refusal("/api/tickets", body)
	te.post("/api/tickets", `[{"summary":"s","details":"d","customfields":[{"name":"CFserial","value":"S"}]}]`)
}

func TestTicketTypesOfAClient(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/client", `[{"id":12,"allowall_tickettypes":false,"allowed_tickettypes":[{"id":1},{"id":"2"}]}]`)
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d","client_id":12,"tickettype_id":3,"new_approvalprocess_cab_id":1}]`); !strings.Contains(got, "Change Request") {
		t.Error(got)
	}
	te.refusal("/api/opportunities", `[{"summary":"s","details":"d","client_id":12}]`)
	te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12,"tickettype_id":1}]`)
	other := te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":13,"tickettype_id":9}]`)
	te.refusal("/api/tickets", `[{"id":`+str(other["id"])+`,"client_id":12,"site_id":19}]`)
	if got := te.get("/api/tickettype?client_id=12").array(t); len(got) != 2 {
		t.Errorf("%d types", len(got))
	}
	if all, of := te.get("/api/tickettype").array(t), te.get("/api/tickettype?client_id=13").array(t); len(all) != len(of) {
		t.Errorf("%d of %d", len(of), len(all))
	}
}

func TestTicketsOfTheDefaultClientMustBeMoved(t *testing.T) {
	te := start(t, Options{MoveDefaultClient: true})
	id := str(te.post("/api/tickets", `[{"summary":"from nobody we know","details":"d"}]`)["id"])
	note := func(more string) string {
		return `[{"ticket_id":` + id + `,"outcome":"Private Note","note":"n"` + more + `}]`
	}
	if got := te.refusal("/api/actions", note("")); !strings.Contains(got, "must be moved") {
		t.Error(got)
	}
	te.post("/api/tickets", `[{"id":`+id+`,"client_id":12,"site_id":19}]`)
	te.post("/api/actions", note(""))
	id = str(te.post("/api/tickets", `[{"summary":"another","details":"d"}]`)["id"])
	te.post("/api/actions", note(`,"new_client_id":12`))
}

func TestApprovalsWantApprovers(t *testing.T) {
	te := start(t, Options{})
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d","tickettype_id":3,"_novalidate":true}]`); got != "CODE:APP03/2 Please select the CAB members to approve" {
		t.Error(got)
	}
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d","tickettype_id":3,"new_approvalprocess_cab_id":77}]`); !strings.Contains(got, "CAB with the ID 77") {
		t.Error(got)
	}
	te.post("/api/tickets", `[{"summary":"s","details":"d","tickettype_id":3,"new_approvalprocess_cab_id":1}]`)
}

func TestSettingsThatCannotBe(t *testing.T) {
	te := start(t, Options{})
	before := te.get("/_sandbox/settings").text
	for _, body := range []string{`{"rate_limit":0}`, `{"rate_window_seconds":0}`, `{"token_lifetime_seconds":-1}`, `{"retry_after":"soon"}`,
		`{"mandatory":[{"fields":[]}]}`, `{"mandatory":[{"resource":"Moon","fields":["x"]}]}`, `{"mandatory":[{"fields":["nothing"]}]}`, `{"nothing":1}`, `[`} {
		te.must(400, "POST", "/_sandbox/settings", body)
	}
	if after := te.get("/_sandbox/settings").text; after != before {
		t.Errorf("%s became %s", before, after)
	}
}
