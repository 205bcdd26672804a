package api

import (
	"context"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
)

// MoveOrganisationIn says where to.
type MoveOrganisationIn struct {
	OfOrganisation
	Body struct {
		Parent string `json:"parent" doc:"The slug of the organisation that it is to stand below; _ is the MSP"`
	}
}

// MoveOrganisationOut is the organisation, and what it inherits otherwise by now.
type MoveOrganisationOut struct {
	Body struct {
		Organisation
		ParentName string      `json:"parent_name" doc:"The name of the organisation above it"`
		Lost       []Inherited `json:"lost" doc:"Variables that it does not have any more"`
		Gained     []Inherited `json:"gained" doc:"Variables that it has now"`
	}
}

// Inherited is a variable and whose it is.
type Inherited struct {
	Name   string `json:"name"`
	Source string `json:"source" doc:"A slug"`
}

// MoveOrganisation puts an organisation below another one.
var MoveOrganisation = Operation[MoveOrganisationIn, MoveOrganisationOut]{ID: "move-organisation", Method: "POST", Path: "/organisations/{org}/move", Tag: tagOrganisations,
	Summary: "Put an organisation, with all below it, below another one", Policy: changeOrganisation}

func (a *API) moveOrganisation(ctx context.Context, in *MoveOrganisationIn) (*MoveOrganisationOut, error) {
	o, org := a.house.Orgs(), organisationOf(ctx)
	if err := a.mayTakeOut(ctx, org); err != nil {
		return nil, err
	}
	parent, err := requireSlug(ctx, access.Admin, access.OrganisationsWrite, in.Body.Parent)
	if err != nil {
		return nil, err
	}
	before, err := o.Effective(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	now, err := o.Move(ctx, org.ID, parent.ID)
	if err != nil {
		return nil, err
	}
	after, err := o.Effective(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	out := &MoveOrganisationOut{}
	out.Body.ParentName = parent.Name
	out.Body.Lost, out.Body.Gained = inheritedOnly(before, after), inheritedOnly(after, before)
	out.Body.Organisation, err = a.withParent(ctx, now)
	return out, err
}

// mayTakeOut refuses to take an organisation from below another one to those who do not administer that: its own
// administrators would lose it.
func (a *API) mayTakeOut(ctx context.Context, org orgs.Organisation) error {
	return a.fromAbove(ctx, org, "moved")
}

// fromAbove refuses what is done to an organisation by those who administer the one above it.
func (a *API) fromAbove(ctx context.Context, org orgs.Organisation, done string) error {
	if org.ParentID == "" {
		return nil // the tree says what the root does not take
	}
	above, err := a.house.Orgs().ByID(ctx, org.ParentID)
	if err != nil {
		return err
	}
	if err := Require(ctx, access.Admin, access.OrganisationsWrite, above); err != nil {
		return fault.New(fault.Denied, "%s is %s by those who administer the organisation above it", org.Name, done).WithHint("ask one of them")
	}
	return nil
}

// mayTag refuses tags to those who do not administer the MSP: by its tags an organisation gets workflows that the MSP
// has written, with the integrations that it lends them.
func (a *API) mayTag(ctx context.Context) error {
	root, err := a.house.Orgs().Root(ctx)
	if err != nil {
		return err
	}
	if err := Require(ctx, access.Admin, access.OrganisationsWrite, root); err != nil {
		return fault.New(fault.Denied, "tags are given by those who administer the MSP: they decide which of its workflows run for an organisation").
			WithHint("ask one of them, or leave the tags out")
	}
	return nil
}

// inheritedOnly gives the variables of some that the others lack, or have from elsewhere.
func inheritedOnly(some, others []orgs.Variable) []Inherited {
	source := map[string]string{}
	for _, v := range others {
		source[v.Name] = v.Source.ID
	}
	only := []Inherited{}
	for _, v := range some {
		if source[v.Name] != v.Source.ID {
			only = append(only, Inherited{v.Name, v.Source.Slug})
		}
	}
	return only
}

// RemoveOrganisationIn says whether those below go along.
type RemoveOrganisationIn struct {
	OfOrganisation
	WithChildren bool `query:"with_children" doc:"Those below it, too"`
	DryRun       bool `query:"dry_run" doc:"Tell which it would be, and do nothing"`
}

// RemovedOut are the organisations that were removed.
type RemovedOut struct {
	Body struct {
		Removed       string   `json:"removed" doc:"A slug"`
		Name          string   `json:"name" doc:"Its name"`
		Organisations []string `json:"organisations" doc:"The slugs of all that were removed"`
		DryRun        bool     `json:"dry_run,omitempty"`
	}
}

// RemoveOrganisation takes an organisation out of use.
var RemoveOrganisation = Operation[RemoveOrganisationIn, RemovedOut]{ID: "remove-organisation", Method: "DELETE", Path: "/organisations/{org}", Tag: tagOrganisations,
	Summary: "Take an organisation out of use; it can be restored", Policy: changeOrganisation}

func (a *API) removeOrganisation(ctx context.Context, in *RemoveOrganisationIn) (*RemovedOut, error) {
	o, org := a.house.Orgs(), organisationOf(ctx)
	out := &RemovedOut{}
	onlyPlans(ctx, in.DryRun)
	out.Body.Removed, out.Body.Name, out.Body.DryRun = org.Slug, org.Name, in.DryRun
	removed := []orgs.Organisation{org}
	var err error
	switch {
	case in.DryRun && in.WithChildren:
		removed, err = a.subtree(ctx, org)
	case in.DryRun:
	case in.WithChildren:
		removed, err = o.RemoveTree(ctx, org.ID)
	default:
		err = o.Remove(ctx, org.ID)
	}
	out.Body.Organisations = slugsOf(removed)
	return out, err
}

// subtree gives an organisation and all below it.
func (a *API) subtree(ctx context.Context, org orgs.Organisation) ([]orgs.Organisation, error) {
	all, err := a.house.Orgs().List(ctx)
	if err != nil {
		return nil, err
	}
	found := []orgs.Organisation{org}
	for _, other := range all {
		below, err := a.house.Orgs().IsDescendant(ctx, org.ID, other.ID)
		if err != nil {
			return nil, err
		}
		if below {
			found = append(found, other)
		}
	}
	return found, nil
}

// RestoreOrganisationIn names a removed organisation.
type RestoreOrganisationIn struct {
	Slug string `path:"slug" doc:"The slug of a removed organisation"`
}

// RestoreOrganisationOut is what came back, and what did not.
type RestoreOrganisationOut struct {
	Body struct {
		Organisation
		Organisations []string  `json:"organisations" doc:"The slugs of all that came back"`
		LeftOut       []LeftOut `json:"left_out" doc:"Mappings to entities that are another organisation's by now"`
	}
}

// LeftOut is a mapping that did not come back.
type LeftOut struct {
	Organisation string `json:"organisation" doc:"Its slug"`
	Name         string `json:"name"`
	Integration  string `json:"integration"`
	ExternalID   string `json:"external_id"`
	ExternalName string `json:"external_name"`
	Holder       string `json:"holder" doc:"The slug of the organisation whose the entity is now; empty where the caller does not see it"`
	HolderName   string `json:"holder_name"`
	Instance     string `json:"instance,omitempty" doc:"None: the MSP's default one"`
	Owner        string `json:"owner,omitempty" doc:"The slug of the organisation whose instance that is"`
}

// RestoreOrganisation brings a removed organisation back.
var RestoreOrganisation = Operation[RestoreOrganisationIn, RestoreOrganisationOut]{ID: "restore-organisation", Method: "POST", Path: "/removed-organisations/{slug}/restore",
	Tag: tagOrganisations, Summary: "Bring a removed organisation back, with those that were removed together with it", Policy: changeSomewhere}

func (a *API) restoreOrganisation(ctx context.Context, in *RestoreOrganisationIn) (*RestoreOrganisationOut, error) {
	org, err := a.removed(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	restored, err := a.house.Orgs().Restore(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	org.DeletedAt = nil
	out := &RestoreOrganisationOut{}
	out.Body.Organisations, out.Body.LeftOut = slugsOf(restored.Organisations), []LeftOut{}
	q := requestOf(ctx)
	for _, l := range restored.LeftOut {
		path, err := q.path(ctx, l.Holder.ID)
		if err != nil {
			return nil, err
		}
		if !sees(q.caller, path) {
			l.Holder = orgs.Organisation{}
		}
		out.Body.LeftOut = append(out.Body.LeftOut, LeftOut{l.Organisation.Slug, l.Organisation.Name, l.Mapping.Integration, l.Mapping.ExternalID,
			l.Mapping.ExternalName, l.Holder.Slug, l.Holder.Name, l.Instance, l.Owner})
	}
	out.Body.Organisation, err = a.withParent(ctx, org)
	return out, err
}

// removed finds a removed organisation over which the caller is administrator.
func (a *API) removed(ctx context.Context, slug string) (orgs.Organisation, error) {
	q := requestOf(ctx)
	q.required = true // also where there is none
	org, err := a.house.Orgs().Removed(ctx, slug)
	if err != nil {
		if fault.From(err).Code == fault.Missing && !q.seesAll(ctx) {
			return org, noOrganisation(slug)
		}
		return org, err
	}
	q.record.Concerns(org.ID, org.Slug)
	return org, Require(ctx, access.Admin, access.OrganisationsWrite, org)
}

// PurgeOrganisationsIn says what is deleted for good.
type PurgeOrganisationsIn struct {
	Body struct {
		Slug   string `json:"slug,omitempty" doc:"Only this removed organisation and those below it; left out: all that were removed 30 days ago or earlier"`
		Now    bool   `json:"now,omitempty" doc:"The one named, although it was removed less than 30 days ago"`
		DryRun bool   `json:"dry_run,omitempty" doc:"Tell which it would be, and do nothing"`
	}
}

// PurgeOrganisationsOut are the organisations that are gone.
type PurgeOrganisationsOut struct {
	Body struct {
		Purged []string `json:"purged" doc:"Slugs, each before those above it"`
		Names  []string `json:"names"`
		DryRun bool     `json:"dry_run,omitempty"`
	}
}

// PurgeOrganisations deletes removed organisations for good.
var PurgeOrganisations = Operation[PurgeOrganisationsIn, PurgeOrganisationsOut]{ID: "purge-organisations", Method: "POST", Path: "/removed-organisations/purge", Tag: tagOrganisations,
	Summary: "Delete removed organisations for good", Policy: changeSomewhere}

func (a *API) purgeOrganisations(ctx context.Context, in *PurgeOrganisationsIn) (*PurgeOrganisationsOut, error) {
	if in.Body.Now && in.Body.Slug == "" {
		return nil, fault.New(fault.InvalidInput, "now needs a slug")
	}
	onlyPlans(ctx, in.Body.DryRun)
	var org orgs.Organisation
	var err error
	if in.Body.Slug == "" {
		_, err = requireSlug(ctx, access.Admin, access.OrganisationsWrite, TheMSP)
	} else {
		org, err = a.removed(ctx, in.Body.Slug)
	}
	if err != nil {
		return nil, err
	}
	var purged []orgs.Organisation
	if in.Body.DryRun {
		purged, err = a.house.Orgs().Purgeable(ctx, org.ID, in.Body.Now)
	} else if purged, err = a.house.Orgs().Purge(ctx, org.ID, in.Body.Now); err == nil {
		err = a.dropFigures(ctx, purged)
	}
	out := &PurgeOrganisationsOut{}
	out.Body.Purged, out.Body.Names, out.Body.DryRun = slugsOf(purged), make([]string, len(purged)), in.Body.DryRun
	for i, org := range purged {
		out.Body.Names[i] = org.Name
	}
	return out, err
}
