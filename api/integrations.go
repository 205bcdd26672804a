package api

import (
	"context"
	"strings"

	"gantry/access"
	"gantry/actions"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

const tagIntegrations = "integrations"

// Policies of integrations.
var (
	readInstances   = Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: AtOrganisation}
	changeInstances = Policy{Role: access.Admin, Scope: access.IntegrationsWrite, Where: AtOrganisation}
)

// Integration is a kind of outside system, with the form by which it is configured.
type Integration struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Icon        string   `json:"icon,omitempty"`
	Docs        string   `json:"docs,omitempty"`
	Config      []Field  `json:"config" doc:"The fields of its configuration, in the order in which they are asked for"`
	OneLine     *OneLine `json:"one_line,omitempty" doc:"A key that stands for several fields"`
	Testable    bool     `json:"testable"`
	Mappable    bool     `json:"mappable" doc:"Organisations can be mapped to its entities"`
}

// Field is a field of a form.
type Field struct {
	Name     string         `json:"name"`
	Title    string         `json:"title,omitempty"`
	Help     string         `json:"help,omitempty"`
	Secret   bool           `json:"secret"`
	Required bool           `json:"required"`
	Default  any            `json:"default,omitempty"`
	Schema   map[string]any `json:"schema" doc:"JSON Schema, draft-07"`
}

// OneLine is a key that stands for several fields of a configuration.
type OneLine struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Shapes      []string `json:"shapes" doc:"Such as {tenant}+{client_id}:{client_secret}"`
}

func integrationDocument(of *actions.Integration) Integration {
	doc := Integration{ID: of.ID, Title: of.Title, Description: of.Description, Icon: of.Icon, Docs: of.Docs, Config: []Field{},
		Testable: len(of.Test) > 0, Mappable: of.Mapping != nil}
	for _, f := range of.Config {
		field := Field{Name: f.Name, Title: f.Type.Title, Help: f.Type.Description, Secret: f.Type.Kind == schema.KindSecret, Required: f.Required,
			Schema: f.Type.JSONSchema(false)}
		if f.Type.HasDefault {
			field.Default = f.Type.Default
		}
		doc.Config = append(doc.Config, field)
	}
	if of.OneLine != nil {
		doc.OneLine = &OneLine{Title: of.OneLine.Title, Description: of.OneLine.Description}
		for _, form := range of.OneLine.Forms {
			doc.OneLine.Shapes = append(doc.OneLine.Shapes, form.Shape)
		}
	}
	return doc
}

// ListIntegrationsOut are the kinds of outside systems that can be configured.
type ListIntegrationsOut struct {
	Body struct {
		Integrations []Integration `json:"integrations"`
	}
}

// ListIntegrations lists what can be configured, whoever has it.
var ListIntegrations = Operation[struct{}, ListIntegrationsOut]{ID: "list-integrations", Method: "GET", Path: "/integrations", Tag: tagIntegrations,
	Summary: "List the integrations there are, with the form by which each is configured",
	Policy:  Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: Anywhere}}

func (a *API) listIntegrations(ctx context.Context, _ *struct{}) (*ListIntegrationsOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &ListIntegrationsOut{}
	for _, of := range w.Catalogue().Integrations() {
		out.Body.Integrations = append(out.Body.Integrations, integrationDocument(of))
	}
	return out, nil
}

// integration finds an integration of the catalogue by its id or title.
func (a *API) integration(ctx context.Context, word string) (*actions.Integration, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, in := range w.Catalogue().Integrations() {
		if in.ID == word || strings.EqualFold(in.Title, word) {
			return in, nil
		}
		known = append(known, in.ID)
	}
	return nil, fault.New(fault.Missing, "there is no integration %q", word).WithHint("%s", source.DidYouMean(word, known))
}

// Instance is one configured copy of an integration. Secrets are named, never shown.
type Instance struct {
	ID           string         `json:"id"`
	Organisation string         `json:"organisation" doc:"A slug"`
	Integration  string         `json:"integration"`
	Title        string         `json:"title" doc:"Of the integration"`
	Name         string         `json:"name"`
	Default      bool           `json:"default"`
	Config       map[string]any `json:"config"`
	SecretFields []string       `json:"secret_fields"`
}

func instanceDocument(in orgs.Instance, org orgs.Organisation, title string) Instance {
	return Instance{in.ID, org.Slug, in.Integration, title, in.Name, in.Default, in.Config, in.SecretFields}
}

// ListInstancesOut are an organisation's instances.
type ListInstancesOut struct {
	Body struct {
		Instances []Instance `json:"instances"`
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
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &ListInstancesOut{}
	out.Body.Instances = make([]Instance, len(all))
	for i, in := range all {
		title := in.Integration
		if of, ok := w.Catalogue().Integration(in.Integration); ok {
			title = of.Title
		}
		out.Body.Instances[i] = instanceDocument(in, org, title)
	}
	return out, nil
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

// ShowInstance shows how an instance is configured.
var ShowInstance = Operation[OfInstance, OneInstance]{ID: "show-instance", Method: "GET", Path: "/organisations/{org}/instances/{integration}", Tag: tagIntegrations,
	Summary: "Show how an instance is configured, without its secrets", Policy: readInstances}

func (a *API) showInstance(ctx context.Context, in *OfInstance) (*OneInstance, error) {
	c, err := a.choose(ctx, in)
	if err != nil {
		return nil, err
	}
	return &OneInstance{c.document()}, nil
}

// TestReport is what a test of a connection has shown.
type TestReport struct {
	Organisation string `json:"organisation" doc:"A slug"`
	Integration  string `json:"integration"`
	Name         string `json:"name"`
	connect.Report
	Odd []*fault.Error `json:"configuration_warnings,omitempty" doc:"What is odd about the configuration itself"`
}

func integrationOperations(a *API) {
	ListIntegrations.serve(a, a.listIntegrations)
	ListInstances.serve(a, a.listInstances)
	ShowInstance.serve(a, a.showInstance)
	AddInstance.serve(a, a.addInstance)
	UpdateInstance.serve(a, a.updateInstance)
	RotateInstance.serve(a, a.rotateInstance)
	RenameInstance.serve(a, a.renameInstance)
	RemoveInstance.serve(a, a.removeInstance)
	SetDefaultInstance.serve(a, a.setDefaultInstance)
	ClearDefaultInstance.serve(a, a.clearDefaultInstance)
	TestInstance.serve(a, a.testInstance)
	TryConfiguration.serve(a, a.tryConfiguration)
}
