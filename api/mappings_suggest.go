package api

import (
	"context"
	"slices"

	"gantry/access"
	"gantry/connect"
	"gantry/connect/names"
	"gantry/fault"
)

// TargetOf names the instance whose entities organisations are mapped to.
type TargetOf struct {
	Instance string `json:"instance,omitempty" doc:"Its name; left out: the default one"`
	Owner    string `json:"owner,omitempty" doc:"The slug of the organisation whose it is; left out: the MSP"`
}

// target finds the instance, over whose owner the caller must have the role.
func (a *API) target(ctx context.Context, role access.Role, scope access.Scope, integration string, t TargetOf) (*connect.Service, connect.Target, error) {
	owner, err := requireSlug(ctx, role, scope, t.Owner)
	if err != nil {
		return nil, connect.Target{}, err
	}
	of, err := a.integration(ctx, integration)
	if err != nil {
		return nil, connect.Target{}, err
	}
	service, err := a.house.Connect(ctx)
	if err != nil {
		return nil, connect.Target{}, err
	}
	target, err := service.Target(ctx, of.ID, owner, t.Instance)
	return service, target, err
}

// Policies of what an instance's owner has mapped.
var (
	readTargets   = Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: ByHandler}
	changeTargets = Policy{Role: access.Admin, Scope: access.IntegrationsWrite, Where: ByHandler}
)

// MappingOptionsIn names an instance.
type MappingOptionsIn struct {
	Integration string `path:"integration" doc:"Such as halo"`
	Instance    string `query:"instance" doc:"The instance's name; left out: the default one"`
	Owner       string `query:"owner" doc:"The slug of the organisation whose it is; left out: the MSP"`
}

// MappingTarget is what is to be known of an instance to speak of it.
type MappingTarget struct {
	Title   string           `json:"title" doc:"Of the integration"`
	Owner   OrganisationName `json:"owner" doc:"Whose instance it is"`
	Default bool             `json:"default" doc:"It is its owner's default one"`
}

func targetDocument(t connect.Target) MappingTarget {
	return MappingTarget{t.Integration.Title, nameOf(t.Owner), t.Instance.Default}
}

// MappingOptions are the entities that organisations can be mapped to.
type MappingOptions struct {
	Body struct {
		connect.Options
		Target MappingTarget `json:"target"`
	}
}

func optionsDocument(t connect.Target, options connect.Options) *MappingOptions {
	out := &MappingOptions{}
	out.Body.Options, out.Body.Target = options, targetDocument(t)
	return out
}

// ShowMappingOptions gives the entities as they were last read.
var ShowMappingOptions = Operation[MappingOptionsIn, MappingOptions]{ID: "show-mapping-options", Method: "GET", Path: "/mapping-options/{integration}", Tag: tagMappings,
	Summary: "The entities that organisations can be mapped to, as they were last read", Policy: readTargets}

func (a *API) showMappingOptions(ctx context.Context, in *MappingOptionsIn) (*MappingOptions, error) {
	service, t, err := a.target(ctx, access.Viewer, access.IntegrationsRead, in.Integration, TargetOf{in.Instance, in.Owner})
	if err != nil {
		return nil, err
	}
	options, err := service.Options(ctx, t)
	return optionsDocument(t, options), err
}

// RefreshMappingOptionsIn names an instance.
type RefreshMappingOptionsIn struct {
	Integration string `path:"integration" doc:"Such as halo"`
	Body        TargetOf
}

// RefreshMappingOptions reads the entities from the other system.
var RefreshMappingOptions = Operation[RefreshMappingOptionsIn, MappingOptions]{ID: "refresh-mapping-options", Method: "POST", Path: "/mapping-options/{integration}/refresh",
	Tag: tagMappings, Summary: "Read the entities that organisations can be mapped to from the other system", Policy: changeTargets}

func (a *API) refreshMappingOptions(ctx context.Context, in *RefreshMappingOptionsIn) (*MappingOptions, error) {
	service, t, err := a.target(ctx, access.Admin, access.IntegrationsWrite, in.Integration, in.Body)
	if err != nil {
		return nil, err
	}
	options, err := service.RefreshOptions(ctx, t)
	return optionsDocument(t, options), err
}

// SuggestMappingsIn narrows the suggestions.
type SuggestMappingsIn struct {
	MappingOptionsIn
	Tags []string `query:"tag,explode" doc:"Only organisations with one of these tags; may be repeated"`
}

// SuggestMappingsOut says of each organisation what it is mapped to, or should be.
type SuggestMappingsOut struct {
	Body struct {
		connect.Suggestions
		Target MappingTarget `json:"target"`
	}
}

// SuggestMappings compares names.
var SuggestMappings = Operation[SuggestMappingsIn, SuggestMappingsOut]{ID: "suggest-mappings", Method: "GET", Path: "/mapping-suggestions/{integration}", Tag: tagMappings,
	Summary: "Compare the names of organisations with those of the entities, and suggest what each is; nothing is saved", Policy: readTargets}

func (a *API) suggestMappings(ctx context.Context, in *SuggestMappingsIn) (*SuggestMappingsOut, error) {
	service, t, err := a.target(ctx, access.Viewer, access.IntegrationsRead, in.Integration, TargetOf{in.Instance, in.Owner})
	if err != nil {
		return nil, err
	}
	out := &SuggestMappingsOut{}
	out.Body.Target = targetDocument(t)
	out.Body.Suggestions, err = service.Suggest(ctx, t, in.Tags...)
	return out, err
}

// SaveMappingsIn are choices.
type SaveMappingsIn struct {
	Integration string `path:"integration" doc:"Such as halo"`
	Body        struct {
		TargetOf
		Choices []MappingChoice `json:"choices,omitempty"`
		Accept  string          `json:"accept,omitempty" enum:"exact,folded,suffix,squashed,near,all" doc:"Save what is matched, too, down to this rung"`
		Tags    []string        `json:"tags,omitempty" doc:"With accept: only organisations with one of these tags"`
		Shared  bool            `json:"shared,omitempty" doc:"An entity may go to several organisations"`
		DryRun  bool            `json:"dry_run,omitempty" doc:"Check everything, and save nothing"`
	}
}

// MappingChoice is one organisation and the entity that it is to be mapped to.
type MappingChoice struct {
	Organisation string  `json:"organisation" doc:"A slug"`
	EntityID     string  `json:"entity_id,omitempty"`
	EntityName   string  `json:"entity_name,omitempty" doc:"The name that was seen when the choice was made: an entity that is called otherwise by now is refused"`
	Rung         string  `json:"rung,omitempty" doc:"That proposed it; left out for a choice by hand"`
	Confidence   float64 `json:"confidence,omitempty" minimum:"0" maximum:"1"`
	New          bool    `json:"new,omitempty" doc:"Refuse an organisation that is mapped already"`
	Was          string  `json:"was,omitempty" doc:"The entity's id that the organisation was mapped to when the choice was made: one that is mapped to another by now is refused"`
	Remove       bool    `json:"remove,omitempty" doc:"Take the organisation's mapping away, if it is still the one to entity_id"`
}

// SaveMappingsOut is what became of the choices. With problems, nothing was saved.
type SaveMappingsOut struct {
	Body struct {
		connect.Saved
		Target MappingTarget `json:"target"`
	}
}

// SaveMappings saves mappings, all of them or none.
var SaveMappings = Operation[SaveMappingsIn, SaveMappingsOut]{ID: "save-mappings", Method: "POST", Path: "/mappings/{integration}", Tag: tagMappings,
	Summary: "Save mappings, all of them or none; the other system is read once more", Policy: changeTargets, MaxBody: 16 << 20}

func (a *API) saveMappings(ctx context.Context, in *SaveMappingsIn) (*SaveMappingsOut, error) {
	onlyPlans(ctx, in.Body.DryRun)
	service, t, err := a.target(ctx, access.Admin, access.IntegrationsWrite, in.Integration, in.Body.TargetOf)
	if err != nil {
		return nil, err
	}
	if len(in.Body.Choices) == 0 && in.Body.Accept == "" {
		return nil, fault.New(fault.Usage, "say what to save: --accept near, --row SLUG=ID, or --from FILE")
	}
	choices, err := a.choices(ctx, service, t, in)
	if err != nil {
		return nil, err
	}
	out := &SaveMappingsOut{}
	out.Body.Target = targetDocument(t)
	out.Body.Saved, err = service.Save(ctx, t, choices, connect.SaveOptions{By: CallerOf(ctx).Login, Shared: in.Body.Shared, DryRun: in.Body.DryRun})
	return out, err
}

// choices gives those that are named, and those that are matched and accepted.
func (a *API) choices(ctx context.Context, service *connect.Service, t connect.Target, in *SaveMappingsIn) ([]connect.Choice, error) {
	choices := make([]connect.Choice, len(in.Body.Choices))
	for i, c := range in.Body.Choices {
		if _, err := requireSlug(ctx, access.Admin, access.IntegrationsWrite, c.Organisation); err != nil && fault.From(err).Code == fault.Denied {
			return nil, err // whatever else is wrong with it is told with the others
		}
		choices[i] = connect.Choice{Organisation: c.Organisation, EntityID: c.EntityID, EntityName: c.EntityName, Rung: names.Rung(c.Rung),
			Confidence: c.Confidence, New: c.New, Was: c.Was, Remove: c.Remove}
	}
	if in.Body.Accept == "" {
		return choices, nil
	}
	rung := names.Rung(in.Body.Accept)
	if in.Body.Accept == "all" {
		rung = names.Near
	}
	suggested, err := service.Suggest(ctx, t, in.Body.Tags...)
	if err != nil {
		return nil, err
	}
	for _, c := range suggested.Accept(rung) {
		if !slices.ContainsFunc(choices, func(named connect.Choice) bool { return named.Organisation == c.Organisation }) {
			choices = append(choices, c)
		}
	}
	return choices, nil
}
