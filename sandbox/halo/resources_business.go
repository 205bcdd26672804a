package halo

import "time"

func businessResources() []*resource {
	return []*resource{
		appointmentResource(), assetResource(), clientContractResource(), invoiceResource(), itemResource(),
		articleResource(), quotationResource(), supplierResource(), reportResource(), recurringInvoiceResource(),
	}
}

func appointmentResource() *resource {
	return &resource{
		name: "Appointment", schema: "Appointment", area: "calendar", writable: true, required: []string{"subject", "start_date", "end_date"},
		pages: true, sort: "start_date", search: []string{"subject", "note"}, refs: refs{"ticket_id": "Tickets", "client_id": "Client",
			"agent_id": "Agent"},
		defaults: record{"allday": false, "agent_id": unassigned, "ticket_id": 0, "client_id": 0, "site_id": 0, "user_id": 0, "complete_status": 0,
			"is_private": false, "is_task": false, "type": 0, "note": "", "agents": []any{}},
		before: beforeAppointment,
		filters: map[string]filter{
			"start_date": since("end_date"), "end_date": until("start_date"), "agents": anyOf("agent_id"), "ticket_id": equals("ticket_id"),
			"client_id": equals("client_id"), "tasksonly": flag("is_task"), "types": anyOf("appointment_type_id"),
			"statuses": anyOf("complete_status"), "toplevel_id": equals("~toplevel_id"),
			"showappointments": unless(func(r record) bool { return r.bool("is_task") }), "isrecurringmaster": flag("_recurringmaster"),
			"excluderecurring": when(func(_ *listing, r record) bool {
				return !isSet(r["recurring_master_id"]) && !r.bool("_recurringmaster")
			}),
			"appointmentsonly": when(func(_ *listing, r record) bool { return !r.bool("is_task") }),
			"hidecompleted":    when(func(_ *listing, r record) bool { return r.int("complete_status") <= 0 }),
		},
		derive: map[string]derived{
			"client_name": ref("client_id", "Client", "name"), "site_name": ref("site_id", "Site", "name"),
			"user_name": ref("user_id", "Users", "name"), "agent_name": ref("agent_id", "Agent", "name"),
			"~toplevel_id": ref("client_id", "Client", "toplevel_id"),
		},
	}
}

func assetResource() *resource {
	return &resource{
		name: "Asset", schema: "Device", envelope: "assets", area: "assets", writable: true, required: []string{"client_id|site_id", "assettype_id"},
		refs:   refs{"client_id": "Client", "site_id": "Site", "assettype_id": "AssetType", "supplier_id": "Supplier", "contract_id": "ClientContract"},
		custom: usageAsset, inactive: "inactive", sort: "inventory_number", search: []string{"inventory_number", "key_field", "key_field2",
			"key_field3", "username"},
		before: beforeAsset,
		defaults: record{"inactive": false, "key_field": "", "key_field2": "", "key_field3": "", "status_id": 1, "contract_id": 0, "supplier_id": 0,
			"notes": "", "fields": []any{}, "users": []any{}, "username": "", "third_party_id": 0, "warranty_start": noDate, "warranty_end": noDate},
		filters: map[string]filter{
			"client_id": equals("client_id"), "site_id": equals("site_id"), "assettype_id": equals("assettype_id"), "assettype": equals("assettype_id"),
			"assettypes": anyOf("assettype_id"), "assetgroup_id": equals("assetgroup_id"), "assetgroups": anyOf("assetgroup_id"),
			"contract_id": equals("contract_id"), "supplier_id": equals("supplier_id"), "inventory_number": is("inventory_number"),
			"username": is("username"), "user_id": ifGiven(ownsAsset), "assets": anyOf("id"), "excludethese": noneOf("id"),
			"assetstatuses": anyOf("status_id"), "item_id": equals("item_id"), "bookmarked": flag("bookmarked"),
			"mine": when(func(l *listing, r record) bool { return ownsAsset(r, l.ownUser(l.who).int("id")) }),
			"ticket_id": func(l *listing, param string) predicate {
				ticket := l.find("Tickets", l.q.int(param))
				return func(r record) bool { return namesAsset(ticket, r.int("id")) }
			},
		},
		hidden: map[string]string{"fields": "includeassetfields"},
		derive: map[string]derived{
			"client_name": ref("client_id", "Client", "name"), "site_name": ref("site_id", "Site", "name"),
			"assettype_name": ref("assettype_id", "AssetType", "name"), "use": constant("asset"),
			"assetgroup_id": ref("assettype_id", "AssetType", "assetgroup_id"), "supplier_name": ref("supplier_id", "Supplier", "name"),
			"contract_ref": ref("contract_id", "ClientContract", "ref"),
		},
	}
}

func clientContractResource() *resource {
	return &resource{
		name: "ClientContract", schema: "ContractHeader", envelope: "contracts", area: "contracts", writable: true, required: []string{"ref", "client_id"},
		refs: refs{"client_id": "Client", "site_id": "Site"}, custom: usageContract, sort: "ref", search: []string{"ref", "refextra", "client_name"},
		defaults: record{"site_id": 0, "billingperiod": 1, "status": 0, "contracttype": 1, "contracttype_name": "Fixed", "periodchargeamount": 0.0,
			"numberofunitsfree": 0.0, "note": "", "sla_id": 1, "active": true, "start_date": noDate, "end_date": noDate, "refextra": "",
			"contract_status": "Active"},
		filters: map[string]filter{"client_id": equals("client_id"), "site_id": equals("site_id"),
			"device_id": func(l *listing, param string) predicate {
				asset := l.find("Asset", l.q.int(param))
				return func(r record) bool { return r.int("id") == asset.int("contract_id") }
			},
			"excluderenewed": when(func(_ *listing, r record) bool { return r.text("contract_status") != "Renewed" })},
		always: func(l *listing, _ string) predicate {
			inactive := l.q.bool("includeinactive")
			return func(r record) bool { return inactive || r.bool("active") }
		},
		derive: map[string]derived{
			"client_name": ref("client_id", "Client", "name"), "site_name": ref("site_id", "Site", "name"), "use": constant("contract"), "key": same("id"),
			"started": func(st *state, r record) any { return !dateOf(r.text("start_date")).After(st.now()) },
			"expired": func(st *state, r record) any {
				end := dateOf(r.text("end_date"))
				return !end.IsZero() && end.Before(st.now())
			},
		},
	}
}

func invoiceResource() *resource {
	return &resource{
		name: "Invoice", schema: "InvoiceHeader", envelope: "invoices", area: "invoices", writable: true, required: []string{"client_id"},
		refs: refs{"client_id": "Client"}, custom: usageInvoice, sort: "-id", search: []string{"invoicenumber", "client_name"},
		defaults: record{"posted": false, "lines": []any{}, "paymentstatus": 0, "amountpaid": 0.0, "total": 0.0, "amountdue": 0.0, "invoicenumber": "",
			"invoice_date": noDate, "duedate": noDate, "datesent": noDate, "datepaid": noDate, "ticket_id": 0, "contract_id": 0},
		before: beforeInvoice, after: numberLines("ihid"), nested: map[string]string{"lines": "InvoiceDetail"},
		filters: map[string]filter{
			"client_id": equals("client_id"), "client_ids": anyOf("client_id"), "ticket_id": equals("ticket_id"), "contract_id": equals("contract_id"),
			"postedonly": flag("posted"), "notpostedonly": when(func(_ *listing, r record) bool { return !r.bool("posted") }),
			"site_id": equals("sitenumber"), "toplevel_id": equals("~toplevel_id"), "recurringinvoice_id": equals("recurring_invoice_id"),
			"salesorder_id": equals("salesorder_id"), "purchaseorder_id": equals("purchaseorder_id"), "user_id": equals("uid"),
			"asset_id":        ifGiven(billsAsset),
			"paymentstatuses": anyOf("paymentstatus"), "invoicedatestart": since("invoice_date"), "invoicedateend": until("invoice_date"),
		},
		hidden: map[string]string{"lines": "includelines"},
		derive: map[string]derived{"client_name": ref("client_id", "Client", "name"), "use": constant("invoice"),
			"~toplevel_id": ref("client_id", "Client", "toplevel_id")},
	}
}

func itemResource() *resource {
	return &resource{
		name: "Item", schema: "Item", envelope: "items", area: "items", writable: true, required: []string{"name"}, inactive: "~inactive",
		sort: "name", search: []string{"name", "description", "supplier_part_code"}, custom: usageItem,
		defaults: record{"description": "", "status": 0, "assetgroup_id": 1, "baseprice": 0.0, "costprice": 0.0, "recurringprice": 0.0, "supplier_id": 0,
			"supplier_part_code": "", "internalreference": "", "externalreference": "", "quantity_in_stock": 0.0, "isrecurringitem": false,
			"note": "", "nominalcode": ""},
		filters: map[string]filter{
			"assetgroup_id": equals("assetgroup_id"), "assetgroups": anyOf("assetgroup_id"), "supplier_id": equals("supplier_id"), "search1": like("name"),
			"assettypes":    anyOf("assettype_id"),
			"recurringonly": flag("isrecurringitem"), "excluderecurring": when(func(_ *listing, r record) bool { return !r.bool("isrecurringitem") }),
		},
		derive: map[string]derived{"use": constant("item"), "assetgroup_name": constant("Hardware"), "supplier_name": ref("supplier_id",
			"Supplier", "name")},
	}
}

func articleResource() *resource {
	return &resource{
		name: "KBArticle", schema: "KBEntry", envelope: "articles", area: "kb", writable: true, required: []string{"name"}, inactive: "inactive",
		search: []string{"name", "description", "tag_string"}, before: beforeArticle,
		defaults: record{"description": "", "resolution": "", "type": 0, "inactive": false, "tag_string": "", "view_count": 0, "useful_count": 0,
			"notuseful_count": 0, "next_review_date": noDate, "faqlists": []any{}},
		filters: map[string]filter{"type": is("type"), "faqlists": ifListed,
			"needsreview": when(func(l *listing, r record) bool {
				at := dateOf(r.text("next_review_date"))
				return !at.IsZero() && at.Before(l.now())
			})},
	}
}

func quotationResource() *resource {
	return &resource{
		name: "Quotation", schema: "QuotationHeader", envelope: "quotes", area: "quotes", writable: true,
		required: []string{"client_id|ticket_id|site_id|user_id"},
		refs:     refs{"client_id": "Client", "ticket_id": "Tickets", "site_id": "Site", "user_id": "Users"}, sort: "-id", search: []string{"title",
			"client_name"},
		defaults: record{"title": "", "status": 0, "approvalstate": 0, "revenue": 0.0, "tax_total": 0.0, "total": 0.0, "note": "", "po_ref": "",
			"lines":     []any{},
			"ticket_id": int64(0), "user_id": int64(0), "site_id": int64(0), "date": noDate, "expiry_date": noDate},
		filters: map[string]filter{"ticket_id": equals("ticket_id"), "client_id": equals("client_id"), "site_id": equals("site_id"),
			"user_id":           equals("user_id"),
			"quote_status":      anyOf("status"),
			"open":              when(func(_ *listing, r record) bool { return r.int("approvalstate") < 2 }),
			"closed":            when(func(_ *listing, r record) bool { return r.int("approvalstate") >= 2 }),
			"processed":         when(func(_ *listing, r record) bool { return r.int("approvalstate") == 2 }),
			"awaiting_approval": when(func(_ *listing, r record) bool { return r.int("approvalstate") == 1 }),
		},
		hidden: map[string]string{"lines": "includelines"}, nested: map[string]string{"lines": "QuotationDetail"}, after: numberLines("qhid"),
		derive: map[string]derived{
			"client_name": ref("client_id", "Client", "name"), "site_name": ref("site_id", "Site", "name"), "user_name": ref("user_id", "Users", "name"),
			"assigned_agent_name": ref("assigned_agent", "Agent", "name"), "use": constant("quote"),
		},
	}
}

func supplierResource() *resource {
	return &resource{
		name: "Supplier", schema: "Company", envelope: "suppliers", area: "suppliers", writable: true, required: []string{"name"}, inactive: "inactive",
		sort: "name", search: []string{"name", "contact_name", "email_address"}, custom: usageSupplier,
		defaults: record{"toplevel_id": 1, "contact_name": "", "email_address": "", "phone_number": "", "inactive": false, "notes": ""},
		filters:  map[string]filter{"toplevel_id": equals("toplevel_id")},
		derive:   map[string]derived{"toplevel_name": ref("toplevel_id", "TopLevel", "name"), "use": constant("supplier")},
	}
}

func beforeAppointment(c *change) *answer {
	a := c.next
	start, end := dateOf(a.text("start_date")), dateOf(a.text("end_date"))
	if end.Before(start) {
		return refused(broken("The end date must be after the start date"))
	}
	if ticket := c.find("Tickets", c.posted.int("ticket_id")); ticket != nil {
		for _, name := range []string{"client_id", "site_id", "user_id"} {
			if !c.sets(name) {
				a[name] = ticket[name]
			}
		}
	}
	a["last_modified"] = haloDate(c.now())
	return nil
}

func beforeAsset(c *change) *answer {
	a := c.next
	if site := c.find("Site", a.int("site_id")); site != nil && (c.posted.int("site_id") > 0 || a.int("client_id") == 0) {
		a["client_id"] = site.int("client_id") // the site decides
	}
	if client := c.find("Client", a.int("client_id")); client != nil && (a.int("site_id") == 0 || c.sets("client_id") && c.posted.int("site_id") == 0) {
		a["site_id"] = client["main_site_id"]
	}
	if !isSet(a["inventory_number"]) {
		a["inventory_number"] = c.nextTag()
	}
	return nil
}

func ownsAsset(asset record, user int64) bool {
	for _, v := range asset.list("users") {
		if m, _ := v.(map[string]any); toInt(m["id"]) == user {
			return true
		}
	}
	return false
}

func billsAsset(invoice record, id int64) bool {
	for _, v := range invoice.list("lines") {
		if line, _ := v.(map[string]any); toInt(line["asset_id"]) == id {
			return true
		}
	}
	return false
}

// beforeInvoice adds up the lines.
func beforeInvoice(c *change) *answer {
	if !c.sets("lines") {
		return nil
	}
	net, tax := 0.0, 0.0
	for _, v := range c.next.list("lines") {
		line, _ := v.(map[string]any)
		amount := record(line).num("net_amount")
		if amount == 0 {
			amount = record(line).num("qty_order") * record(line).num("unit_price")
		}
		net, tax = net+amount, tax+record(line).num("tax_amount")
	}
	c.next["total"] = double(net + tax)
	c.next["amountdue"] = double(net + tax - c.next.num("amountpaid"))
	return nil
}

func beforeArticle(c *change) *answer {
	now := haloDate(c.now())
	c.next.fill(record{"date_created": now, "creator_id": c.who.app.AgentID})
	c.next["date_edited"], c.next["editor_id"] = now, c.who.app.AgentID
	return nil
}

func ifListed(l *listing, param string) predicate {
	ids, _ := l.q.ids(param)
	return func(r record) bool {
		for _, v := range r.list("faqlists") {
			m, _ := v.(map[string]any)
			for _, id := range ids {
				if toInt(m["id"]) == id {
					return true
				}
			}
		}
		return len(ids) == 0
	}
}

// yearsFrom gives a date so many years from another.
func yearsFrom(t time.Time, years int) string { return haloDate(t.AddDate(years, 0, 0)) }
