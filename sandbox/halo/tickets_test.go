package halo

import (
	"strings"
	"testing"
	"time"
)

func TestTicketFillsInWhatBelongsToIt(t *testing.T) {
	te := start(t, Options{})
	got := te.post("/api/Tickets", `[{"summary":"s","details_html":"<p>one<br>two &amp; three</p>","tickettype_id":1,"client_id":12}]`)
	for name, want := range map[string]string{
		"id": "2223", "client_name": "Northwind Dental", "site_name": "Main", "user_name": "General User", "status_name": "New",
		"tickettype_name": "Incident",
		"sla_name":        "Premium SLA", "priority_id": "3", "priority_name": "Medium", "agent_name": "Unassigned", "team": "1st Line Support", "team_id": "1",
		"details": "one\ntwo & three", "dateoccurred": "2026-09-25T14:30:00Z", "hasbeenclosed": "false", "dateclosed": noDate,
		"respondbydate": "2026-09-25T16:30:00Z",
		"fixbydate":     "2026-09-26T02:30:00Z", "timetaken": "0.0", "child_count": "0",
	} {
		if str(got[name]) != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	got = te.post("/api/Tickets", `[{"summary":"s","details":"a <b>\nc"}]`)
	if got["client_name"] != "Acme MSP" || got["details_html"] != "<p>a &lt;b&gt;<br>c</p>" {
		t.Errorf("%v", got)
	}
}

func TestTicketOfASpecificUserNeedsASite(t *testing.T) {
	te := start(t, Options{})
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d","client_id":12,"user_id":35}]`); !strings.Contains(got, "Site") {
		t.Error(got)
	}
	got := te.post("/api/tickets", `[{"summary":"s","details":"d","user_id":35,"site_id":19}]`)
	if got["client_name"] != "Northwind Dental" || got["user_email"] != "joanna.bloggs@northwind-dental.example" || got["reportedby"] != got["user_email"] {
		t.Errorf("%v", got)
	}
	got = te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":13,"userlookup":{"id":-1,"lookupdisplay":"Enter Details Manually"}}]`)
	if got["user_name"] != "General User" || got["client_name"] != "Harcourt & Vale Solicitors LLP" {
		t.Errorf("%v", got)
	}
}

func TestFirstActionIsOpened(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`)
	rows := te.get("/api/actions?ticket_id=2223").rows(t, "actions")
	if len(rows) != 1 || rows[0]["outcome"] != "Opened" || str(rows[0]["id"]) != "1" || rows[0]["note"] != "d" || rows[0]["who"] != "API Agent" {
		t.Errorf("%v", rows)
	}
}

func TestClosingAndReopening(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`)
	te.clock.pass(time.Minute)
	got := te.post("/api/tickets", `[{"id":2223,"status_id":9}]`)
	if got["hasbeenclosed"] != true || got["dateclosed"] != "2026-09-25T14:31:00Z" || got["status_name"] != "Closed" {
		t.Errorf("%v", got)
	}
	te.clock.pass(time.Minute)
	if got := te.post("/api/tickets", `[{"id":2223,"summary":"still closed"}]`); got["dateclosed"] != "2026-09-25T14:31:00Z" {
		t.Errorf("%v", got)
	}
	if got := te.post("/api/tickets", `[{"id":2223,"status_id":2}]`); got["hasbeenclosed"] != false || got["dateclosed"] != noDate {
		t.Errorf("%v", got)
	}
}

func TestTeamByNameOrNumber(t *testing.T) {
	te := start(t, Options{})
	if got := te.post("/api/tickets", `[{"id":2041,"team":"infrastructure"}]`); got["team"] != "Infrastructure" || str(got["team_id"]) != "3" {
		t.Errorf("%v %v", got["team"], got["team_id"])
	}
	if got := te.post("/api/tickets", `[{"id":2041,"team_id":2}]`); got["team"] != "2nd Line Support" {
		t.Errorf("%v", got["team"])
	}
	if got := te.post("/api/tickets", `[{"id":2041,"agent_id":4}]`); got["agent_name"] != "Tom Whitfield" || got["team"] != "2nd Line Support" {
		t.Errorf("%v", got)
	}
	if got := te.post("/api/tickets", `[{"summary":"s","details":"d","agent_id":7}]`); got["team"] != "Infrastructure" {
		t.Errorf("%v", got["team"])
	}
}

func TestCategories(t *testing.T) {
	te := start(t, Options{})
	if got := te.post("/api/tickets", `[{"id":2041,"category_1":"hardware>printer"}]`); str(got["categoryid_1"]) != "3" {
		t.Errorf("%v", got["categoryid_1"])
	}
	if got := te.post("/api/tickets", `[{"id":2041,"categoryid_1":1}]`); got["category_1"] != "Hardware>Desktop" {
		t.Errorf("%v", got["category_1"])
	}
}

func TestChangesNeedApprovers(t *testing.T) {
	te := start(t, Options{})
	body := `[{"summary":"s","details":"d","tickettype_id":3%s}]`
	if got := te.refusal("/api/tickets", strings.Replace(body, "%s", "", 1)); got != "CODE:APP03/2 Please select the CAB members to approve" {
		t.Error(got)
	}
	te.post("/api/tickets", strings.Replace(body, "%s", `,"new_approvalprocess_cab_id":1`, 1))
	te.post("/api/tickets", strings.Replace(body, "%s", `,"new_approvers":[{"agent_id":2}]`, 1))
}

func TestDeletedTicketsCanBeRecovered(t *testing.T) {
	te := start(t, Options{})
	if got := te.must(200, "DELETE", "/api/Tickets/2041?reason=spam", "").object(t); str(got["id"]) != "2041" {
		t.Errorf("%v", got)
	}
	te.must(404, "GET", "/api/tickets/2041", "")
	te.must(404, "POST", "/api/tickets", `[{"id":2041,"summary":"x"}]`)
	te.must(404, "POST", "/api/actions", `[{"ticket_id":2041,"outcome":"Private Note"}]`)
	if got := te.get("/api/tickets").object(t); str(got["record_count"]) != "171" {
		t.Errorf("%v", got["record_count"])
	}
	if got := te.get("/api/tickets?deleted=true").rows(t, "tickets"); len(got) != 1 || str(got[0]["id"]) != "2041" {
		t.Errorf("%v", got)
	}
	te.post("/api/tickets", `[{"id":2041,"_recover":true}]`)
	te.get("/api/tickets/2041")
}

func TestOpportunitiesAndProjectsAreTickets(t *testing.T) {
	te := start(t, Options{})
	opp := te.post("/api/Opportunities", `[{"summary":"New firewall","details":"d","client_id":12,"oppvalue":"950.5"}]`)
	project := te.post("/api/Projects", `[{"summary":"Move","details":"d","client_id":12}]`)
	if opp["tickettype_name"] != "Opportunity" || project["tickettype_name"] != "Project" || str(opp["oppvalue"]) != "950.5" {
		t.Errorf("%v %v", opp, project)
	}
	for path, want := range map[string]string{"/api/opportunities": "7", "/api/projects": "5", "/api/tickets": "172",
		"/api/tickets?domain=opps": "7", "/api/tickets?domain=prjs": "5"} {
		if got := te.get(path).object(t); str(got["record_count"]) != want {
			t.Errorf("%s: %v, want %s", path, got["record_count"], want)
		}
	}
	te.get("/api/tickets/" + str(opp["id"]))
	te.must(404, "GET", "/api/projects/"+str(opp["id"]), "")
}

func TestChildren(t *testing.T) {
	te := start(t, Options{})
	child := te.post("/api/tickets", `[{"summary":"s","details":"d","parent_id":2041}]`)
	got := te.get("/api/tickets/2041?includedetails=true").object(t)
	if str(got["child_count"]) != "1" || len(got["child_ticket_ids"].([]any)) != 1 {
		t.Errorf("%v %v", got["child_count"], got["child_ticket_ids"])
	}
	te.post("/api/tickets", `[{"id":`+str(child["id"])+`,"parent_id":2042}]`)
	if got := te.get("/api/tickets/2041").object(t); str(got["child_count"]) != "0" || got["child_ticket_ids"] != nil {
		t.Errorf("%v", got["child_count"])
	}
	if got := te.get("/api/tickets?parent_id=2042").rows(t, "tickets"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestAssetsOfATicket(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/tickets", `[{"id":2041,"assets":[{"id":2}]}]`)
	if got := te.get("/api/tickets/2041").object(t)["assets"].([]any); len(got) != 1 || got[0].(map[string]any)["inventory_number"] != "AST-00002" {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/tickets?asset_id=2").rows(t, "tickets"); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got := te.get("/api/asset?ticket_id=2041").rows(t, "assets"); len(got) != 1 || str(got[0]["id"]) != "2" {
		t.Errorf("%v", got)
	}
}
