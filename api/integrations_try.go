package api

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"gantry/actions"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
)

// Testing says how a configuration is tested before it is saved.
type Testing struct {
	NoTest bool `json:"no_test,omitempty" doc:"Save it without a test of the connection"`
	Force  bool `json:"force,omitempty" doc:"Save it although the test of the connection fails"`
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

// TestReport is what a test of a connection has shown.
type TestReport struct {
	Organisation string `json:"organisation" doc:"A slug"`
	Whose        string `json:"organisation_name"`
	Integration  string `json:"integration"`
	Title        string `json:"title" doc:"Of the integration"`
	Name         string `json:"name"`
	connect.Report
	Odd []*fault.Error `json:"configuration_warnings,omitempty" doc:"What is odd about the configuration itself"`
}

// chooseToCall finds the instance that is meant after what calls it is there: in the sandbox only that tells the
// instance where the simulator is.
func (a *API) chooseToCall(ctx context.Context, in *OfInstance) (chosen, error) {
	if _, err := a.house.Connect(ctx); err != nil {
		return chosen{}, err
	}
	return a.choose(ctx, in)
}

// configuring gives the instance that a configuration is for, with its secrets where it is to be changed, else a new one.
func (a *API) configuring(ctx context.Context, in *OfInstance, change bool) (c chosen, secrets map[string]string, err error) {
	if change {
		if c, err = a.choose(ctx, in); err == nil {
			secrets, err = a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
		}
		return c, secrets, err
	}
	c.org = organisationOf(ctx)
	if c.of, err = a.integration(ctx, in.Integration); err == nil {
		c.in = orgs.Instance{ID: uuid.NewString(), OrganisationID: c.org.ID, Integration: c.of.ID, Name: cmp.Or(in.Name, c.of.Title)}
	}
	return c, secrets, err
}

// TestedOut is what a test has shown.
type TestedOut struct{ Body TestReport }

// TestInstance tests the connection of an instance.
var TestInstance = Operation[OfInstance, TestedOut]{ID: "test-instance", Method: "POST", Path: "/organisations/{org}/instances/{integration}/test", Tag: tagIntegrations,
	Summary: "Test the connection of an instance as it is saved", Policy: changeInstances}

func (a *API) testInstance(ctx context.Context, in *OfInstance) (*TestedOut, error) {
	c, err := a.chooseToCall(ctx, in)
	if err != nil {
		return nil, err
	}
	secrets, err := a.house.Orgs().InstanceSecrets(ctx, c.org.ID, c.in.ID)
	if err != nil {
		return nil, err
	}
	report, err := a.try(ctx, c, c.in.Config, secrets)
	if err != nil {
		return nil, err
	}
	return &TestedOut{c.tested(report, nil)}, a.recordTest(ctx, c.in, &report)
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
	if _, err := a.house.Connect(ctx); err != nil { // before the instance is read, as for a test of it
		return nil, err
	}
	c, secrets, err := a.configuring(ctx, &in.OfInstance, in.Body.Change)
	if err != nil {
		return nil, err
	}
	made, err := configured(c.of, in.Body.Given, c.in.Config, secrets)
	if err != nil {
		return nil, err
	}
	report, err := a.try(ctx, c, made.Config, made.Secrets)
	return &TestedOut{c.tested(report, made.Warnings)}, err
}

func (c chosen) tested(r connect.Report, odd []*fault.Error) TestReport {
	return TestReport{c.org.Slug, c.org.Name, c.of.ID, c.of.Title, c.in.Name, r, odd}
}
