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
	names    map[string]string              // instance id: its name, of the owner and above
	standard string                         // id of the MSP's default instance: what a mapping without one means
}

func (s *Service) scope(ctx context.Context, t Target) (scope, error) {
	sc := scope{target: t, mappings: map[string]orgs.MappingTo{}, owners: map[string][]orgs.Organisation{}, names: map[string]string{}}
	all, err := s.orgs.List(ctx)
	if err != nil {
		return sc, err
	}
	byID := map[string]orgs.Organisation{}
	for _, org := range all {
		byID[org.ID] = org
		if below, err := s.orgs.IsDescendant(ctx, t.Owner.ID, org.ID); err != nil {
			return sc, err
		} else if below || org.ID == t.Owner.ID {
			sc.orgs = append(sc.orgs, org)
		}
	}
	if err := s.nameInstances(ctx, &sc, byID); err != nil {
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

// nameInstances learns the names of the instances of the owner and of those above it: a mapping may have been
// made under any of them.
func (s *Service) nameInstances(ctx context.Context, sc *scope, byID map[string]orgs.Organisation) error {
	for _, org := range byID {
		instances, err := s.orgs.Instances(ctx, org.ID)
		if err != nil {
			return err
		}
		for _, in := range instances {
			if in.Integration != sc.target.Integration.ID {
				continue
			}
			sc.names[in.ID] = in.Name
			if org.ID != sc.target.Owner.ID {
				sc.names[in.ID] = in.Name + " of " + org.Slug
			}
			if org.ParentID == "" && in.Default {
				sc.standard = in.ID
			}
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
