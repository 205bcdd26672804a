package api

import (
	"context"
	"slices"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

const tagVariables = "variables"

// Variable is a variable as it holds for an organisation. The value of a secret is null, always.
type Variable struct {
	Name   string `json:"name"`
	Type   string `json:"type" enum:"string,number,boolean,list,object,secret"`
	Value  any    `json:"value"`
	Local  bool   `json:"local" doc:"Not handed down"`
	Source string `json:"source" doc:"The slug of the organisation whose value it is"`
	// SetAt is known where variables are listed or shown.
	SetAt time.Time `json:"set_at,omitzero" doc:"When it was last set"`
}

func variableDocuments(all []orgs.Variable) []Variable {
	docs := make([]Variable, len(all))
	for i, v := range all {
		docs[i] = variableDocument(v)
	}
	return docs
}

// withTimes tells of variables when they were set.
func (a *API) withTimes(ctx context.Context, org orgs.Organisation, all []orgs.Variable) ([]Variable, error) {
	times, err := a.house.Orgs().VariableTimes(ctx, org.ID)
	docs := variableDocuments(all)
	for i, v := range all {
		docs[i].SetAt = times[orgs.VariableKey{OrganisationID: v.OrganisationID, Name: v.Name}]
	}
	return docs, err
}

func variableDocument(v orgs.Variable) Variable {
	if v.Type == orgs.TypeSecret {
		v.Value = nil
	}
	return Variable{Name: v.Name, Type: v.Type, Value: v.Value, Local: v.Local, Source: v.Source.Slug}
}

func variableNamed(all []orgs.Variable, name string) (orgs.Variable, bool) {
	at := slices.IndexFunc(all, func(v orgs.Variable) bool { return v.Name == name })
	if at < 0 {
		return orgs.Variable{}, false
	}
	return all[at], true
}

// ListVariablesIn narrows the list.
type ListVariablesIn struct {
	OfOrganisation
	Own bool `query:"own" doc:"Only its own, not those it inherits"`
}

// ListVariablesOut are variables, by name.
type ListVariablesOut struct {
	Body struct {
		Organisation OrganisationName `json:"organisation"`
		Variables    []Variable       `json:"variables"`
	}
}

// ListVariables lists the variables that hold for an organisation.
var ListVariables = Operation[ListVariablesIn, ListVariablesOut]{ID: "list-variables", Method: "GET", Path: "/organisations/{org}/variables", Tag: tagVariables,
	Summary: "List the variables that hold for an organisation, and where they come from",
	Policy:  Policy{Role: access.Viewer, Scope: access.VariablesRead, Where: AtOrganisation}}

func (a *API) listVariables(ctx context.Context, in *ListVariablesIn) (*ListVariablesOut, error) {
	read := a.house.Orgs().Effective
	if in.Own {
		read = a.house.Orgs().Variables
	}
	org := organisationOf(ctx)
	all, err := read(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	out := &ListVariablesOut{}
	out.Body.Organisation = nameOf(org)
	out.Body.Variables, err = a.withTimes(ctx, org, all)
	return out, err
}

// OfVariable is the input of operations on one variable.
type OfVariable struct {
	OfOrganisation
	Name string `path:"name" doc:"The variable's name"`
}

// ShowVariableOut is a variable with every value of it on the way up to the MSP.
type ShowVariableOut struct {
	Body struct {
		Variable
		SourceName string           `json:"source_name" doc:"The name of the organisation whose value it is"`
		Origins    []VariableOrigin `json:"origins"`
	}
}

// VariableOrigin is one organisation's value of a variable. Of an organisation that the caller does not see it is
// null, unless it is the one that counts.
type VariableOrigin struct {
	Variable
	State string `json:"state" enum:"counts,hidden,local"`
}

// ShowVariable shows one variable in full.
var ShowVariable = Operation[OfVariable, ShowVariableOut]{ID: "show-variable", Method: "GET", Path: "/organisations/{org}/variables/{name}", Tag: tagVariables,
	Summary: "Show one variable, and where its value comes from", Policy: Policy{Role: access.Viewer, Scope: access.VariablesRead, Where: AtOrganisation}}

func (a *API) showVariable(ctx context.Context, in *OfVariable) (*ShowVariableOut, error) {
	org := organisationOf(ctx)
	all, err := a.house.Orgs().Effective(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	origins, err := a.house.Orgs().Origins(ctx, org.ID, in.Name)
	if err != nil {
		return nil, err
	}
	v, ok := variableNamed(all, in.Name)
	if !ok {
		return nil, unknownVariable(org, in.Name, all, origins)
	}
	out := &ShowVariableOut{}
	out.Body.Variable, out.Body.SourceName, out.Body.Origins = variableDocument(v), v.Source.Name, []VariableOrigin{}
	q := requestOf(ctx)
	for _, o := range origins {
		path, err := q.path(ctx, o.Source.ID)
		if err != nil {
			return nil, err
		}
		doc := VariableOrigin{variableDocument(o.Variable), o.State}
		if o.State != orgs.OriginCounts && !sees(q.caller, path) {
			doc.Value = nil
		}
		out.Body.Origins = append(out.Body.Origins, doc)
	}
	return out, nil
}

// unknownVariable tells that a variable does not hold, and whether somebody above keeps it to themselves.
func unknownVariable(org orgs.Organisation, name string, all []orgs.Variable, origins []orgs.Origin) error {
	f := fault.New(fault.Missing, "%s has no variable %q", org.Name, name)
	if len(origins) > 0 {
		return f.WithHint("%s has it, but local: it is not handed down", origins[0].Source.Name)
	}
	var names []string
	for _, v := range all {
		names = append(names, v.Name)
	}
	return f.WithHint("%s", source.DidYouMean(name, names))
}

// SetVariableIn is a value. The value of a secret goes in and never comes out.
type SetVariableIn struct {
	OfVariable
	Body struct {
		Type   string  `json:"type,omitempty" enum:"string,number,boolean,list,object,secret" doc:"Left out: the type it has; of a new one what the value is of"`
		Value  any     `json:"value,omitempty" doc:"JSON data of the type; of a secret text"`
		Text   *string `json:"text,omitempty" doc:"In place of value: the value as people type it, which is read by its type"`
		Local  *bool   `json:"local,omitempty" doc:"true: organisations below do not inherit it. Left out: as it is"`
		Retype bool    `json:"retype,omitempty" doc:"Change the type that the variable has so far"`
	}
}

// SetVariableOut is the variable as it is now.
type SetVariableOut struct {
	Body struct {
		Variable
		Organisation OrganisationName `json:"organisation"`
		New          bool             `json:"new" doc:"Nothing of that name held for the organisation before"`
	}
}

// SetVariable sets a variable or a secret.
var SetVariable = Operation[SetVariableIn, SetVariableOut]{ID: "set-variable", Method: "PUT", Path: "/organisations/{org}/variables/{name}", Tag: tagVariables,
	Summary: "Set a variable or a secret", Description: "A secret needs the role admin and the scope secrets:write as well.",
	Policy: Policy{Role: access.Author, Scope: access.VariablesWrite, Where: AtOrganisation}}

func (a *API) setVariable(ctx context.Context, in *SetVariableIn) (*SetVariableOut, error) {
	o, org := a.house.Orgs(), organisationOf(ctx)
	all, err := o.Effective(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	before, known := variableNamed(all, in.Name)
	v := orgs.Variable{Name: in.Name, Type: in.Body.Type, Value: in.Body.Value}
	switch {
	case v.Type == "" && known:
		v.Type = before.Type
	case v.Type == "" && in.Body.Text == nil:
		v.Type = orgs.TypeOf(in.Body.Value)
	case v.Type == "":
		v.Type = orgs.TypeString
	}
	if v.Type == orgs.TypeSecret || known && before.Type == orgs.TypeSecret {
		if err := Require(ctx, access.Admin, access.SecretsWrite, org); err != nil {
			return nil, err
		}
	}
	if in.Body.Text != nil {
		if v.Value, err = fromText(in.Name, v.Type, *in.Body.Text); err != nil {
			return nil, err
		}
	}
	if v.Value == nil {
		return nil, fault.New(fault.Usage, "null is no value of a variable").WithHint("remove it instead")
	}
	if in.Body.Local != nil {
		v.Local = *in.Body.Local
	} else if known && before.OrganisationID == org.ID {
		v.Local = before.Local
	}
	var options []orgs.SetOption
	if in.Body.Retype {
		options = append(options, orgs.Retype)
	}
	if err := o.SetVariable(ctx, org.ID, v, options...); err != nil {
		return nil, err
	}
	v.Source = org
	out := &SetVariableOut{}
	out.Body.Variable, out.Body.Organisation, out.Body.New = variableDocument(v), nameOf(org), !known
	return out, nil
}

func fromText(name, kind, text string) (any, error) {
	if kind == orgs.TypeSecret {
		return text, nil
	}
	return orgs.FromText(name, kind, text)
}

// RemoveVariableOut tells what holds in its place.
type RemoveVariableOut struct {
	Body struct {
		Removed          string    `json:"removed"`
		Organisation     string    `json:"organisation" doc:"A slug"`
		OrganisationName string    `json:"organisation_name"`
		Inherited        *Variable `json:"inherited,omitempty" doc:"What it inherits under that name, which counts again"`
		InheritedFrom    string    `json:"inherited_from,omitempty" doc:"The name of the organisation that hands it down"`
	}
}

// RemoveVariable removes an organisation's own variable.
var RemoveVariable = Operation[OfVariable, RemoveVariableOut]{ID: "remove-variable", Method: "DELETE", Path: "/organisations/{org}/variables/{name}", Tag: tagVariables,
	Summary: "Remove an organisation's own variable", Description: "A secret needs the role admin and the scope secrets:write as well.",
	Policy: Policy{Role: access.Author, Scope: access.VariablesWrite, Where: AtOrganisation}}

func (a *API) removeVariable(ctx context.Context, in *OfVariable) (*RemoveVariableOut, error) {
	o, org := a.house.Orgs(), organisationOf(ctx)
	own, err := o.Variables(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	if v, ok := variableNamed(own, in.Name); ok && v.Type == orgs.TypeSecret {
		if err := Require(ctx, access.Admin, access.SecretsWrite, org); err != nil {
			return nil, err
		}
	}
	if err := o.RemoveVariable(ctx, org.ID, in.Name); err != nil {
		return nil, err
	}
	left, err := o.Effective(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	out := &RemoveVariableOut{}
	out.Body.Removed, out.Body.Organisation, out.Body.OrganisationName = in.Name, org.Slug, org.Name
	if v, ok := variableNamed(left, in.Name); ok {
		doc := variableDocument(v)
		out.Body.Inherited, out.Body.InheritedFrom = &doc, v.Source.Name
	}
	return out, nil
}

func variableOperations(a *API) {
	ListVariables.serve(a, a.listVariables)
	ShowVariable.serve(a, a.showVariable)
	SetVariable.serve(a, a.setVariable)
	RemoveVariable.serve(a, a.removeVariable)
}
