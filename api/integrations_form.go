package api

import (
	"context"
	"strings"

	"gantry/access"
	"gantry/actions"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
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

// SecretField finds the secret that is meant: the one that is named, or the only one.
func (i Integration) SecretField(name string) (Field, error) {
	var secrets []string
	var found Field
	for _, f := range i.Config {
		if !f.Secret {
			continue
		}
		secrets = append(secrets, f.Name)
		if name == "" || f.Name == name {
			found = f
		}
	}
	switch {
	case len(secrets) == 0:
		return found, fault.New(fault.Usage, "%s has no secret", i.Title)
	case found.Name == "":
		return found, fault.New(fault.Usage, "%s has no secret field %q", i.Title, name).WithHint("it has %s", strings.Join(secrets, ", "))
	case name == "" && len(secrets) > 1:
		return found, fault.New(fault.Usage, "%s has several secrets", i.Title).WithHint("say which with --field: %s", strings.Join(secrets, ", "))
	}
	return found, nil
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

// OfCatalogue names an integration.
type OfCatalogue struct {
	Integration string `path:"integration" doc:"Its id, such as halo, or its title"`
}

// OneIntegration is an answer with one kind of outside system.
type OneIntegration struct{ Body Integration }

// ShowIntegration shows one kind of outside system.
var ShowIntegration = Operation[OfCatalogue, OneIntegration]{ID: "show-integration", Method: "GET", Path: "/integrations/{integration}", Tag: tagIntegrations,
	Summary: "Show an integration with the form by which it is configured",
	Policy:  Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: Anywhere}}

func (a *API) showIntegration(ctx context.Context, in *OfCatalogue) (*OneIntegration, error) {
	of, err := a.integration(ctx, in.Integration)
	if err != nil {
		return nil, err
	}
	return &OneIntegration{integrationDocument(of)}, nil
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
