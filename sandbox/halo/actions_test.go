package halo

import (
	"fmt"
	"strings"
	"testing"
)

func newTicket(te *tenant) string {
	te.t.Helper()
	return str(te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`)["id"])
}

// act posts an action; %s in the body is the ticket.
func (te *tenant) act(ticket, body string) map[string]any {
	te.t.Helper()
	return te.post("/api/Actions", fmt.Sprintf(`[{"ticket_id":%s,%s}]`, ticket, body))
}

func TestActionsWithoutATicket(t *testing.T) {
	te := start(t, Options{})
	if got := te.get("/api/Actions").text; got != `{"record_count":0,"actions":[]}` {
		t.Error(got)
	}
}

func TestActionIDsAreOfTheirTicket(t *testing.T) {
	te := start(t, Options{})
	a, b := newTicket(te), newTicket(te)
	for _, ticket := range []string{a, b} {
		if got := te.act(ticket, `"outcome":"Private Note","note":"n"`); str(got["id"]) != "2" || str(got["ticket_id"]) != ticket {
			t.Errorf("%v", got)
		}
	}
	te.must(404, "GET", "/api/actions/2", "")
	if got := te.get("/api/actions/2?ticket_id=" + a).object(t); got["note"] != "n" {
		t.Errorf("%v", got)
	}
	te.must(404, "DELETE", "/api/actions/2", "")
	if got := te.must(200, "DELETE", "/api/actions/2?ticket_id="+a, "").object(t); str(got["id"]) != "2" {
		t.Errorf("%v", got)
	}
	te.must(404, "GET", "/api/actions/2?ticket_id="+a, "")
	te.get("/api/actions/2?ticket_id=" + b)
}

func TestActionHasItsAuthor(t *testing.T) {
	te := start(t, Options{})
	got := te.act(newTicket(te), `"outcome":"private note","note_html":"<p>x</p>","hiddenfromuser":true`)
	for name, want := range map[string]string{
		"outcome": "Private Note", "outcome_id": "4", "who": "API Agent", "who_type": "1", "who_agentid": "3", "who_initials": "AA", "note": "x",
		"note_html":      "<p>x</p>",
		"hiddenfromuser": "true", "timetaken": "0.0", "actionby_application_id": "Gantry Sandbox", "actionby_agent_id": "3",
		"datetime": "2026-09-25T14:30:00Z", "attachment_count": "0",
	} {
		if str(got[name]) != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	if got := te.act("2041", `"outcome_id":7`); got["outcome"] != "Internal Note" || got["hiddenfromuser"] != true {
		t.Errorf("%v", got)
	}
	if got := te.act("2041", `"outcome_id":"4","hiddenfromuser":false,"who":"Jo Bloggs","who_type":0`); got["hiddenfromuser"] != false || got["who"] != "Jo Bloggs" || got["who_initials"] != "JB" {
		t.Errorf("%v", got)
	}
	if got := te.act("2041", `"outcome":"Of my own making","who_agentid":4`); got["outcome"] != "Of my own making" || got["who"] != "Tom Whitfield" {
		t.Errorf("%v", got)
	}
}

func TestActionRules(t *testing.T) {
	te := start(t, Options{})
	if got := te.refusal("/api/actions", `[{"ticket_id":2041,"note":"x"}]`); got != "An Outcome must be entered for this Action" {
		t.Error(got)
	}
	if got := te.refusal("/api/actions", `[{"ticket_id":2041,"outcome":"Director Sign-off"}]`); got != "You do not have access to this Action" {
		t.Error(got)
	}
	if r := te.must(400, "POST", "/api/actions", `[{"outcome":"Private Note"}]`); r.text != "" {
		t.Errorf("no ticket_id: %s", r.text)
	}
	te.must(404, "POST", "/api/actions", `[{"ticket_id":99999,"outcome":"Private Note"}]`)
}

func TestExceptionBodyIsDotNet(t *testing.T) {
	te := start(t, Options{})
	got := te.must(400, "POST", "/api/actions", `[{"ticket_id":2041}]`).text
	want := `{"ClassName":"System.Exception","Message":"An Outcome must be entered for this Action","Data":null,"InnerException":null,"HelpURL":null,` +
		`"StackTraceString":null,"RemoteStackTraceString":null,"RemoteStackIndex":0,"ExceptionMethod":null,"HResult":-2146233088,"Source":null,"WatsonBuckets":null}`
	if got != want {
		t.Error(got)
	}
}

func TestActionsMoveTheTicket(t *testing.T) {
	te := start(t, Options{})
	id := newTicket(te)
	te.act(id, `"outcome":"Private Note","status_id":9`)
	if got := te.get("/api/tickets/" + id).object(t); str(got["status_id"]) != "1" {
		t.Error("status_id on an action must not move the ticket")
	}
	te.act(id, `"outcome":"Private Note","new_status":2,"new_agent":6,"new_team":"2nd Line Support","new_priority":1,"new_category1":"Hardware>Printer"`)
	got := te.get("/api/tickets/" + id).object(t)
	for name, want := range map[string]string{"status_name": "In Progress", "agent_name": "Marcus Okafor", "team": "2nd Line Support",
		"priority_name": "Critical", "categoryid_1": "3"} {
		if str(got[name]) != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	te.act(id, `"outcome":"Close","note":"Done."`)
	if got := te.get("/api/tickets/" + id).object(t); got["hasbeenclosed"] != true || got["closure_note"] != "Done." {
		t.Errorf("%v", got)
	}
}

func TestTimeAddsUp(t *testing.T) {
	te := start(t, Options{})
	id := newTicket(te)
	te.act(id, `"outcome":"Private Note","timetaken":1.75`)
	te.act(id, `"outcome":"Private Note","timetaken":"0.5"`)
	total := func(want string) {
		t.Helper()
		if got := te.get("/api/tickets/" + id).object(t); str(got["timetaken"]) != want {
			t.Errorf("timetaken is %v, want %s", got["timetaken"], want)
		}
	}
	total("2.25")
	te.act(id, `"id":2,"timetaken":1`)
	total("1.5")
	te.must(200, "DELETE", "/api/actions/3?ticket_id="+id, "")
	total("1.0")
	if got := te.get("/api/actions?timeentriesonly=true&ticket_id="+id).rows(t, "actions"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestActionUpdateKeepsTheRest(t *testing.T) {
	te := start(t, Options{})
	got := te.act("2041", `"id":1,"note":"changed"`)
	if got["note"] != "changed" || got["outcome"] != "Opened" || !strings.Contains(str(got["note_html"]), "changed") {
		t.Errorf("%v", got)
	}
	te.must(404, "POST", "/api/actions", `[{"ticket_id":2041,"id":99,"note":"x"}]`)
}

func TestActionLists(t *testing.T) {
	te := start(t, Options{})
	id := newTicket(te)
	for i := range 60 {
		te.act(id, fmt.Sprintf(`"outcome":"Public Note","note":"n%d","important":%t`, i, i == 7))
	}
	te.act(id, `"outcome":"Private Note"`)
	list := func(query string) []map[string]any {
		return te.get("/api/Actions?ticket_id="+id+"&"+query).rows(t, "actions")
	}
	if rows := list(""); len(rows) != 50 || str(rows[0]["id"]) != "62" || rows[0]["note_html"] != nil {
		t.Errorf("%d rows, newest first, without HTML: %v", len(rows), rows[0])
	}
	for query, want := range map[string]int{"count=1000": 62, "count=1": 1, "count=1000&excludesys=true": 61,
		"count=1000&excludeprivate=true": 61, "importantonly=true": 1, "actoutcome=opened": 1, "actoutcomenum=4": 1} {
		if rows := list(query); len(rows) != want {
			t.Errorf("%s: %d rows, want %d", query, len(rows), want)
		}
	}
	if rows := list("includehtmlnote=true&count=1"); rows[0]["note_html"] == nil {
		t.Error("includehtmlnote brings note_html")
	}
}

func TestAttachments(t *testing.T) {
	te := start(t, Options{})
	last := ""
	for _, body := range []string{`"data_base64":"aGVsbG8="`, `"data_base64":"data:text/plain;base64,aGVsbG8="`, `"data":"aGVsbG8"`} {
		got := te.post("/api/Attachment", `[{"ticket_id":2041,"filename":"note é.txt",`+body+`}]`)
		if str(got["filesize"]) != "5" || got["data"] != nil || got["data_base64"] != nil || str(got["unique_id"]) != "2041" {
			t.Errorf("%v", got)
		}
		last = str(got["id"])
		r := te.get("/api/Attachment/" + str(got["id"]))
		if r.text != "hello" || r.header.Get("Content-Type") != "text/plain" || !strings.Contains(r.header.Get("Content-Disposition"),
			"attachment; filename") {
			t.Errorf("%q %v", r.text, r.header)
		}
	}
	if got := te.get("/api/Attachment/" + last + "?includedetails=true").object(t); got["data"] != "aGVsbG8=" {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/tickets/2041").object(t); str(got["attachment_count"]) != "3" {
		t.Errorf("%v", got["attachment_count"])
	}
	if got := te.get("/api/Attachment?ticket_id=2042").rows(t, "attachments"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	te.must(400, "POST", "/api/Attachment", `[{"ticket_id":2041,"filename":"a","data_base64":"%%%"}]`)
	te.must(400, "POST", "/api/Attachment", `[{"ticket_id":2041,"filename":"a"}]`)
	te.must(200, "DELETE", "/api/Attachment/"+last, "")
	te.must(404, "GET", "/api/Attachment/"+last, "")
}

func TestAttachmentsOfAnAction(t *testing.T) {
	te := start(t, Options{})
	got := te.act("2041", `"outcome":"Private Note","attachments":[{"filename":"a.png","data_base64":"aGk="}]`)
	if str(got["attachment_count"]) != "1" || got["attachments"] != nil {
		t.Errorf("%v", got)
	}
	rows := te.get("/api/Attachment?ticket_id=2041&action_id="+str(got["id"])).rows(t, "attachments")
	if len(rows) != 1 || rows[0]["isimage"] != true {
		t.Errorf("%v", rows)
	}
	te.post("/api/tickets", `[{"id":2042,"attachments":[{"filename":"b.txt","data_base64":"aGk="}]}]`)
	if rows := te.get("/api/Attachment?ticket_id=2042").rows(t, "attachments"); len(rows) != 1 {
		t.Errorf("%v", rows)
	}
}
