package halo

// Results of an approval.
const (
	approvalPending  = 0
	approvalAccepted = 1
	approvalRejected = 2
)

// ticketApprovalResource keeps who is asked to approve a ticket. Rows are numbered within their ticket by seq; the
// path of one is {ticket}&{seq}, or {ticket} alone for its last.
func ticketApprovalResource() *resource {
	return &resource{
		name: "TicketApproval", schema: "FaultApproval", area: "tickets", parent: "ticket_id", number: "seq", wholeList: true, writable: true,
		required: []string{"ticket_id"}, refs: refs{"ticket_id": "Tickets"}, sort: "id", before: beforeApproval,
		defaults: record{"result": approvalPending, "type": 0, "actionnumber": 0, "emailstatus": 0, "agent_id": 0, "user_id": 0, "cab_id": 0, "note": "",
			"emailaddress": "", "votes_required_to_accept": 1, "votes_required_to_reject": 1, "is_mandatory": true},
		filters: map[string]filter{
			"ticket_id": equals("ticket_id"), "action_number": equals("actionnumber"),
			"mine": when(func(l *listing, r record) bool { return r.int("agent_id") == l.who.app.AgentID }),
		},
		derive: map[string]derived{
			"seq": same("id"), "summary": ref("ticket_id", "Tickets", "summary"), "agent_name": ref("agent_id", "Agent", "name"),
			"agent_initials": ref("agent_id", "Agent", "initials"), "ticket_user_id": ref("ticket_id", "Tickets", "user_id"),
			"ticket_user_name": ref("ticket_id", "Tickets", "user_name"), "name": approverName,
			"requestor_name":      ref("requestor_agent_id", "Agent", "name"),
			"approval_inprogress": func(_ *state, r record) any { return r.int("result") == approvalPending },
		},
	}
}

func approverName(st *state, r record) any {
	for field, table := range map[string]string{"agent_id": "Agent", "user_id": "Users", "cab_id": "CAB"} {
		if row := st.find(table, r.int(field)); row != nil {
			return row["name"]
		}
	}
	return r["emailaddress"]
}

func beforeApproval(c *change) *answer {
	c.next.fill(record{"datetime": haloDate(c.now()), "requestor_agent_id": c.who.app.AgentID})
	if c.next.int("result") != approvalPending && !isSet(c.next["dateapproved"]) {
		c.next["dateapproved"] = haloDate(c.now())
	}
	return nil
}

// requestApprovals asks those whom a new ticket or an action names to approve.
func (c *change) requestApprovals(ticket, action int64) {
	ask := func(approver record) {
		approver["ticket_id"], approver["actionnumber"] = ticket, action
		asked := &change{state: c.state, res: c.resource("TicketApproval"), who: c.who, posted: approver}
		_, _ = asked.apply() // one that names nobody is left out
	}
	direct := record{}
	for from, to := range map[string]string{"new_approvalprocess_agent_id": "agent_id", "new_approvalprocess_user_id": "user_id",
		"new_approvalprocess_cab_id": "cab_id", "new_approvalprocess_email": "emailaddress"} {
		if isSet(c.posted[from]) {
			direct[to] = c.posted[from]
		}
	}
	if len(direct) > 0 {
		ask(direct)
	}
	for _, name := range []string{"new_approvers", "approvers", "new_approvalprocess_cab"} {
		v, _ := c.element.get(name)
		list, _ := loose(v).([]any)
		for _, one := range list {
			m, _ := one.(map[string]any)
			approver := record{}
			for _, field := range []string{"agent_id", "user_id", "cab_id", "type"} {
				if id, isInt := m[field].(int64); isInt {
					approver[field] = id
				}
			}
			if text, ok := m["emailaddress"].(string); ok {
				approver["emailaddress"] = text
			}
			ask(approver)
		}
	}
}
