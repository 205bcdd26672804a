package orgs

import (
	"context"

	"gantry/fault"
)

// NewMapped is an organisation to be made of an entity of an outside system. Its slug is made of its name,
// or of the integration and the entity's id where nothing of the name can stand in one.
type NewMapped struct {
	Name, Parent string // Parent is a slug; empty means the root
	Tags         []string
	Mapping      MappingTo
	Variables    []Variable
}

// Made is what became of one NewMapped: an organisation, or why there is none.
type Made struct {
	Organisation Organisation
	Fault        *fault.Error
}

// CreateMapped makes organisations with their mappings and variables, in one transaction. An entity that an
// organisation is mapped to already gives fault.Exists, also where that was removed: no twin is made of it. One that cannot be
// made leaves nothing behind and does not keep the others from it. With dry, nothing is written.
func (s *Service) CreateMapped(ctx context.Context, wanted []NewMapped, dry bool) ([]Made, error) {
	var made []Made
	err := s.perform(ctx, dry, func(p *planner) error {
		made = make([]Made, len(wanted))
		owners := p.entityOwners()
		for i, w := range wanted {
			err := p.attempt(func() (err error) {
				made[i].Organisation, err = p.createMapped(w, owners)
				return err
			})
			if err != nil {
				made[i].Organisation = Organisation{}
				if made[i].Fault, err = asFault(err); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return made, err
}

// entity is one of an outside system, under the instance that a mapping means.
type entity struct{ integration, instance, id string }

func (st *state) entityOf(m MappingTo) entity {
	if m.InstanceID == "" {
		for _, row := range st.instances[st.root] {
			if row.Integration == m.Integration && row.Default {
				m.InstanceID = row.ID
			}
		}
	}
	return entity{m.Integration, m.InstanceID, m.ExternalID}
}

// entityOwners gives the organisation that each mapped entity is, a live one before a removed one.
func (p *planner) entityOwners() map[entity]Organisation {
	owners := map[entity]Organisation{}
	for _, id := range sortedKeys(p.mappings) {
		for _, m := range p.mappings[id] {
			of := p.entityOf(m)
			if _, owned := owners[of]; !owned || p.byID[id].DeletedAt == nil {
				owners[of] = p.byID[id]
			}
		}
	}
	return owners
}

func (p *planner) createMapped(w NewMapped, owners map[entity]Organisation) (Organisation, error) {
	of := p.entityOf(w.Mapping)
	if owner, owned := owners[of]; owned && owner.DeletedAt != nil {
		return owner, fault.New(fault.Exists, "%s is the organisation %s (%s), which was removed.", shownMapping(w.Mapping), owner.Name, owner.Slug).
			WithHint("bring it back with `gantry orgs restore %s`", owner.Slug)
	} else if owned {
		return owner, fault.New(fault.Exists, "%s is the organisation %s (%s) already.", shownMapping(w.Mapping), owner.Name, owner.Slug)
	}
	slug := ProposeSlug(w.Name, p.taken)
	if slug == "" {
		slug = ProposeSlug(w.Mapping.Integration+" "+w.Mapping.ExternalID, p.taken)
	}
	org, err := p.create(NewOrganisation{Slug: slug, Name: w.Name, Parent: w.Parent, Tags: w.Tags})
	if err != nil {
		return org, err
	}
	if err := p.setMapping(org, w.Mapping); err != nil {
		return org, err
	}
	for _, v := range w.Variables {
		if err := p.setVariable(org, v, false); err != nil {
			return org, err
		}
	}
	owners[of] = org
	return org, nil
}
