package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
)

const tagMappings = "mappings"

// Mapping says which entity of an outside system an organisation is.
type Mapping struct {
	Organisation string `json:"organisation" doc:"A slug"`
	orgs.MappingTo
	At         time.Time `json:"mapped_at,omitzero"`
	SharedWith []string  `json:"shared_with,omitempty" doc:"Slugs of the others that are the same entity"`
}

// ListMappingsIn narrows the list.
type ListMappingsIn struct {
	Integration  string `query:"integration" doc:"Only of this integration"`
	Organisation string `query:"organisation" doc:"Only of the organisation with this slug"`
}

// ListMappingsOut are mappings, in the order of the tree.
type ListMappingsOut struct {
	Body struct {
		Mappings []Mapping `json:"mappings"`
	}
}

// ListMappings lists which entities of other systems the organisations are.
var ListMappings = Operation[ListMappingsIn, ListMappingsOut]{ID: "list-mappings", Method: "GET", Path: "/mappings", Tag: tagMappings,
	Summary: "List which entities of other systems the organisations are", Policy: Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: Filtered}}

func (a *API) listMappings(ctx context.Context, in *ListMappingsIn) (*ListMappingsOut, error) {
	o, reach := a.house.Orgs(), ReachFrom(ctx)
	integration := ""
	if in.Integration != "" {
		of, err := a.integration(ctx, in.Integration)
		if err != nil {
			return nil, err
		}
		integration = of.ID
	}
	list, err := a.listed(ctx, in.Organisation)
	if err != nil {
		return nil, err
	}
	mapped, err := o.AllMappings(ctx, integration) // of all at once: there may be thousands
	if err != nil {
		return nil, err
	}
	shared, err := o.SharedWith(ctx, mapped)
	if err != nil {
		return nil, err
	}
	visible, err := reach.slugs(ctx)
	if err != nil {
		return nil, err
	}
	byOrganisation := map[string][]Mapping{}
	for i, m := range mapped {
		with := shared[i]
		if visible != nil {
			with = slices.DeleteFunc(slices.Clone(with), func(slug string) bool { return !visible[slug] })
		}
		byOrganisation[m.OrganisationID] = append(byOrganisation[m.OrganisationID], Mapping{"", m.MappingTo, m.MappedAt(), with})
	}
	out := &ListMappingsOut{}
	out.Body.Mappings = []Mapping{}
	for _, org := range list {
		for _, m := range byOrganisation[org.ID] {
			m.Organisation = org.Slug
			out.Body.Mappings = append(out.Body.Mappings, m)
		}
	}
	return out, nil
}

// listed gives the organisations in the caller's reach, or the one with the slug.
func (a *API) listed(ctx context.Context, slug string) ([]orgs.Organisation, error) {
	if slug != "" {
		p := requestOf(ctx).op.Policy
		org, err := requireSlug(ctx, p.Role, p.Scope, slug)
		return []orgs.Organisation{org}, err
	}
	all, err := a.house.Orgs().List(ctx)
	if err != nil {
		return nil, err
	}
	return ReachFrom(ctx).Among(ctx, all)
}

// slugs gives the slugs in reach; nil: all.
func (r Reach) slugs(ctx context.Context) (map[string]bool, error) {
	if every, err := r.Everywhere(ctx); every || err != nil {
		return nil, err
	}
	all, err := r.tree.List(ctx)
	if err != nil {
		return nil, err
	}
	within, err := r.Among(ctx, all)
	slugs := map[string]bool{}
	for _, org := range within {
		slugs[org.Slug] = true
	}
	return slugs, err
}

// SetMappingIn is an entity.
type SetMappingIn struct {
	OfIntegration
	Body struct {
		TargetOf
		ID     string `json:"id" doc:"Of the entity in the other system"`
		Name   string `json:"name,omitempty" doc:"By which the other system calls it; it is not asked then"`
		Shared bool   `json:"shared,omitempty" doc:"Allow several organisations to be one entity"`
	}
}

// SetMappingOut is the mapping, with what is said of it.
type SetMappingOut struct {
	Body struct {
		Mapping
		Whose string `json:"organisation_name"`
		Title string `json:"title" doc:"Of the integration"`
	}
}

// SetMapping says which entity of the other system an organisation is.
var SetMapping = Operation[SetMappingIn, SetMappingOut]{ID: "set-mapping", Method: "PUT", Path: "/organisations/{org}/mappings/{integration}", Tag: tagMappings,
	Summary:     "Say which entity of the other system an organisation is",
	Description: "It needs the role admin over the organisation whose instance it is mapped under, too: any of that system's entities could be chosen.",
	Policy:      changeInstances}

func (a *API) setMapping(ctx context.Context, in *SetMappingIn) (*SetMappingOut, error) {
	o, org := a.house.Orgs(), organisationOf(ctx)
	of, err := a.integration(ctx, in.Integration)
	if err != nil {
		return nil, err
	}
	if _, err := a.house.Connect(ctx); err != nil { // before the instance is read, as for a test of it
		return nil, err
	}
	under, err := a.instanceUnder(ctx, org, of, in.Body.TargetOf)
	if err != nil && (in.Body.Name == "" || in.Body.TargetOf != TargetOf{}) {
		return nil, withHint(err, "with --name NAME it is mapped without asking")
	}
	owner := under.OrganisationID
	if owner == "" { // the MSP's default one, when there will be one
		root, err := o.Root(ctx)
		if err != nil {
			return nil, err
		}
		owner = root.ID
	}
	whose, err := o.ByID(ctx, owner)
	if err != nil {
		return nil, err
	}
	if err := Require(ctx, access.Admin, access.IntegrationsWrite, whose); err != nil {
		return nil, err
	}
	name := in.Body.Name
	if name == "" && of.Mapping != nil {
		if name, err = a.entityName(ctx, org, of, under, in.Body.ID); err != nil {
			return nil, err
		}
	}
	to := orgs.MappingTo{Integration: of.ID, InstanceID: under.ID, ExternalID: in.Body.ID, ExternalName: name, By: CallerOf(ctx).Login}
	problems, err := o.SaveMappings(ctx, []orgs.MappingChange{{OrganisationID: org.ID, To: to}}, in.Body.Shared, false)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problems[0].Fault
	}
	out := &SetMappingOut{}
	out.Body.Mapping, out.Body.Whose, out.Body.Title = Mapping{Organisation: org.Slug, MappingTo: to}, org.Name, of.Title
	return out, nil
}

// instanceUnder is the instance under which an organisation is mapped: the one that is named, else the
// organisation's own, else the MSP's.
func (a *API) instanceUnder(ctx context.Context, org orgs.Organisation, of *actions.Integration, named TargetOf) (orgs.Instance, error) {
	if named != (TargetOf{}) {
		_, t, err := a.target(ctx, access.Admin, access.IntegrationsWrite, of.ID, named)
		return t.Instance, err
	}
	in, err := a.instanceOf(ctx, org, of, "")
	if err != nil {
		in, err = a.house.Orgs().Resolve(ctx, org, of.ID, of.Title, orgs.Lent{Trigger: &orgs.Override{Use: orgs.UseDefault}})
	}
	return in, err
}

// entityName asks the other system for the name of the entity with an id.
func (a *API) entityName(ctx context.Context, org orgs.Organisation, of *actions.Integration, in orgs.Instance, id string) (string, error) {
	service, err := a.house.Connect(ctx)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, connectionTime)
	defer cancel()
	out, err := service.Call(ctx, of.Mapping.Action, of.Mapping.With, org, in)
	if err != nil {
		return "", err
	}
	if out.Err != nil {
		return "", &WorkError{fault.From(withHint(out.Err, "with --name NAME it is mapped without asking"))}
	}
	list, _ := out.Result.([]any)
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && fmt.Sprint(m[of.Mapping.ID]) == id {
			if name := m[of.Mapping.Name]; name != nil {
				return fmt.Sprint(name), nil
			}
			return "", nil
		}
	}
	return "", fault.New(fault.Missing, "%s knows nothing with the id %s", of.Title, id).
		WithHint("`gantry actions call %s` lists what it knows; with --name NAME it is mapped without asking", of.Mapping.Action)
}

// withHint adds to the hint of an error.
func withHint(err error, more string) error {
	f := fault.From(err)
	if f.Hint != "" {
		more = f.Hint + "; " + more
	}
	return fault.Wrap(err, f.Code, "%s", f.Message).WithHint("%s", more).WithDetail(f.Detail)
}

// RemovedMapping tells what is gone.
type RemovedMapping struct {
	Body struct {
		Removed      string `json:"removed" doc:"The integration"`
		Title        string `json:"title" doc:"Of the integration"`
		Organisation string `json:"organisation" doc:"A slug"`
		Name         string `json:"name" doc:"Of the organisation"`
	}
}

// RemoveMapping removes an organisation's mapping.
var RemoveMapping = Operation[OfIntegration, RemovedMapping]{ID: "remove-mapping", Method: "DELETE", Path: "/organisations/{org}/mappings/{integration}", Tag: tagMappings,
	Summary: "Remove an organisation's mapping", Policy: changeInstances}

func (a *API) removeMapping(ctx context.Context, in *OfIntegration) (*RemovedMapping, error) {
	of, err := a.integration(ctx, in.Integration)
	if err != nil {
		return nil, err
	}
	org := organisationOf(ctx)
	out := &RemovedMapping{}
	out.Body.Removed, out.Body.Title, out.Body.Organisation, out.Body.Name = of.ID, of.Title, org.Slug, org.Name
	return out, a.house.Orgs().RemoveMapping(ctx, org.ID, of.ID)
}

func mappingOperations(a *API) {
	ListMappings.serve(a, a.listMappings)
	SetMapping.serve(a, a.setMapping)
	RemoveMapping.serve(a, a.removeMapping)
	ShowMappingOptions.serve(a, a.showMappingOptions)
	RefreshMappingOptions.serve(a, a.refreshMappingOptions)
	SuggestMappings.serve(a, a.suggestMappings)
	SaveMappings.serve(a, a.saveMappings)
}
