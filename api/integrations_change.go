package api

import (
	"context"

	"github.com/google/uuid"

	"gantry/actions"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
)

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
	made, err := configured(c.of, in.Body.Given, nil, nil)
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
	return c.saved(report, made), a.recordTest(ctx, c.in, report)
}

func (c chosen) saved(report *connect.Report, made actions.Configured) *SavedInstance {
	out := &SavedInstance{}
	out.Body.Instance, out.Body.Report, out.Body.Warnings = c.document(), report, made.Warnings
	return out
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
	c, err := a.chooseToChange(ctx, &in.OfInstance, in.Body.Testing)
	if err != nil {
		return nil, err
	}
	if len(in.Body.Config)+len(in.Body.Texts)+len(in.Body.Secrets) == 0 && in.Body.Line == "" {
		return nil, fault.New(fault.Usage, "nothing to change was given").WithHint("name fields with --set, --set-file or --set-stdin")
	}
	return a.update(ctx, c, in.Body.Given, in.Body.Testing)
}

// chooseToChange finds the instance, which can be called when it is to be tested.
func (a *API) chooseToChange(ctx context.Context, in *OfInstance, t Testing) (chosen, error) {
	if t.NoTest {
		return a.choose(ctx, in)
	}
	return a.chooseToCall(ctx, in)
}

func (a *API) update(ctx context.Context, c chosen, g Given, t Testing) (*SavedInstance, error) {
	secrets, err := a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
	if err != nil {
		return nil, err
	}
	made, err := configured(c.of, g, c.in.Config, secrets)
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
	return c.saved(report, made), a.recordTest(ctx, c.in, report)
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
	c, err := a.chooseToChange(ctx, &in.OfInstance, in.Body.Testing)
	if err != nil {
		return nil, err
	}
	field, err := integrationDocument(c.of).SecretField(in.Body.Field)
	if err != nil {
		return nil, err
	}
	return a.update(ctx, c, Given{Secrets: map[string]string{field.Name: in.Body.Secret}}, in.Body.Testing)
}
