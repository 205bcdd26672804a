package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// alwaysPass is the type of triggers that a person fires.
const alwaysPass = "always_pass"

// startOf is everything that decides with which trigger a run starts.
type startOf struct {
	app  *App
	orgs *orgs.Service
	wf   *workflow.Workflow
	org  orgs.Organisation
}

// trigger chooses the trigger: the one that is named, else the only one that is fired by hand and runs
// for the organisation; nil when there is none such.
func (s startOf) trigger(ctx context.Context, name string) (*workflow.Trigger, error) {
	if name != "" {
		return s.named(ctx, name)
	}
	var fitting []*workflow.Trigger
	for _, t := range s.wf.Triggers {
		if t.Type != alwaysPass || !t.Enabled {
			continue
		}
		fits, err := s.runsFor(ctx, t.RunFor)
		if err != nil {
			return nil, err
		}
		if holds, err := s.holds(ctx, t); fits && err == nil && holds {
			fitting = append(fitting, t)
		}
	}
	switch len(fitting) {
	case 0:
		return nil, nil
	case 1:
		return fitting[0], nil
	}
	return nil, fault.New(fault.Usage, "%s has several triggers that run for %s: %s", s.wf.ID, s.org.Name, quoted(triggerNames(fitting))).
		WithHint("choose one: --trigger %q", fitting[0].Name)
}

func (s startOf) named(ctx context.Context, name string) (*workflow.Trigger, error) {
	at := slices.IndexFunc(s.wf.Triggers, func(t *workflow.Trigger) bool { return strings.EqualFold(t.Name, name) })
	if at < 0 {
		err := fault.New(fault.Usage, "%s has no trigger %q", s.wf.ID, name)
		if len(s.wf.Triggers) == 0 {
			return nil, err.WithHint("it has none; leave --trigger out to start it by hand")
		}
		return nil, err.WithHint("%s", source.DidYouMean(name, triggerNames(s.wf.Triggers)))
	}
	t := s.wf.Triggers[at]
	if !t.Enabled {
		return nil, fault.New(fault.Usage, "the trigger %q of %s is switched off", t.Name, s.wf.ID).
			WithHint("take enabled: false out of it in %s:%d, or leave --trigger out", t.Pos.File, t.Pos.Line)
	}
	fits, err := s.runsFor(ctx, t.RunFor)
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, fault.New(fault.Usage, "the trigger %q of %s does not run for %s", t.Name, s.wf.ID, s.org.Name).
			WithHint("include it in %s:%d: %s", t.Pos.File, t.Pos.Line, s.including())
	}
	if t.Type != alwaysPass {
		return t, nil // its condition looks at an event, which there is none by hand
	}
	holds, err := s.holds(ctx, t)
	if err == nil && !holds {
		err = fault.New(fault.Usage, "the condition of the trigger %q does not hold for %s: %s", t.Name, s.org.Name, t.When.Source())
	}
	return t, err
}

// including says how run_for includes the organisation.
func (s startOf) including() string {
	if s.org.ParentID == "" {
		return "run_for: {this: true}"
	}
	return fmt.Sprintf("run_for: {all_managed: true} for all clients, or run_for: {organisations: [%s]}", s.org.Slug)
}

// runsFor tells whether the organisation is among those that a trigger starts runs for. Workflows belong
// to the MSP: it is `this`, and all others are managed.
func (s startOf) runsFor(ctx context.Context, f workflow.RunFor) (bool, error) {
	root, err := s.orgs.Root(ctx)
	if err != nil {
		return false, err
	}
	if s.org.ID == root.ID {
		return f.This || slices.Contains(f.Organisations, s.org.Slug), nil
	}
	tagged := slices.ContainsFunc(f.Tags, func(tag string) bool { return slices.Contains(s.org.Tags, tag) })
	return f.AllManaged || tagged || slices.Contains(f.Organisations, s.org.Slug), nil
}

func (s startOf) holds(ctx context.Context, t *workflow.Trigger) (bool, error) {
	if t.When == nil {
		return true, nil
	}
	scope, err := s.scope(ctx)
	if err != nil {
		return false, err
	}
	return t.When.Bool(scope, expr.At{Now: s.app.Now()})
}

// scope is what a trigger's expressions see when there is no event.
func (s startOf) scope(ctx context.Context) (expr.Scope, error) {
	facts, err := s.orgs.Facts(ctx, s.org.ID)
	if err != nil {
		return nil, err
	}
	return expr.Vars{"org": s.wf.Catalogue.Organisation(facts)}, nil
}

// given evaluates a trigger's inputs or vars. Those that the person gave are left as given; one that looks
// at the event of a webhook or another trigger cannot be had by hand.
func (s startOf) given(ctx context.Context, t *workflow.Trigger, values *expr.Template, byHand map[string]any) (map[string]any, error) {
	if values == nil {
		return byHand, nil
	}
	scope, err := s.scope(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	for _, name := range values.Names() {
		if _, given := byHand[name]; given {
			continue
		}
		if at := eventIn(values.Field(name)); at != "" {
			return nil, fault.New(fault.Usage, "the trigger %q takes %s from its event (%s), which there is none of by hand", t.Name, name, at).
				WithHint("give it yourself: --input %s=…", name)
		}
		if all[name], err = values.Field(name).Eval(scope, expr.At{Now: s.app.Now()}); err != nil {
			return nil, err
		}
	}
	maps.Copy(all, byHand)
	return all, nil
}

// eventIn names what of the event a value uses, or gives "".
func eventIn(t *expr.Template) string {
	for _, r := range t.References() {
		if len(r.Path) > 0 && r.Path[0] != "org" && r.Path[0] != "now" {
			return strings.Join(r.Path, ".")
		}
	}
	return ""
}

func triggerNames(triggers []*workflow.Trigger) []string {
	all := make([]string, len(triggers))
	for i, t := range triggers {
		all[i] = t.Name
	}
	return all
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(all, ", ")
}
