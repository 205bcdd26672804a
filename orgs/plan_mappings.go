package orgs

import (
	"strings"

	"gantry/fault"
	"gantry/store"
)

// setMapping plans which entity an organisation is. The instance must be its own or an ancestor's.
func (p *planner) setMapping(org Organisation, m MappingTo) error {
	if err := checkMapping(m.Integration, m.ExternalID, m.ExternalName); err != nil {
		return err
	}
	before, known := p.mappings[org.ID][m.Integration]
	if _, there := p.instance(before.InstanceID); known && !there {
		before.InstanceID = "" // it outlived its instance
	}
	if known && before.InstanceID == m.InstanceID && before.ExternalID == m.ExternalID {
		m.Shared = m.Shared || before.Shared // it stays what it was allowed to be
		if before.ExternalName == m.ExternalName && before.Shared == m.Shared {
			return nil
		}
	}
	p.putMapping(org.ID, m)
	c := Change{ActionCreate, OfMapping, org.Slug, m.Integration, plannedMapping(m)}
	if known {
		c.Action, c.Detail = ActionChange, plannedMapping(before)+" → "+plannedMapping(m)
	}
	p.did(c, func() {
		delete(p.mappings[org.ID], m.Integration)
		if known {
			p.putMapping(org.ID, before)
		}
	}, func(tx *store.Tx) error { return p.s.putMapping(tx, org, m) })
	return nil
}

func (p *planner) unsetMapping(org Organisation, m MappingTo) {
	delete(p.mappings[org.ID], m.Integration)
	p.did(Change{ActionRemove, OfMapping, org.Slug, m.Integration, shownMapping(m)}, func() { p.putMapping(org.ID, m) },
		func(tx *store.Tx) error {
			_, err := tx.Exec("DELETE FROM mappings WHERE organisation_id = ? AND integration = ?", org.ID, m.Integration)
			return err
		})
}

// plannedMapping is a mapping in a plan.
func plannedMapping(m MappingTo) string {
	if m.Shared {
		return shownMapping(m) + ", shared"
	}
	return shownMapping(m)
}

func shownMapping(m MappingTo) string {
	if m.ExternalName == "" {
		return m.ExternalID
	}
	return m.ExternalID + " (" + m.ExternalName + ")"
}

// instanceAbove finds the instance of a name that an organisation may be mapped under: its own, or the
// nearest ancestor's; owner, where given, says whose.
func (p *planner) instanceAbove(org Organisation, integration, owner, name string) (string, error) {
	for _, id := range p.chain(org.ID) {
		if owner != "" && p.byID[id].Slug != owner {
			continue
		}
		if at := p.instanceAt(id, integration, name); at >= 0 {
			return p.instances[id][at].ID, nil
		}
	}
	var known []string
	for _, id := range p.chain(org.ID) {
		for _, row := range p.instances[id] {
			if row.Integration == integration {
				known = append(known, p.byID[id].Slug+": "+row.Name)
			}
		}
	}
	hint := "there is none of " + integration + " there"
	if len(known) > 0 {
		hint = "there are " + strings.Join(known, ", ")
	}
	return "", fault.New(fault.Missing, "Neither %s nor an organisation above it has the instance %q of %s.", org.Name, shortened(name), integration).WithHint("%s", hint)
}
