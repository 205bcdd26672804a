package halo

import "strings"

// criterion is one condition of a notification: a field of the ticket that is, or is not, a value. Halo has more;
// what cannot be judged is refused when it is posted, so that no webhook stays silent or speaks for a wrong reason.
type criterion struct {
	field string
	kind  int64 // value_type
	want  string
}

// Kinds of comparison of a criterion.
const (
	criterionIs    = 0
	criterionIsNot = 1
)

// criteriaFields are names of the ticket's fields as Halo's tables have them.
var criteriaFields = map[string]string{
	"requesttypenew": "tickettype_id", "requesttype": "tickettype_id", "status": "status_id", "areaint": "client_id", "sectio_": "team",
	"assignedtoint": "agent_id", "seriousness": "priority_id", "symptom": "summary", "category2": "category_1", "category3": "category_2",
}

func criterionOf(v any) criterion {
	m, _ := v.(map[string]any)
	c := criterion{field: strings.ToLower(firstOf(textOf(m["fieldname"]), textOf(m["field_name"]))), kind: toInt(m["value_type"])}
	if name, known := criteriaFields[c.field]; known {
		c.field = name
	}
	for _, name := range []string{"value_string", "value_int", "value"} {
		if c.want = textOf(m[name]); c.want != "" && (name != "value_int" || c.want != "0") {
			return c
		}
	}
	return c
}

// problem says why a condition cannot be judged.
func (c criterion) problem() string {
	if _, known := schemas()["Faults"].field(c.field); !known {
		return "The field '" + clip(c.field) + "' cannot be used in conditions"
	}
	if c.kind != criterionIs && c.kind != criterionIsNot {
		return "The comparison " + textOf(c.kind) + " cannot be used in conditions"
	}
	return ""
}

func (c criterion) holds(have any) bool {
	return strings.EqualFold(textOf(have), c.want) == (c.kind == criterionIs)
}

// wanted tells whether all conditions of a notification hold for a ticket.
func (st *state) wanted(notification, ticket record) bool {
	for _, v := range notification.list("conditions") {
		c := criterionOf(v)
		if !c.holds(st.value(st.resource("Tickets"), ticket, c.field)) {
			return false
		}
	}
	return true
}
