package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

const tagActions = "actions"

var readCatalogue = Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: Anywhere}

// Action is an action of the catalogue.
type Action struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Integration string `json:"integration,omitempty" doc:"None: Gantry's own"`
	Effect      string `json:"effect" enum:"read,write,delete"`
	Endpoint    string `json:"endpoint,omitempty"`
	Deprecated  string `json:"deprecated,omitempty" doc:"What to use instead"`
	Group       string `json:"group" doc:"The file that it stands in, without its ending: what it is about"`
}

func actionDocument(act *actions.Action) Action {
	group := act.Pos.File[strings.LastIndex(act.Pos.File, "/")+1:]
	return Action{ID: act.ID, Title: act.Title, Description: act.Description, Integration: act.IntegrationID(), Effect: string(act.Effect),
		Endpoint: act.Endpoint(), Deprecated: act.Deprecated, Group: strings.TrimSuffix(group, ".yaml")}
}

// ListActionsIn narrows the list.
type ListActionsIn struct {
	Integrations []string `query:"integration,explode" doc:"Only of these integrations; core are Gantry's own; may be repeated"`
	Words        []string `query:"word,explode" doc:"An action's id, title, description or effect must have all of these; may be repeated"`
	Search       string   `query:"search" doc:"Only those with this text in id, title or description"`
	Effect       string   `query:"effect" enum:"read,write,delete"`
}

// ListActionsOut are actions, by id.
type ListActionsOut struct {
	Body struct {
		Actions []Action `json:"actions"`
	}
}

// ListActions lists the catalogue.
var ListActions = Operation[ListActionsIn, ListActionsOut]{ID: "list-actions", Method: "GET", Path: "/actions", Tag: tagActions,
	Summary: "List what tasks can do", Policy: readCatalogue}

func (a *API) listActions(ctx context.Context, in *ListActionsIn) (*ListActionsOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &ListActionsOut{}
	out.Body.Actions = []Action{}
	for _, act := range w.Catalogue().Actions() {
		if in.fits(act) {
			out.Body.Actions = append(out.Body.Actions, actionDocument(act))
		}
	}
	return out, nil
}

func (in *ListActionsIn) fits(act *actions.Action) bool {
	integration, _, _ := strings.Cut(act.ID, ".")
	text := strings.ToLower(act.ID + " " + act.Title + " " + act.Description)
	switch {
	case len(in.Integrations) > 0 && !slices.Contains(in.Integrations, integration):
		return false
	case in.Effect != "" && string(act.Effect) != in.Effect, !strings.Contains(text, strings.ToLower(in.Search)):
		return false
	}
	text += " " + string(act.Effect)
	return !slices.ContainsFunc(in.Words, func(word string) bool { return !strings.Contains(text, strings.ToLower(word)) })
}

// OfAction names an action.
type OfAction struct {
	Action string `path:"action" doc:"Such as halo.get_ticket"`
}

// ShowActionOut is an action in full.
type ShowActionOut struct {
	Body struct {
		Action
		Scopes       []string       `json:"scopes,omitempty" doc:"The permissions that the other system wants for it"`
		SafeWhen     string         `json:"safe_when,omitempty" doc:"The expression that tells whether doing it twice does no harm"`
		InputSchema  map[string]any `json:"input_schema" doc:"JSON Schema, draft-07"`
		ResultSchema map[string]any `json:"result_schema,omitempty" doc:"JSON Schema, draft-07"`
		Examples     []ActionSample `json:"examples,omitempty"`
	}
}

// ActionSample is how a task uses an action.
type ActionSample struct {
	Title string         `json:"title,omitempty"`
	With  map[string]any `json:"with"`
}

// ShowAction shows what an action does, takes and gives.
var ShowAction = Operation[OfAction, ShowActionOut]{ID: "show-action", Method: "GET", Path: "/actions/{action}", Tag: tagActions,
	Summary: "Show what an action does, takes and gives", Policy: readCatalogue}

func (a *API) showAction(ctx context.Context, in *OfAction) (*ShowActionOut, error) {
	act, err := a.action(ctx, in.Action)
	if err != nil {
		return nil, err
	}
	out := &ShowActionOut{}
	b := &out.Body
	b.Action, b.Scopes, b.SafeWhen, b.InputSchema = actionDocument(act), act.Scopes, act.SafeWhen, act.InputType().JSONSchema(false)
	if act.Result != nil {
		b.ResultSchema = act.Result.JSONSchema(false)
	}
	for _, e := range act.Examples {
		b.Examples = append(b.Examples, ActionSample{e.Title, e.With})
	}
	return out, nil
}

// action finds an action of the catalogue.
func (a *API) action(ctx context.Context, id string) (*actions.Action, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	if act, ok := w.Catalogue().Action(id); ok {
		return act, nil
	}
	hint := source.DidYouMean(id, w.Catalogue().ActionIDs())
	if hint == "" {
		hint = "`gantry actions list` shows all"
	}
	return nil, fault.New(fault.Missing, "there is no action %q", id).WithHint("%s", hint)
}

// ListTypesOut are the entities that actions speak of.
type ListTypesOut struct {
	Body struct {
		Types map[string]map[string]any `json:"types" doc:"JSON Schema, draft-07, by name"`
	}
}

// ListTypes gives the entities that actions take and give.
var ListTypes = Operation[struct{}, ListTypesOut]{ID: "list-types", Method: "GET", Path: "/action-types", Tag: tagActions,
	Summary: "The entities that actions take and give, as JSON Schema", Policy: readCatalogue}

func (a *API) listTypes(ctx context.Context, _ *struct{}) (*ListTypesOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &ListTypesOut{}
	out.Body.Types = map[string]map[string]any{}
	for _, t := range w.Catalogue().Types() {
		out.Body.Types[t.Name] = t.JSONSchema(false)
	}
	return out, nil
}

// CallActionIn is what an action is called with.
type CallActionIn struct {
	OfAction
	Body struct {
		Organisation string         `json:"organisation,omitempty" doc:"The slug of the organisation to call it for; left out: the MSP"`
		Inputs       map[string]any `json:"inputs,omitempty"`
		Use          string         `json:"use,omitempty" doc:"Lend it an instance of the MSP: default, mapping, or its name"`
		Timeout      string         `json:"timeout,omitempty" doc:"Such as 30s; 2m where it is left out, 10m at most"`
		Confirm      bool           `json:"confirm,omitempty" doc:"Needed for what changes another system"`
	}
}

// CallActionOut is what came of it. An error here is the other system's.
type CallActionOut struct {
	Body struct {
		Result   any                     `json:"result"`
		Error    *fault.Error            `json:"error,omitempty"`
		Unknown  bool                    `json:"unknown,omitempty" doc:"A write was sent and its answer was lost: it may have been done"`
		Requests []actions.RequestRecord `json:"requests"`
	}
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
	timeout, err := callTime(in.Body.Timeout)
	if err != nil {
		return nil, err
	}
	inputs := in.Body.Inputs
	if inputs == nil {
		inputs = map[string]any{}
	}
	complete, problems := act.InputType().Complete(inputs)
	if len(problems) > 0 {
		return nil, fault.New(fault.Usage, "%s cannot be called like this: %s", act.ID, problems[0]).
			WithHint("`gantry actions show %s` tells what it takes", act.ID)
	}
	inputs, _ = complete.(map[string]any)
	if act.EffectFor(inputs) != actions.Read {
		if err := a.mayWrite(ctx, act, org, in.Body.Confirm); err != nil {
			return nil, err
		}
	}
	call, err := a.prepare(ctx, act, org, inputs, in.Body.Use)
	if err != nil {
		return nil, err
	}
	runtime, err := a.house.Runtime(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return outcomeOf(waited(ctx, act, runtime.Execute(ctx, call))), nil
}

// mayCall finds the action and the organisation, and asks whether the caller may.
func (a *API) mayCall(ctx context.Context, in *CallActionIn) (*actions.Action, orgs.Organisation, error) {
	org, err := requireSlug(ctx, access.Operator, access.IntegrationsCall, in.Body.Organisation)
	if err == nil && in.Body.Use != "" {
		_, err = requireSlug(ctx, access.Operator, access.IntegrationsCall, TheMSP)
	}
	if err != nil {
		return nil, org, err
	}
	act, err := a.action(ctx, in.Action)
	return act, org, err
}

// mayWrite wants an author, and a yes, before anything is changed in another system.
func (a *API) mayWrite(ctx context.Context, act *actions.Action, org orgs.Organisation, confirmed bool) error {
	if err := Require(ctx, access.Author, access.IntegrationsCall, org); err != nil {
		return err
	}
	if confirmed {
		return nil
	}
	where := "another system"
	if act.Integration != nil {
		where = act.Integration().Title
	}
	return fault.New(fault.Usage, "%s changes %s, so nothing was sent", act.ID, where).WithHint("add --yes to do it")
}

func callTime(text string) (time.Duration, error) {
	if text == "" {
		return 2 * time.Minute, nil
	}
	d, err := schema.ParseDuration(text)
	if err != nil || d <= 0 || d > 10*time.Minute {
		return 0, fault.New(fault.Usage, "--timeout %q is not a duration such as 30s, of 10m at most", text)
	}
	return d, nil
}

// prepare finds the instance. Actions of Gantry's own need none.
func (a *API) prepare(ctx context.Context, act *actions.Action, org orgs.Organisation, inputs map[string]any, use string) (actions.Call, error) {
	o := a.house.Orgs()
	call := actions.Call{Action: act, Inputs: inputs, Task: act.Name, Attempt: 1, Organisation: org,
		OpenSecret: func(s expr.Secret) (string, error) { return o.OpenSecret(ctx, org.ID, s.Name) }}
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

// waited gives the outcome of an action; one that waits is waited for.
func waited(ctx context.Context, act *actions.Action, out actions.Outcome) actions.Outcome {
	if out.Wait == nil {
		return out
	}
	timer := time.NewTimer(time.Until(out.Wait.Until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return out
	case <-ctx.Done():
		return actions.Outcome{Err: fault.New(fault.Timeout, "%s would wait longer than --timeout allows", act.ID)}
	}
}

func outcomeOf(o actions.Outcome) *CallActionOut {
	out := &CallActionOut{}
	out.Body.Result, out.Body.Error, out.Body.Unknown, out.Body.Requests = o.Result, o.Err, o.Unknown, o.Requests
	return out
}

func actionOperations(a *API) {
	ListActions.serve(a, a.listActions)
	ShowAction.serve(a, a.showAction)
	ListTypes.serve(a, a.listTypes)
	CallAction.serve(a, a.callAction)
}
