package connect

import (
	"context"
	"strings"

	"gantry/orgs"
)

// scope is the organisations that a target's entities are for, and what is mapped.
type scope struct {
	target   Target
	orgs     []orgs.Organisation            // the owner and all below it, each before its children
	mappings map[string]orgs.MappingTo      // by organisation id, those of the integration
	owners   map[string][]orgs.Organisation // entity id: who is mapped to it under the target
	names    map[string]string              // instance id: its name, of the owner and of those above and below it
	standard string                         // id of the MSP's default instance: what a mapping without one means
}

func (s *Service) scope(ctx context.Context, t Target) (scope, error) {
	sc := scope{target: t, mappings: map[string]orgs.MappingTo{}, owners: map[string][]orgs.Organisation{}, names: map[string]string{}}
	all, err := s.orgs.List(ctx)
	if err != nil {
		return sc, err
	}
	byID, inScope := map[string]orgs.Organisation{}, map[string]bool{}
	for _, org := range all { // each before its children
		byID[org.ID] = org
		if org.ID == t.Owner.ID || inScope[org.ParentID] {
			sc.orgs, inScope[org.ID] = append(sc.orgs, org), true
		}
	}
	for above := byID[t.Owner.ParentID]; above.ID != ""; above = byID[above.ParentID] {
		inScope[above.ID] = true
	}
	if err := s.nameInstances(ctx, &sc, byID, inScope); err != nil {
		return sc, err
	}
	mapped, err := s.orgs.AllMappings(ctx, t.Integration.ID)
	if err != nil {
		return sc, err
	}
	for _, m := range mapped {
		sc.mappings[m.OrganisationID] = m.MappingTo
		if _, elsewhere := sc.elsewhere(m.MappingTo); !elsewhere {
			sc.owners[m.ExternalID] = append(sc.owners[m.ExternalID], byID[m.OrganisationID])
		}
	}
	return sc, nil
}

// nameInstances learns the names of the instances of the owner and of those above and below it: a mapping
// of an organisation in scope may have been made under any of them, and under no other.
func (s *Service) nameInstances(ctx context.Context, sc *scope, byID map[string]orgs.Organisation, whose map[string]bool) error {
	instances, err := s.orgs.InstanceNames(ctx, sc.target.Integration.ID)
	if err != nil {
		return err
	}
	for _, in := range instances {
		if !whose[in.OrganisationID] {
			continue
		}
		owner := byID[in.OrganisationID]
		sc.names[in.ID] = in.Name
		if owner.ID != sc.target.Owner.ID {
			sc.names[in.ID] = in.Name + " of " + owner.Slug
		}
		if owner.ParentID == "" && in.Default {
			sc.standard = in.ID
		}
	}
	return nil
}

// elsewhere tells whether a mapping was made under another instance than the target's, and under which.
func (sc scope) elsewhere(m orgs.MappingTo) (under string, elsewhere bool) {
	id := m.InstanceID
	if id == "" {
		id = sc.standard
	}
	if id == sc.target.Instance.ID {
		return "", false
	}
	if name, known := sc.names[id]; known {
		return name, true
	}
	return "an instance that was removed", true
}

func compareNames(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
