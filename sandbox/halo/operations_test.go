package halo

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

func TestOperationsOfTickets(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/tickets/vote", `[{"id":2041,"your_vote":1}]`)
	te.post("/api/tickets/vote", `[{"id":2041,"your_vote":-1}]`)
	got := te.post("/api/Tickets/View", `[{"id":2041,"summary":"not saved"}]`)
	if str(got["useful_count"]) != "1" || str(got["notuseful_count"]) != "1" || got["read"] != true || got["summary"] == "not saved" {
		t.Errorf("%v %v %v %v", got["useful_count"], got["notuseful_count"], got["read"], got["summary"])
	}
	te.must(404, "POST", "/api/tickets/vote", `[{"your_vote":1}]`)
	before := len(te.halo.data.table("Tickets").rows)
	draft := te.post("/api/tickets/object", `{"summary":"draft","details":"d","client_id":12}`)
	if draft["client_name"] != "Northwind Dental" || len(te.halo.data.table("Tickets").rows) != before {
		t.Errorf("%v", draft["client_name"])
	}
	child := te.post("/api/tickets", `[{"summary":"child","details":"d","parent_id":2041}]`)
	te.post("/api/tickets/processchildren", `[{"id":2041,"status_id":9}]`)
	if got := te.get("/api/tickets/" + str(child["id"])).object(t); str(got["status_id"]) != "9" || got["summary"] != "child" {
		t.Errorf("%v %v", got["status_id"], got["summary"])
	}
	if rows := te.get("/api/tickets/zapier").array(t); len(rows) != 3 {
		t.Errorf("%d", len(rows))
	}
	te.must(500, "GET", "/api/tickets/salesmailbox", "")
	if got := te.post("/api/actions/review", `[{"ticket_id":2041,"id":1}]`); got["actreviewed"] != true {
		t.Errorf("%v", got["actreviewed"])
	}
	te.post("/api/actions/reaction", `{"ticket_id":2041,"action_number":1,"type":"thumbsup"}`)
	if got := te.get("/api/actions/1?ticket_id=2041").object(t); len(got["reactions"].([]any)) != 1 {
		t.Errorf("%v", got["reactions"])
	}
	te.must(404, "POST", "/api/actions/reaction", `{"ticket_id":2041,"action_number":99}`)
}

func TestApprovals(t *testing.T) {
	te := start(t, Options{})
	ticket := te.post("/api/tickets", `[{"summary":"s","details":"d","tickettype_id":3,"new_approvers":[{"cab_id":1,"type":3},{"agent_id":2}]}]`)
	id := str(ticket["id"])
	rows := te.get("/api/TicketApproval?ticket_id=" + id).array(t)
	if len(rows) != 2 || rows[0]["name"] != "Change Advisory Board" || str(rows[1]["seq"]) != "2" || rows[1]["approval_inprogress"] != true {
		t.Fatalf("%v", rows)
	}
	got := te.post("/api/TicketApproval", `[{"ticket_id":`+id+`,"seq":2,"result":1,"approver_note":"fine"}]`)
	if str(got["result"]) != "1" || got["dateapproved"] == nil || got["approval_inprogress"] != false || got["id"] != nil {
		t.Errorf("%v", got)
	}
	if last := te.get("/api/TicketApproval/" + id).object(t); str(last["seq"]) != "2" {
		t.Errorf("%v", last)
	}
	te.must(200, "DELETE", "/api/TicketApproval/"+id+"&1", "")
	te.must(404, "GET", "/api/TicketApproval/"+id+"&1", "")
	te.must(400, "GET", "/api/TicketApproval/a&b", "")
	if rows := te.get("/api/TicketApproval?ticket_id=" + id).array(t); len(rows) != 1 {
		t.Errorf("%d", len(rows))
	}
}

func TestOperationsOfBusiness(t *testing.T) {
	te := start(t, Options{})
	invoice := te.get("/api/invoice/1").object(t)
	net := str(invoice["lines"].([]any)[0].(map[string]any)["net_amount"])
	line := te.post("/api/invoice/updatelines", `[{"id":1,"ihid":1,"qty_order":2,"unit_price":50}]`)
	after := te.get("/api/invoice/1").object(t)
	changed := after["lines"].([]any)[0].(map[string]any)
	if str(line["id"]) != "1" || str(changed["net_amount"]) != "100.0" || net == "100.0" || changed["item_shortdescription"] != "Managed service" {
		t.Errorf("%s then %v", net, changed)
	}
	te.must(404, "POST", "/api/invoice/updatelines", `[{"id":99,"ihid":1}]`)
	pdf := te.must(200, "POST", "/api/invoice/pdf/1", "")
	if !strings.HasPrefix(pdf.text, "%PDF-") || !strings.Contains(pdf.text, "Managed service") || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%.80s %v", pdf.text, pdf.header)
	}
	te.must(404, "POST", "/api/invoice/pdf/4711", "")
	if got := te.post("/api/invoice/1/void", ""); got["voided"] != true || str(got["amountdue"]) != "0.0" {
		t.Errorf("%v %v", got["voided"], got["amountdue"])
	}
	recurring := te.get("/api/recurringinvoice?includelines=true").rows(t, "invoices")
	if !strings.HasPrefix(str(recurring[0]["id"]), "-") || len(recurring[0]["lines"].([]any)) != 1 {
		t.Fatalf("%v", recurring[0])
	}
	made := te.post("/api/recurringinvoice/process", `[`+str(recurring[0]["id"])+`]`)
	if got := te.get("/api/invoice/" + str(made["id"])).object(t); str(got["total"]) != str(recurring[0]["total"]) {
		t.Errorf("%v", got["total"])
	}
	update := te.post("/api/recurringinvoice", `[{"id":`+str(recurring[0]["id"])+`,"notes_1":"n"}]`)
	if str(update["id"]) != str(recurring[0]["id"]) || update["notes_1"] != "n" {
		t.Errorf("%v", update["id"])
	}
	quote := te.post("/api/quotation/approval", `[{"id":1,"result":true,"approvalname":"Jo","ponumber":"PO7"}]`)
	if str(quote["approvalstate"]) != "2" || quote["po_ref"] != "PO7" || quote["approvalname"] != "Jo" {
		t.Errorf("%v", quote)
	}
	if got := te.post("/api/kbarticle/vote", `[{"id":1,"your_vote":1}]`); str(got["useful_count"]) != "1" {
		t.Errorf("%v", got["useful_count"])
	}
	if got := te.post("/api/clientcontract/nextref", `[{"client_id":12}]`); !strings.HasPrefix(str(got["ref"]), "MSA-") {
		t.Errorf("%v", got)
	}
	if got := te.post("/api/clientcontract/approval", `[{"id":1,"result":false}]`); got["contract_status"] != "Rejected" {
		t.Errorf("%v", got["contract_status"])
	}
	if got := te.post("/api/report/bookmark", `{"id":1}`); got["bookmarked"] != true {
		t.Errorf("%v", got["bookmarked"])
	}
	if pdf := te.must(200, "POST", "/api/report/createpdf", `{"id":1}`); !strings.Contains(pdf.text, "Northwind Dental") {
		t.Errorf("%.200s", pdf.text)
	}
	te.must(400, "POST", "/api/report/createpdf", `{"sql":"DELETE FROM faults"}`)
}

func TestOperationsOfTheRest(t *testing.T) {
	te := start(t, Options{})
	tag := te.get("/api/Asset/NextTag").object(t)
	if made := te.post("/api/asset", `[{"client_id":12,"assettype_id":1}]`); made["inventory_number"] != tag["next_tag"] || tag["last_tag"] == tag["next_tag"] {
		t.Errorf("%v, made %v", tag, made["inventory_number"])
	}
	tree := te.get("/api/Team/Tree").array(t)
	if len(tree) != 1 || tree[0]["name"] != "Service Delivery" || len(tree[0]["teams"].([]any)) < 4 {
		t.Errorf("%v", tree)
	}
	te.post("/api/site", `[{"id":19,"isstocklocation":true}]`)
	if bins := te.get("/api/site/stockbins").array(t); len(bins) != 1 || str(bins[0]["site_id"]) != "19" {
		t.Errorf("%v", bins)
	}
	if got := te.post("/api/users/prefs", `[{"theme":"dark"}]`); got["theme"] != "dark" || str(got["id"]) == "" {
		t.Errorf("%v", got)
	}
	te.must(200, "POST", "/api/lookup/clearcache", "")
	te.must(200, "POST", "/api/agent/clearcache", "")
	te.must(201, "POST", "/api/appointment/generate", "[1]")
	te.must(400, "POST", "/api/appointment/generate", `["x"]`)
	booked := te.post("/api/appointment/booking", `{"subject":"b","start_date":"2026-09-28T09:00:00Z","end_date":"2026-09-28T10:00:00Z"}`)
	te.get("/api/appointment/" + str(booked["id"]))
	te.post("/api/field/addfieldtoall/1", "")
	if kind := te.get("/api/assettype/2").object(t); len(kind["field_list"].([]any)) != 1 {
		t.Errorf("%v", kind["field_list"])
	}
	te.must(400, "POST", "/api/attachment/gets3presignedurl", "[]")
	te.must(401, "POST", "/api/lookup/clearcache", "", "Authorization", "Bearer x")
	te.as("read:tickets").must(403, "POST", "/api/tickets/vote", "[]")
	te.must(415, "POST", "/api/tickets/vote", "[]", "Content-Type", "text/plain")
}

func TestImagesAndDocuments(t *testing.T) {
	te := start(t, Options{})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", "shot.png")
	file.Write([]byte("png"))
	form.Close()
	got := te.must(201, "POST", "/api/Attachment/image?ticket_id=2041", body.String(), "Content-Type", form.FormDataContentType()).object(t)
	path := "/api/Attachment/image/" + str(got["id"])
	if r := te.get(path); r.text != "png" || got["isimage"] != true || r.header.Get("Content-Type") != "image/png" {
		t.Errorf("%v %q", got, r.text)
	}
	te.must(415, "POST", "/api/Attachment/image", "{}")
	te.must(400, "POST", "/api/Attachment/image", "--x--", "Content-Type", "multipart/form-data; boundary=x")
	te.must(200, "DELETE", path, "")
	te.must(404, "GET", path, "")
	document := te.post("/api/Attachment/document", `[{"filename":"d.txt","data_base64":"aGk="}]`)
	if r := te.get("/api/Attachment/document/" + str(document["id"])); r.text != "hi" {
		t.Errorf("%q", r.text)
	}
}

func TestTimesheets(t *testing.T) {
	te := start(t, Options{})
	te.act("2041", `"outcome_id":4,"note":"n","timetaken":1.5`)
	rows := te.get("/api/Timesheet?agent_id=4&date=2026-09-24").array(t)
	if len(rows) != 1 || rows[0]["agent_name"] != "Tom Whitfield" {
		t.Fatalf("%v", rows)
	}
	te.post("/api/Timesheet", `[{"agent_id":3,"date":"2026-09-25T14:00:00Z","_submitapproval":true}]`)
	mine := te.get("/api/Timesheet/mine").array(t)
	if len(mine) != 1 || str(mine[0]["actual_hours"]) != "1.5" || str(mine[0]["unlogged_hours"]) != "6.0" {
		t.Fatalf("%v", mine)
	}
	single := te.get("/api/Timesheet/" + str(mine[0]["id"]) + "?includedetails=true").object(t)
	if events := single["events"].([]any); len(events) != 1 || single["approval"] == nil {
		t.Errorf("%v", single)
	}
	te.must(405, "DELETE", "/api/Timesheet/1", "")
	events := te.get("/api/TimesheetEvent?agent_id=3&start_date=2026-09-25T00:00:00Z&count=1").array(t)
	if len(events) != 1 || str(events[0]["id"]) != "0" || str(events[0]["ticket_id"]) != "2041" || str(events[0]["timetaken"]) != "1.5" {
		t.Fatalf("%v", events)
	}
	quick := te.post("/api/TimesheetEvent", `[{"subject":"Quick Time","start_date":"2026-09-25T09:00:00Z","end_date":"2026-09-25T09:30:00Z","client_id":12,"lognewticket":true,"agent_id":"3"}]`)
	if ticket := te.get("/api/tickets/" + str(quick["ticket_id"])).object(t); ticket["summary"] != "Quick Time" || ticket["hasbeenclosed"] != true || str(quick["timetaken"]) != "0.5" {
		t.Errorf("%v", quick)
	}
	te.must(200, "DELETE", "/api/TimesheetEvent/"+str(quick["id"]), "")
	te.must(400, "POST", "/api/TimesheetEvent", `[{"start_date":"2026-09-25","end_date":"2026-09-24"}]`)
}
