package api

import (
	"context"
	"slices"
	"strings"

	"gantry/access"
	"gantry/actions"
	"gantry/fault"
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
	Words        []string `query:"word,explode" doc:"The name of an integration stands for it; all of the others an action's id, title, description or effect must have. May be repeated"`
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
	in = in.sorted(w.Catalogue())
	out := &ListActionsOut{}
	out.Body.Actions = []Action{}
	for _, act := range w.Catalogue().Actions() {
		if in.fits(act) {
			out.Body.Actions = append(out.Body.Actions, actionDocument(act))
		}
	}
	return out, nil
}

// sorted puts the words that are names of integrations with those.
func (in *ListActionsIn) sorted(c *actions.Catalogue) *ListActionsIn {
	all := *in
	all.Integrations, all.Words = slices.Clone(in.Integrations), nil
	for _, word := range in.Words {
		if word == "core" || slices.Contains(c.IntegrationIDs(), word) {
			all.Integrations = append(all.Integrations, word)
		} else {
			all.Words = append(all.Words, word)
		}
	}
	return &all
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

// ActionDetail is an action in full.
type ActionDetail struct {
	Action
	Name         string         `json:"name" doc:"What a task that uses it is called in the example"`
	SystemTitle  string         `json:"integration_title,omitempty"`
	Scopes       []string       `json:"scopes,omitempty" doc:"The permissions that the other system wants for it"`
	ByMethod     bool           `json:"by_method,omitempty" doc:"Whether it reads or writes follows from its input method"`
	SafeToRepeat bool           `json:"safe_to_repeat" doc:"Doing it twice does no harm"`
	SafeWhen     string         `json:"safe_when,omitempty" doc:"The expression that tells whether doing it twice does no harm"`
	Verifies     bool           `json:"verifies" doc:"When its answer was lost it can be looked for in the other system"`
	VerifyWhen   string         `json:"verify_when,omitempty" doc:"The expression that tells whether there is something to look for; without one there always is"`
	OneTime      bool           `json:"one_time_fields,omitempty" doc:"It has fields that add or send something each time"`
	Pages        bool           `json:"pages,omitempty" doc:"It reads page after page and gives all of them"`
	Inputs       []ActionField  `json:"inputs" doc:"In their order"`
	OneOf        [][]string     `json:"one_of,omitempty" doc:"Groups of inputs of which at least one is needed"`
	InputSchema  map[string]any `json:"input_schema" doc:"JSON Schema, draft-07"`
	Result       *ActionResult  `json:"result,omitempty"`
	ResultSchema map[string]any `json:"result_schema,omitempty" doc:"JSON Schema, draft-07"`
	Example      ActionSample   `json:"example"`
	UsedBy       []ActionUse    `json:"used_by" doc:"The workflows whose tasks call it, by id"`
}

// ActionUse is a workflow that uses an action.
type ActionUse struct {
	Workflow string   `json:"workflow"`
	Title    string   `json:"title,omitempty"`
	Tasks    []string `json:"tasks" doc:"Their names, in the order of the file"`
}

// ActionField is an input, or a field of a result.
type ActionField struct {
	Name        string `json:"name"`
	Type        string `json:"type" doc:"In words"`
	Required    bool   `json:"required,omitempty"`
	Description string `json:"description,omitempty"`
	Deprecated  string `json:"deprecated,omitempty" doc:"What to use instead"`
	HasDefault  bool   `json:"has_default,omitempty"`
	Default     any    `json:"default,omitempty"`
	Enum        []any  `json:"enum,omitempty"`
}

// ActionResult is what an action gives.
type ActionResult struct {
	Type   string        `json:"type" doc:"In words"`
	Fields []ActionField `json:"fields" doc:"Of the object that it is, or that each entry of the list is"`
}

// ActionSample is how a task uses an action.
type ActionSample struct {
	Title string         `json:"title,omitempty"`
	With  map[string]any `json:"with,omitempty"`
}

func actionFields(fields []schema.Field) []ActionField {
	out := make([]ActionField, len(fields))
	for i, f := range fields {
		out[i] = ActionField{Name: f.Name, Type: f.Type.String(), Required: f.Required, Description: f.Type.Description, Deprecated: f.Deprecated,
			HasDefault: f.Type.HasDefault, Default: f.Type.Default, Enum: f.Type.Enum}
	}
	return out
}

func actionResult(t *schema.Type) *ActionResult {
	entity := t
	for entity.Kind == schema.KindList && entity.Items != nil {
		entity = entity.Items
	}
	return &ActionResult{Type: t.String(), Fields: actionFields(entity.Fields)}
}

func actionDetail(act *actions.Action) ActionDetail {
	d := ActionDetail{Action: actionDocument(act), Name: act.Name, Scopes: act.Scopes, ByMethod: act.EffectFor(nil) != act.Effect, SafeToRepeat: act.SafeToRepeat(nil),
		SafeWhen: act.SafeWhen, Verifies: act.VerifyAfter > 0, VerifyWhen: act.VerifyWhen, OneTime: act.HasOneTimeFields(), Pages: act.Pages(), Inputs: actionFields(act.Inputs), OneOf: act.InputType().OneOf,
		InputSchema: act.InputType().JSONSchema(false)}
	if act.Integration != nil {
		d.SystemTitle = act.Integration().Title
	}
	if act.Result != nil {
		d.Result, d.ResultSchema = actionResult(act.Result), act.Result.JSONSchema(false)
	}
	e := act.Sample()
	d.Example = ActionSample{e.Title, e.With}
	return d
}

// ShowActionOut is an answer with one action.
type ShowActionOut struct{ Body ActionDetail }

// ShowAction shows what an action does, takes and gives.
var ShowAction = Operation[OfAction, ShowActionOut]{ID: "show-action", Method: "GET", Path: "/actions/{action}", Tag: tagActions,
	Summary: "Show what an action does, takes and gives", Policy: readCatalogue}

func (a *API) showAction(ctx context.Context, in *OfAction) (*ShowActionOut, error) {
	act, err := a.action(ctx, in.Action)
	if err != nil {
		return nil, err
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	doc := actionDetail(act)
	doc.UsedBy = usesOf(w, act.ID)
	return &ShowActionOut{doc}, nil
}

// usesOf finds the tasks that call an action, in the workflows that run now.
func usesOf(w Workflows, action string) []ActionUse {
	uses := []ActionUse{}
	for _, wf := range w.Checked() {
		use := ActionUse{Workflow: wf.ID, Title: wf.Title}
		for _, task := range wf.Tasks {
			if task.Action != nil && task.Action.ID == action {
				use.Tasks = append(use.Tasks, task.Name)
			}
		}
		if len(use.Tasks) > 0 {
			uses = append(uses, use)
		}
	}
	return uses
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

func actionOperations(a *API) {
	ListActions.serve(a, a.listActions)
	ShowAction.serve(a, a.showAction)
	ListTypes.serve(a, a.listTypes)
	CallAction.serve(a, a.callAction)
}
