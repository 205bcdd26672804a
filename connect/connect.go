// Package connect joins organisations to the outside systems: it tries a configuration, reads the entities
// that organisations can be mapped to, suggests and saves mappings, and makes organisations of entities.
package connect

import (
	"context"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
)

// Service does what the package is for. It is safe for concurrent use.
type Service struct {
	orgs      *orgs.Service
	catalogue *actions.Catalogue
	runtime   *actions.Runtime
}

// New makes the service over the organisations, the actions there are, and what carries them out.
func New(o *orgs.Service, catalogue *actions.Catalogue, runtime *actions.Runtime) *Service {
	return &Service{orgs: o, catalogue: catalogue, runtime: runtime}
}

// Call carries out one action with a saved instance, outside of any run. The context brings the deadline.
// The outcome's Err is what the other system or the way there answers; the error is anything else:
// fault.Missing for an unknown action, and what reading the instance's secrets gives.
func (s *Service) Call(ctx context.Context, action string, inputs map[string]any, org orgs.Organisation, in orgs.Instance) (actions.Outcome, error) {
	secrets, err := s.orgs.InstanceSecrets(ctx, in.OrganisationID, in.ID)
	if err != nil {
		return actions.Outcome{}, err
	}
	return s.CallWith(ctx, action, inputs, org, in, secrets)
}

// CallWith is Call with secrets given, for a configuration that is not saved yet.
func (s *Service) CallWith(ctx context.Context, action string, inputs map[string]any, org orgs.Organisation, in orgs.Instance, secrets map[string]string) (actions.Outcome, error) {
	found, ok := s.catalogue.Action(action)
	if !ok {
		return actions.Outcome{}, fault.New(fault.Missing, "there is no action %s", action)
	}
	return s.runtime.Execute(ctx, actions.Call{Action: found, Inputs: inputs, Organisation: org, Instance: &in, Attempt: 1,
		InstanceSecrets: func() (map[string]string, error) { return secrets, nil }}), nil
}
