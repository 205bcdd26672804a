package halo

import (
	"slices"
	"strings"
)

var ticketsFrom, ticketsTo = betweenDates("dateoccurred", map[string]string{
	"dateoccured": "dateoccurred", "dateoccurred": "dateoccurred", "datecleared": "dateclosed", "dateclosed": "dateclosed",
	"dateassigned": "dateassigned", "lastactiondate": "lastactiondate", "last_update": "last_update", "fixbydate": "fixbydate",
	"deadlinedate": "deadlinedate", "targetdate": "targetdate",
})

var actionsFrom, actionsTo = betweenDates("datetime", nil)

func ticketFilters() map[string]filter {
	return map[string]filter{
		"open_only":   when(func(_ *listing, r record) bool { return !isClosed(r) }),
		"closed_only": when(func(_ *listing, r record) bool { return isClosed(r) }),
		"client_id":   equals("client_id"), "client_ids": anyOf("client_id"), "site_id": equals("site_id"),
		"user_id": equals("user_id"), "username": is("user_name"),
		"agent_id": equals("agent_id"), "agent": anyOf("agent_id"), "team": teamFilter, "team_name": teamFilter,
		"mine":      when(func(l *listing, r record) bool { return r.int("agent_id") == l.who.app.AgentID }),
		"status_id": equals("status_id"), "status": anyOf("status_id"),
		"requesttype_id": equals("tickettype_id"), "requesttype": anyOf("tickettype_id"),
		"priority": anyOf("priority_id"), "sla": anyOf("sla_id"),
		"category_1": anyOf("categoryid_1"), "category_2": anyOf("categoryid_2"),
		"category_3": anyOf("categoryid_3"), "category_4": anyOf("categoryid_4"),
		"asset_id":    ifGiven(namesAsset),
		"contract_id": equals("contract_id"), "parent_id": equals("parent_id"), "toplevel_id": equals("top_level_id"),
		"milestone_id": equals("milestone_id"), "supplier_id": equals("supplier_id"), "release_id": equals("release_id"),
		"search_id": is("id"), "ticketids": anyOf("id"), "search_summary": like("summary"), "search_details": like("details"),
		"search_user_name":  like("user_name"),
		"search_reportedby": like("reportedby"), "search_oppcontactname": like("oppcontactname"),
		"search_oppcompanyname": like("oppcompanyname"), "search_oppemailaddress": like("oppemailaddress"),
		"third_party_id": equals("third_party_id"), "third_party_id_string": is("third_party_id_string"),
		"startdate": ticketsFrom, "enddate": ticketsTo,
		"flagged": flag("flagged"), "excludethese": noneOf("id"), "project_ids": anyOf("parent_id"), "ticketcontract_id": equals("contract_id"),
		"withattachments":     when(func(l *listing, r record) bool { return toInt(l.value(r, "attachment_count")) > 0 }),
		"notime":              when(func(_ *listing, r record) bool { return r.num("timetaken") == 0 }),
		"onlytime":            when(func(_ *listing, r record) bool { return r.num("timetaken") > 0 }),
		"unlinked_only":       when(func(_ *listing, r record) bool { return r.int("parent_id") == 0 }),
		"itil_requesttype_id": equals("~itil"), "itil_requesttype": anyOf("~itil"), "requesttypegroup": anyOf("~group"),
		"search_inventory_number": assetNumbered,
	}
}

// ticketDomain keeps plain tickets out of the way of opportunities and projects, which are tickets too, unless
// domain asks for them.
func ticketDomain(l *listing, _ string) predicate {
	use := map[string]string{"opps": "opp", "prjs": "project"}[l.q.text("domain")]
	use = firstOf(use, "ticket")
	return func(r record) bool { return r.text("~use") == use }
}

// ifGiven keeps rows that pass a test on the parameter's number.
func ifGiven(test func(r record, id int64) bool) filter {
	return func(l *listing, param string) predicate {
		id := l.q.int(param)
		if id <= 0 {
			return nil
		}
		return func(r record) bool { return test(r, id) }
	}
}

func namesAsset(ticket record, id int64) bool {
	for _, v := range ticket.list("assets") {
		if asset, _ := v.(map[string]any); toInt(asset["id"]) == id {
			return true
		}
	}
	return false
}

// assetNumbered keeps tickets of assets whose number contains the text.
func assetNumbered(l *listing, param string) predicate {
	text := strings.ToLower(l.q.text(param))
	var ids []int64
	for _, a := range l.table("Asset").rows {
		if strings.Contains(strings.ToLower(a.text("inventory_number")), text) {
			ids = append(ids, a.int("id"))
		}
	}
	return func(r record) bool {
		return slices.ContainsFunc(ids, func(id int64) bool { return namesAsset(r, id) })
	}
}

// isTicket gives the test for one kind of ticket. All three kinds share a table.
func isTicket(use string) func(*state, record) bool {
	return func(_ *state, r record) bool { return r.text("~use") == use }
}

func isClosed(r record) bool { return r.int("status_id") == statusClosed }

// teamFilter takes team ids or names, several with commas.
func teamFilter(l *listing, param string) predicate {
	ids, words := l.q.ids(param)
	for _, id := range ids {
		if team := l.find("Team", id); team != nil {
			words = append(words, team.text("name"))
		}
	}
	return func(r record) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, r.text("team")) })
	}
}

// betweenDates applies startdate and enddate to the date that datesearch names.
func betweenDates(byDefault string, names map[string]string) (from, to filter) {
	pick := func(l *listing) string {
		if name, ok := names[strings.ToLower(l.q.text("datesearch"))]; ok {
			return name
		}
		return byDefault
	}
	from = func(l *listing, param string) predicate { return since(pick(l))(l, param) }
	to = func(l *listing, param string) predicate { return until(pick(l))(l, param) }
	return from, to
}
