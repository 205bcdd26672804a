package triggers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gantry/engine"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// ByHand asks for a run that a person starts.
type ByHand struct {
	Workflow     *workflow.Workflow
	Organisation orgs.Organisation
	Trigger      string         // its name; "": the one always_pass trigger that runs for the organisation, if there is one
	Inputs       map[string]any // what the person gives; it goes before what the trigger says
}

// ByHand gives the request for a run that a person starts, and says in a few words how it starts, such as
// `for Contoso, trigger "check"`. It needs no started Service. What the person got wrong is fault.Usage.
func (s *Service) ByHand(ctx context.Context, h ByHand) (engine.Request, string, error) {
	req := engine.Request{Workflow: h.Workflow.ID, Organisation: h.Organisation, Inputs: h.Inputs}
	start := byHand{Service: s, wf: h.Workflow, org: h.Organisation}
	t, err := start.trigger(ctx, h.Trigger)
	if err != nil {
		return req, "", err
	}
	note := "for " + h.Organisation.Name
	if t == nil {
		return req, note + ", by hand", checkInputs(h.Workflow, req.Inputs)
	}
	note += fmt.Sprintf(", trigger %q", t.Name)
	req.TriggerType, req.TriggerName, req.Integrations = t.Type, t.Name, t.Integrations
	if req.Inputs, err = start.given(ctx, t, t.Inputs, h.Inputs); err != nil {
		return req, "", err
	}
	if req.TriggerVars, err = start.given(ctx, t, t.Vars, nil); err != nil {
		return req, "", err
	}
	return req, note, checkInputs(h.Workflow, req.Inputs)
}

// Covers refuses an organisation that a trigger of a workflow does not run for, or for which it is switched off.
func (s *Service) Covers(ctx context.Context, wf *workflow.Workflow, org orgs.Organisation, trigger string) error {
	_, err := byHand{Service: s, wf: wf, org: org}.named(ctx, trigger)
	return err
}

// byHand is everything that decides with which trigger a person starts a run.
type byHand struct {
	*Service
	wf  *workflow.Workflow
	org orgs.Organisation
}

// trigger chooses the trigger: the one that is named, else the only one that is fired by hand and runs
// for the organisation; nil when there is none such.
func (b byHand) trigger(ctx context.Context, name string) (*workflow.Trigger, error) {
	if name != "" {
		return b.named(ctx, name)
	}
	var fitting []*workflow.Trigger
	for _, t := range b.wf.Triggers {
		if t.Type != AlwaysPass {
			continue
		}
		off, err := b.switchedOff(ctx, b.key(t), t, b.org)
		if err != nil {
			return nil, err
		}
		fits, err := b.runsFor(ctx, t.RunFor)
		if err != nil {
			return nil, err
		}
		if off != "" || !fits {
			continue
		}
		if holds, err := b.holds(ctx, t); err == nil && holds {
			fitting = append(fitting, t)
		}
	}
	switch len(fitting) {
	case 0:
		return nil, nil
	case 1:
		return fitting[0], nil
	}
	return nil, fault.New(fault.Usage, "%s has several triggers that run for %s: %s", b.wf.ID, b.org.Name, quoted(triggerNames(fitting))).
		WithHint("choose one: --trigger %q", fitting[0].Name)
}

func (b byHand) key(t *workflow.Trigger) Key { return Key{b.wf.ID, t.Name} }

func (b byHand) named(ctx context.Context, name string) (*workflow.Trigger, error) {
	at := slices.IndexFunc(b.wf.Triggers, func(t *workflow.Trigger) bool { return strings.EqualFold(t.Name, name) })
	if at < 0 {
		err := fault.New(fault.Usage, "%s has no trigger %q", b.wf.ID, name)
		if len(b.wf.Triggers) == 0 {
			return nil, err.WithHint("it has none; leave --trigger out to start it by hand")
		}
		return nil, err.WithHint("%s", source.DidYouMean(name, triggerNames(b.wf.Triggers)))
	}
	t := b.wf.Triggers[at]
	if err := b.checkOn(ctx, t); err != nil {
		return nil, err
	}
	fits, err := b.runsFor(ctx, t.RunFor)
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, fault.New(fault.Usage, "the trigger %q of %s does not run for %s", t.Name, b.wf.ID, b.org.Name).
			WithHint("include it in %s:%d: %s", t.Pos.File, t.Pos.Line, b.including())
	}
	if t.Type != AlwaysPass {
		return t, nil // its condition looks at an event, which there is none by hand
	}
	holds, err := b.holds(ctx, t)
	if err == nil && !holds {
		err = fault.New(fault.Usage, "the condition of the trigger %q does not hold for %s: %s", t.Name, b.org.Name, t.When.Source())
	}
	return t, err
}

// checkOn refuses a trigger that is switched off, by its file or by somebody.
func (b byHand) checkOn(ctx context.Context, t *workflow.Trigger) error {
	off, err := b.switchedOff(ctx, b.key(t), t, b.org)
	switch {
	case err != nil || off == "":
		return err
	case off == fileOff(t):
		return fault.New(fault.Usage, "the trigger %q of %s is switched off", t.Name, b.wf.ID).
			WithHint("take enabled: false out of it in %s:%d, or leave --trigger out", t.Pos.File, t.Pos.Line)
	}
	return fault.New(fault.Usage, "the trigger %q of %s is %s", t.Name, b.wf.ID, off).
		WithHint("gantry triggers enable %s %q, or leave --trigger out", b.wf.ID, t.Name)
}

// including says how run_for includes the organisation.
func (b byHand) including() string {
	if b.org.ParentID == "" {
		return "run_for: {this: true}"
	}
	return fmt.Sprintf("run_for: {all_managed: true} for all clients, or run_for: {organisations: [%s]}", b.org.Slug)
}

// runsFor tells whether the organisation is among those that a trigger starts runs for.
func (b byHand) runsFor(ctx context.Context, f workflow.RunFor) (bool, error) {
	var err error
	named := func(slug string) string {
		org, missing := b.Organisations.BySlug(ctx, slug)
		if missing != nil && fault.From(missing).Code != fault.Missing {
			err = missing
		}
		return org.ID
	}
	return covers(f, b.org, named), err
}
