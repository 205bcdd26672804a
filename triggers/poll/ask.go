package poll

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
)

// asker asks for the entities of one organisation.
type asker struct {
	*Poller
	poll     *workflow.Poll
	call     actions.Call
	narrow   bool // the instance is lent, so that only what belongs to the organisation may be asked for
	scope    expr.Vars
	limit    string // the input that bounds a list; "" when there is none, or all has to be read anyway
	page     int64
	basis    string
	instance string // its id
}

// errLeftOut says why an organisation is not asked for, which is no failure of the other system.
type errLeftOut struct{ why *fault.Error }

func (e errLeftOut) Error() string { return e.why.Error() }

func (e errLeftOut) Unwrap() error { return e.why }

// asker finds the instance and the mapping. Its errors are errLeftOut unless the database failed.
func (p *Poller) asker(ctx context.Context, a *triggers.Active, org orgs.Organisation) (*asker, error) {
	k := &asker{Poller: p, poll: a.Trigger.Poll}
	action := k.poll.Action
	k.call = actions.Call{Action: action, Organisation: org, Task: a.Key.Trigger}
	facts, err := p.Organisations.Facts(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	mapped := ""
	if action.NeedsInstance() {
		if mapped, err = k.lend(ctx, a, org, facts); err != nil {
			return nil, err
		}
	}
	k.scope = expr.Vars{"org": a.Workflow.Catalogue.Organisation(facts)}
	if readsCursor(k.poll.With) {
		k.limit, k.page = action.LimitInput()
	}
	sum := sha256.New()
	for _, part := range []string{action.ID, k.poll.Key, k.poll.Cursor, k.poll.Updated, k.instance, mapped} {
		_, _ = sum.Write([]byte(part + "\x00")) // a hash takes everything
	}
	k.basis = hex.EncodeToString(sum.Sum(nil))[:16]
	return k, nil
}

// lend finds the instance as a run of the trigger would, and refuses to ask for an organisation what would give
// it others' entities.
func (k *asker) lend(ctx context.Context, a *triggers.Active, org orgs.Organisation, facts orgs.Facts) (mapped string, err error) {
	in := k.poll.Action.Integration()
	root, err := k.Organisations.Root(ctx)
	if err != nil {
		return "", err
	}
	instance, err := k.Organisations.Resolve(ctx, org, in.ID, in.Title, orgs.Lent{Owner: root.ID, Trigger: a.Trigger.Integrations[in.ID]})
	if err != nil {
		return "", leftOut(err)
	}
	k.instance, k.narrow = instance.ID, instance.OrganisationID != org.ID
	reads := k.poll.ReadsMapping || k.narrow && k.poll.Narrows
	if k.narrow && !reads {
		return "", errLeftOut{fault.New(fault.Tenant, "this would give %s what belongs to others in the %s that is lent to it", org.Name, in.Title).
			WithHint("narrow it down to what the organisation is mapped to: write with: {client_id: \"${{ org.integrations.%s.id }}\"}, or what the action calls it", in.ID)}
	}
	if reads {
		to, ok := facts.Integrations[in.ID]
		if !ok {
			return "", errLeftOut{fault.New(fault.NotInstalled, "%s is not mapped in %s, so that nothing is asked for", org.Name, in.Title).
				WithHint("`gantry mappings suggest %[1]s` compares names, `gantry mappings set %[1]s ID --org %[2]s` maps it", in.ID, org.Slug)}
		}
		if err := k.Organisations.CheckMappedUnder(ctx, org, instance); err != nil {
			return "", leftOut(err)
		}
		mapped = to.ID
	}
	k.call.Instance = &instance
	k.call.InstanceSecrets = func() (map[string]string, error) {
		return k.Organisations.InstanceSecrets(ctx, instance.OrganisationID, instance.ID)
	}
	return mapped, nil
}

func leftOut(err error) error {
	if f := fault.From(err); f.Code == fault.NotInstalled || f.Code == fault.Tenant {
		return errLeftOut{f}
	}
	if e, ok := errors.AsType[*orgs.ResolveError](err); ok {
		return errLeftOut{e.Fault}
	}
	return err
}

func readsCursor(t *expr.Template) bool {
	if t == nil {
		return false
	}
	for _, ref := range t.References() {
		if ref.Path[0] == "cursor" {
			return true
		}
	}
	return false
}

// ask reads the entities from a cursor on, at most size of them where the action can be told; full tells that
// there may be more.
func (k *asker) ask(ctx context.Context, cursor any, size int64, more *expr.Template) (rows []any, full bool, err error) {
	inputs := map[string]any{}
	templates := []*expr.Template{k.poll.With}
	if k.narrow {
		templates = append(templates, k.poll.Narrow)
	}
	for _, t := range append(templates, more) {
		if err := k.eval(t, cursor, inputs); err != nil {
			return nil, false, err
		}
	}
	if _, given := inputs[k.limit]; k.limit != "" && !given {
		inputs[k.limit] = size
	}
	call := k.call
	call.Inputs = inputs
	out := k.Actions.Execute(ctx, call)
	if out.Err != nil {
		return nil, false, out.Err
	}
	rows, ok := out.Result.([]any)
	if !ok {
		return nil, false, fault.New(fault.InvalidResult, "%s gives no list", k.poll.Action.ID).WithHint("choose an action that lists entities")
	}
	limit, _ := inputs[k.limit].(int64)
	return rows, limit > 0 && int64(len(rows)) >= limit, nil
}

// eval puts what a template gives into the inputs; what comes out null is left out.
func (k *asker) eval(t *expr.Template, cursor any, inputs map[string]any) error {
	if t == nil {
		return nil
	}
	scope := maps.Clone(k.scope)
	scope["cursor"] = cursor
	v, err := t.Eval(scope, expr.At{Now: k.Now()})
	if err != nil {
		return err
	}
	m, _ := v.(map[string]any)
	for name, value := range m {
		if value != nil {
			inputs[name] = value
		}
	}
	return nil
}
