package halo

import (
	"net/http"
	"strings"
)

// beforeAction applies the rules of a ticket's actions: a ticket, an outcome, who did it.
func beforeAction(c *change) *answer {
	a := c.next
	if a.int("ticket_id") <= 0 {
		return refused(empty(http.StatusBadRequest))
	}
	ticket := c.find("Tickets", a.int("ticket_id"))
	if ticket == nil || ticket.bool("deleted") || !c.sees(c.who, c.resource("Tickets"), ticket) {
		return refused(empty(http.StatusNotFound))
	}
	if refusal := c.moveFirst(ticket); refusal != nil {
		return refusal
	}
	outcome := c.outcome()
	if outcome == nil && !isSet(a["outcome"]) {
		return refused(broken("An Outcome must be entered for this Action"))
	}
	if outcome != nil {
		if outcome.bool("~restricted") {
			return refused(broken("You do not have access to this Action"))
		}
		a["outcome"], a["outcome_id"] = outcome.text("outcome"), outcome.int("id")
	}
	c.actionTexts()
	if c.creates() {
		c.authored(a)
		if _, posted := c.posted["hiddenfromuser"]; !posted && outcome != nil {
			a["hiddenfromuser"] = outcome.bool("hidefromuser")
		}
	}
	a["last_updated"] = haloDate(c.now())
	return nil
}

// outcome finds what the post names by id or by name; a name that Halo does not know is kept as text.
func (c *change) outcome() record {
	if id := c.posted.int("outcome_id"); id > 0 {
		return c.find("Outcome", id)
	}
	if name := c.next.text("outcome"); name != "" {
		return c.first("Outcome", "outcome", name)
	}
	return nil
}

func (c *change) actionTexts() {
	switch {
	case c.sets("note_html") && !c.sets("note"):
		c.next["note"] = plainText(c.next.text("note_html"))
	case c.sets("note") && !c.sets("note_html"):
		c.next["note_html"] = htmlText(c.next.text("note"))
	}
}

// authored says who did an action and when: the agent of the application, through the application.
func (c *change) authored(a record) record {
	now := haloDate(c.now())
	agent := c.who.app.AgentID
	if a.int("who_agentid") > 0 {
		agent = a.int("who_agentid")
	}
	row := c.find("Agent", agent)
	if row == nil {
		row = record{}
	}
	byUser := a["who_type"] == int64(0)
	if !byUser {
		a.fill(record{"who": row["name"], "who_type": int64(1), "who_agentid": agent, "who_initials": row["initials"], "who_colour": row["colour"]})
	}
	if a["who_initials"] == nil {
		a["who_initials"] = initialsOf(a.text("who"))
	}
	a.fill(record{
		"datetime": now, "last_updated": now, "actiondatecreated": now, "actionby_agent_id": c.who.app.AgentID,
		"actionby_application_id": c.who.app.Name, "timetaken": 0.0, "hiddenfromuser": false, "important": false,
		"note": "", "note_html": "",
		"guid": c.newGUID(),
	})
	return a
}

// moves are the fields of an action that change its ticket.
var moves = map[string]string{
	"new_priority": "priority_id", "new_category1": "category_1", "new_category2": "category_2", "new_category3": "category_3",
	"new_category4": "category_4", "new_tickettype": "tickettype_id", "new_impact": "impact", "new_urgency": "urgency",
	"new_contract_id": "contract_id", "new_estimate": "estimate", "new_source": "source", "new_sla_id": "sla_id",
	"new_client_id": "client_id", "new_site_id": "site_id", "new_user_id": "user_id", "new_parent_id": "parent_id",
	"new_startdate": "startdate", "new_targetdate": "targetdate", "new_deadlinedate": "deadlinedate", "new_followupdate": "followupdate",
}

// afterAction moves the ticket: new_status and its kin, the time taken, the date of the last action.
func afterAction(c *change) {
	if attachments, ok := c.posted["attachments"].([]any); ok {
		c.attach(attachments, record{"ticket_id": c.next["ticket_id"], "action_id": c.next["id"], "type": int64(0), "unique_id": c.next["ticket_id"]})
		delete(c.next, "attachments")
	}
	ticket := c.find("Tickets", c.next.int("ticket_id"))
	if ticket == nil {
		return
	}
	c.requestApprovals(ticket.int("id"), c.next.int("id"))
	before := 0.0
	if c.old != nil {
		before = c.next.num("~counted")
	}
	c.next["~counted"] = double(c.next.num("timetaken"))
	next := ticket.clone()
	next["timetaken"] = double(ticket.num("timetaken") + c.next.num("timetaken") - before)
	next["lastactiondate"], next["last_update"] = c.next["datetime"], haloDate(c.now())
	c.moveTicket(next)
	was := ticket.clone()
	c.replace(c.resource("Tickets"), ticket, next)
	if c.creates() {
		c.tellChanged(was, ticket, c.next)
	}
}

func (c *change) moveTicket(ticket record) {
	for from, to := range moves {
		if isSet(c.posted[from]) {
			ticket[to] = c.posted[from]
		}
	}
	c.categoryIDs(ticket)
	if id := c.newStatus(); id > 0 && c.find("Status", id) != nil {
		c.next["old_status"] = ticket.int("status_id")
		ticket["status_id"] = id
		if id == statusClosed && isSet(c.next["note"]) {
			ticket["closure_note"] = c.next["note"]
		}
		ticketClosing(ticket, c.now())
	}
	if agent := c.find("Agent", c.posted.int("new_agent")); agent != nil {
		ticket["agent_id"] = agent.int("id")
	}
	if team := c.teamNamed(c.posted.text("new_team")); team != nil {
		ticket["team"] = team.text("name")
	}
}

// newStatus is the posted one, or the outcome's for a new action.
func (c *change) newStatus() int64 {
	if id := c.posted.int("new_status"); id > 0 {
		return id
	}
	if outcome := c.find("Outcome", c.next.int("outcome_id")); outcome != nil && c.creates() {
		return outcome.int("newstatus")
	}
	return 0
}

// afterActionGone takes the time of a deleted action off its ticket.
func afterActionGone(st *state, a record) {
	if ticket := st.find("Tickets", a.int("ticket_id")); ticket != nil {
		ticket["timetaken"] = double(ticket.num("timetaken") - a.num("timetaken"))
	}
}

func isSystemAction(r record) bool {
	return r.int("outcome_id") == outcomeOpened || strings.EqualFold(r.text("outcome"), "System")
}
