package halo

import "net/http"

func ticketOperations() []operation {
	list := []operation{
		{method: post, resource: "Tickets", path: "vote", do: updated(vote)},
		{method: post, resource: "Tickets", path: "object", do: ticketObject},
		{method: post, resource: "Tickets", path: "processchildren", do: processChildren},
		{method: get, resource: "Tickets", path: "zapier", do: zapierTickets},
		{method: get, resource: "Tickets", path: "salesmailbox", do: func(*visit) answer { return empty(http.StatusInternalServerError) }}, // as seen where no mailbox is set up
		{method: post, resource: "Actions", path: "review", do: updated(func(_ *change, next record) { next["actreviewed"] = true })},
		{method: post, resource: "Actions", path: "reaction", do: react},
	}
	for _, name := range []string{"Tickets", "Opportunities", "Projects"} {
		list = append(list, operation{method: post, resource: name, path: "view",
			do: updated(func(_ *change, next record) { next["read"] = true })})
	}
	return list
}

// ticketObject answers the ticket that a post would make, and keeps nothing.
func ticketObject(v *visit) answer {
	v.one()
	changes, refusal := v.changes()
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, c := range changes {
		c.element = append(c.element, posted{name: "_validate_only", value: true})
		shown, refusal := c.apply()
		if refusal != nil {
			return *refusal
		}
		all = append(all, shown)
	}
	return v.written(all)
}

// processChildren writes what is posted for a ticket to its children.
func processChildren(v *visit) answer {
	parents, refusal := v.changes()
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, parent := range parents {
		if parent.creates() {
			return empty(http.StatusNotFound)
		}
		for _, child := range v.where("Tickets", func(t record) bool { return t.int("parent_id") == parent.old.int("id") && !t.bool("deleted") }) {
			c := &change{state: v.state, res: parent.res, who: v.who, element: parent.element, posted: parent.posted.clone(), old: child}
			c.posted["id"] = child["id"]
			if _, refusal := c.apply(); refusal != nil {
				return *refusal
			}
		}
		all = append(all, v.view(v.res, parent.old, true, true))
	}
	return v.written(all)
}

// zapierTickets is a short sample of the newest tickets.
func zapierTickets(v *visit) answer {
	l := &listing{state: v.state, res: v.res, q: readQuery("count=3"), who: v.who}
	rows := l.rows(l.tests())
	l.sort(rows, l.orders())
	list := []any{}
	for _, r := range l.window().cut(rows) {
		list = append(list, v.view(v.res, r, true, false))
	}
	return jsonAnswer(http.StatusOK, list)
}

// react adds a reaction, such as a thumb, to an action.
func react(v *visit) answer {
	v.one()
	reactions, refusal := v.records("ActionReaction")
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, r := range reactions {
		action := v.table("Actions").byKey[v.res.key(record{"ticket_id": r["ticket_id"], "id": r["action_number"]})]
		if action == nil || !v.sees(v.who, v.res, action) {
			return empty(http.StatusNotFound)
		}
		r.fill(record{"agent_id": v.who.app.AgentID, "timestamp": haloDate(v.now())})
		action["reactions"] = append(append([]any{}, action.list("reactions")...), map[string]any(r))
		all = append(all, r)
	}
	return v.written(all)
}
