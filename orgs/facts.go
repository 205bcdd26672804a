package orgs

import "context"

// Facts are what expressions see of an organisation as `org`.
type Facts struct {
	Organisation Organisation
	Parent       *Organisation // nil for the root
	Vars         map[string]any
	Integrations map[string]MappedTo
}

// MappedTo is `org.integrations.<integration>`: the entity that the organisation is mapped to.
type MappedTo struct {
	ID, Name string
}

// Facts gives the facts of an organisation; treat what is inside them as read-only. Secrets among the variables are references (expr.Secret) that
// name the organisation asked about; numbers are float64, as the checker declares them.
func (s *Service) Facts(ctx context.Context, orgID string) (Facts, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return Facts{}, err
	}
	return s.facts(ctx, org)
}

func (s *Service) facts(ctx context.Context, org Organisation) (Facts, error) {
	return remembered(s, factsOf(org.ID), func() (Facts, error) { return s.collectFacts(ctx, org.ID) })
}

func (s *Service) collectFacts(ctx context.Context, orgID string) (Facts, error) {
	t, org, err := s.live(ctx, orgID)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Organisation: org, Vars: map[string]any{}, Integrations: map[string]MappedTo{}}
	if org.ParentID != "" {
		parent := t.byID[org.ParentID].copy()
		f.Parent = &parent
	}
	variables, err := s.effective(ctx, org)
	if err != nil {
		return Facts{}, err
	}
	for _, v := range variables {
		f.Vars[v.Name] = v.fact(org)
	}
	mappings, err := s.Mappings(ctx, org.ID)
	if err != nil {
		return Facts{}, err
	}
	for _, m := range mappings {
		if stands, err := s.stands(ctx, m); err != nil || !stands {
			if err != nil {
				return Facts{}, err
			}
			continue
		}
		f.Integrations[m.Integration] = MappedTo{ID: m.ExternalID, Name: m.ExternalName}
	}
	return f, nil
}

// stands tells whether the instance of a mapping is still there: what was mapped under another Halo is no
// client of this one.
func (s *Service) stands(ctx context.Context, m MappingTo) (bool, error) {
	if m.InstanceID == "" {
		return true, nil
	}
	var ids []string
	err := s.read(ctx, &ids, "SELECT id FROM instances WHERE id = ?", m.InstanceID)
	return len(ids) > 0, err
}

func (v Variable) fact(reader Organisation) any {
	if v.Type == TypeSecret {
		return secretReference(reader.ID, v.Name)
	}
	if n, ok := v.Value.(int64); ok {
		return float64(n)
	}
	return v.Value
}

// Data gives the facts as JSON data (with secrets' references in vars): id, name, slug, parent (null or
// id, name, slug), tags, vars, integrations.
func (f Facts) Data() map[string]any {
	tags := make([]any, len(f.Organisation.Tags))
	for i, tag := range f.Organisation.Tags {
		tags[i] = tag
	}
	integrations := make(map[string]any, len(f.Integrations))
	for id, m := range f.Integrations {
		integrations[id] = map[string]any{"id": m.ID, "name": m.Name}
	}
	data := f.Organisation.names()
	data["parent"] = nil
	if f.Parent != nil {
		data["parent"] = f.Parent.names()
	}
	data["tags"], data["vars"], data["integrations"] = tags, f.Vars, integrations
	return data
}

func (o Organisation) names() map[string]any {
	return map[string]any{"id": o.ID, "name": o.Name, "slug": o.Slug}
}
