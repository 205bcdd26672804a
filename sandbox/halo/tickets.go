package halo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Statuses that Halo itself gives a meaning.
const (
	statusNew    = 1
	statusClosed = 9
)

const unassigned = 1 // the agent that stands for nobody

// beforeTicket fills in what a ticket takes from its type, client, user and agent, and applies Halo's rules.
func beforeTicket(c *change) *answer {
	if refusal := c.ticketRules(); refusal != nil {
		return refusal
	}
	c.ticketPlace()
	for _, refuse := range []func() *answer{c.placeRefused, c.typeRefused} {
		if refusal := refuse(); refusal != nil {
			return refusal
		}
	}
	c.ticketTexts()
	if c.creates() {
		c.ticketDefaults()
	}
	c.ticketTeam()
	c.ticketCategories()
	ticketClosing(c.next, c.now())
	c.next["last_update"] = haloDate(c.now())
	return nil
}

func (c *change) ticketRules() *answer {
	if c.posted.int("user_id") > 0 && c.next.int("site_id") <= 0 && !c.element.flag("_novalidate") {
		return refused(broken("A Site must be selected when a User is selected"))
	}
	if c.creates() && !c.sets("tickettype_id") {
		c.next["tickettype_id"] = c.typeFor(c.res.name)
	}
	kind := c.find("TicketType", c.next.int("tickettype_id"))
	if c.creates() && kind != nil && kind.bool("~approval") && !c.approvers() {
		return refused(broken("CODE:APP03/2 Please select the CAB members to approve"))
	}
	return nil
}

func (c *change) approvers() bool {
	for _, name := range []string{"new_approvers", "approvers", "new_approvalprocess_cab"} {
		if v, _ := c.element.get(name); v != nil {
			if list, ok := v.([]any); ok && len(list) > 0 {
				return true
			}
		}
	}
	return c.posted.int("new_approvalprocess_cab_id") > 0 || c.posted.int("new_approvalprocess_user_id") > 0 ||
		c.posted.int("new_approvalprocess_agent_id") > 0 || c.posted.text("new_approvalprocess_email") != ""
}

// typeFor is the first ticket type of a kind of ticket: Tickets, Opportunities or Projects.
func (st *state) typeFor(resourceName string) int64 {
	for _, kind := range st.table("TicketType").rows {
		if kind.text("use") == ticketUse[resourceName] {
			return kind.int("id")
		}
	}
	return 0
}

var ticketUse = map[string]string{"Tickets": "ticket", "Opportunities": "opp", "Projects": "project"}

// ticketPlace settles user, site and client so that they belong together: the user's site, the client's main
// site and its general user where the post does not say.
func (c *change) ticketPlace() {
	t := c.next
	if lookup, ok := c.posted["~userlookup"].(map[string]any); ok && !c.sets("user_id") {
		id, _ := strconv.ParseInt(textOf(lookup["id"]), 10, 32) // -1 is the client's general user
		t["user_id"] = max(id, 0)
	}
	if user := c.find("Users", t.int("user_id")); user != nil && t.int("site_id") <= 0 {
		t["site_id"] = user.int("site_id")
	}
	if site := c.find("Site", t.int("site_id")); site != nil && (t.int("client_id") <= 0 || c.sets("site_id") && !c.sets("client_id")) {
		t["client_id"] = site.int("client_id")
	}
	if t.int("client_id") <= 0 {
		t["client_id"] = int64(ownClientID)
	}
	if site := c.find("Site", t.int("site_id")); site == nil || site.int("client_id") != t.int("client_id") {
		t["site_id"] = c.siteOf(t)
	}
	if t.int("user_id") <= 0 || c.sets("client_id") && !c.sets("user_id") && c.userClient(t.int("user_id")) != t.int("client_id") {
		t["user_id"] = c.generalUser(t.int("client_id"))
	}
	if !isSet(t["reportedby"]) {
		t["reportedby"] = textOf(ref("user_id", "Users", "emailaddress")(c.state, t))
	}
}

// siteOf finds the site by the name posted, else the client's main site.
func (c *change) siteOf(t record) int64 {
	client := c.find("Client", t.int("client_id"))
	for _, site := range c.table("Site").rows {
		if site.int("client_id") == t.int("client_id") && (strings.EqualFold(site.text("name"),
			c.posted.text("site_name")) || client.int("main_site_id") == 0) {
			return site.int("id")
		}
	}
	return client.int("main_site_id")
}

func (st *state) userClient(id int64) int64 {
	return toInt(ref("user_id", "Users", "client_id")(st, record{"user_id": id}))
}

func (st *state) generalUser(client int64) int64 {
	for _, u := range st.table("Users").rows {
		if u.text("name") == generalUser && st.userClient(u.int("id")) == client {
			return u.int("id")
		}
	}
	return 0
}

// ticketTexts keeps details and details_html in step.
func (c *change) ticketTexts() {
	switch {
	case c.sets("details_html") && !c.sets("details"):
		c.next["details"] = plainText(c.next.text("details_html"))
	case c.sets("details") && !c.sets("details_html"):
		c.next["details_html"] = htmlText(c.next.text("details"))
	}
}

func (c *change) ticketDefaults() {
	t, now := c.next, haloDate(c.now())
	kind := c.find("TicketType", t.int("tickettype_id"))
	t.fill(record{
		"status_id": statusNew, "sla_id": 1, "priority_id": 3, "agent_id": unassigned, "dateoccurred": now, "datecreated": now,
		"lastactiondate": now, "~use": "ticket",
	})
	if kind != nil {
		t["~use"] = kind.text("use")
		take := func(to, from string) {
			if v := kind[from]; isSet(v) && !c.sets(to) {
				t[to] = v
			}
		}
		take("status_id", "initial_status")
		take("priority_id", "default_priority")
		take("team", "default_team")
		take("sla_id", "default_sla")
	}
	if site := c.find("Site", t.int("site_id")); site.int("sla_id") > 0 && !c.sets("sla_id") {
		t["sla_id"] = site["sla_id"]
	}
	if !c.sets("agent_id") {
		t["agent_id"] = int64(unassigned)
	}
	c.state.fit(c.res, t)
	c.ticketDates()
}

// ticketDates sets when the SLA wants a response and a fix, counted in plain hours from the start.
func (c *change) ticketDates() {
	start := dateOf(c.next.text("dateoccurred"))
	for _, p := range c.table("Priority").rows {
		if p.int("slaid") != c.next.int("sla_id") || p.int("priorityid") != c.next.int("priority_id") || start.IsZero() {
			continue
		}
		c.next.fill(record{
			"respondbydate": haloDate(start.Add(hours(p.num("responsetime")))),
			"fixbydate":     haloDate(start.Add(hours(p.num("fixtime")))),
		})
	}
}

func hours(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }

// ticketTeam reads the team by name or number and takes the agent's when the post names an agent only.
func (c *change) ticketTeam() {
	t := c.next
	agent := c.find("Agent", t.int("agent_id"))
	switch team := c.teamNamed(c.posted.text("team")); {
	case c.sets("team") && team != nil:
		t["team"] = team.text("name")
	case c.sets("team"):
		t["team"] = c.old.text("team")
	case c.posted.int("team_id") > 0 && c.find("Team", c.posted.int("team_id")) != nil:
		t["team"] = c.find("Team", c.posted.int("team_id")).text("name")
	case c.creates() && c.sets("agent_id") && agent != nil && agent.text("team") != "":
		t["team"] = agent.text("team")
	}
	delete(t, "team_id") // derived from the name
}

func (st *state) teamNamed(name string) record {
	if name == "" {
		return nil
	}
	if team := st.first("Team", "name", name); team != nil {
		return team
	}
	return st.table("Team").byKey[name]
}

// ticketCategories keeps "Hardware>Printer" and its id in step: a posted id gives the text, a text its id.
func (c *change) ticketCategories() {
	for n := 1; n <= 4; n++ {
		name, idName := fmt.Sprintf("category_%d", n), fmt.Sprintf("categoryid_%d", n)
		if cat := c.find("Category", c.posted.int(idName)); cat != nil && !c.sets(name) {
			c.next[name] = cat.text("value")
		}
	}
	c.categoryIDs(c.next)
}

func (st *state) categoryIDs(t record) {
	for n := int64(1); n <= 4; n++ {
		value, id := t.text(fmt.Sprintf("category_%d", n)), int64(0)
		for _, cat := range st.table("Category").rows {
			if value != "" && cat.int("type_id") == n && strings.EqualFold(cat.text("value"), value) {
				id = cat.int("id")
			}
		}
		t[fmt.Sprintf("categoryid_%d", n)] = id
	}
}

// ticketClosing makes hasbeenclosed and dateclosed follow the status.
func ticketClosing(t record, now time.Time) {
	closed := t.int("status_id") == statusClosed
	if closed == t.bool("hasbeenclosed") && t["hasbeenclosed"] != nil {
		return
	}
	t["hasbeenclosed"] = closed
	t["dateclosed"] = noDate
	if closed {
		t["dateclosed"] = haloDate(now)
	}
}

// afterTicket writes the first action of a new ticket and keeps its attachments.
func afterTicket(c *change) {
	if attachments, ok := c.posted["attachments"].([]any); ok {
		c.attach(attachments, record{"ticket_id": c.next["id"], "type": int64(0), "unique_id": c.next["id"]})
		delete(c.next, "attachments")
	}
	c.requestApprovals(c.next.int("id"), 0)
	if !c.creates() {
		c.tellChanged(c.was, c.next, nil)
		return
	}
	c.insert(c.resource("Actions"), c.authored(record{
		"ticket_id": c.next["id"], "outcome": "Opened", "outcome_id": outcomeOpened, "note": c.next["details"], "note_html": c.next["details_html"],
		"datetime": c.next["dateoccurred"],
	}))
	c.tell(happening{event: eventNew, ticket: c.next, agent: c.who.app.AgentID})
}
