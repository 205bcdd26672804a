package halo

import (
	"errors"
	"slices"
	"strings"
)

// Mandatory makes fields mandatory, as an admin of Halo does for ticket types and outcomes.
type Mandatory struct {
	Resource   string   `json:"resource,omitempty"`    // Tickets when empty; Actions, Users …
	TicketType int64    `json:"ticket_type,omitempty"` // only for tickets of this type and their actions; all when zero
	Outcome    string   `json:"outcome,omitempty"`     // only for actions with this outcome; all when empty
	Fields     []string `json:"fields"`                // by name; custom fields by theirs, such as CFserial
}

func (m Mandatory) resource() *resource {
	return resources()[strings.ToLower(firstOf(m.Resource, "Tickets"))]
}

func (m Mandatory) check() error {
	res := m.resource()
	if res == nil || len(m.Fields) == 0 {
		return errors.New("mandatory needs a resource such as Tickets, and fields")
	}
	for _, name := range m.Fields {
		if _, known := schemas()[res.schema].field(name); !known && !isCustomName(name) {
			return errors.New("mandatory: " + res.name + " has no field " + clip(name))
		}
	}
	return nil
}

func isCustomName(name string) bool { return strings.HasPrefix(strings.ToLower(name), "cf") }

// mandatory names the fields that the settings or a custom field's own mark want and the element leaves out.
func (c *change) mandatory() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, m := range c.settings.Mandatory {
		if !c.concerns(m) {
			continue
		}
		for _, name := range m.Fields {
			if def := c.customNamed(name); def != nil {
				if c.lacksCustom(def) {
					add(customTitle(def))
				}
			} else if c.lacks(name) {
				add(name)
			}
		}
	}
	for _, def := range c.table("FieldInfo").rows {
		if c.res.custom != 0 && def.bool("mandatory") && def.int("usage") == c.res.custom && c.lacksCustom(def) {
			add(customTitle(def))
		}
	}
	return names
}

// concerns tells whether a rule is about this element.
func (c *change) concerns(m Mandatory) bool {
	if m.resource() != c.res {
		return false
	}
	if m.TicketType > 0 && c.ticketType() != m.TicketType {
		return false
	}
	if m.Outcome == "" {
		return true
	}
	name := c.next.text("outcome")
	if outcome := c.outcome(); outcome != nil {
		name = outcome.text("outcome")
	}
	return strings.EqualFold(name, m.Outcome)
}

// ticketType is the type of the ticket that is being written, or of the action's ticket.
func (c *change) ticketType() int64 {
	if c.res.home() != "Tickets" {
		return c.find("Tickets", c.next.int("ticket_id")).int("tickettype_id")
	}
	if id := c.next.int("tickettype_id"); id > 0 {
		return id
	}
	return c.typeFor(c.res.name)
}

// otherNames are further ways to give a field.
var otherNames = map[string][]string{
	"details": {"details_html"}, "note": {"note_html"}, "team": {"team_id"}, "user_id": {"~userlookup"}, "outcome": {"outcome_id"},
	"category_1": {"categoryid_1"}, "category_2": {"categoryid_2"}, "category_3": {"categoryid_3"}, "category_4": {"categoryid_4"},
}

// lacks tells whether a create leaves a field out or an update empties it. What Halo fills in by itself does not count.
func (c *change) lacks(name string) bool {
	touched := c.creates()
	for _, n := range append([]string{strings.ToLower(name)}, otherNames[strings.ToLower(name)]...) {
		v, posted := c.posted[n]
		if isSet(v) {
			return false
		}
		touched = touched || posted
	}
	return touched
}

func (c *change) customNamed(name string) record {
	if c.res.custom == 0 || !isCustomName(name) {
		return nil
	}
	return c.customField(map[string]any{"name": name})
}

func (c *change) lacksCustom(def record) bool {
	for _, v := range c.posted.list("customfields") {
		posted, _ := v.(map[string]any)
		if named := c.customField(posted); named != nil && named.int("id") == def.int("id") {
			return !isSet(posted["value"])
		}
	}
	return c.creates()
}

// customTitle is how a refusal names a custom field: as people see it, and as a post must name it.
func customTitle(def record) string {
	if label := def.text("label"); label != "" {
		return label + " (" + def.text("name") + ")"
	}
	return def.text("name")
}
