package halo

import (
	"slices"
	"strings"
)

func configResources() []*resource {
	return []*resource{
		agentResource(), teamResource(), statusResource(), ticketTypeResource(), slaResource(), priorityResource(),
		categoryResource(), outcomeResource(), lookupResource(), fieldInfoResource(), workdayResource(),
		cabResource(), assetTypeResource(), fieldResource(), customTableResource(),
	}
}

func agentResource() *resource {
	return &resource{
		name: "Agent", schema: "Uname", writable: true, required: []string{"name"}, sort: "name", search: []string{"name", "email"},
		defaults: record{
			"isdisabled": false, "is_agent": true, "isapiagent": false, "onlinestatus": 0, "jobtitle": "", "email": "", "team": "",
			"teams": []any{}, "departments": []any{}, "extensionnumber": "", "sms": "", "workday_id": 1, "lastlogindate": noDate,
		},
		before: beforeAgent, always: agentActivity,
		filters: map[string]filter{
			"team": is("team"), "team_id": ifGiven(inTeam), "teams": anyTeam, "role": is("role_list"),
			"department_id": ifGiven(inDepartment), "excludeagent": noneOf("id"),
			"thisagentonly": when(func(l *listing, r record) bool { return r.int("id") == l.who.app.AgentID }),
			"withemail":     when(func(_ *listing, r record) bool { return r.text("email") != "" }),
		},
		derive: map[string]derived{"use": constant("agent"), "workday_name": ref("workday_id", "Workday", "name")},
	}
}

func teamResource() *resource {
	return &resource{
		name: "Team", schema: "SectionDetail", writable: true, required: []string{"name"}, sort: "sequence", search: []string{"name"},
		defaults: record{"sequence": 0, "forrequests": true, "foropps": false, "forprojects": false, "inactive": false, "department_id": 1,
			"department_name": "Service Delivery"},
		always: teamActivity,
		filters: map[string]filter{
			"type": teamKind, "domain": teamKind, "department_id": equals("department_id"), "ids": anyOf("id"),
		},
		derive: map[string]derived{
			"use":    constant("team"),
			"agents": teamAgents,
			"ticket_count": func(st *state, r record) any {
				return int64(len(st.where("Tickets", func(t record) bool { return t.text("team") == r.text("name") && !isClosed(t) && !t.bool("deleted") })))
			},
		},
		hidden: map[string]string{"agents": "includeagentsforteams", "ticket_count": "showcounts"},
	}
}

func statusResource() *resource {
	return &resource{
		name: "Status", schema: "TStatus", writable: true, required: []string{"name"}, sort: "sequence", search: []string{"name"},
		defaults: record{"type": 0, "sequence": 0, "colour": "#4ac6d2", "slaaction": "N", "showonquickchange": true},
		before:   beforeStatus,
		filters: map[string]filter{
			"type":           is("type"),
			"excludeclosed":  when(func(_ *listing, r record) bool { return r.int("id") != statusClosed }),
			"excludepending": when(func(_ *listing, r record) bool { return r.text("slaaction") != "H" }),
		},
		derive: map[string]derived{"ticket_count": count("Tickets", "status_id")},
		hidden: map[string]string{"ticket_count": "showcounts"},
	}
}

func ticketTypeResource() *resource {
	return &resource{
		name: "TicketType", schema: "RequestType", writable: true, required: []string{"name"}, sort: "sequence", search: []string{"name"},
		defaults: record{
			"use": "ticket", "sequence": 0, "default_sla": 1, "default_priority": 3, "default_team": "", "group_id": 1, "itilrequesttype": 1,
			"cancreate": true, "agentscanselect": true, "enduserscanselect": true, "visible": true, "allowattachments": true,
			"initial_status": statusNew, "workflow_id": 0, "default_agent": 0, "group_name": "Service Desk",
		},
		filters: map[string]filter{
			"domain": func(l *listing, _ string) predicate {
				use := map[string]string{"reqs": "ticket", "opps": "opp", "prjs": "project"}[l.q.text("domain")]
				return func(r record) bool { return use == "" || r.text("use") == use }
			},
			"group_id": equals("group_id"), "itil_type": equals("itilrequesttype"), "client_id": typesOfClient, "can_create_only": flag("cancreate"),
			"user_only": flag("enduserscanselect"), "canagentsselect": flag("agentscanselect"), "canusercreate": flag("enduserscanselect"),
		},
		always: func(l *listing, _ string) predicate {
			hidden := l.q.bool("showinactive") || l.q.bool("showall")
			return func(r record) bool { return r.bool("visible") || hidden }
		},
		derive: map[string]derived{"ticket_count": count("Tickets", "tickettype_id")},
		hidden: map[string]string{"ticket_count": "showcounts"},
	}
}

func slaResource() *resource {
	return &resource{
		name: "SLA", schema: "SlaHead", writable: true, required: []string{"name"},
		defaults: record{"workday_id": 1, "trackslaresponsetime": true, "trackslafixbytime": true},
		hidden:   map[string]string{"workdays": "showworkdays", "priorities": "showpriorities"},
		derive: map[string]derived{
			"workday_name": ref("workday_id", "Workday", "name"), "workdays": nested("workday_id", "Workday"), "priorities": slaPriorities,
		},
	}
}

func slaPriorities(st *state, sla record) any {
	list := []any{}
	for _, p := range st.where("Priority", func(p record) bool { return p.int("slaid") == sla.int("id") }) {
		list = append(list, st.view(st.resource("Priority"), p, false, false))
	}
	return list
}

func priorityResource() *resource {
	return &resource{
		name: "Priority", schema: "Policy", guidKey: true, writable: true, required: []string{"name", "slaid", "priorityid"},
		refs: refs{"slaid": "SLA"},
		defaults: record{"fixtime": 24.0, "fixunits": "H", "responsetime": 4.0, "responseunits": "H", "ishidden": false, "colour": "#808080",
			"workdaysoverride": -1},
		filters: map[string]filter{"slaid": equals("slaid"), "includedistinct": distinctPriorities},
	}
}

func categoryResource() *resource {
	return &resource{
		name: "Category", schema: "CategoryDetail", writable: true, required: []string{"value|category_name", "type_id"}, sort: "value",
		before: func(c *change) *answer {
			if !c.sets("value") && c.sets("category_name") {
				c.next["value"] = c.next["category_name"]
			}
			return nil
		},
		filters: map[string]filter{"type_id": equals("type_id")},
		derive: map[string]derived{"category_name": func(_ *state, r record) any {
			value := r.text("value")
			return value[strings.LastIndex(value, ">")+1:]
		}},
		defaults: record{"sla_id": 0, "priority_id": 0, "note": ""},
	}
}

func outcomeResource() *resource {
	return &resource{
		name: "Outcome", schema: "TOutcome", writable: true, required: []string{"outcome"}, sort: "sequence",
		defaults: record{"buttonname": "", "labellong": "", "sequence": 0, "hidden": false, "systemid": 0, "newstatus": -1, "sendemail": 0,
			"hidefromuser": false},
		filters: map[string]filter{"excludesystemactions": when(func(_ *listing, r record) bool { return r.int("systemid") == 0 })},
		always: func(l *listing, _ string) predicate {
			hidden := l.q.bool("showhidden")
			return func(r record) bool { return hidden || !r.bool("hidden") }
		},
	}
}

func lookupResource() *resource {
	return &resource{
		name: "Lookup", schema: "Lookup", parent: "lookupid", wholeList: true, writable: true, required: []string{"name", "lookupid"}, sort: "id",
		defaults: record{"value2": "", "value3": "", "sequence": 0, "inactive": false},
		filters:  map[string]filter{"exclude_zero": when(func(_ *listing, r record) bool { return r.int("id") != 0 })},
	}
}

func fieldInfoResource() *resource {
	return &resource{
		name: "FieldInfo", schema: "FieldInfo", writable: true, required: []string{"name|label"}, sort: "id",
		defaults: record{"type": 0, "usage": usageTicket, "custom": 1, "inputtype": 0, "searchable": true, "label": "", "values": []any{},
			"mandatory": false},
		filters: map[string]filter{"typeid": equals("usage"), "fieldtype": is("type"), "inputtype": is("inputtype"),
			"fieldtypemultiple": anyOf("type"), "extratype": equals("extratype")},
		hidden: map[string]string{"values": "includevalues"},
		before: func(c *change) *answer {
			if name := c.next.text("name"); !strings.HasPrefix(name, "CF") {
				c.next["name"] = "CF" + strings.ReplaceAll(firstOf(name, c.next.text("label")), " ", "")
			}
			return nil
		},
	}
}

func workdayResource() *resource {
	return &resource{
		name: "Workday", schema: "Workdays", writable: true, required: []string{"name"},
		defaults: record{"timezone": "GMT Standard Time", "alldayssame": true, "summary": ""},
	}
}

func cabResource() *resource {
	return &resource{
		name: "CAB", schema: "CabHeader", writable: true, required: []string{"name"},
		defaults: record{"all_must_approve": false, "approvals_needed": 1, "rejection_threshold": 1, "members": []any{}},
		hidden:   map[string]string{"members": "includemembers"},
	}
}

func assetTypeResource() *resource {
	return &resource{
		name: "AssetType", schema: "Xtype", area: "assets", writable: true, required: []string{"name"}, sort: "name",
		defaults: record{"assetgroup_id": 1, "assetgroup_name": "Hardware", "show_to_users": true},
		filters:  map[string]filter{"assetgroup_id": equals("assetgroup_id")},
	}
}

// agentActivity leaves out disabled agents, Unassigned and API agents unless they are asked for.
func agentActivity(l *listing, _ string) predicate {
	enabled := !l.q.has("includeenabled") || l.q.bool("includeenabled")
	disabled, nobody, api := l.q.bool("includedisabled"), l.q.bool("includeunassigned"), l.q.bool("includeapiagents")
	if l.q.bool("showall") {
		disabled, nobody, api = true, true, true
	}
	if first, second, ok := strings.Cut(l.q.text("activeinactive"), ","); ok {
		enabled, disabled = strings.EqualFold(first, "true"), strings.EqualFold(second, "true")
	}
	return func(r record) bool {
		switch {
		case r.int("id") == unassigned:
			return nobody
		case r.bool("isapiagent"):
			return api
		case r.bool("isdisabled"):
			return disabled
		}
		return enabled
	}
}

func beforeAgent(c *change) *answer {
	a := c.next
	if !isSet(a["name"]) {
		return refused(broken("Please enter a name for this Agent"))
	}
	if first, last, _ := strings.Cut(a.text("name"), " "); c.sets("name") {
		a.fill(record{"firstname": first, "surname": last, "initials": initialsOf(a.text("name"))})
	}
	a.fill(record{"colour": "#3d85c6"}) // Halo chooses one
	return nil
}

func inDepartment(agent record, department int64) bool {
	return slices.ContainsFunc(agent.list("teams"), func(v any) bool {
		m, _ := v.(map[string]any)
		return toInt(m["department_id"]) == department
	})
}

func inTeam(agent record, team int64) bool {
	return slices.ContainsFunc(agent.list("teams"), func(v any) bool {
		m, _ := v.(map[string]any)
		return toInt(m["team_id"]) == team
	})
}

func anyTeam(l *listing, param string) predicate {
	ids, _ := l.q.ids(param)
	return func(r record) bool {
		return len(ids) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return inTeam(r, id) })
	}
}

// teamActivity shows an agent the teams it belongs to; showall shows all.
func teamActivity(l *listing, _ string) predicate {
	all := l.q.bool("showall")
	enabled := !l.q.has("includeenabled") || l.q.bool("includeenabled")
	disabled := l.q.bool("includedisabled")
	me := l.find("Agent", l.who.app.AgentID)
	return func(r record) bool {
		if !all && !inTeam(me, r.int("id")) {
			return false
		}
		if r.bool("inactive") {
			return disabled
		}
		return enabled
	}
}

func teamKind(l *listing, param string) predicate {
	name := map[string]string{"reqs": "forrequests", "opps": "foropps", "prjs": "forprojects"}[l.q.text(param)]
	return func(r record) bool { return name == "" || r.bool(name) }
}

func teamAgents(st *state, team record) any {
	list := []any{}
	for _, a := range st.table("Agent").rows {
		if inTeam(a, team.int("id")) && !a.bool("isdisabled") {
			list = append(list, object{{"id", a["id"]}, {"name", a["name"]}})
		}
	}
	return list
}

func beforeStatus(c *change) *answer {
	if c.creates() {
		c.next.fill(record{"shortname": c.next["name"]})
	}
	return nil
}

// distinctPriorities leaves one row of each number.
func distinctPriorities(l *listing, param string) predicate {
	if !l.q.bool(param) {
		return nil
	}
	seen := map[int64]bool{}
	return func(r record) bool {
		id := r.int("priorityid")
		defer func() { seen[id] = true }()
		return !seen[id]
	}
}
