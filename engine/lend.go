package engine

import (
	"context"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
)

// prepare gathers what a call of the task's action takes: for whom, with which instance, and what must not be shown.
func (r *run) prepare(ctx context.Context, c flow.StartAttempt) (*actions.Call, error) {
	call := &actions.Call{Action: c.Task.Action, Inputs: c.With, RunID: r.id, Task: c.Task.Name, TaskInstance: c.Instance, Attempt: c.Attempt, Item: c.Item, Queue: r.org.ID}
	call.Waiting = func(w *actions.RateWait) { r.inbox.put(message{note: func() { r.waiting(c.Unit, w) }}) }
	call.Written = func(input string) []string {
		if written := c.Task.With; written != nil && written.Field(input) != nil {
			return written.Field(input).Names()
		}
		return nil
	}
	call.OpenSecret = func(s expr.Secret) (string, error) { return r.openSecret(ctx, s, call.Organisation) }
	var err error
	if call.Organisation, err = r.target(ctx, c.Org); err != nil {
		return nil, err
	}
	if call.Action.NeedsInstance() {
		if err = r.lend(ctx, call, c); err != nil {
			return nil, err
		}
	}
	if err = r.hideLinks(ctx); err != nil {
		return nil, err
	}
	call.Hide, err = r.hidden.of(ctx, r.engine.Organisations, r.org, call.Organisation)
	return call, err
}

// target is the organisation that an attempt acts for; flow has made sure that it may.
func (r *run) target(ctx context.Context, id string) (orgs.Organisation, error) {
	if id == "" || id == r.org.ID {
		return r.org, nil
	}
	return r.engine.Organisations.ByID(ctx, id)
}

// openSecret opens a secret of the run's organisation, or of the one that the attempt acts for.
func (r *run) openSecret(ctx context.Context, s expr.Secret, target orgs.Organisation) (string, error) {
	if task, ok := flow.LinkOf(s); ok {
		return r.engine.Link(ctx, r.id, task)
	}
	if s.Organisation != r.org.ID && s.Organisation != target.ID {
		return "", fault.New(fault.Tenant, "secret %s belongs to another organisation", s.Name)
	}
	value, err := r.engine.Organisations.OpenSecret(ctx, s.Organisation, s.Name)
	r.hidden.redactor.Add(value)
	return value, err
}

// lend finds the instance of the integration that the task may use.
func (r *run) lend(ctx context.Context, call *actions.Call, c flow.StartAttempt) error {
	integration := call.Action.Integration()
	instance, err := r.engine.Organisations.Resolve(ctx, call.Organisation, integration.ID, integration.Title,
		orgs.Lent{Owner: r.root, Task: c.Task.Integration, Trigger: r.set.Integrations[integration.ID]})
	if err == nil && c.Task.ReadsMapping {
		err = r.engine.Organisations.CheckMappedUnder(ctx, call.Organisation, instance)
	}
	if err != nil {
		return err
	}
	call.Instance = &instance
	call.InstanceSecrets = func() (map[string]string, error) {
		return r.engine.Organisations.InstanceSecrets(ctx, instance.OrganisationID, instance.ID)
	}
	return nil
}
