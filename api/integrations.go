package api

import (
	"context"
	"strings"

	"gantry/access"
	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

const tagIntegrations = "integrations"

// Policies of integrations.
var (
	readInstances   = Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: AtOrganisation}
	changeInstances = Policy{Role: access.Admin, Scope: access.IntegrationsWrite, Where: AtOrganisation}
)

// Instance is one configured copy of an integration. Secrets are named, never shown.
type Instance struct {
	ID           string         `json:"id"`
	Organisation string         `json:"organisation" doc:"A slug"`
	Whose        string         `json:"organisation_name"`
	Integration  string         `json:"integration"`
	Title        string         `json:"title" doc:"Of the integration"`
	Name         string         `json:"name"`
	Default      bool           `json:"default"`
	Config       map[string]any `json:"config"`
	SecretFields []string       `json:"secret_fields"`
	Tested       *InstanceTest  `json:"tested,omitempty" doc:"In lists: how the last test went; left out where it was not tested"`
}

func instanceDocument(in orgs.Instance, org orgs.Organisation, title string) Instance {
	return Instance{in.ID, org.Slug, org.Name, in.Integration, title, in.Name, in.Default, in.Config, in.SecretFields, nil}
}

// ListInstancesOut are an organisation's instances.
type ListInstancesOut struct {
	Body struct {
		Organisation OrganisationName `json:"organisation"`
		Instances    []Instance       `json:"instances"`
	}
}

// ListInstances lists the instances of an organisation.
var ListInstances = Operation[OfOrganisation, ListInstancesOut]{ID: "list-instances", Method: "GET", Path: "/organisations/{org}/instances", Tag: tagIntegrations,
	Summary: "List the instances of integrations of an organisation", Policy: readInstances}

func (a *API) listInstances(ctx context.Context, _ *OfOrganisation) (*ListInstancesOut, error) {
	org := organisationOf(ctx)
	all, err := a.house.Orgs().Instances(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	out := &ListInstancesOut{}
	out.Body.Organisation = nameOf(org)
	out.Body.Instances, err = a.instanceDocuments(ctx, org, all)
	return out, err
}

// OfInstance is the input of operations on one instance.
type OfInstance struct {
	OfOrganisation
	Integration string `path:"integration" doc:"Such as halo"`
	Name        string `query:"name" doc:"The instance's name; left out: the organisation's default one"`
}

// OneInstance is an answer with one instance.
type OneInstance struct{ Body Instance }

// chosen is an instance with whose it is and what it is of.
type chosen struct {
	org orgs.Organisation
	of  *actions.Integration
	in  orgs.Instance
}

func (c chosen) document() Instance { return instanceDocument(c.in, c.org, c.of.Title) }

// choose finds the instance that is meant.
func (a *API) choose(ctx context.Context, in *OfInstance) (chosen, error) {
	c := chosen{org: organisationOf(ctx)}
	var err error
	if c.of, err = a.integration(ctx, in.Integration); err != nil {
		return c, err
	}
	c.in, err = a.instanceOf(ctx, c.org, c.of, in.Name)
	return c, err
}

// instanceOf finds an organisation's instance by its name; without a name, its default.
func (a *API) instanceOf(ctx context.Context, org orgs.Organisation, of *actions.Integration, name string) (orgs.Instance, error) {
	o := a.house.Orgs()
	if name != "" {
		return o.Instance(ctx, org.ID, of.ID, name)
	}
	found, err := o.Resolve(ctx, org, of.ID, of.Title, orgs.Lent{})
	if err == nil || fault.From(err).Code != fault.NotInstalled {
		return found, err
	}
	all, listing := o.Instances(ctx, org.ID)
	if listing != nil {
		return found, listing
	}
	return found, orUndecided(err, org, of, all)
}

// orUndecided is the fault of an organisation without a default instance: where it has instances all the same, one
// of them is to be named.
func orUndecided(err error, org orgs.Organisation, of *actions.Integration, all []orgs.Instance) error {
	var named []string
	for _, one := range all {
		if one.Integration == of.ID {
			named = append(named, "--name "+source.ShellWord(one.Name))
		}
	}
	if len(named) == 0 {
		return err
	}
	flag := ""
	if org.ParentID != "" {
		flag = " --org " + org.Slug
	}
	return fault.Wrap(err, fault.Usage, "%s has %s of %s, and none of them is its default", org.Name, counted(len(named), "instance"), of.Title).
		WithHint("say which one with %s, or choose a default with `gantry integrations default %s NAME%s`", strings.Join(named, " or "), of.ID, flag)
}

// ShowInstanceOut is an instance, and the order in which its fields are shown.
type ShowInstanceOut struct {
	Body struct {
		Instance
		Fields []string `json:"field_order" doc:"The names of the fields of the form, in its order"`
	}
}

// ShowInstance shows how an instance is configured.
var ShowInstance = Operation[OfInstance, ShowInstanceOut]{ID: "show-instance", Method: "GET", Path: "/organisations/{org}/instances/{integration}", Tag: tagIntegrations,
	Summary: "Show how an instance is configured, without its secrets", Policy: readInstances}

func (a *API) showInstance(ctx context.Context, in *OfInstance) (*ShowInstanceOut, error) {
	c, err := a.choose(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &ShowInstanceOut{}
	out.Body.Instance, out.Body.Fields = c.document(), []string{}
	for _, f := range c.of.Config {
		out.Body.Fields = append(out.Body.Fields, f.Name)
	}
	return out, nil
}

func integrationOperations(a *API) {
	ListIntegrations.serve(a, a.listIntegrations)
	ShowIntegration.serve(a, a.showIntegration)
	ListInstances.serve(a, a.listInstances)
	ListAllInstances.serve(a, a.listAllInstances)
	ShowInstance.serve(a, a.showInstance)
	AddInstance.serve(a, a.addInstance)
	UpdateInstance.serve(a, a.updateInstance)
	RotateInstance.serve(a, a.rotateInstance)
	RenameInstance.serve(a, a.renameInstance)
	RemoveInstance.serve(a, a.removeInstance)
	SetDefaultInstance.serve(a, a.setDefaultInstance)
	ClearDefaultInstance.serve(a, a.clearDefaultInstance)
	CheckConfiguration.serve(a, a.checkConfiguration)
	TestInstance.serve(a, a.testInstance)
	TryConfiguration.serve(a, a.tryConfiguration)
}
