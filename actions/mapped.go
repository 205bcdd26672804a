package actions

import (
	"strconv"

	"gantry/orgs"
	"gantry/schema"
)

// MappedID is the id of the entity that an organisation is mapped to, as expressions see it: a whole number
// where the other system counts its entities so. Text that is no number stays text.
func (i *Integration) MappedID(id string) any {
	if i.MappedIDType().Kind == schema.KindInteger {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			return n
		}
	}
	return id
}

// MappedIDType is the type of MappedID.
func (i *Integration) MappedIDType() *schema.Type {
	if i.Mapping == nil || i.Mapping.IDType == nil {
		return schema.String()
	}
	return i.Mapping.IDType
}

// Organisation gives what expressions see as org.
func (c *Catalogue) Organisation(f orgs.Facts) map[string]any {
	data := f.Data()
	mapped, _ := data["integrations"].(map[string]any)
	for id, to := range f.Integrations {
		if in, ok := c.Integration(id); ok {
			mapped[id] = map[string]any{"id": in.MappedID(to.ID), "name": to.Name}
		}
	}
	return data
}
