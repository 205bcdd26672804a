package halo

import (
	"fmt"
	"time"
)

// business makes suppliers, items, asset types, assets, contracts, invoices and articles.
func (s *seeder) business() {
	for _, row := range [][3]string{{"Halyard Distribution Ltd", "Colin Webb", "orders@halyard.example"}, {"Pennant Telecoms", "Sue Marlow",
		"faults@pennant.example"},
		{"Lakeside Licensing", "Ben Arden", "licences@lakeside.example"}} {
		s.add("Supplier", record{"name": row[0], "contact_name": row[1], "email_address": row[2], "phone_number": s.phone()})
	}
	for i, row := range []struct {
		name            string
		cost, price     float64
		monthly         bool
		stock, supplier int
	}{
		{"Laptop 14\" business", 612.5, 749, false, 6, 1}, {"Docking station USB-C", 88, 129, false, 11, 1}, {"Monitor 27\"", 141.25, 189, false, 4, 1},
		{"Microsoft 365 Business Premium", 15.1, 18.6, true, 0, 3}, {"Managed workstation", 9.5, 24, true, 0, 3}, {"Leased line 200 Mbit/s", 210,
			285, true, 0, 2},
	} {
		s.add("Item", record{"name": row.name, "description": row.name, "costprice": row.cost, "baseprice": row.price, "isrecurringitem": row.monthly,
			"recurringprice": row.price * float64(boolRank(row.monthly)), "quantity_in_stock": row.stock, "supplier_id": row.supplier,
			"supplier_part_code": fmt.Sprintf("HD-%04d", 1100+i*37)})
	}
	for i, name := range []string{"Workstation", "Laptop", "Server", "Printer", "Firewall"} {
		s.add("AssetType", record{"id": i + 1, "guid": s.newGUID(), "name": name})
	}
	for _, c := range seedClients {
		if c.id != ownClientID {
			s.estate(c)
		}
	}
	s.articles()
}

// estate is what a client has and pays for.
func (s *seeder) estate(c seedClient) {
	client := s.find("Client", int64(c.id))
	contract := s.add("ClientContract", record{"ref": fmt.Sprintf("MSA-%04d", c.id), "client_id": c.id, "site_id": client["main_site_id"],
		"periodchargeamount": 24.0 * float64(len(c.people)*4),
		"start_date":         yearsFrom(s.midnight(), -1), "end_date": yearsFrom(s.midnight(), 1), "next_invoice_date": haloDate(s.midnight().AddDate(0,
			0, 9)), "active": !c.stopped, "sla_id": slaOf(c)})
	for i, u := range s.where("Users", func(u record) bool { return s.userClient(u.int("id")) == int64(c.id) && u.text("emailaddress") != "" }) {
		kind := 1 + i%2
		s.add("Asset", record{"inventory_number": s.nextTag(), "key_field": fmt.Sprintf("%s-%s%02d", initialsOf(c.name), []string{"WS",
			"LT"}[i%2], i+1), "key_field2": fmt.Sprintf("SN%06X", s.rand.IntN(1<<24)),
			"client_id": c.id, "site_id": u.int("site_id"), "assettype_id": kind, "inactive": c.stopped, "username": u["name"],
			"users":          []any{map[string]any{"id": u["id"], "name": u["name"]}},
			"warranty_start": yearsFrom(s.midnight(), -1), "warranty_end": yearsFrom(s.midnight(), 2), "supplier_id": 1, "contract_id": contract["id"]})
	}
	net := contract.num("periodchargeamount")
	s.add("Invoice", record{"client_id": c.id, "invoicenumber": fmt.Sprintf("INV-%05d", 7000+c.id), "contract_id": contract["id"],
		"invoice_date": haloDate(s.midnight().AddDate(0, 0, -21)),
		"duedate":      haloDate(s.midnight().AddDate(0, 0, 9)), "posted": true, "total": net * 1.2, "amountdue": net * 1.2, "lines": []any{map[string]any{
			"id": int64(1), "item_shortdescription": "Managed service", "qty_order": 1.0, "unit_price": net, "net_amount": net,
			"tax_amount": net * 0.2, "tax_rate": 20.0, "contract_id": contract["id"]}}})
}

func (s *seeder) midnight() time.Time { return s.today.Truncate(24 * time.Hour) }

func (s *seeder) articles() {
	written := haloDate(s.midnight().AddDate(0, -3, 0))
	for _, row := range [][3]string{
		{"How to reset your second factor", "For people with a new phone.",
			"Call the service desk; after a check of who you are we reset it and you register at the next sign-in."},
		{"Connecting to the VPN from home", "For staff who work from home.", "Start the VPN client, choose your company, sign in with your usual account."},
		{"Printing letters from the practice software", "Crashes with versions below 12.4.1.", "Install hotfix 12.4.1."},
	} {
		s.add("KBArticle", record{"name": row[0], "description": row[1], "description_html": htmlText(row[1]), "resolution": row[2],
			"resolution_html": htmlText(row[2]),
			"date_created":    written, "date_edited": written, "creator_id": 2, "editor_id": 2, "tag_string": "how-to"})
	}
}

func (s *seeder) opportunities() {
	for i, client := range []int64{13, 15, 17, 19, 21, 23} {
		at := s.today.AddDate(0, 0, -3*(i+1))
		contact := s.find("Site", s.find("Client", client).int("main_site_id")).int("maincontact_id")
		user := s.find("Users", contact)
		t := record{"summary": []string{"Server refresh", "Move to Microsoft 365", "New telephone system", "Cyber Essentials preparation",
			"Second internet line", "Laptop replacement"}[i],
			"details": "Asked about at the quarterly review.", "tickettype_id": 6, "client_id": client, "site_id": user.int("site_id"),
			"user_id": contact, "reportedby": user["emailaddress"],
			"status_id": []int{1, 2, 10, 2, 10, 1}[i], "agent_id": 9, "team": "Sales", "priority_id": 3, "sla_id": 1, "dateoccurred": haloDate(at),
			"datecreated": haloDate(at), "~use": "opp",
			"oppcontactname": user["name"], "oppcompanyname": s.find("Client", client)["name"], "oppemailaddress": user["emailaddress"],
			"oppvalue": 1200.0 * float64(i+2), "oppconversionprobability": 20.0 * float64(1+i%4)}
		s.keepTicket(t, at, ticketStory{work: "Rough figures gathered.", fix: "our quote is on its way.", finish: "Won."})
		s.add("Quotation", record{"title": t["summary"], "ticket_id": t["id"], "client_id": client, "site_id": t["site_id"], "user_id": contact,
			"assigned_agent": 9, "agent_id": 9, "date": haloDate(at),
			"expiry_date": haloDate(at.AddDate(0, 1, 0)), "revenue": t["oppvalue"], "total": t.num("oppvalue") * 1.2, "tax_total": t.num("oppvalue") * 0.2})
	}
}

func (s *seeder) projects() {
	var project record
	for i, summary := range []string{"Office move: IT", "Survey the new rooms", "Order the internet line", "Move the server"} {
		at := s.today.AddDate(0, 0, -20+2*i)
		client := s.find("Client", 13)
		t := record{"summary": summary, "details": summary + ".", "tickettype_id": 8, "client_id": 13, "site_id": client["main_site_id"],
			"user_id": s.generalUser(13), "status_id": 2, "agent_id": 8,
			"team": "Projects", "priority_id": 3, "sla_id": 1, "dateoccurred": haloDate(at), "datecreated": haloDate(at), "~use": "project",
			"startdate":  haloDate(at),
			"targetdate": haloDate(at.AddDate(0, 1, 0)), "projecttimebudget": 40.0, "projectcompletionpercentage": 25.0}
		if project == nil {
			t["tickettype_id"] = 7
		} else {
			t["parent_id"] = project["id"]
		}
		s.keepTicket(t, at, ticketStory{work: "Started as planned.", fix: "this part is done.", finish: "Done."})
		if project == nil {
			project = t
		}
	}
}

func (s *seeder) appointments() {
	for i, t := range s.where("Tickets", func(t record) bool { return t.int("status_id") == 6 }) {
		start := s.midnight().AddDate(0, 0, 1+i%10).Add(time.Duration(9+i%7) * time.Hour)
		s.add("Appointment", record{"subject": "Visit: " + t.text("summary"), "start_date": haloDate(start),
			"end_date": haloDate(start.Add(time.Hour)), "agent_id": t["agent_id"],
			"agents": []any{map[string]any{"id": t["agent_id"]}}, "ticket_id": t["id"], "client_id": t["client_id"], "site_id": t["site_id"],
			"user_id": t["user_id"], "note": t["details"]})
	}
}
