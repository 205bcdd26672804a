package orgs

import (
	"context"
	"slices"
	"strings"
)

// LeftOut is a mapping that an organisation did not get back when it was restored, since its entity was
// given to another one meanwhile and nobody said that both may have it.
type LeftOut struct {
	Organisation Organisation
	Mapping      MappingTo
	Holder       Organisation // whose the entity is now
	Instance     string       // name of the instance; empty for the MSP's default
	Owner        string       // slug of the organisation whose instance that is
}

// SharedWith gives for each of these mappings the slugs of the other organisations, of all those that live, that
// are the same entity of the same instance.
func (s *Service) SharedWith(ctx context.Context, mappings []MappedOrganisation) ([][]string, error) {
	from := s.readers(ctx)
	st, err := loadState(from, false)
	if err == nil {
		err = st.loadInstances(from)
	}
	if err == nil {
		err = st.loadMappings(from)
	}
	if err != nil {
		return nil, err
	}
	holders := st.holders()
	all := make([][]string, len(mappings))
	for i, m := range mappings {
		for _, other := range holders[st.entityOf(m.MappingTo)] {
			if other.ID != m.OrganisationID {
				all[i] = append(all[i], other.Slug)
			}
		}
	}
	return all, nil
}

// holders gives the live organisations that each mapped entity is, by slug.
func (st *state) holders() map[entity][]Organisation {
	all := map[entity][]Organisation{}
	for id, mappings := range st.mappings {
		if st.byID[id].DeletedAt != nil {
			continue
		}
		for _, m := range mappings {
			of := st.entityOf(m)
			all[of] = append(all[of], st.byID[id])
		}
	}
	for _, list := range all {
		slices.SortFunc(list, func(a, b Organisation) int { return strings.Compare(a.Slug, b.Slug) })
	}
	return all
}

// leaveOut plans that organisations which come back do so without the mappings to entities that are another's
// by now. What was shared on purpose, on either side, comes back. settled tells of mappings to be left alone.
func (p *planner) leaveOut(restored []Organisation, settled func(orgID, integration string) bool) []LeftOut {
	var left []LeftOut
	if len(restored) == 0 {
		return nil
	}
	back := map[string]bool{}
	for _, org := range restored {
		back[org.ID] = true
	}
	holders := p.holders()
	for _, org := range restored {
		for _, integration := range sortedKeys(p.mappings[org.ID]) {
			m := p.mappings[org.ID][integration]
			if m.Shared || settled(org.ID, integration) {
				continue
			}
			at := slices.IndexFunc(holders[p.entityOf(m)], func(other Organisation) bool {
				return !back[other.ID] && !p.mappings[other.ID][integration].Shared
			})
			if at < 0 {
				continue
			}
			p.unsetMapping(org, m)
			out := LeftOut{Organisation: org, Mapping: m, Holder: holders[p.entityOf(m)][at].copy()}
			if in, there := p.instance(m.InstanceID); there && (in.OrganisationID != p.root || !in.Default) {
				out.Instance, out.Owner = in.Name, p.byID[in.OrganisationID].Slug
			}
			left = append(left, out)
		}
	}
	return left
}
