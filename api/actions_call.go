package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
)

// CallActionIn is what an action is called with.
type CallActionIn struct {
	OfAction
	Body struct {
		Organisation string            `json:"organisation,omitempty" doc:"The slug of the organisation to call it for; left out: the MSP"`
		Inputs       map[string]any    `json:"inputs,omitempty"`
		Texts        map[string]string `json:"texts,omitempty" doc:"Inputs as people type them: each is read by its type"`
		Use          string            `json:"use,omitempty" doc:"Lend it an instance of the MSP: default, mapping, or its name"`
		Timeout      string            `json:"timeout,omitempty" doc:"Such as 30s; 2m where it is left out, 10m at most from another machine"`
		Confirm      bool              `json:"confirm,omitempty" doc:"Needed for what changes another system"`
		Plan         bool              `json:"plan,omitempty" doc:"Tell what it would do, and send nothing"`
		AtOnce       bool              `json:"at_once,omitempty" doc:"Of an action that waits, answer at once and tell until when it waits"`
	}
}

// CallActionOut is what came of it. An error here is the other system's.
type CallActionOut struct {
	Body struct {
		Result   any                     `json:"result"`
		Error    *fault.Error            `json:"error,omitempty"`
		Unknown  bool                    `json:"unknown,omitempty" doc:"A write was sent and its answer was lost: it may have been done"`
		Requests []actions.RequestRecord `json:"requests"`
		Until    *time.Time              `json:"wait_until,omitempty" doc:"With at_once: until when it waits"`
		Plan     *CallPlan               `json:"plan,omitempty" doc:"With plan: what it would do"`
	}
}

// CallPlan is what a call would do.
type CallPlan struct {
	Effect        string `json:"effect" enum:"read,write,delete"`
	Changes       string `json:"changes,omitempty" doc:"What it changes, in words"`
	NeedsInstance bool   `json:"needs_instance" doc:"It is sent with the sign-in of an instance of an integration"`
}

// CallAction calls one action by hand.
var CallAction = Operation[CallActionIn, CallActionOut]{ID: "call-action", Method: "POST", Path: "/actions/{action}/call", Tag: tagActions,
	Summary: "Call one action by hand, outside of any run", Description: "To lend an instance of the MSP needs the right over the MSP.",
	Policy: Policy{Role: access.Operator, Scope: access.IntegrationsCall, Where: ByHandler}}

func (a *API) callAction(ctx context.Context, in *CallActionIn) (*CallActionOut, error) {
	act, org, err := a.mayCall(ctx, in)
	if err != nil {
		return nil, err
	}
	timeout, err := callTime(in.Body.Timeout, CallerOf(ctx))
	if err != nil {
		return nil, err
	}
	inputs, err := completeInputs(act, in)
	if err != nil {
		return nil, err
	}
	plan := planOf(act, inputs)
	if plan.Changes != "" {
		if err := a.mayWrite(ctx, act, org, plan, in.Body.Confirm || in.Body.Plan); err != nil {
			return nil, err
		}
	}
	if in.Body.Plan {
		onlyPlans(ctx, true)
		out := &CallActionOut{}
		out.Body.Plan = &plan
		return out, nil
	}
	runtime, err := a.house.Runtime(ctx) // before the instance is read: in the sandbox it tells it where the simulator is
	if err != nil {
		return nil, err
	}
	call, err := a.prepare(ctx, act, org, inputs, in.Body.Use)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return waited(ctx, act, runtime.Execute(ctx, call), in.Body.AtOnce), nil
}

// completeInputs reads the inputs, and completes and checks them.
func completeInputs(act *actions.Action, in *CallActionIn) (map[string]any, error) {
	inputs, err := typedInputs(act.Inputs, in.Body.Inputs, in.Body.Texts)
	if err != nil {
		return nil, err
	}
	complete, problems := act.InputType().Complete(inputs)
	if len(problems) > 0 {
		return nil, fault.New(fault.Usage, "%s cannot be called like this: %s", act.ID, problems[0]).
			WithHint("`gantry actions show %s` tells what it takes", act.ID).WithDetail(map[string]any{"fields": schema.ByPath(problems)})
	}
	inputs, _ = complete.(map[string]any)
	return inputs, nil
}

func planOf(act *actions.Action, inputs map[string]any) CallPlan {
	p := CallPlan{Effect: string(act.EffectFor(inputs)), NeedsInstance: act.NeedsInstance()}
	switch {
	case p.Effect == string(actions.Read):
	case act.Integration != nil:
		p.Changes = act.Integration().Title
	default:
		p.Changes = "another system"
	}
	return p
}

// mayCall finds the action and the organisation, and asks whether the caller may. Without data there is no organisation,
// and who calls is on this machine.
func (a *API) mayCall(ctx context.Context, in *CallActionIn) (*actions.Action, orgs.Organisation, error) {
	var org orgs.Organisation
	var err error
	if a.house.Orgs == nil {
		err = requireLocal(ctx)
	} else {
		org, err = requireSlug(ctx, access.Operator, access.IntegrationsCall, in.Body.Organisation)
		if err == nil && in.Body.Use != "" {
			_, err = requireSlug(ctx, access.Operator, access.IntegrationsCall, TheMSP)
		}
	}
	if err != nil {
		return nil, org, err
	}
	act, err := a.action(ctx, in.Action)
	return act, org, err
}

// mayWrite wants an author, and a yes, before anything is changed in another system.
func (a *API) mayWrite(ctx context.Context, act *actions.Action, org orgs.Organisation, plan CallPlan, confirmed bool) error {
	if a.house.Orgs != nil {
		if err := Require(ctx, access.Author, access.IntegrationsCall, org); err != nil {
			return err
		}
	}
	if confirmed {
		return nil
	}
	return fault.New(fault.Usage, "%s changes %s, so nothing was sent", act.ID, plan.Changes).WithHint("add --yes to do it")
}

// longestCall is how long a caller from another machine may keep a call going.
const longestCall = 10 * time.Minute

func callTime(text string, by *access.Caller) (time.Duration, error) {
	if text == "" {
		return 2 * time.Minute, nil
	}
	d, err := schema.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, fault.New(fault.Usage, "--timeout %q is not a duration such as 30s", text)
	}
	if d > longestCall && by.Kind != access.ByLocal {
		return 0, fault.New(fault.Usage, "--timeout %q is longer than a call may take", text).WithHint("10m at most; what takes longer is a task of a workflow")
	}
	return d, nil
}

// prepare finds the instance. Actions of Gantry's own need none.
func (a *API) prepare(ctx context.Context, act *actions.Action, org orgs.Organisation, inputs map[string]any, use string) (actions.Call, error) {
	call := actions.Call{Action: act, Inputs: inputs, Task: act.Name, Attempt: 1, Organisation: org}
	if a.house.Orgs == nil {
		if act.NeedsInstance() {
			return call, fault.New(fault.Missing, "there is no data here, and so no instance of %s", act.Integration().Title)
		}
		return call, nil
	}
	o := a.house.Orgs()
	call.OpenSecret = func(s expr.Secret) (string, error) { return o.OpenSecret(ctx, org.ID, s.Name) }
	if !act.NeedsInstance() {
		return call, nil
	}
	of := act.Integration()
	instance, err := o.Resolve(ctx, org, of.ID, of.Title, orgs.Lent{Task: lending(use)})
	if f := fault.From(err); err != nil && f.Code == fault.NotInstalled && use == "" && org.ParentID != "" {
		return call, fault.Wrap(err, f.Code, "%s", f.Message).WithHint("lend it the MSP's with --use default, or add one with `gantry integrations add %s --org %s`", of.ID, org.Slug)
	} else if err != nil {
		return call, err
	}
	call.Instance = &instance
	call.InstanceSecrets = func() (map[string]string, error) { return o.InstanceSecrets(ctx, instance.OrganisationID, instance.ID) }
	return call, nil
}

func lending(use string) *orgs.Override {
	switch use {
	case "":
		return nil
	case orgs.UseDefault, orgs.UseMapping:
		return &orgs.Override{Use: use, Fallback: orgs.FallbackFailTask}
	}
	return &orgs.Override{Use: orgs.UseInstance, Name: use, Fallback: orgs.FallbackFailTask}
}

// waited gives the answer of an action; one that waits is waited for, unless the caller does that.
func waited(ctx context.Context, act *actions.Action, o actions.Outcome, atOnce bool) *CallActionOut {
	out := &CallActionOut{}
	if o.Wait != nil && o.Wait.For != "" {
		o = actions.Outcome{Err: fault.New(fault.Usage, "%s waits for somebody, so only a run can carry it out", act.ID).WithHint("use it in a task of a workflow")}
	} else if o.Wait != nil {
		if deadline, bounded := ctx.Deadline(); bounded && o.Wait.Until.After(deadline) {
			o = actions.Outcome{Err: fault.New(fault.Timeout, "%s would wait longer than --timeout allows", act.ID), Requests: o.Requests}
		} else if atOnce {
			out.Body.Until = &o.Wait.Until
		} else if err := pause(ctx, time.Until(o.Wait.Until)); err != nil {
			o = actions.Outcome{Err: fault.Wrap(err, fault.Cancelled, "nobody waits for the answer any more"), Requests: o.Requests}
		}
	}
	out.Body.Result, out.Body.Error, out.Body.Unknown, out.Body.Requests = o.Result, o.Err, o.Unknown, o.Requests
	return out
}
