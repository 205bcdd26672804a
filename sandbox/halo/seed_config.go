package halo

import "strings"

func (s *seeder) configuration() {
	s.add("Organisation", record{"id": 1, "name": "Acme MSP", "phone": "0161 496 0100", "email": "hello@acme-msp.example",
		"website": "https://acme-msp.example"})
	s.add("TopLevel", record{"id": 1, "name": "Managed Clients"})
	s.add("TopLevel", record{"id": 2, "name": "Partner Accounts"})
	s.add("Workday", record{"id": 1, "name": "UK Office Hours", "summary": "Monday to Friday, 08:30 to 17:30", "start": "1900-01-01T08:30:00",
		"end":       "1900-01-01T17:30:00",
		"incmonday": true, "inctuesday": true, "incwednesday": true, "incthursday": true, "incfriday": true, "incsaturday": false, "incsunday": false})
	s.add("Workday", record{"id": 2, "name": "24x7", "summary": "Every day, all day", "start": noDate, "end": "1900-01-01T23:59:59",
		"incmonday": true, "inctuesday": true, "incwednesday": true, "incthursday": true, "incfriday": true, "incsaturday": true, "incsunday": true})
	s.statuses()
	s.slas()
	s.ticketTypes()
	s.categories()
	s.outcomes()
	s.lookups()
	s.customFieldsOf()
	s.add("CAB", record{"id": 1, "name": "Change Advisory Board", "members": []any{map[string]any{"cab_id": int64(1), "agent_id": int64(2),
		"name": "Priya Shah"}}})
}

func (s *seeder) statuses() {
	for i, row := range []struct {
		id                int
		name, short, hold string
		colour            string
	}{
		{1, "New", "New", "N", "#4ac6d2"}, {2, "In Progress", "In Prog", "N", "#3d85c6"}, {3, "Awaiting Approval", "Approval", "H", "#f1c232"},
		{4, "Waiting on Customer", "With User", "H", "#e69138"}, {5, "Waiting on Supplier", "Supplier", "H", "#b45f06"},
		{6, "Scheduled", "Sched", "N", "#8e7cc3"}, {8, "Resolved", "Resolved", "N", "#93c47d"}, {9, "Closed", "Closed", "N", "#6aa84f"},
		{10, "Quote Sent", "Quoted", "N", "#76a5af"},
	} {
		s.add("Status", record{"id": row.id, "guid": s.newGUID(), "name": row.name, "shortname": row.short, "slaaction": row.hold,
			"colour": row.colour, "sequence": i + 1})
	}
}

func (s *seeder) slas() {
	priorities := []struct {
		name, colour  string
		response, fix float64
	}{
		{"Critical", "#cc0000", 0.5, 4}, {"High", "#e69138", 1, 8}, {"Medium", "#f1c232", 4, 24}, {"Low", "#6aa84f", 8, 72},
	}
	for id, name := range []string{"", "Standard SLA", "Premium SLA"} {
		if id == 0 {
			continue
		}
		s.add("SLA", record{"id": id, "guid": s.newGUID(), "name": name, "workday_id": id})
		for n, p := range priorities {
			s.add("Priority", record{"slaid": id, "priorityid": n + 1, "name": p.name, "colour": p.colour,
				"responsetime": p.response / float64(id), "fixtime": p.fix / float64(id)})
		}
	}
}

func (s *seeder) ticketTypes() {
	for i, row := range []struct {
		id        int
		name, use string
		itil      int
		team      string
	}{
		{1, "Incident", "ticket", 1, "1st Line Support"}, {2, "Service Request", "ticket", 3, "1st Line Support"},
		{3, "Change Request", "ticket", 2, "Infrastructure"}, {4, "Problem", "ticket", 4, "2nd Line Support"},
		{5, "Alert", "ticket", 1, "Infrastructure"}, {6, "Opportunity", "opp", 0, "Sales"}, {7, "Project", "project", 0, "Projects"},
		{8, "Project Task", "project", 0, "Projects"}, {9, "New Starter", "ticket", 3, "1st Line Support"}, {10, "Leaver", "ticket", 3, "1st Line Support"},
		{11, "Telephone Survey", "ticket", 3, "1st Line Support"},
	} {
		s.add("TicketType", record{"id": row.id, "guid": s.newGUID(), "name": row.name, "use": row.use, "itilrequesttype": row.itil, "sequence": i + 1,
			"default_team": row.team, "visible": row.id != 11, "~approval": row.id == 3})
	}
}

func (s *seeder) categories() {
	for _, value := range strings.Split("Hardware>Desktop|Hardware>Laptop|Hardware>Printer|Hardware>Phone|Hardware>Server|Network>Internet|Network>Wi-Fi|Network>VPN|"+
		"Software>Microsoft 365|Software>Line of Business|Software>Windows|Email>Delivery|Email>Mailbox|Security>Phishing|Security>MFA|Access>Password Reset|Access>Permissions|Access>New Account", "|") {
		s.add("Category", record{"guid": s.newGUID(), "value": value, "type_id": 1})
	}
	for _, value := range []string{"Fixed Remotely", "Fixed on Site", "User Error", "Replaced", "No Fault Found", "Supplier Fault"} {
		s.add("Category", record{"guid": s.newGUID(), "value": value, "type_id": 2})
	}
}

func (s *seeder) outcomes() {
	for i, row := range []struct {
		id      int
		name    string
		system  int
		status  int
		private bool
	}{
		{outcomeOpened, "Opened", 1, -1, false}, {2, "Email User", 0, 4, false}, {3, "Public Note", 0, -1, false}, {4, "Private Note", 0, -1, true},
		{5, "Re-Assign", 0, -1, true}, {6, "Close", 0, statusClosed, false}, {7, "Internal Note", 0, -1, true}, {8, "Phone Call", 0, -1, false},
		{9, "Site Visit", 0, -1, false}, {10, "Begin Work", 0, 2, true}, {11, "User Reply", 0, -1, false}, {12, "Director Sign-off", 0, -1, true},
	} {
		s.add("Outcome", record{"id": row.id, "guid": s.newGUID(), "outcome": row.name, "buttonname": row.name, "labellong": row.name, "sequence": i + 1,
			"systemid": row.system, "hidden": row.system != 0, "newstatus": row.status, "hidefromuser": row.private, "~restricted": row.id == 12})
	}
}

// lookups are Halo's lists of small things: 11 lists the lists, 22 the sources of tickets.
func (s *seeder) lookups() {
	add := func(lookup int, names ...string) {
		for id, name := range names {
			if name != "" {
				s.add("Lookup", record{"lookupid": lookup, "id": id, "name": name})
			}
		}
	}
	for _, row := range []record{{"id": 4, "name": "Asset Status"}, {"id": 11, "name": "Lookup Types"}, {"id": 17, "name": "Charge Rates"},
		{"id": 22, "name": "Ticket Sources"}, {"id": 33, "name": "Customer Types"}} {
		row["lookupid"] = 11
		s.add("Lookup", row)
	}
	add(4, "", "Active", "In Stock", "Retired")
	add(17, "No Charge", "Standard Rate", "Out of Hours", "Project Rate")
	add(22, "Manual", "Email", "Phone", "Self Service Portal", "API", "Monitoring Alert", "Chat")
	add(33, "", "Managed", "Time and Materials", "Prospect")
}

func (s *seeder) customFieldsOf() {
	option := func(id int64, name string) any { return map[string]any{"id": id, "name": name} }
	s.add("FieldInfo", record{"id": 101, "name": "CFserial", "label": "Serial number", "usage": usageTicket})
	s.add("FieldInfo", record{"id": 102, "name": "CFbusinessImpact", "label": "Business impact", "usage": usageTicket, "type": 2,
		"values": []any{option(1, "One person"), option(2, "A team"), option(3, "Whole company")}})
	s.add("FieldInfo", record{"id": 103, "name": "CFonboarded", "label": "Onboarded on", "usage": usageClient, "type": 4})
	s.add("FieldInfo", record{"id": 104, "name": "CFtenantDomain", "label": "Microsoft 365 domain", "usage": usageClient})
	s.add("FieldInfo", record{"id": 105, "name": "CFemployeeNumber", "label": "Employee number", "usage": usageUser})
	s.add("FieldInfo", record{"id": 106, "name": "CFpurchaseOrder", "label": "Purchase order", "usage": usageAsset})
	for _, f := range s.table("FieldInfo").rows {
		f["guid"] = s.newGUID()
	}
}
