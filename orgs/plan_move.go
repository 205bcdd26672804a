package orgs

import (
	"fmt"

	"gantry/fault"
	"gantry/store"
)

// move plans another parent for an organisation, with all that is below it. What would break the walls or
// the types of variables is refused: see Service.Move.
func (p *planner) move(org, parent Organisation) error {
	if org.ParentID == parent.ID {
		return nil
	}
	moved := org
	moved.ParentID = parent.ID
	if err := p.checkMove(org, parent); err != nil {
		return err
	}
	before := p.byID[org.ParentID]
	p.put(moved, ActionChange, fmt.Sprintf("from below %s to below %s", before.Slug, parent.Slug), func(tx *store.Tx) error { return nil })
	last := &p.steps[len(p.steps)-1]
	ids := p.subtree(org.ID)
	depths := make([]int, len(ids))
	for i, id := range ids {
		depths[i] = len(p.chain(id)) - 1
	}
	last.write = func(tx *store.Tx) error {
		if _, err := tx.Exec("UPDATE organisations SET parent_id = ? WHERE id = ?", parent.ID, org.ID); err != nil {
			return err
		}
		for i, id := range ids {
			if _, err := tx.Exec("UPDATE organisations SET depth = ? WHERE id = ?", depths[i], id); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

func (p *planner) checkMove(org, parent Organisation) error {
	switch {
	case org.ParentID == "":
		return fault.New(fault.Conflict, "%s is the root organisation and cannot be moved.", org.Name)
	case p.reaches(parent.ID, org.ID):
		return fault.New(fault.Conflict, "%s cannot be moved below %s: that would be a circle.", org.Name, parent.Name).
			WithHint("%s is %s itself or stands below it", parent.Slug, org.Slug)
	}
	ids := p.subtree(org.ID)
	own, above := len(p.chain(org.ID)), len(p.chain(parent.ID))
	for _, id := range ids {
		if above+len(p.chain(id))-own+1 > maxDepth {
			return tooDeep(parent)
		}
	}
	for _, id := range ids {
		if err := p.checkMovedVariables(p.byID[id], parent); err != nil {
			return err
		}
		if err := p.checkMovedMappings(p.byID[id], org, parent); err != nil {
			return err
		}
	}
	return nil
}

// checkMovedVariables finds variables that the new ancestors hand down with another type.
func (p *planner) checkMovedVariables(org, parent Organisation) error {
	for _, name := range p.variableNames(org.ID) {
		own := p.variables[name][org.ID]
		for _, other := range p.ofOtherType(name, own.Type) {
			if !other.Local && p.reaches(parent.ID, other.OrganisationID) {
				return typeConflict(p.byID[other.OrganisationID], org, name, other.Type, own.Type)
			}
		}
	}
	return nil
}

// checkMovedMappings finds mappings under an instance of an ancestor that would be one no longer.
func (p *planner) checkMovedMappings(org, moved, parent Organisation) error {
	for _, m := range p.mappings[org.ID] {
		in, ok := p.instance(m.InstanceID)
		if !ok || p.reaches(parent.ID, in.OrganisationID) || p.reaches(in.OrganisationID, moved.ID) {
			continue
		}
		return fault.New(fault.Tenant, "%s is mapped under the instance %q of %s, which would no longer be above it.", org.Name, in.Name, p.byID[in.OrganisationID].Name).
			WithHint("unmap it first: gantry mappings remove %s --org %s", m.Integration, org.Slug)
	}
	return nil
}
