package halo

import (
	"encoding/base64"
	"fmt"
	"time"
)

// reports makes saved reports, which run as they stand.
func (s *seeder) reports() {
	for _, row := range []struct{ name, group, sql string }{
		{"Open tickets by client", "Service Desk", "SELECT aareadesc AS [Client], COUNT(*) AS [Open Tickets] FROM FAULTS JOIN AREA ON areaint = aarea " +
			"WHERE status <> 9 AND fdeleted = 0 GROUP BY aareadesc"},
		{"Tickets raised in the last 30 days", "Service Desk", "SELECT faultid AS [Ticket ID], symptom AS [Summary], dateoccured AS [Raised], tstatusdesc AS [Status] " +
			"FROM FAULTS JOIN TSTATUS ON status = tstatus WHERE dateoccured > DATEADD(day, -30, GETDATE()) AND fdeleted = 0"},
		{"Time by agent", "Time", "SELECT uname AS [Agent], ROUND(SUM(timetaken), 2) AS [Hours] FROM ACTIONS JOIN UNAME ON whoagentid = unum GROUP BY uname"},
		{"Contracts that end within a year", "Billing", "SELECT chcontractref AS [Contract], aareadesc AS [Client], chenddate AS [Ends] " +
			"FROM CONTRACTHEADER JOIN AREA ON charea = aarea WHERE chenddate < DATEADD(year, 1, GETDATE())"},
	} {
		group := map[string]int{"Service Desk": 1, "Time": 2, "Billing": 3}[row.group]
		s.add("Report", record{"name": row.name, "description": row.name + ".", "group_id": group, "group_name": row.group, "sql": row.sql,
			"charttype": boolRank(group == 1)})
	}
}

// fields makes the fields of assets and a custom table.
func (s *seeder) fields() {
	for i, row := range []struct {
		name string
		kind int
	}{{"Serial Number", 0}, {"Operating System", 1}, {"Memory (GB)", 1}, {"IP Address", 0}, {"Toner", 4}} {
		s.add("Field", record{"guid": s.newGUID(), "name": row.name, "parenttype_id": row.kind, "sequence": i + 1})
	}
	for _, row := range [][3]string{{"Door codes", "CTDoorCodes", "Which code opens which door of a client's site."},
		{"Circuit references", "CTCircuits", "The references that the line suppliers want to hear."}} {
		s.add("CustomTable", record{"guid": s.newGUID(), "name": row[0], "db_name": row[1], "note": row[2]})
	}
}

// timesheets makes those of the last five working days.
func (s *seeder) timesheets() {
	day, days := s.midnight(), 0
	for days < 5 {
		day = day.AddDate(0, 0, -1)
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		days++
		for _, a := range s.table("Agent").rows {
			if a.int("id") == unassigned || a.bool("isapiagent") || a.bool("isdisabled") {
				continue
			}
			s.add("Timesheet", record{"agent_id": a["id"], "date": haloDate(day), "start_time": haloDate(day.Add(8*time.Hour + 30*time.Minute)),
				"end_time": haloDate(day.Add(17 * time.Hour)), "break_hours": 1.0})
		}
	}
	s.add("TimesheetEvent", record{"subject": "Team meeting", "agent_id": 2, "start_date": haloDate(day.Add(9 * time.Hour)),
		"end_date": haloDate(day.Add(10 * time.Hour)), "timetaken": 1.0})
}

// approvals puts two change requests before the board: one decided, one not.
func (s *seeder) approvals() {
	for i, t := range s.where("Tickets", func(t record) bool { return t.text("~use") == "ticket" && t.int("status_id") == statusNew }) {
		if i == 2 {
			return
		}
		s.add("TicketApproval", record{"ticket_id": t["id"], "cab_id": 1, "type": 3, "datetime": t["dateoccurred"], "requestor_agent_id": 2,
			"result": i, "dateapproved": []any{nil, t["dateoccurred"]}[i]})
	}
}

// recurring makes the monthly invoice of every client with a contract.
func (s *seeder) recurring() {
	for _, c := range s.where("ClientContract", func(c record) bool { return c.bool("active") }) {
		net := c.num("periodchargeamount")
		s.add("RecurringInvoice", record{"client_id": c["client_id"], "contract_id": c["id"], "nextcreationdate": haloDate(s.midnight().AddDate(0, 0, 9)),
			"total": net * 1.2, "lines": []any{map[string]any{"id": int64(1), "item_shortdescription": "Managed service", "qty_order": 1.0,
				"unit_price": net, "net_amount": net, "tax_amount": net * 0.2, "tax_rate": 20.0}}})
	}
}

// attachments puts a log and a screenshot on two tickets.
func (s *seeder) attachments() {
	pixel, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")
	for i, file := range []struct{ name, kind, content string }{
		{"printer-log.txt", "text/plain", "09:14 paper jam in tray 2\n09:16 tray 2 opened\n"}, {"screenshot.png", "image/png", string(pixel)},
	} {
		id := firstTicketID + 100 + int64(i)
		s.add("Attachment", record{"ticket_id": id, "unique_id": id, "filename": file.name, "content_type": file.kind, "isimage": i == 1,
			"filesize": len(file.content), "~content": file.content, "datecreated": haloDate(s.midnight()), "last_updated": haloDate(s.midnight()),
			"note": fmt.Sprintf("Sent with ticket %d", id), "agent_id": 4})
	}
}
