package halo

import "slices"

// sees tells whether the agent may use the client that a row belongs to. Rows of no client are for everybody,
// timesheets under the scope editMine:timesheets for their agent.
func (st *state) sees(who principal, res *resource, r record) bool {
	if who.othersTimesheet(res, r, false) {
		return false
	}
	if who.clients == nil {
		return true
	}
	client := st.clientOf(res, r)
	return client <= 0 || slices.Contains(who.clients, client)
}

// clientOf finds the client of a row: named by itself, by its site or by its ticket.
func (st *state) clientOf(res *resource, r record) int64 {
	if res.name == "Client" {
		return r.int("id")
	}
	if id := toInt(st.value(res, r, "client_id")); id > 0 {
		return id
	}
	if site := st.find("Site", r.int("site_id")); site != nil {
		return site.int("client_id")
	}
	return st.find("Tickets", r.int("ticket_id")).int("client_id")
}

// mayUse tells whether the element may name a row of another table.
func (c *change) mayUse(tableName string, id int64) bool {
	r := c.find(tableName, id)
	return r != nil && c.sees(c.who, c.resource(tableName), r)
}
