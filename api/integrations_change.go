package api

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"gantry/actions"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
)

// Given are fields of a configuration. What is left out stays as it was.
type Given struct {
	Config  map[string]any    `json:"config,omitempty" doc:"Fields that are not secret; an empty text takes one away"`
	Secrets map[string]string `json:"secrets,omitempty" doc:"Secret fields: they go in and never come out"`
	Line    string            `json:"line,omitempty" doc:"The one-line key of integrations that have one"`
}

func (g Given) over(before map[string]any, secrets map[string]string) actions.Given {
	return actions.Given{Config: g.Config, Secrets: g.Secrets, Line: g.Line, Before: before, SecretsBefore: secrets}
}

// Testing says how a configuration is tested before it is saved.
type Testing struct {
	NoTest bool `json:"no_test,omitempty" doc:"Save it without a test of the connection"`
	Force  bool `json:"force,omitempty" doc:"Save it although the test of the connection fails"`
}

// SavedInstance is an instance after it was saved, with what its test has shown.
type SavedInstance struct {
	Body struct {
		Instance
		Report   *connect.Report `json:"report,omitempty" doc:"Left out where it was not tested"`
		Warnings []*fault.Error  `json:"warnings,omitempty" doc:"What is odd about the configuration"`
	}
}

// AddInstanceIn is a new instance.
type AddInstanceIn struct {
	OfOrganisation
	Integration string `path:"integration"`
	Body        struct {
		Given
		Testing
		Name    string `json:"name,omitempty" doc:"The integration's title where it is left out"`
		Default bool   `json:"default,omitempty" doc:"Make it the organisation's default; the first one is, anyway"`
	}
}

// AddInstance configures an integration for an organisation.
var AddInstance = Operation[AddInstanceIn, SavedInstance]{ID: "add-instance", Method: "POST", Path: "/organisations/{org}/instances/{integration}", Tag: tagIntegrations,
	Summary: "Configure an integration for an organisation; the connection is tested first", Policy: changeInstances}

func (a *API) addInstance(ctx context.Context, in *AddInstanceIn) (*SavedInstance, error) {
	c := chosen{org: organisationOf(ctx)}
	var err error
	if c.of, err = a.integration(ctx, in.Integration); err != nil {
		return nil, err
	}
	name := in.Body.Name
	if name == "" {
		name = c.of.Title
	}
	c.in = orgs.Instance{ID: uuid.NewString(), OrganisationID: c.org.ID, Integration: c.of.ID, Name: name}
	made, err := configured(c.of, in.Body.over(nil, nil))
	if err != nil {
		return nil, err
	}
	report, err := a.tested(ctx, c, made, in.Body.Testing)
	if err != nil {
		return nil, err
	}
	c.in, err = a.house.Orgs().AddInstance(ctx, c.org.ID, c.of.ID, name, made.Config, made.Secrets, in.Body.Default)
	if f := fault.From(err); err != nil && f.Code == fault.Exists {
		return nil, fault.Wrap(err, fault.Exists, "%s", f.Message).WithHint("give this one another name, or change that one")
	}
	if err != nil {
		return nil, err
	}
	return c.saved(report, made), nil
}

func (c chosen) saved(report *connect.Report, made actions.Configured) *SavedInstance {
	out := &SavedInstance{}
	out.Body.Instance, out.Body.Report, out.Body.Warnings = c.document(), report, made.Warnings
	return out
}

func configured(of *actions.Integration, g actions.Given) (actions.Configured, error) {
	if g.Line != "" && of.OneLine == nil {
		return actions.Configured{}, fault.New(fault.Usage, "%s has no one-line key", of.Title)
	}
	made, problem := of.Configure(g)
	if problem == nil {
		return made, nil
	}
	f := fault.Wrap(problem, fault.Usage, "%s", problem.Message).WithDetail(problem.Detail)
	if problem.Hint != "" {
		return made, f.WithHint("%s", problem.Hint)
	}
	return made, f.WithHint("give fields with --set field=value and secrets with --set-file or --set-stdin; the fields are: %s", fieldList(of))
}

func fieldList(of *actions.Integration) string {
	said := make([]string, len(of.Config))
	for i, f := range of.Config {
		said[i] = f.Name
		switch {
		case f.Type.Kind == schema.KindSecret && f.Required:
			said[i] += " (secret, required)"
		case f.Type.Kind == schema.KindSecret:
			said[i] += " (secret)"
		case f.Required:
			said[i] += " (required)"
		}
	}
	return strings.Join(said, ", ")
}

// connectionTime bounds a test of a connection.
const connectionTime = time.Minute

// tested proves a configuration before it is saved, unless nobody wants that. One that fails is refused, with the
// report as the detail of the error.
func (a *API) tested(ctx context.Context, c chosen, made actions.Configured, t Testing) (*connect.Report, error) {
	if t.NoTest || len(c.of.Test) == 0 {
		return nil, nil
	}
	report, err := a.try(ctx, c, made.Config, made.Secrets)
	if err != nil || report.OK || t.Force {
		return &report, err
	}
	hint := "--force saves it all the same"
	if report.Error.Hint != "" {
		hint = report.Error.Hint + "; " + hint
	}
	return nil, &WorkError{fault.Wrap(report.Error, report.Error.Code, "not saved, for the test of the connection failed: %s", report.Error.Message).
		WithHint("%s", hint).WithDetail(map[string]any{"report": report})}
}

func (a *API) try(ctx context.Context, c chosen, config map[string]any, secrets map[string]string) (connect.Report, error) {
	service, err := a.house.Connect(ctx)
	if err != nil {
		return connect.Report{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectionTime)
	defer cancel()
	c.in.Config = config
	return service.Try(ctx, connect.Trial{Integration: c.of, Organisation: c.org, Instance: c.in, Secrets: secrets})
}

// UpdateInstanceIn says what becomes another.
type UpdateInstanceIn struct {
	OfInstance
	Body struct {
		Given
		Testing
	}
}

// UpdateInstance changes fields of an instance.
var UpdateInstance = Operation[UpdateInstanceIn, SavedInstance]{ID: "update-instance", Method: "PATCH", Path: "/organisations/{org}/instances/{integration}", Tag: tagIntegrations,
	Summary: "Change fields of an instance; the connection is tested first", Policy: changeInstances}

func (a *API) updateInstance(ctx context.Context, in *UpdateInstanceIn) (*SavedInstance, error) {
	c, err := a.choose(ctx, &in.OfInstance)
	if err != nil {
		return nil, err
	}
	if len(in.Body.Config)+len(in.Body.Secrets) == 0 && in.Body.Line == "" {
		return nil, fault.New(fault.Usage, "nothing to change was given").WithHint("name fields with --set, --set-file or --set-stdin")
	}
	return a.update(ctx, c, in.Body.Given, in.Body.Testing)
}

func (a *API) update(ctx context.Context, c chosen, g Given, t Testing) (*SavedInstance, error) {
	secrets, err := a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
	if err != nil {
		return nil, err
	}
	made, err := configured(c.of, g.over(c.in.Config, secrets))
	if err != nil {
		return nil, err
	}
	report, err := a.tested(ctx, c, made, t)
	if err != nil {
		return nil, err
	}
	if c.in, err = a.house.Orgs().UpdateInstance(ctx, c.org.ID, c.of.ID, c.in.Name, made.Config, made.Secrets); err != nil {
		return nil, err
	}
	return c.saved(report, made), nil
}

// RotateInstanceIn is a new secret.
type RotateInstanceIn struct {
	OfInstance
	Body struct {
		Testing
		Field  string `json:"field,omitempty" doc:"Which secret field, where the integration has several"`
		Secret string `json:"secret"`
	}
}

// RotateInstance gives an instance a new secret.
var RotateInstance = Operation[RotateInstanceIn, SavedInstance]{ID: "rotate-instance-secret", Method: "POST", Path: "/organisations/{org}/instances/{integration}/rotate", Tag: tagIntegrations,
	Summary: "Give an instance a new secret; the connection is tested first", Policy: changeInstances}

func (a *API) rotateInstance(ctx context.Context, in *RotateInstanceIn) (*SavedInstance, error) {
	c, err := a.choose(ctx, &in.OfInstance)
	if err != nil {
		return nil, err
	}
	name, err := secretField(c.of, in.Body.Field)
	if err != nil {
		return nil, err
	}
	return a.update(ctx, c, Given{Secrets: map[string]string{name: in.Body.Secret}}, in.Body.Testing)
}

// secretField finds the secret that is meant: the one that is named, or the only one.
func secretField(of *actions.Integration, name string) (string, error) {
	var secrets []string
	found := ""
	for _, f := range of.Config {
		if f.Type.Kind != schema.KindSecret {
			continue
		}
		secrets = append(secrets, f.Name)
		if name == "" || f.Name == name {
			found = f.Name
		}
	}
	switch {
	case len(secrets) == 0:
		return "", fault.New(fault.Usage, "%s has no secret", of.Title)
	case found == "":
		return "", fault.New(fault.Usage, "%s has no secret field %q", of.Title, name).WithHint("it has %s", strings.Join(secrets, ", "))
	case name == "" && len(secrets) > 1:
		return "", fault.New(fault.Usage, "%s has several secrets", of.Title).WithHint("say which with --field: %s", strings.Join(secrets, ", "))
	}
	return found, nil
}

// TestedOut is what a test has shown.
type TestedOut struct{ Body TestReport }

// TestInstance tests the connection of an instance.
var TestInstance = Operation[OfInstance, TestedOut]{ID: "test-instance", Method: "POST", Path: "/organisations/{org}/instances/{integration}/test", Tag: tagIntegrations,
	Summary: "Test the connection of an instance as it is saved", Policy: changeInstances}

func (a *API) testInstance(ctx context.Context, in *OfInstance) (*TestedOut, error) {
	c, err := a.choose(ctx, in)
	if err != nil {
		return nil, err
	}
	secrets, err := a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
	if err != nil {
		return nil, err
	}
	report, err := a.try(ctx, c, c.in.Config, secrets)
	return &TestedOut{TestReport{c.org.Slug, c.of.ID, c.in.Name, report, nil}}, err
}

// TryConfigurationIn is a configuration that is not saved.
type TryConfigurationIn struct {
	OfInstance
	Body struct {
		Given
		Change bool `json:"change,omitempty" doc:"The fields go over those of the instance, as when it is updated; else they are all there is"`
	}
}

// TryConfiguration tests a configuration without saving it.
var TryConfiguration = Operation[TryConfigurationIn, TestedOut]{ID: "try-configuration", Method: "POST", Path: "/organisations/{org}/instances/{integration}/try", Tag: tagIntegrations,
	Summary: "Test a configuration without saving it", Policy: changeInstances}

func (a *API) tryConfiguration(ctx context.Context, in *TryConfigurationIn) (*TestedOut, error) {
	c := chosen{org: organisationOf(ctx)}
	var secrets map[string]string
	var err error
	if in.Body.Change {
		if c, err = a.choose(ctx, &in.OfInstance); err == nil {
			secrets, err = a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
		}
	} else if c.of, err = a.integration(ctx, in.Integration); err == nil {
		c.in = orgs.Instance{ID: uuid.NewString(), OrganisationID: c.org.ID, Integration: c.of.ID, Name: c.of.Title}
	}
	if err != nil {
		return nil, err
	}
	made, err := configured(c.of, in.Body.over(c.in.Config, secrets))
	if err != nil {
		return nil, err
	}
	report, err := a.try(ctx, c, made.Config, made.Secrets)
	return &TestedOut{TestReport{c.org.Slug, c.of.ID, c.in.Name, report, made.Warnings}}, err
}
