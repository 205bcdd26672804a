package halo

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

func timeResources() []*resource {
	return []*resource{timesheetResource(), timesheetEventResource()}
}

// workHours is what an agent's day has.
const workHours = 7.5

// timesheetResource is one row per agent and day. There is no DELETE.
func timesheetResource() *resource {
	return &resource{
		name: "Timesheet", schema: "Timesheet", area: "timesheets", writable: true, kept: true, required: []string{"agent_id", "date"}, sort: "-date",
		refs: refs{"agent_id": "Agent"},
		defaults: record{"target_hours": workHours, "work_hours": workHours, "break_hours": 0.0, "allowed_break_hours": 1.0, "forecasting_hours": 0.0,
			"workdayid": 1, "timesheet_manager": 2},
		before: beforeTimesheet,
		filters: map[string]filter{"agent_id": equals("agent_id"), "agents": anyOf("agent_id"), "date": onDay("date"),
			"start_date": since("date"), "end_date": until("date")},
		derive: map[string]derived{
			"agent_name": ref("agent_id", "Agent", "name"), "colour": ref("agent_id", "Agent", "colour"),
			"actual_hours":     hoursOf(func(record) bool { return true }),
			"chargeable_hours": hoursOf(func(a record) bool { return a.bool("actisbillable") }),
			"unlogged_hours": func(st *state, r record) any {
				return double(max(0, r.num("target_hours")-record{"": hoursOf(func(record) bool { return true })(st, r)}.num("")))
			},
		},
		hidden: map[string]string{"events": "includeevents"},
		details: map[string]derived{"events": func(st *state, r record) any {
			day := dateOf(r.text("date")).Truncate(24 * time.Hour)
			return st.timesheetEvents([]int64{r.int("agent_id")}, day, day.Add(24*time.Hour-time.Nanosecond))
		}},
	}
}

// beforeTimesheet reads the workflow flags of a post: submitted, approved, rejected.
func beforeTimesheet(c *change) *answer {
	at := dateOf(c.next.text("date"))
	c.next["date"] = haloDate(at.Truncate(24 * time.Hour))
	for flag, status := range map[string]int64{"_submitapproval": 1, "_approve": 2, "_reject": 3} {
		if c.element.flag(flag) {
			c.next["approval"] = map[string]any{"tsid": c.next["id"], "unum": c.next["agent_id"], "approvalstatus": status,
				"approver": c.who.app.AgentID, "submissiondate": haloDate(c.now())}
		}
	}
	return nil
}

// onDay keeps rows of the parameter's day.
func onDay(name string) filter {
	return func(l *listing, param string) predicate {
		day, ok := l.date(param)
		if !ok {
			return nil
		}
		return func(r record) bool { return sameDay(dateOf(r.text(name)), day) }
	}
}

func sameDay(a, b time.Time) bool {
	return a.UTC().Truncate(24 * time.Hour).Equal(b.UTC().Truncate(24 * time.Hour))
}

// hoursOf adds up the time of the agent's actions on the day.
func hoursOf(counts func(action record) bool) derived {
	return func(st *state, r record) any {
		sum, day := 0.0, dateOf(r.text("date"))
		for _, a := range st.table("Actions").rows {
			if a.int("who_agentid") == r.int("agent_id") && a.num("timetaken") > 0 && sameDay(dateOf(a.text("datetime")), day) && counts(a) {
				sum += a.num("timetaken")
			}
		}
		return double(sum)
	}
}

// timesheetEventResource keeps what was posted; the list shows the time on actions as well.
func timesheetEventResource() *resource {
	return &resource{
		name: "TimesheetEvent", schema: "TimesheetEvent", area: "timesheets", writable: true, required: []string{"start_date", "end_date"},
		refs: refs{"ticket_id": "Tickets", "agent_id": "Agent"}, before: beforeTimesheetEvent, after: afterTimesheetEvent,
		defaults: record{"event_type": 0, "subject": "", "note": "", "break_type": 0, "charge_rate": 0, "ticket_id": 0},
	}
}

func beforeTimesheetEvent(c *change) *answer {
	start, end := dateOf(c.next.text("start_date")), dateOf(c.next.text("end_date"))
	if end.Before(start) {
		return refused(broken("The end date must be after the start date"))
	}
	if !c.sets("timetaken") && (c.creates() || c.sets("start_date") || c.sets("end_date")) {
		c.next["timetaken"] = double(end.Sub(start).Hours())
	}
	c.next.fill(record{"agent_id": c.who.app.AgentID})
	return nil
}

// afterTimesheetEvent makes the closed ticket that Halo keeps behind time that was logged without one.
func afterTimesheetEvent(c *change) {
	if !c.creates() || !c.next.bool("lognewticket") {
		return
	}
	agent := c.find("Agent", c.next.int("agent_id"))
	subject := firstOf(c.next.text("subject"), fmt.Sprintf("Quick Time - %s - %s", agent.text("name"), c.next.text("start_date")))
	quick := &change{state: c.state, res: c.resource("Tickets"), who: c.who, element: element{{name: "_novalidate", value: true}},
		posted: record{"summary": subject, "details": c.next["note"], "agent_id": c.next["agent_id"], "status_id": int64(statusClosed)}}
	if id := c.next.int("client_id"); id > 0 {
		quick.posted["client_id"] = id
	}
	if _, refusal := quick.apply(); refusal == nil {
		c.next["ticket_id"] = quick.next["id"]
	}
}

func timesheetOperations() []operation {
	return []operation{
		{method: get, resource: "Timesheet", path: "mine", do: func(v *visit) answer {
			l := &listing{state: v.state, res: v.res, q: readQuery("agent_id=" + textOf(v.who.app.AgentID)), who: v.who}
			return l.answer()
		}},
		{method: get, resource: "Timesheet", path: "forecasting", do: func(v *visit) answer {
			l := &listing{state: v.state, res: v.res, q: v.q, who: v.who}
			return l.answer()
		}},
		{method: get, resource: "TimesheetEvent", path: "", do: listTimesheetEvents},
		{method: get, resource: "TimesheetEvent", path: "mine", do: func(v *visit) answer {
			return jsonAnswer(http.StatusOK, v.timesheetEvents([]int64{v.who.app.AgentID}, time.Time{}, time.Time{}))
		}},
	}
}

// listTimesheetEvents bounds the events by agent and date only; count and pages are ignored, as on live tenants.
func listTimesheetEvents(v *visit) answer {
	l := &listing{state: v.state, res: v.res, q: v.q, who: v.who}
	agents, _ := v.q.ids("agents")
	if id := v.q.int("agent_id"); id > 0 {
		agents = append(agents, id)
	}
	var from, to time.Time
	if v.q.has("start_date") {
		from, _ = l.date("start_date")
	}
	if v.q.has("end_date") {
		to, _ = l.date("end_date")
	}
	if len(v.q.bad) > 0 {
		return v.q.bad.answer()
	}
	return jsonAnswer(http.StatusOK, v.timesheetEvents(agents, from, to))
}

// timesheetEvents gives time on actions and posted events, by start. Every row's id is 0, as on live tenants.
func (st *state) timesheetEvents(agents []int64, from, to time.Time) []any {
	wanted := func(agent int64, at time.Time) bool {
		return (len(agents) == 0 || slices.Contains(agents, agent)) && (from.IsZero() || !at.Before(from)) && (to.IsZero() || !at.After(to))
	}
	var rows []record
	for _, a := range st.table("Actions").rows {
		if end := dateOf(a.text("datetime")); a.num("timetaken") > 0 && wanted(a.int("who_agentid"), end) {
			rows = append(rows, st.eventOf(a, end))
		}
	}
	for _, e := range st.table("TimesheetEvent").rows {
		if wanted(e.int("agent_id"), dateOf(e.text("start_date"))) {
			rows = append(rows, e.clone())
		}
	}
	slices.SortStableFunc(rows, func(a, b record) int { return strings.Compare(a.text("start_date"), b.text("start_date")) })
	list, res := []any{}, st.resource("TimesheetEvent")
	for _, r := range rows {
		r["id"] = int64(0)
		list = append(list, st.view(res, r, false, false))
	}
	return list
}

func (st *state) eventOf(a record, end time.Time) record {
	ticket := st.find("Tickets", a.int("ticket_id"))
	return record{"event_type": int64(0), "subject": ticket["summary"], "start_date": haloDate(end.Add(-hours(a.num("timetaken")))), "end_date": haloDate(end),
		"timetaken": double(a.num("timetaken")), "agent_id": a["who_agentid"], "ticket_id": a["ticket_id"], "action_number": a["id"], "note": a["note"],
		"client_id": ticket["client_id"], "site_id": ticket["site_id"], "tickettype_id": ticket["tickettype_id"],
		"customer": ref("client_id", "Client", "name")(st, ticket), "user_name": ref("user_id", "Users", "name")(st, ticket)}
}
