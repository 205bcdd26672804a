package halo

import (
	"fmt"
	"strings"
	"time"
)

// ticketStory is a kind of thing that happens at clients.
type ticketStory struct {
	kind              int // ticket type
	category          string
	summary, details  string
	team              int // index of seedTeams
	priority          int
	work, fix, finish string
}

const seedTicketCount = 172

var firstTicketID = int64(2041)

func (s *seeder) tickets() {
	s.table("Tickets").next = firstTicketID
	for n := range seedTicketCount {
		// from six weeks ago until an hour ago, denser towards now, in working hours
		age := time.Duration(seedTicketCount-n) * 6 * time.Hour
		s.ticket(ticketStories[(n*7+s.rand.IntN(3))%len(ticketStories)], s.today.Add(-age).Add(time.Duration(s.rand.IntN(240))*time.Minute))
	}
	s.opportunities()
	s.projects()
}

// ticket makes one ticket with what happened on it.
func (s *seeder) ticket(story ticketStory, at time.Time) {
	user := s.someUser()
	site := s.find("Site", user.int("site_id"))
	agent := s.someAgent(seedTeams[story.team].name)
	status := s.someStatus(s.today.Sub(at))
	if status == statusNew {
		agent = unassigned
	}
	details := "Hi team,\n\n" + story.details + "\n\nThanks,\n" + user.text("firstname")
	t := record{
		"summary": story.summary, "details": details, "details_html": htmlText(details), "tickettype_id": story.kind, "client_id": site.int("client_id"),
		"site_id": site["id"], "user_id": user["id"], "reportedby": user["emailaddress"], "status_id": status, "agent_id": agent,
		"team":        seedTeams[story.team].name,
		"priority_id": story.priority, "sla_id": site["sla_id"], "category_1": story.category, "categoryid_1": s.first("Category", "value",
			story.category)["id"],
		"dateoccurred": haloDate(at), "datecreated": haloDate(at), "source": 1 + s.rand.IntN(3), "impact": 2 + s.rand.IntN(2),
		"urgency": 2 + s.rand.IntN(2), "~use": "ticket",
	}
	if strings.HasPrefix(story.summary, "Alert:") {
		t["source"] = 5
	}
	s.keepTicket(t, at, story)
}

func (s *seeder) keepTicket(t record, at time.Time, story ticketStory) {
	c := &change{state: s.state, res: s.resource("Tickets"), next: t}
	s.fit(c.res, t)
	c.ticketDates()
	last := s.history(t, at, story)
	ticketClosing(t, last)
	t["lastactiondate"], t["last_update"] = haloDate(last), haloDate(last)
	s.add("Tickets", t)[updatedAt] = last
}

// history writes the actions of a ticket and tells when the last was.
func (s *seeder) history(t record, at time.Time, story ticketStory) time.Time {
	id := s.table("Tickets").next
	user, agent := s.find("Users", t.int("user_id")), s.find("Agent", t.int("agent_id"))
	s.action(id, at, "Opened", user, nil, t.text("details"), 0)
	status := t.int("status_id")
	if status == statusNew {
		return at
	}
	last := at.Add(time.Duration(5+s.rand.IntN(90)) * time.Minute)
	step := func(outcome string, by record, note string, spent float64) {
		if last = last.Add(time.Duration(10+s.rand.IntN(120)) * time.Minute); last.After(s.today) {
			last = s.today
		}
		s.action(id, last, outcome, nil, by, note, spent)
		t["timetaken"] = double(t.num("timetaken") + spent)
	}
	step("Begin Work", agent, "Picked up from the queue.", 0)
	step("Private Note", agent, story.work, 0.25*float64(1+s.rand.IntN(4)))
	switch status {
	case 4:
		step("Email User", agent, "Hi "+user.text("firstname")+", "+story.fix+" Could you let us know when it suits you?", 0.25)
	case 5:
		step("Internal Note", agent, "Logged with the supplier, reference SR"+fmt.Sprint(40000+id)+". Chasing tomorrow.", 0.25)
	case 8, statusClosed:
		step("Email User", agent, "Hi "+user.text("firstname")+", "+story.fix, 0.5)
		step("Close", agent, story.finish, 0)
		if status == statusClosed {
			t["closure_note"] = story.finish
		}
	}
	return last
}

func (s *seeder) action(ticket int64, at time.Time, outcome string, user, agent record, note string, spent float64) {
	kind := s.first("Outcome", "outcome", outcome)
	a := record{"ticket_id": ticket, "outcome": outcome, "outcome_id": kind["id"], "note": note, "note_html": htmlText(note), "datetime": haloDate(at),
		"last_updated": haloDate(at), "actiondatecreated": haloDate(at), "timetaken": spent, "~counted": double(spent),
		"hiddenfromuser": kind["hidefromuser"],
		"important":      false, "guid": s.newGUID(), "actionby_application_id": ""}
	if user != nil {
		a.fill(record{"who": user["name"], "who_type": 0, "who_agentid": 0, "who_initials": initialsOf(user.text("name")), "actionby_user_id": user["id"]})
	} else {
		a.fill(record{"who": agent["name"], "who_type": 1, "who_agentid": agent["id"], "who_initials": agent["initials"],
			"who_colour": agent["colour"], "actionby_agent_id": agent["id"]})
	}
	s.add("Actions", a)[updatedAt] = at
}

// someUser picks somebody of an active client, more often of a large one.
func (s *seeder) someUser() record {
	users := s.table("Users").rows
	for {
		if u := pick(s, users); u.text("emailaddress") != "" && u.int("linked_agent_id") == 0 && !u.bool("inactive") {
			return u
		}
	}
}

func (s *seeder) someAgent(team string) int64 {
	var ids []int64
	for _, a := range s.table("Agent").rows {
		if a.text("team") == team && !a.bool("isapiagent") && !a.bool("isdisabled") {
			ids = append(ids, a.int("id"))
		}
	}
	if len(ids) == 0 {
		return unassigned
	}
	return pick(s, ids)
}

// someStatus closes most of what is older than a week and leaves the last hours new.
func (s *seeder) someStatus(age time.Duration) int64 {
	switch chance := s.rand.IntN(100); {
	case age < 10*time.Hour:
		return statusNew
	case age > 7*24*time.Hour && chance < 85, age > 2*24*time.Hour && chance < 50:
		return statusClosed
	}
	return pick(s, []int64{2, 2, 2, 4, 4, 5, 6, 8, 2})
}
