package api

import (
	"context"
	"strings"

	"gantry/access"
	"gantry/fault"
	"gantry/triggers"
)

// FireTriggerIn says for whom, and with what.
type FireTriggerIn struct {
	OfTrigger
	Body struct {
		Organisations []string       `json:"organisations,omitempty" doc:"Slugs; left out: the MSP"`
		Data          map[string]any `json:"data,omitempty" doc:"Of the event, by name: body, due, entity …; left out: that of the organisation's last event"`
		SkipWhen      bool           `json:"skip_when,omitempty" doc:"Whatever the trigger's condition says"`
	}
}

// FiredOut are the events, which are on disk.
type FiredOut struct {
	Body struct {
		Events []Fired `json:"events"`
	}
}

// Fired is an event that was handed in.
type Fired struct {
	ID           string `json:"id"`
	Organisation string `json:"organisation,omitempty" doc:"A slug"`
}

// FireTrigger fires a trigger as if its event had come.
var FireTrigger = Operation[FireTriggerIn, FiredOut]{ID: "fire-trigger", Method: "POST", Path: "/triggers/{workflow}/{trigger}/fire", Tag: tagTriggers, MaxBody: 16 << 20,
	Summary: "Fire a trigger as if its event had come", Description: "GET /trigger-events/{event} tells what became of it.", Policy: fireTriggers}

func (a *API) fireTrigger(ctx context.Context, in *FireTriggerIn) (*FiredOut, error) {
	slugs := in.Body.Organisations
	if len(slugs) == 0 {
		slugs = []string{TheMSP}
	}
	ids, names, err := a.organisationIDs(ctx, access.Operator, access.TriggersFire, slugs)
	if err != nil {
		return nil, err
	}
	t, err := a.house.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	accepted, err := t.Fire(ctx, triggers.Fire{Key: in.key(), Organisations: ids, Data: in.Body.Data, SkipWhen: in.Body.SkipWhen, By: CallerOf(ctx).Login})
	if err != nil {
		return nil, err
	}
	out := &FiredOut{}
	for i, event := range accepted {
		out.Body.Events = append(out.Body.Events, Fired{event.ID, names[i]})
	}
	return out, nil
}

// organisationIDs finds organisations, over each of which the caller must have the role.
func (a *API) organisationIDs(ctx context.Context, role access.Role, scope access.Scope, slugs []string) (ids, found []string, err error) {
	for _, slug := range slugs {
		org, err := requireSlug(ctx, role, scope, slug)
		if err != nil {
			return nil, nil, err
		}
		ids, found = append(ids, org.ID), append(found, org.Slug)
	}
	record := requestOf(ctx).record
	if record.Detail("organisations", strings.Join(found, ", ")); len(ids) == 1 { // of several it is nobody's alone
		record.Concerns(ids[0], "")
	}
	return ids, found, nil
}

// RefireEvent fires an event again.
var RefireEvent = Operation[OfEvent, FiredOut]{ID: "refire-trigger-event", Method: "POST", Path: "/trigger-events/{event}/refire", Tag: tagTriggers,
	Summary: "Fire an event again, to be decided with what holds now", Policy: fireTriggers}

func (a *API) refireEvent(ctx context.Context, in *OfEvent) (*FiredOut, error) {
	t, kept, err := a.event(ctx, in.Event, access.Operator, access.TriggersFire)
	if err != nil {
		return nil, err
	}
	requestOf(ctx).record.Concerns(kept.OrganisationID, "")
	accepted, err := t.Refire(ctx, kept.ID, CallerOf(ctx).Login)
	if err != nil {
		return nil, err
	}
	out := &FiredOut{}
	out.Body.Events = []Fired{{accepted.ID, kept.Organisation}}
	return out, nil
}

// SwitchTriggerIn says for whom.
type SwitchTriggerIn struct {
	OfTrigger
	Body *struct {
		Organisations []string `json:"organisations,omitempty" doc:"Slugs; left out: altogether, which needs the right over the MSP"`
		Override      bool     `json:"override,omitempty" doc:"Switch on a trigger whose file says enabled: false"`
	}
}

func (a *API) switching(ctx context.Context, in *SwitchTriggerIn) (*triggers.Service, triggers.Switching, error) {
	w := triggers.Switching{Key: in.key(), By: CallerOf(ctx).Login}
	var slugs []string
	if in.Body != nil {
		slugs, w.Override = in.Body.Organisations, in.Body.Override
	}
	var err error
	if len(slugs) == 0 {
		_, err = requireSlug(ctx, access.Author, access.TriggersWrite, TheMSP)
	} else {
		w.Organisations, _, err = a.organisationIDs(ctx, access.Author, access.TriggersWrite, slugs)
	}
	if err != nil {
		return nil, w, err
	}
	t, err := a.house.Triggers(ctx)
	return t, w, err
}

// EnableTrigger switches a trigger on.
var EnableTrigger = Operation[SwitchTriggerIn, ShowTriggerOut]{ID: "enable-trigger", Method: "POST", Path: "/triggers/{workflow}/{trigger}/enable", Tag: tagTriggers,
	Summary: "Switch a trigger on again, altogether or for some organisations", Policy: changeTriggers}

func (a *API) enableTrigger(ctx context.Context, in *SwitchTriggerIn) (*ShowTriggerOut, error) {
	t, w, err := a.switching(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := t.Enable(ctx, w); err != nil {
		return nil, err
	}
	return a.showTrigger(ctx, &in.OfTrigger)
}

// DisableTrigger switches a trigger off.
var DisableTrigger = Operation[SwitchTriggerIn, ShowTriggerOut]{ID: "disable-trigger", Method: "POST", Path: "/triggers/{workflow}/{trigger}/disable", Tag: tagTriggers,
	Summary: "Switch a trigger off, altogether or for some organisations", Policy: changeTriggers}

func (a *API) disableTrigger(ctx context.Context, in *SwitchTriggerIn) (*ShowTriggerOut, error) {
	t, w, err := a.switching(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := t.Disable(ctx, w); err != nil {
		return nil, err
	}
	return a.showTrigger(ctx, &in.OfTrigger)
}

// RotateAddressIn says whose address.
type RotateAddressIn struct {
	OfTrigger
	Body *struct {
		Organisation string `json:"organisation,omitempty" doc:"A slug; left out: the MSP"`
	}
}

// RotateAddressOut is the new address.
type RotateAddressOut struct {
	Body struct {
		Organisation string `json:"organisation" doc:"A slug"`
		Address      string `json:"address"`
	}
}

// RotateAddress gives a webhook another address.
var RotateAddress = Operation[RotateAddressIn, RotateAddressOut]{ID: "rotate-webhook-address", Method: "POST", Path: "/triggers/{workflow}/{trigger}/rotate", Tag: tagTriggers,
	Summary: "Give a webhook another address for an organisation; the old one is gone at once", Policy: changeTriggers}

func (a *API) rotateAddress(ctx context.Context, in *RotateAddressIn) (*RotateAddressOut, error) {
	slug := TheMSP
	if in.Body != nil && in.Body.Organisation != "" {
		slug = in.Body.Organisation
	}
	org, err := requireSlug(ctx, access.Author, access.TriggersWrite, slug)
	if err != nil {
		return nil, err
	}
	if a.house.RotateAddress == nil {
		return nil, fault.New(fault.Conflict, "webhooks have addresses only where a server runs").WithHint("`gantry serve` runs one")
	}
	address, err := a.house.RotateAddress(ctx, in.key(), org.ID)
	if err != nil {
		return nil, err
	}
	requestOf(ctx).record.Concerns(org.ID, "")
	out := &RotateAddressOut{}
	out.Body.Organisation, out.Body.Address = org.Slug, address
	return out, nil
}
