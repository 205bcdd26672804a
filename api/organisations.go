package api

import (
	"context"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
)

const tagOrganisations = "organisations"

// Policies of organisations.
var (
	readOrganisation   = Policy{Role: access.Viewer, Scope: access.OrganisationsRead, Where: AtOrganisation}
	changeOrganisation = Policy{Role: access.Admin, Scope: access.OrganisationsWrite, Where: AtOrganisation}
	changeSomewhere    = Policy{Role: access.Admin, Scope: access.OrganisationsWrite, Where: ByHandler}
	changeTheMSP       = Policy{Role: access.Admin, Scope: access.OrganisationsWrite, Where: AtRoot}
)

// OfOrganisation is the input of operations on one organisation.
type OfOrganisation struct {
	Org string `path:"org" doc:"The organisation's slug, of now or of before; _ is the MSP"`
}

// OneOrganisation is an answer with one organisation.
type OneOrganisation struct{ Body Organisation }

// ListOrganisationsIn narrows the list.
type ListOrganisationsIn struct {
	Tag     string `query:"tag" doc:"Only those with this tag"`
	Search  string `query:"search" doc:"Only those with this text in name, slug or tags"`
	Removed bool   `query:"removed" doc:"Those that were removed, instead"`
}

// ListOrganisationsOut are organisations, each after the one above it.
type ListOrganisationsOut struct {
	Body struct {
		Organisations []Organisation `json:"organisations"`
	}
}

// ListOrganisations lists the organisations that the caller sees.
var ListOrganisations = Operation[ListOrganisationsIn, ListOrganisationsOut]{ID: "list-organisations", Method: "GET", Path: "/organisations", Tag: tagOrganisations,
	Summary: "List the organisations, as a tree: each after the one above it", Policy: Policy{Role: access.Viewer, Scope: access.OrganisationsRead, Where: Filtered}}

func (a *API) listOrganisations(ctx context.Context, in *ListOrganisationsIn) (*ListOrganisationsOut, error) {
	reach := ReachFrom(ctx)
	found, err := a.house.Orgs().Find(ctx, orgs.Filter{Tag: in.Tag, Search: in.Search, Removed: in.Removed})
	if err != nil {
		return nil, err
	}
	if found, err = reach.Among(ctx, found); err != nil {
		return nil, err
	}
	out := &ListOrganisationsOut{}
	out.Body.Organisations, err = a.withParents(ctx, found)
	return out, err
}

// ShowOrganisationOut is an organisation with what it has.
type ShowOrganisationOut struct{ Body OrganisationDetail }

// ShowOrganisation shows one organisation and what it has.
var ShowOrganisation = Operation[OfOrganisation, ShowOrganisationOut]{ID: "show-organisation", Method: "GET", Path: "/organisations/{org}", Tag: tagOrganisations,
	Summary: "Show an organisation and what it has", Policy: readOrganisation}

func (a *API) showOrganisation(ctx context.Context, _ *OfOrganisation) (*ShowOrganisationOut, error) {
	doc, err := a.detailOf(ctx, organisationOf(ctx))
	return &ShowOrganisationOut{doc}, err
}

// CreateOrganisationIn is a new organisation.
type CreateOrganisationIn struct {
	Body struct {
		Slug   string   `json:"slug,omitempty" doc:"Made of the name where it is left out"`
		Name   string   `json:"name,omitempty" doc:"The slug where it is left out"`
		Parent string   `json:"parent,omitempty" doc:"The slug of the organisation above it; the MSP where it is left out"`
		Tags   []string `json:"tags,omitempty"`
	}
}

// PlacedOrganisation is an organisation and the name of the one above it.
type PlacedOrganisation struct {
	Body struct {
		Organisation
		ParentName string `json:"parent_name" doc:"The name of the organisation above it"`
	}
}

// CreateOrganisation adds an organisation.
var CreateOrganisation = Operation[CreateOrganisationIn, PlacedOrganisation]{ID: "create-organisation", Method: "POST", Path: "/organisations", Tag: tagOrganisations,
	Summary: "Add an organisation", Policy: changeSomewhere}

func (a *API) createOrganisation(ctx context.Context, in *CreateOrganisationIn) (*PlacedOrganisation, error) {
	parent, err := requireSlug(ctx, access.Admin, access.OrganisationsWrite, in.Body.Parent)
	if err != nil {
		return nil, err
	}
	if len(in.Body.Tags) > 0 {
		if err := a.mayTag(ctx); err != nil {
			return nil, err
		}
	}
	wanted := orgs.NewOrganisation{Slug: in.Body.Slug, Name: in.Body.Name, Parent: parent.Slug, Tags: in.Body.Tags}
	switch {
	case wanted.Slug == "" && wanted.Name == "":
		return nil, fault.New(fault.InvalidInput, "an organisation needs a slug or a name")
	case wanted.Name == "":
		wanted.Name = wanted.Slug
	case wanted.Slug == "":
		if wanted.Slug, err = a.house.Orgs().FreeSlug(ctx, wanted.Name); err != nil {
			return nil, err
		}
	}
	org, err := a.house.Orgs().Create(ctx, wanted)
	if err != nil {
		return nil, err
	}
	requestOf(ctx).record.Concerns(org.ID, org.Slug)
	out := &PlacedOrganisation{}
	out.Body.ParentName = parent.Name
	out.Body.Organisation, err = a.withParent(ctx, org)
	return out, err
}

// UpdateOrganisationIn says what becomes another; what is left out stays.
type UpdateOrganisationIn struct {
	OfOrganisation
	Body struct {
		Name    *string   `json:"name,omitempty"`
		Slug    *string   `json:"slug,omitempty" doc:"The one of before stays its own"`
		Tags    *[]string `json:"tags,omitempty" doc:"All that it has from then on"`
		Enabled *bool     `json:"enabled,omitempty" doc:"false: no runs begin for it"`
	}
}

// UpdatedOrganisation is an organisation after a change, and what it was called before.
type UpdatedOrganisation struct {
	Body struct {
		Organisation
		Was OrganisationName `json:"was"`
	}
}

// UpdateOrganisation changes an organisation.
var UpdateOrganisation = Operation[UpdateOrganisationIn, UpdatedOrganisation]{ID: "update-organisation", Method: "PATCH", Path: "/organisations/{org}", Tag: tagOrganisations,
	Summary: "Change an organisation's name, slug or tags, or whether runs begin for it", Policy: changeOrganisation}

func (a *API) updateOrganisation(ctx context.Context, in *UpdateOrganisationIn) (*UpdatedOrganisation, error) {
	was := organisationOf(ctx)
	if in.Body.Tags != nil {
		if err := a.mayTag(ctx); err != nil {
			return nil, err
		}
	}
	if on := in.Body.Enabled; on != nil && *on != was.Enabled {
		if err := a.fromAbove(ctx, was, "switched on and off"); err != nil {
			return nil, err
		}
	}
	now, err := a.house.Orgs().Update(ctx, was.ID, orgs.Changes{Name: in.Body.Name, Slug: in.Body.Slug, Tags: in.Body.Tags, Enabled: in.Body.Enabled})
	if err != nil {
		return nil, err
	}
	out := &UpdatedOrganisation{}
	out.Body.Was = nameOf(was)
	out.Body.Organisation, err = a.withParent(ctx, now)
	return out, err
}

// TagOrganisationIn are tags to add and to take away.
type TagOrganisationIn struct {
	OfOrganisation
	Body struct {
		Add    []string `json:"add,omitempty"`
		Remove []string `json:"remove,omitempty"`
	}
}

// TagOrganisation changes an organisation's tags.
var TagOrganisation = Operation[TagOrganisationIn, OneOrganisation]{ID: "tag-organisation", Method: "POST", Path: "/organisations/{org}/tags", Tag: tagOrganisations,
	Summary: "Add tags to an organisation's, or take some away", Policy: changeOrganisation}

func (a *API) tagOrganisation(ctx context.Context, in *TagOrganisationIn) (*OneOrganisation, error) {
	if err := a.mayTag(ctx); err != nil {
		return nil, err
	}
	now, err := a.house.Orgs().Tag(ctx, organisationOf(ctx).ID, in.Body.Add, in.Body.Remove)
	if err != nil {
		return nil, err
	}
	doc, err := a.withParent(ctx, now)
	return &OneOrganisation{doc}, err
}

func organisationOperations(a *API) {
	ListOrganisations.serve(a, a.listOrganisations)
	ShowOrganisation.serve(a, a.showOrganisation)
	CreateOrganisation.serve(a, a.createOrganisation)
	UpdateOrganisation.serve(a, a.updateOrganisation)
	TagOrganisation.serve(a, a.tagOrganisation)
	MoveOrganisation.serve(a, a.moveOrganisation)
	RemoveOrganisation.serve(a, a.removeOrganisation)
	RestoreOrganisation.serve(a, a.restoreOrganisation)
	PurgeOrganisations.serve(a, a.purgeOrganisations)
	ImportOrganisations.serve(a, a.importOrganisations)
	ExportOrganisationsCSV.serve(a, a.exportOrganisationsCSV)
	ExportOrganisationsYAML.serve(a, a.exportOrganisationsYAML)
	ApplyOrganisations.serve(a, a.applyOrganisations)
	ImportFromSystem.serve(a, a.importFromSystem)
}
