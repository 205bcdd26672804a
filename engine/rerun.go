package engine

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// RerunRequest asks for a new run with what a kept one began with: its organisation, inputs, trigger data, variables
// and overrides.
type RerunRequest struct {
	Run         string
	SameVersion bool              // with the version that the kept run has come to; else with the workflow as it is now
	Inputs      map[string]any    // replace those of the kept run
	Texts       map[string]string // likewise, as people type them: read by their types
	Without     []string          // inputs of the kept run that are not given: what the workflow says for them counts
	Watch       func(Update)      // as of a Request
	Over        func()
}

// RerunPlan is what Rerun would start.
type RerunPlan struct {
	Run          string         `json:"run" doc:"The run that is repeated"`
	Workflow     string         `json:"workflow"`
	Version      string         `json:"version" doc:"What is run"`
	Was          string         `json:"was,omitempty" doc:"The version of the run that is repeated, where that is another"`
	Organisation string         `json:"organisation" doc:"A slug"`
	TriggerType  string         `json:"trigger_type"`
	Trigger      string         `json:"trigger"`
	Inputs       map[string]any `json:"inputs" doc:"All that it starts with"`
	Changed      []string       `json:"changed,omitempty" doc:"Inputs with another value than in the run that is repeated"`
	LeftOut      []string       `json:"left_out,omitempty" doc:"Inputs of that run that this version does not take"`
}

// repeated is what a run has of the one that it repeats.
type repeated struct {
	run      string
	version  string // "": the newest
	handling []string
}

// asked gives the version of the workflow that a request is for.
func (e *Engine) asked(ctx context.Context, req Request) (*workflow.Workflow, error) {
	switch {
	case req.Version != nil:
		return req.Version, nil
	case req.repeats.version != "":
	case req.repeats.run != "":
		return e.newest(req.Workflow, "`gantry runs rerun %s --same-version` runs the version of that run again", shortID(req.repeats.run))
	default:
		return e.Workflows.Workflow(req.Workflow)
	}
	return e.keptVersion(ctx, "be repeated", req.repeats.run, req.Workflow, req.repeats.version)
}

// newest gives the workflow of a kept run as it is now; instead is a hint for where it has gone.
func (e *Engine) newest(id, instead string, args ...any) (*workflow.Workflow, error) {
	wf, err := e.Workflows.Workflow(id)
	if err != nil && fault.From(err).Code == fault.Missing {
		err = fault.Wrap(err, fault.Missing, "the workflow %s is not there any more, or has another name now", id).WithHint(instead, args...)
	}
	return wf, err
}

// keptVersion gives a version that a run names; do says in the error what the run cannot do.
func (e *Engine) keptVersion(ctx context.Context, do, run, id, version string) (*workflow.Workflow, error) {
	wf, err := e.version(ctx, id, version)
	if err != nil {
		return nil, fault.Wrap(err, fault.From(err).Code, "run %s cannot %s: version %s of its workflow %s no longer checks: %s", run, do, version, id, err)
	}
	return wf, nil
}

// PlanRerun tells what Rerun would start. It checks all that Rerun does, but for limits and room.
func (e *Engine) PlanRerun(ctx context.Context, req RerunRequest) (*RerunPlan, error) {
	_, plan, err := e.rerun(ctx, req)
	return plan, err
}

// Rerun starts a new run with what a kept one began with; see Start.
func (e *Engine) Rerun(ctx context.Context, req RerunRequest) (id string, err error) {
	again, _, err := e.rerun(ctx, req)
	if err != nil {
		return "", err
	}
	return e.Start(ctx, *again)
}

func (e *Engine) rerun(ctx context.Context, req RerunRequest) (*Request, *RerunPlan, error) {
	again, inputs, err := e.beginningOf(ctx, req.Run)
	if err != nil {
		return nil, nil, err
	}
	was := again.repeats.version
	if !req.SameVersion {
		again.repeats.version = ""
	}
	wf, err := e.asked(ctx, *again)
	if err != nil {
		return nil, nil, err
	}
	plan := &RerunPlan{Run: req.Run, Workflow: wf.ID, Version: wf.Version, Organisation: again.Organisation.Slug, TriggerType: again.TriggerType, Trigger: again.TriggerName}
	if was != wf.Version {
		plan.Was = was
	}
	given, err := typedInputs(wf.Inputs, req.Inputs, req.Texts)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if _, takes := wf.InputsType.Field(name); !takes {
			plan.LeftOut = append(plan.LeftOut, name)
			delete(inputs, name)
		}
	}
	before := maps.Clone(inputs)
	for _, name := range req.Without {
		delete(inputs, name)
	}
	maps.Copy(inputs, given)
	if again.Inputs, err = completeInputs(wf, inputs); err != nil {
		return nil, nil, err
	}
	plan.Inputs = again.Inputs
	plan.Changed = changed(before, again.Inputs)
	if err := e.Organisations.CheckRuns(ctx, again.Organisation.ID); err != nil {
		return nil, nil, err
	}
	again.Watch, again.Over = req.Watch, req.Over
	return again, plan, nil
}

// changed names the values that are not as they were.
func changed(before, now map[string]any) []string {
	all := maps.Clone(now)
	maps.Copy(all, before)
	same := func(name string) bool { return sameJSON(before[name], now[name]) }
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), same)
}

// beginningOf gives the request that a kept run was made from, without its inputs, and those.
func (e *Engine) beginningOf(ctx context.Context, id string) (*Request, map[string]any, error) {
	log, err := e.History.Load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	detail, err := e.History.Show(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	set, err := readSettings(log.Settings)
	if err != nil {
		return nil, nil, err
	}
	org, err := e.Organisations.ByID(ctx, log.Run.OrganisationID)
	if err != nil {
		return nil, nil, err
	}
	req := &Request{Workflow: log.Run.Workflow, Organisation: org, TriggerType: log.Run.TriggerType, TriggerName: log.Run.TriggerName, Integrations: set.Integrations,
		Causes: set.Causes, repeats: repeated{run: id, version: log.Run.Version, handling: set.Handling}}
	if req.TriggerData, req.TriggerVars, err = e.triggerOf(ctx, id, log.Events, set); err != nil {
		return nil, nil, err
	}
	inputs := maps.Clone(detail.Inputs)
	if inputs == nil {
		inputs = map[string]any{}
	}
	return req, inputs, nil
}

// triggerOf gives what a kept run's trigger gave it.
func (e *Engine) triggerOf(ctx context.Context, id string, events []flow.Event, set settings) (data, vars map[string]any, err error) {
	if len(events) > 0 {
		if started, ok := events[0].(flow.Started); ok {
			data = maps.Clone(started.Trigger)
			delete(data, "type") // Request has them apart
			delete(data, "name")
			return data, started.TriggerVars, nil
		}
	}
	if waits, err := e.History.QueuedRun(ctx, id); err != nil {
		return nil, nil, err
	} else if waits != nil {
		log, err := e.History.LoadQueued(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		return log.TriggerData, log.TriggerVars, nil
	}
	if data, vars, err = e.History.LargeTrigger(ctx, id); err == nil && data == nil {
		data, err = keptMap(set.TriggerData)
	}
	if err == nil && vars == nil {
		vars, err = keptMap(set.TriggerVars)
	}
	return data, vars, err
}

func keptMap(text json.RawMessage) (map[string]any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	v, err := schema.DecodeBytes(text)
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "the run's settings are damaged: %s", err)
	}
	m, _ := v.(map[string]any)
	return m, nil
}

// typedInputs joins values with texts that are read by the types that are declared; the texts go before.
func typedInputs(declared []schema.Field, values map[string]any, texts map[string]string) (map[string]any, error) {
	all, err := plainData(values)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "the inputs are not JSON data: %s", err)
	}
	if all == nil {
		all = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		at := slices.IndexFunc(declared, func(f schema.Field) bool { return f.Name == name })
		if at < 0 {
			return nil, unknownInput(name, declared)
		}
		if all[name], err = declared[at].Type.FromText(texts[name]); err != nil {
			return nil, fault.Wrap(err, fault.Usage, "input %s: %s", name, err)
		}
	}
	return all, nil
}

func unknownInput(name string, declared []schema.Field) *fault.Error {
	names := make([]string, len(declared))
	for i, f := range declared {
		names[i] = f.Name
	}
	return fault.New(fault.Usage, "there is no input %q", name).WithHint("%s", source.DidYouMean(name, names))
}

func sameJSON(a, b any) bool {
	x, err := schema.Encode(a)
	if err != nil {
		return false
	}
	y, err := schema.Encode(b)
	return err == nil && string(x) == string(y)
}
