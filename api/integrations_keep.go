package api

import (
	"context"
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
)

// RenameInstanceIn is a new name.
type RenameInstanceIn struct {
	OfInstance
	Body struct {
		NewName string `json:"new_name"`
	}
}

// RenameInstanceOut is the instance, and who has to be changed.
type RenameInstanceOut struct {
	Body struct {
		Instance
		Before  string   `json:"before" doc:"The name that it had"`
		NamedBy []string `json:"named_by" doc:"Workflows that name it in an override by the name of before, and must be changed"`
	}
}

// RenameInstance gives an instance another name.
var RenameInstance = Operation[RenameInstanceIn, RenameInstanceOut]{ID: "rename-instance", Method: "POST", Path: "/organisations/{org}/instances/{integration}/rename", Tag: tagIntegrations,
	Summary: "Give an instance another name", Policy: changeInstances}

func (a *API) renameInstance(ctx context.Context, in *RenameInstanceIn) (*RenameInstanceOut, error) {
	c, err := a.choose(ctx, &in.OfInstance)
	if err != nil {
		return nil, err
	}
	out := &RenameInstanceOut{}
	out.Body.Before, out.Body.NamedBy = c.in.Name, []string{}
	if !strings.EqualFold(c.in.Name, in.Body.NewName) {
		out.Body.NamedBy = append(out.Body.NamedBy, a.workflowsNaming(ctx, c)...)
	}
	if c.in, err = a.house.Orgs().RenameInstance(ctx, c.org.ID, c.of.ID, c.in.Name, in.Body.NewName); err != nil {
		return nil, err
	}
	out.Body.Instance = c.document()
	return out, nil
}

// RemoveInstanceIn names an instance.
type RemoveInstanceIn struct {
	OfInstance
	Force bool `query:"force" doc:"Although it is in use, with the mappings under it"`
}

// RemoveInstanceOut is the instance that is gone.
type RemoveInstanceOut struct{ Body Instance }

// RemoveInstance removes an instance with its secrets.
var RemoveInstance = Operation[RemoveInstanceIn, RemoveInstanceOut]{ID: "remove-instance", Method: "DELETE", Path: "/organisations/{org}/instances/{integration}", Tag: tagIntegrations,
	Summary: "Remove an instance with its secrets", Policy: changeInstances}

func (a *API) removeInstance(ctx context.Context, in *RemoveInstanceIn) (*RemoveInstanceOut, error) {
	c, err := a.choose(ctx, &in.OfInstance)
	if err != nil {
		return nil, err
	}
	if in.Name == "" {
		if err := a.onlyOne(ctx, c); err != nil {
			return nil, err
		}
	}
	if users := a.workflowsNaming(ctx, c); len(users) > 0 && !in.Force {
		return nil, fault.New(fault.Conflict, "%s is in use: it is named in overrides of %s", c.in.Name, strings.Join(users, ", ")).
			WithHint("change those first, or remove it all the same with --force")
	}
	if err := a.house.Orgs().RemoveInstance(ctx, c.org.ID, c.of.ID, c.in.Name, in.Force); err != nil {
		return nil, err
	}
	if a.house.Forget != nil {
		a.house.Forget(c.in.ID)
	}
	return &RemoveInstanceOut{c.document()}, nil
}

// onlyOne refuses to guess which of several instances is meant to be removed.
func (a *API) onlyOne(ctx context.Context, c chosen) error {
	all, err := a.house.Orgs().Instances(ctx, c.org.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, in := range all {
		if in.Integration == c.of.ID {
			names = append(names, in.Name)
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
		return fault.New(fault.Usage, "%s has several instances of %s: %s", c.org.Name, c.of.Title, quoted(names)).WithHint("say which with --name")
	}
	return nil
}

// workflowsNaming gives the workflows whose triggers or tasks name the MSP's instance. Overrides lend instances of
// the MSP only.
func (a *API) workflowsNaming(ctx context.Context, c chosen) []string {
	w, err := a.house.Project(ctx)
	if err != nil || c.org.ParentID != "" {
		return nil
	}
	names := func(o *orgs.Override) bool {
		return o != nil && o.Use == orgs.UseInstance && strings.EqualFold(o.Name, c.in.Name)
	}
	var users []string
	for _, wf := range w.Checked() {
		inTask := slices.ContainsFunc(wf.Tasks, func(t *workflow.Task) bool {
			return t.Action != nil && t.Action.IntegrationID() == c.of.ID && names(t.Integration)
		})
		inTrigger := slices.ContainsFunc(wf.Triggers, func(t *workflow.Trigger) bool { return names(t.Integrations[c.of.ID]) })
		if inTask || inTrigger {
			users = append(users, wf.ID)
		}
	}
	return users
}

// SetDefaultInstanceIn names an instance.
type SetDefaultInstanceIn struct {
	OfOrganisation
	Integration string `path:"integration"`
	Body        struct {
		Name string `json:"name"`
	}
}

// SetDefaultInstance makes an instance the organisation's default.
var SetDefaultInstance = Operation[SetDefaultInstanceIn, OneInstance]{ID: "set-default-instance", Method: "PUT", Path: "/organisations/{org}/instances/{integration}/default", Tag: tagIntegrations,
	Summary: "Make an instance the organisation's default", Policy: changeInstances}

func (a *API) setDefaultInstance(ctx context.Context, in *SetDefaultInstanceIn) (*OneInstance, error) {
	if in.Body.Name == "" {
		return nil, fault.New(fault.InvalidInput, "the name of an instance is missing")
	}
	c, err := a.choose(ctx, &OfInstance{OfOrganisation: in.OfOrganisation, Integration: in.Integration, Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	if err := a.house.Orgs().SetDefault(ctx, c.org.ID, c.of.ID, c.in.Name); err != nil {
		return nil, err
	}
	c.in.Default = true
	return &OneInstance{c.document()}, nil
}

// OfIntegration is an organisation and an integration.
type OfIntegration struct {
	OfOrganisation
	Integration string `path:"integration"`
}

// ClearedDefault tells whose default is gone.
type ClearedDefault struct {
	Body struct {
		Organisation string `json:"organisation" doc:"A slug"`
		Whose        string `json:"organisation_name"`
		Integration  string `json:"integration"`
		Title        string `json:"title" doc:"Of the integration"`
	}
}

// ClearDefaultInstance leaves an organisation without a default.
var ClearDefaultInstance = Operation[OfIntegration, ClearedDefault]{ID: "clear-default-instance", Method: "DELETE", Path: "/organisations/{org}/instances/{integration}/default", Tag: tagIntegrations,
	Summary: "Leave an organisation without a default instance", Policy: changeInstances}

func (a *API) clearDefaultInstance(ctx context.Context, in *OfIntegration) (*ClearedDefault, error) {
	of, err := a.integration(ctx, in.Integration)
	if err != nil {
		return nil, err
	}
	org := organisationOf(ctx)
	out := &ClearedDefault{}
	out.Body.Organisation, out.Body.Whose, out.Body.Integration, out.Body.Title = org.Slug, org.Name, of.ID, of.Title
	return out, a.house.Orgs().ClearDefault(ctx, org.ID, of.ID)
}
