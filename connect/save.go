package connect

import (
	"context"

	"gantry/connect/names"
	"gantry/fault"
	"gantry/orgs"
)

// Choice is one organisation and the entity that it is to be mapped to.
type Choice struct {
	Organisation string // slug
	EntityID     string
	// EntityName is the name that was seen when the choice was made; an entity that is called otherwise by
	// now is refused. Empty means whatever it is called.
	EntityName string
	Rung       names.Rung // that proposed it; empty for a choice by hand
	Confidence float64    // 0 to 1; 0 for a choice by hand
	// New refuses an organisation that is mapped already.
	New bool
	// Was is the entity's id that the organisation was mapped to when the choice was made; one that is mapped to
	// another by now is refused. Empty means whatever it is mapped to.
	Was string
	// Remove takes the organisation's mapping away; EntityID may then say which one is meant.
	Remove bool
}

// SaveOptions say how choices are saved.
type SaveOptions struct {
	By     string // who saves, for the record
	Shared bool   // an entity may go to several organisations
	DryRun bool   // check everything, and save nothing
}

// Saved is what became of choices. With Problems, nothing was saved.
type Saved struct {
	Integration string    `json:"integration"`
	Instance    string    `json:"instance"`
	DryRun      bool      `json:"dry_run"`
	Saved       []Mapping `json:"saved"`
	Removed     []string  `json:"removed"`   // slugs of those whose mapping is gone
	Unchanged   int       `json:"unchanged"` // choices that were so already
	Problems    []Problem `json:"problems"`
}

// Mapping is an organisation with what it is mapped to.
type Mapping struct {
	Organisation string `json:"organisation"` // slug
	orgs.MappingTo
}

// Problem is why a choice cannot be saved.
type Problem struct {
	Organisation string       `json:"organisation"`
	EntityID     string       `json:"entity_id"`
	Error        *fault.Error `json:"error"`
}

// Save maps organisations as chosen, all of them or none. It reads the entities from the other system
// once more: what has vanished there since, or is called otherwise, is a problem, and so is an organisation
// that was removed meanwhile, and an entity for two organisations unless they may share it.
func (s *Service) Save(ctx context.Context, t Target, choices []Choice, o SaveOptions) (Saved, error) {
	saved := Saved{Integration: t.Integration.ID, Instance: t.Instance.Name, DryRun: o.DryRun, Saved: []Mapping{}, Removed: []string{}, Problems: []Problem{}}
	if len(choices) == 0 {
		return saved, nil
	}
	entities, err := s.readAgain(ctx, t, o.DryRun)
	if err != nil {
		return saved, err
	}
	sc, err := s.scope(ctx, t)
	if err != nil {
		return saved, err
	}
	v := newVetting(t, entities, sc, o.By)
	for _, c := range choices {
		if f := v.take(c); f != nil {
			saved.Problems = append(saved.Problems, Problem{c.Organisation, c.EntityID, f})
		}
	}
	found, err := s.orgs.SaveMappings(ctx, v.changes, o.Shared, o.DryRun || len(saved.Problems) > 0)
	if err != nil {
		return saved, err
	}
	for _, p := range found {
		saved.Problems = append(saved.Problems, Problem{v.slugs[p.Change], v.changes[p.Change].To.ExternalID, p.Fault})
	}
	saved.Unchanged = v.unchanged
	if len(saved.Problems) > 0 {
		return saved, nil
	}
	for i, c := range v.changes {
		if c.Remove {
			saved.Removed = append(saved.Removed, v.slugs[i])
			continue
		}
		saved.Saved = append(saved.Saved, Mapping{v.slugs[i], c.To})
	}
	return saved, nil
}

// vetting turns choices into changes, with what is known before anything is written.
type vetting struct {
	target    Target
	by        string
	entities  map[string]orgs.Entity
	inScope   map[string]orgs.Organisation // by slug
	scope     scope
	seen      map[string]bool // slugs
	changes   []orgs.MappingChange
	slugs     []string // of the changes
	unchanged int
}

func newVetting(t Target, entities []readEntity, sc scope, by string) *vetting {
	v := &vetting{target: t, by: by, scope: sc, entities: map[string]orgs.Entity{}, inScope: map[string]orgs.Organisation{}, seen: map[string]bool{}}
	for _, e := range entities {
		v.entities[e.ID] = e.Entity
	}
	for _, org := range sc.orgs {
		v.inScope[org.Slug] = org
	}
	return v
}

func (v *vetting) take(c Choice) *fault.Error {
	org, ok := v.inScope[c.Organisation]
	if !ok {
		return fault.New(fault.Missing, "there is no organisation %q below %s: it may have been removed or renamed meanwhile", c.Organisation, v.target.Owner.Name).
			WithHint("`gantry orgs list` shows those there are")
	}
	if v.seen[org.Slug] {
		return fault.New(fault.InvalidInput, "%s is to be mapped twice", org.Name).WithHint("leave one of the two rows out")
	}
	v.seen[org.Slug] = true
	if c.Remove {
		return v.remove(org, c)
	}
	e, ok := v.entities[c.EntityID]
	if !ok {
		return fault.New(fault.NotFound, "%s has nothing with the id %s (any more)", v.target.named(), quoted(c.EntityID, c.EntityName)).
			WithHint("`%s` shows what fits now", v.target.command("suggest"))
	}
	if c.EntityName != "" && c.EntityName != e.Name {
		return fault.New(fault.Conflict, "%s is called %q in %s by now, no longer %q", e.ID, e.Name, v.target.Integration.Title, c.EntityName).
			WithHint("`%s` shows what fits now", v.target.command("suggest"))
	}
	if m, mapped := v.scope.mappings[org.ID]; mapped && !c.New {
		if _, elsewhere := v.scope.elsewhere(m); !elsewhere && m.ExternalID == e.ID && m.ExternalName == e.Name {
			v.unchanged++
			return nil
		}
	}
	v.changes = append(v.changes, orgs.MappingChange{OrganisationID: org.ID, New: c.New, Was: c.Was, To: orgs.MappingTo{Integration: v.target.Integration.ID,
		InstanceID: v.target.Instance.ID, ExternalID: e.ID, ExternalName: e.Name, Rung: string(c.Rung), Confidence: c.Confidence, By: v.by}})
	v.slugs = append(v.slugs, org.Slug)
	return nil
}

// remove takes a mapping away. One that is another by now, or made under another instance, is not meant.
func (v *vetting) remove(org orgs.Organisation, c Choice) *fault.Error {
	m, mapped := v.scope.mappings[org.ID]
	if !mapped {
		v.unchanged++
		return nil
	}
	if under, elsewhere := v.scope.elsewhere(m); elsewhere {
		return fault.New(fault.Conflict, "%s is mapped under another instance, %s", org.Name, under).WithHint("remove it there")
	}
	if c.EntityID != "" && c.EntityID != m.ExternalID {
		return fault.New(fault.Conflict, "%s has been mapped to %s meanwhile", org.Name, quoted(m.ExternalID, m.ExternalName)).
			WithHint("look at it once more, and remove it if it is wrong")
	}
	v.changes = append(v.changes, orgs.MappingChange{OrganisationID: org.ID, Remove: true, To: orgs.MappingTo{Integration: v.target.Integration.ID}})
	v.slugs = append(v.slugs, org.Slug)
	return nil
}

func quoted(id, name string) string {
	if name == "" {
		return id
	}
	return id + " (" + name + ")"
}

// Accept gives the choices that saving the matched rows of suggestions means, those of the rung and of all
// above it. Rows that are ambiguous or only suggested are never among them.
func (s Suggestions) Accept(downTo names.Rung) []Choice {
	var choices []Choice
	accepted := map[names.Rung]bool{}
	for _, rung := range names.Rungs() {
		accepted[rung] = true
		if rung == downTo {
			break
		}
	}
	for _, row := range s.Rows {
		if row.Status == Matched && accepted[row.Rung] {
			choices = append(choices, Choice{Organisation: row.Organisation, EntityID: row.Suggestion.ID, EntityName: row.Suggestion.Name,
				Rung: row.Rung, Confidence: row.Confidence, New: true})
		}
	}
	return choices
}

// Remove takes the organisation's mapping for the integration away.
func (s *Service) Remove(ctx context.Context, integration string, org orgs.Organisation) error {
	return s.orgs.RemoveMapping(ctx, org.ID, integration)
}
