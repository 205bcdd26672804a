package halo

import "strings"

func ticketDerived() map[string]derived {
	return map[string]derived{
		"status_name": ref("status_id", "Status", "name"), "tickettype_name": ref("tickettype_id", "TicketType", "name"),
		"sla_name": ref("sla_id", "SLA", "name"), "client_name": ref("client_id", "Client", "name"),
		"site_name": ref("site_id", "Site", "name"), "user_name": ref("user_id", "Users", "name"),
		"user_email": ref("user_id", "Users", "emailaddress"), "agent_name": ref("agent_id", "Agent", "name"),
		"priority_name": priorityName, "top_level_id": ref("client_id", "Client", "toplevel_id"),
		"category_1_display": same("category_1"), "category_2_display": same("category_2"),
		"team_id": func(st *state, r record) any {
			if team := st.first("Team", "name", r.text("team")); team != nil {
				return team["id"]
			}
			return int64(0)
		},
		"child_count": count("Tickets", "parent_id"), "attachment_count": count("Attachment", "ticket_id"),
		"is_vip": ref("client_id", "Client", "is_vip"), "assets": ticketAssets,
		"~notes": func(st *state, r record) any {
			var notes strings.Builder
			for _, a := range st.table("Actions").groups[r.int("id")] {
				notes.WriteString(a.text("note") + "\n")
			}
			return notes.String()
		},
		"~itil": ref("tickettype_id", "TicketType", "itilrequesttype"), "~group": ref("tickettype_id", "TicketType", "group_id"),
	}
}

// ticketAssets shows the assets that the ticket names by id as rows.
func ticketAssets(st *state, r record) any {
	list := []any{}
	for _, v := range r.list("assets") {
		named, _ := v.(map[string]any)
		if asset := st.find("Asset", toInt(named["id"])); asset != nil {
			list = append(list, st.view(st.resource("Asset"), asset, false, false))
		}
	}
	return list
}

func priorityName(st *state, r record) any {
	for _, p := range st.table("Priority").rows {
		if p.int("slaid") == r.int("sla_id") && p.int("priorityid") == r.int("priority_id") {
			return p["name"]
		}
	}
	return nil
}

func ticketDetails() map[string]derived {
	return map[string]derived{
		"attachments":      rowsOf("Attachment", "ticket_id"),
		"child_ticket_ids": func(st *state, r record) any { return childIDs(st, r) },
	}
}

func childIDs(st *state, r record) []any {
	ids := []any{}
	for _, t := range st.table("Tickets").rows {
		if t.int("parent_id") == r.int("id") {
			ids = append(ids, t["id"])
		}
	}
	return ids
}

var ticketDefaults = record{
	"summary": "", "details": "", "details_html": "", "user_id": 0, "site_id": 0, "client_id": 0, "team": "", "impact": 3, "urgency": 3,
	"category_1": "", "category_2": "", "category_3": "", "category_4": "", "categoryid_1": 0, "categoryid_2": 0, "source": 0,
	"estimate": 0.0, "timetaken": 0.0, "flagged": false, "read": false, "onhold": false, "inactive": false, "excludefromsla": false,
	"deleted": false, "parent_id": 0, "contract_id": 0, "supplier_id": 0, "third_party_id": 0, "closure_note": "", "emailcclist": "",
	"responsedate": noDate, "deadlinedate": noDate, "startdate": noDate, "targetdate": noDate, "dateassigned": noDate, "tags": []any{},
	"assets": []any{},
}

// ticketLike makes the resource of one kind of ticket: Opportunities and Projects are tickets too.
func ticketLike(name, area string) *resource {
	res := &resource{
		name: name, table: "Tickets", schema: "Faults", envelope: "tickets", area: area, writable: true,
		required: []string{"summary", "details|details_html"}, defaults: ticketDefaults, custom: usageTicket, soft: true,
		indexed: []string{"parent_id", "status_id", "tickettype_id"},
		refs: refs{"client_id": "Client", "site_id": "Site", "user_id": "Users", "agent_id": "Agent", "status_id": "Status",
			"tickettype_id": "TicketType", "parent_id": "Tickets", "new_approvalprocess_cab_id": "CAB"},
		before: beforeTicket, after: afterTicket, inputs: map[string]kind{"userlookup": kindObject},
		belongs: isTicket(ticketUse[name]), search: []string{"id", "summary", "details", "client_name", "user_name", "reportedby"},
		searchMore: map[string][]string{"searchactions": {"~notes"}},
		filters:    ticketFilters(), sort: "-id", pageCap: 100, countCap: 1000, derive: ticketDerived(), details: ticketDetails(),
		top: ticketTop,
	}
	if name == "Tickets" { // GET /Tickets/{id} finds every kind
		res.belongs, res.always = nil, ticketDomain
	}
	return res
}

// ticketTop is what stands beside the rows; columns, with includecolumns, are those that Halo's own list shows.
func ticketTop(l *listing) object {
	top := object{{"include_children", false}}
	if l.q.bool("includecolumns") {
		columns := []any{}
		for i, name := range []string{"id", "summary", "client_name", "status_name", "agent_name", "team", "dateoccurred"} {
			columns = append(columns, object{{"id", int64(i + 1)}, {"name", name}, {"sequence", int64(i)}})
		}
		top = append(top, member{"columns_id", max(l.q.int("columns_id"), 1)}, member{"columns", columns})
	}
	return top
}

func ticketResources() []*resource {
	return []*resource{
		ticketLike("Tickets", "tickets"), ticketLike("Opportunities", "sales"), ticketLike("Projects", "projects"),
		actionsResource(), attachmentResource(), ticketApprovalResource(),
	}
}

func actionsResource() *resource {
	return &resource{
		name: "Actions", schema: "Actions", envelope: "actions", area: "tickets", parent: "ticket_id", writable: true,
		before: beforeAction, after: afterAction, afterGone: afterActionGone, custom: usageAction, sort: "-id",
		hidden:  map[string]string{"note_html": "includehtmlnote", "emailbody_html": "includehtmlemail", "emailbody": "includehtmlemail"},
		derive:  map[string]derived{"attachment_count": attachmentsOfAction},
		details: map[string]derived{"attachments": listAttachmentsOfAction},
		search:  []string{"note", "outcome"},
		filters: map[string]filter{
			"excludesys":       when(func(_ *listing, r record) bool { return !isSystemAction(r) }),
			"excludeprivate":   when(func(_ *listing, r record) bool { return !r.bool("hiddenfromuser") }),
			"agentonly":        when(func(_ *listing, r record) bool { return r.int("who_type") == 1 }),
			"conversationonly": when(func(_ *listing, r record) bool { return !r.bool("hiddenfromuser") && !isSystemAction(r) }),
			"importantonly":    flag("important"),
			"timeentriesonly":  when(func(_ *listing, r record) bool { return r.num("timetaken") > 0 }),
			"actoutcome":       is("outcome"), "actoutcomenum": equals("outcome_id"), "startdate": actionsFrom, "enddate": actionsTo,
		},
	}
}

func attachmentResource() *resource {
	return &resource{
		name: "Attachment", schema: "Attachment", envelope: "attachments", area: "tickets", writable: true,
		required: []string{"filename"}, before: beforeAttachment, indexed: []string{"ticket_id"},
		defaults: record{"type": 0, "unique_id": 0, "ticket_id": 0, "action_id": 0, "note": "", "desc": "", "showforusers": true},
		refs:     refs{"ticket_id": "Tickets"}, search: []string{"filename"},
		filters: map[string]filter{
			"ticket_id": equals("ticket_id"), "action_id": equals("action_id"), "unique_id": equals("unique_id"),
			"type": is("type"), "filetype": like("filename"),
			"one_attachment_id": equals("id"),
		},
		derive: map[string]derived{},
		details: map[string]derived{"data": func(_ *state, r record) any {
			return base64Text(r.text("~content"))
		}},
		top: func(l *listing) object {
			return object{{"ticket_id", l.q.int("ticket_id")}, {"action_id", l.q.int("action_id")}, {"type", l.q.int("type")},
				{"unique_id", l.q.int("unique_id")}, {"folders", []any{}}}
		},
	}
}

func ofAction(action record) func(record) bool {
	return func(a record) bool {
		return a.int("ticket_id") == action.int("ticket_id") && a.int("action_id") == action.int("id")
	}
}

func attachmentsOfAction(st *state, r record) any {
	return int64(len(st.where("Attachment", ofAction(r))))
}

func listAttachmentsOfAction(st *state, r record) any {
	list := []any{}
	for _, a := range st.where("Attachment", ofAction(r)) {
		list = append(list, st.view(st.resource("Attachment"), a, false, false))
	}
	return list
}
