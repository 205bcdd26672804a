package halo

import (
	"fmt"
	"strings"
)

// event is a kind of happening that webhooks can be told of.
type event struct {
	number  int64  // eventno of notifications
	phrase  string // as payloads name it
	message string // with the padded number of the ticket
}

// The events. The numbers from 3 to 1072 are Halo's; those from 9001 on are the simulator's own, because
// Halo's are not public.
var (
	eventTest          = event{0, "test", "This is a test of the webhook."}
	eventNew           = event{3, "new ticket logged", "A new Ticket has been logged with the ID: %s."}
	eventUserUpdate    = event{19, "ticket updated by user", "The User has updated Ticket ID: %s."}
	eventClosed        = event{39, "ticket closed", "Ticket ID: %s has been closed."}
	eventResponseSLA   = event{42, "sla response warning", "The response target of Ticket ID: %s is near."}
	eventResolutionSLA = event{46, "sla resolution warning", "The resolution target of Ticket ID: %s is near."}
	eventDeadline      = event{70, "ticket deadline", "The deadline of Ticket ID: %s has been reached."}
	eventStatus        = event{76, "ticket status changed", "The status has been changed for Ticket ID: %s."}
	eventDeleted       = event{1072, "ticket deleted", "Ticket ID: %s has been deleted."}
	eventUpdated       = event{9001, "ticket updated", "Ticket ID: %s has been updated."}
	eventReassigned    = event{9002, "ticket reassigned", "Ticket ID: %s has been reassigned."}
	eventAction        = event{9003, "action added", "An Action has been added to Ticket ID: %s."}
)

var events = []event{eventNew, eventUserUpdate, eventClosed, eventResponseSLA, eventResolutionSLA, eventDeadline, eventStatus, eventDeleted,
	eventUpdated, eventReassigned, eventAction}

func eventNumbered(number int64) (event, bool) {
	for _, e := range events {
		if e.number == number {
			return e, true
		}
	}
	return event{}, false
}

func eventNamed(phrase string) (event, bool) {
	for _, e := range events {
		if strings.EqualFold(e.phrase, strings.TrimSpace(phrase)) {
			return e, true
		}
	}
	return event{}, false
}

// said is the message of the event about a ticket.
func (e event) said(ticket int64) string {
	if !strings.Contains(e.message, "%s") {
		return e.message
	}
	return fmt.Sprintf(e.message, fmt.Sprintf("%07d", ticket))
}

// happening is an event with what it is about.
type happening struct {
	event
	ticket record // nil for a test
	action record // nil unless one is concerned
	agent  int64  // who did it
	group  string // escmsg_id, the same for every webhook that is told
}

// tell queues a delivery for every webhook that waits for the event, with what it is about as it stands now.
func (st *state) tell(h happening) (told int) {
	if len(st.table("Webhook").rows) == 0 {
		return 0
	}
	h.group = st.newGUID()
	for _, n := range st.table("Notification").rows {
		hook := st.table("Webhook").byKey[n.text("webhook_id")]
		if hook == nil || n.int("eventno") != h.number || n.int("delivery_method") != deliverByWebhook || !listens(hook) || !st.wanted(n, h.ticket) {
			continue
		}
		st.tellOne(hook, n, h)
		told++
	}
	return told
}

func listens(hook record) bool {
	return hook.bool("active") && !hook.bool("disabled") && hook.int("type") == webhookStandard
}

// tellOne queues the delivery of one webhook, whatever it waits for.
func (st *state) tellOne(hook, notification record, h happening) {
	if h.group == "" {
		h.group = st.newGUID()
	}
	st.due = append(st.due, st.deliveryOf(hook, notification, h))
}

// takeDue gives the deliveries that changes have caused.
func (st *state) takeDue() []delivery {
	due := st.due
	st.due = nil
	return due
}

// tellChanged tells what a change of a ticket, by itself or by an action, means.
func (c *change) tellChanged(was, ticket, action record) {
	h := happening{ticket: ticket, action: action, agent: c.who.app.AgentID}
	tell := func(e event) {
		h.event = e
		c.tell(h)
	}
	switch {
	case action == nil:
		tell(eventUpdated)
	case action.int("who_type") == 0:
		tell(eventUserUpdate)
	}
	if action != nil {
		tell(eventAction)
	}
	if was.int("status_id") != ticket.int("status_id") {
		tell(eventStatus)
		if isClosed(ticket) {
			tell(eventClosed)
		}
	}
	if was.int("agent_id") != ticket.int("agent_id") || was.text("team") != ticket.text("team") {
		tell(eventReassigned)
	}
}
