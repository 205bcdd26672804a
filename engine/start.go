package engine

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/store"
)

// Request asks for a run.
type Request struct {
	Workflow     string
	Organisation orgs.Organisation
	Inputs       map[string]any

	TriggerType  string // "" is always_pass: by hand
	TriggerName  string
	TriggerData  map[string]any // what expressions see as trigger, beside type and name
	TriggerVars  map[string]any
	Integrations map[string]*orgs.Override

	// Version is run in the place of the workflow's newest version, of which it needs none; nil: the newest. It is
	// kept with the run, as every version that runs is.
	Version *workflow.Workflow

	ID     string                   // "" : the engine makes one, a UUID v7
	Also   func(tx *store.Tx) error // kept in the same transaction as the run; its error refuses the run; nil: nothing
	Limits []Limit                  // beside the workflow's own `concurrency`
	Causes []string                 // workflows from whose ends this run descends by completion triggers, oldest first

	Watch func(Update) // told of every change of it and of the runs it leads to, from their goroutines; quick; nil: nobody watches
	Over  func()       // told, beside Watch, when all of them have ended, or are left to a later process; nil: nobody

	repeats repeated // see Rerun
}

// settings is what the runner needs of a run beyond its events. It is kept with the run.
type settings struct {
	Integrations map[string]*orgs.Override `json:"integrations,omitempty"`
	// Handling lists the workflows whose failure led here by on_failure, so that handlers of handlers end.
	Handling []string `json:"handling,omitempty"`
	Handles  string   `json:"handles,omitempty"`  // the failed run that this one handles
	Depth    int      `json:"depth,omitempty"`    // of sub-workflows
	Limits   []Limit  `json:"limits,omitempty"`   // that count the run
	Causes   []string `json:"causes,omitempty"`   // see Request
	RerunOf  string   `json:"rerun_of,omitempty"` // the run that this one repeats

	// Of a run that ended before it began: what it would have begun with.
	TriggerData json.RawMessage `json:"trigger_data,omitempty"`
	TriggerVars json.RawMessage `json:"trigger_vars,omitempty"`
}

// maxDepth bounds sub-workflows that call each other.
const maxDepth = 50

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func errActive(id string) error { return fault.New(fault.Exists, "run %s is active already", id) }

func errClosed() error {
	return fault.New(fault.Interrupted, "Gantry is shutting down and takes no new runs")
}

// plan is a run that is asked for: checked as far as that can be done before it begins.
type plan struct {
	id      string
	wf      *workflow.Workflow
	req     Request // with complete inputs, and data of the trigger that expressions can read
	set     settings
	created time.Time
	org     map[string]any // the organisation as expressions see it; nil: not looked up yet
}

func (e *Engine) prepare(ctx context.Context, wf *workflow.Workflow, req Request, set settings) (*plan, error) {
	var err error
	if req.Inputs, err = completeInputs(wf, req.Inputs); err != nil {
		return nil, err
	}
	if err := e.Organisations.CheckRuns(ctx, req.Organisation.ID); err != nil {
		return nil, err
	}
	if req.TriggerType == "" {
		req.TriggerType = "always_pass"
	}
	if req.TriggerData, err = plainData(req.TriggerData); err == nil {
		req.TriggerVars, err = plainData(req.TriggerVars)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.InvalidInput, "workflow %s cannot start: what its trigger gives is not JSON data: %s", wf.ID, err)
	}
	if err := e.Bounds.checkSizes(wf.ID, req.Inputs, req.TriggerData); err != nil {
		return nil, err
	}
	p := &plan{id: req.ID, wf: wf, req: req, set: set, created: e.Now().UTC()}
	if p.id == "" {
		p.id = e.NewID()
	}
	return p, nil
}

// trigger is what expressions see of what started the run.
func (p *plan) trigger() map[string]any {
	trigger := make(map[string]any, len(p.req.TriggerData)+2)
	for name, v := range p.req.TriggerData {
		trigger[name] = v
	}
	trigger["type"], trigger["name"] = p.req.TriggerType, p.req.TriggerName
	return trigger
}

// row is what the run is created with.
func (p *plan) row() *history.NewRun {
	return &history.NewRun{Workflow: p.wf.ID, Version: p.wf.Version, Text: p.wf.Text, Organisation: p.req.Organisation.ID, OrganisationSlug: p.req.Organisation.Slug,
		TriggerType: p.req.TriggerType, TriggerName: p.req.TriggerName, ParentUnit: flow.Unit{Exec: -1, Item: flow.NoItem}, Settings: p.set, Inputs: p.req.Inputs,
		CreatedAt: p.created}
}

// facts looks up the organisation as expressions see it.
func (e *Engine) facts(ctx context.Context, p *plan) (map[string]any, error) {
	if p.org == nil {
		facts, err := e.Organisations.Facts(ctx, p.req.Organisation.ID)
		if err != nil {
			return nil, err
		}
		p.org = p.wf.Catalogue.Organisation(facts)
	}
	return p.org, nil
}

// newRun makes a run that has not begun: its first event waits in the inbox.
func (e *Engine) newRun(ctx context.Context, p *plan) (*run, error) {
	facts, err := e.facts(ctx, p)
	if err != nil {
		return nil, err
	}
	root, err := e.Organisations.Root(ctx)
	if err != nil {
		return nil, err
	}
	r := e.makeRun(p.id, p.wf, p.req.Organisation, root.ID, p.set)
	r.about = history.Run{ID: p.id, Workflow: p.wf.ID, Version: p.wf.Version, Organisation: p.req.Organisation.Slug, OrganisationID: p.req.Organisation.ID,
		TriggerType: p.req.TriggerType, TriggerName: p.req.TriggerName, CreatedAt: p.created}
	r.inbox.put(message{event: flow.Started{At: e.Now().UTC(), RunID: r.id, URL: e.URL(r.id), Inputs: p.req.Inputs, Org: facts, Trigger: p.trigger(), TriggerVars: p.req.TriggerVars,
		Most: e.Bounds.outputs()}})
	return r, nil
}

func completeInputs(wf *workflow.Workflow, given map[string]any) (map[string]any, error) {
	if given == nil {
		given = map[string]any{}
	}
	complete, problems := wf.InputsType.Complete(given)
	if len(problems) > 0 {
		text := ""
		for i, p := range problems {
			if i > 0 {
				text += "; "
			}
			text += p.String()
		}
		return nil, fault.New(fault.InvalidInput, "workflow %s cannot start: %s", wf.ID, text).
			WithHint("give inputs with --input name=value; its inputs are: %s", inputNames(wf.Inputs))
	}
	inputs, _ := complete.(map[string]any)
	return inputs, nil
}

func inputNames(fields []schema.Field) string {
	if len(fields) == 0 {
		return "none"
	}
	text := ""
	for i, f := range fields {
		if i > 0 {
			text += ", "
		}
		text += f.Name
		if f.Required {
			text += " (required)"
		}
	}
	return text
}

// readSettings reads what newRun kept.
func readSettings(raw json.RawMessage) (settings, error) {
	var set settings
	if err := json.Unmarshal(raw, &set); err != nil {
		return set, fault.Wrap(err, fault.Storage, "the run's settings are damaged: %s", err)
	}
	return set, nil
}
