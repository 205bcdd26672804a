package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/orgs"
)

// Organisation is a tenant with the slug of the one above it, as far as the caller sees that.
type Organisation struct {
	ID        string     `json:"id"`
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	ParentID  string     `json:"parent_id,omitempty"`
	Tags      []string   `json:"tags"`
	Enabled   bool       `json:"enabled" doc:"false: no runs begin for it"`
	CreatedAt time.Time  `json:"created_at"`
	DeletedAt *time.Time `json:"deleted_at,omitempty"`
	Parent    string     `json:"parent,omitempty" doc:"The slug of the organisation above it"`
}

// OrganisationName is what an organisation is called.
type OrganisationName struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	MSP  bool   `json:"msp,omitempty" doc:"It is the root of the tree"`
}

func nameOf(org orgs.Organisation) OrganisationName {
	return OrganisationName{org.Slug, org.Name, org.ParentID == ""}
}

// OrganisationDetail is an organisation with what it has, as far as the caller may see it.
type OrganisationDetail struct {
	Organisation
	FormerSlugs  []string         `json:"former_slugs" doc:"It is still found by them"`
	Children     []string         `json:"children" doc:"Slugs"`
	Integrations []orgs.Instance  `json:"integrations" doc:"Its own instances of integrations, without secrets"`
	Mappings     []orgs.MappingTo `json:"mappings"`
	Variables    []Variable       `json:"variables" doc:"Those that hold for it, with where each comes from"`
}

func documentOf(org orgs.Organisation) Organisation {
	return Organisation{ID: org.ID, Slug: org.Slug, Name: org.Name, ParentID: org.ParentID, Tags: org.Tags, Enabled: org.Enabled,
		CreatedAt: org.CreatedAt, DeletedAt: org.DeletedAt}
}

// withParents gives organisations as documents. The parents are read at once.
func (a *API) withParents(ctx context.Context, found []orgs.Organisation) ([]Organisation, error) {
	slugs := map[string]string{}
	for _, removed := range []bool{false, true} {
		all, err := a.house.Orgs().Find(ctx, orgs.Filter{Removed: removed})
		if err != nil {
			return nil, err
		}
		for _, org := range all {
			slugs[org.ID] = org.Slug
		}
	}
	q := requestOf(ctx)
	seen := map[string]bool{}
	docs := make([]Organisation, len(found))
	for i, org := range found {
		docs[i] = documentOf(org)
		if org.ParentID == "" {
			continue
		}
		if _, known := seen[org.ParentID]; !known {
			path, err := q.path(ctx, org.ParentID)
			if err != nil {
				return nil, err
			}
			seen[org.ParentID] = sees(q.caller, path)
		}
		if docs[i].Parent = slugs[org.ParentID]; !seen[org.ParentID] {
			docs[i].Parent, docs[i].ParentID = "", ""
		}
	}
	return docs, nil
}

func (a *API) withParent(ctx context.Context, org orgs.Organisation) (Organisation, error) {
	docs, err := a.withParents(ctx, []orgs.Organisation{org})
	if err != nil {
		return Organisation{}, err
	}
	return docs[0], nil
}

// detailOf gives an organisation with what it has.
func (a *API) detailOf(ctx context.Context, org orgs.Organisation) (OrganisationDetail, error) {
	doc := OrganisationDetail{Children: []string{}, Integrations: []orgs.Instance{}, Mappings: []orgs.MappingTo{}, Variables: []Variable{}}
	o := a.house.Orgs()
	var err error
	if doc.Organisation, err = a.withParent(ctx, org); err != nil {
		return doc, err
	}
	all, err := o.List(ctx)
	if err != nil {
		return doc, err
	}
	for _, other := range all {
		if other.ParentID == org.ID {
			doc.Children = append(doc.Children, other.Slug)
		}
	}
	if doc.FormerSlugs, err = o.FormerSlugs(ctx, org.ID); err != nil {
		return doc, err
	}
	if ok, err := mayToo(ctx, access.IntegrationsRead, org); err != nil {
		return doc, err
	} else if ok {
		if doc.Integrations, err = o.Instances(ctx, org.ID); err != nil {
			return doc, err
		}
		if doc.Mappings, err = o.Mappings(ctx, org.ID); err != nil {
			return doc, err
		}
	}
	if ok, err := mayToo(ctx, access.VariablesRead, org); err != nil || !ok {
		return doc, err
	}
	variables, err := o.Effective(ctx, org.ID)
	doc.Variables = variableDocuments(variables)
	return doc, err
}

// mayToo tells whether the caller may read by another scope as well: a token may be for organisations alone.
func mayToo(ctx context.Context, scope access.Scope, org orgs.Organisation) (bool, error) {
	q := requestOf(ctx)
	path, err := q.path(ctx, org.ID)
	return err == nil && q.caller.May(access.Viewer, scope, path), err
}

func slugsOf(all []orgs.Organisation) []string {
	slugs := make([]string, len(all))
	for i, org := range all {
		slugs[i] = org.Slug
	}
	return slugs
}
