package halo

import "slices"

// placeRefused keeps an agent from tickets of a client that it may not use, also the one that a ticket gets by default.
func (c *change) placeRefused() *answer {
	if c.sees(c.who, c.res, c.next) {
		return nil
	}
	return refused(broken("You do not have access to this Customer"))
}

// typeRefused applies a client's "Allow use of all Ticket Types": without it only the allowed ones can be logged.
func (c *change) typeRefused() *answer {
	if !c.creates() && !c.sets("tickettype_id") && !c.sets("client_id") {
		return nil
	}
	kind := c.next.int("tickettype_id")
	if clientAllows(c.find("Client", c.next.int("client_id")), kind) {
		return nil
	}
	return refused(broken("The Ticket Type " + c.find("TicketType", kind).text("name") + " cannot be used for this Customer"))
}

// clientAllows tells whether tickets of a type may be logged for a client; without the mark all may.
func clientAllows(client record, kind int64) bool {
	if client == nil || client["allowall_tickettypes"] != false {
		return true
	}
	return slices.ContainsFunc(client.list("allowed_tickettypes"), func(v any) bool {
		allowed, _ := v.(map[string]any)
		return textOf(allowed["id"]) == textOf(kind)
	})
}

// typesOfClient keeps the ticket types that a client may use.
func typesOfClient(l *listing, param string) predicate {
	client := l.find("Client", l.q.int(param)) // nil without a number: all
	return func(r record) bool { return clientAllows(client, r.int("id")) }
}

// moveFirst refuses work on tickets of the default client where Halo is set up so that they must be moved first.
func (c *change) moveFirst(ticket record) *answer {
	if !c.settings.MoveDefaultClient || ticket.int("client_id") != ownClientID || c.posted.int("new_client_id") > ownClientID {
		return nil
	}
	return refused(broken("Tickets with the default Customer and Site must be moved before working on the Ticket"))
}
