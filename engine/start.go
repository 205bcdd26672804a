package engine

import (
	"context"
	"encoding/json"

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

	ID     string                   // "" : the engine makes one, a UUID v7
	Also   func(tx *store.Tx) error // kept in the same transaction as the run; its error refuses the run; nil: nothing
	Limits []Limit                  // beside the workflow's own `concurrency`
	Causes []string                 // workflows from whose ends this run descends by completion triggers, oldest first

	Watch func(Update) // told of every change, from the run's goroutine; nil: nobody watches
}

// settings is what the runner needs of a run beyond its events. It is kept with the run.
type settings struct {
	Integrations map[string]*orgs.Override `json:"integrations,omitempty"`
	// Handling lists the workflows whose failure led here by on_failure, so that handlers of handlers end.
	Handling []string `json:"handling,omitempty"`
	Handles  string   `json:"handles,omitempty"` // the failed run that this one handles
	Depth    int      `json:"depth,omitempty"`   // of sub-workflows
}

// maxDepth bounds sub-workflows that call each other.
const maxDepth = 50

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Start checks the request, keeps the run on disk, and sets it going. When it returns, the run exists.
func (e *Engine) Start(ctx context.Context, req Request) (string, error) {
	kept := make(chan error, 1)
	var id string
	e.Submit(ctx, req, func(made string, err error) {
		id = made
		kept <- err
	})
	select {
	case err := <-kept:
		return id, err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Submit is Start without waiting: kept is called once, when the run is on disk or refused.
func (e *Engine) Submit(ctx context.Context, req Request, kept func(id string, err error)) {
	if err := e.submit(ctx, req, kept); err != nil {
		kept("", err)
	}
}

func (e *Engine) submit(ctx context.Context, req Request, kept func(id string, err error)) error {
	wf, err := e.Workflows.Workflow(req.Workflow)
	if err != nil {
		return err
	}
	r, err := e.newRun(ctx, wf, req, settings{Integrations: req.Integrations})
	if err != nil {
		return err
	}
	r.watch(req.Watch)
	r.whenKept = func(err error) { kept(r.id, err) }
	return e.add(r)
}

func errActive(id string) error { return fault.New(fault.Exists, "run %s is active already", id) }

func errClosed() error {
	return fault.New(fault.Interrupted, "Gantry is shutting down and takes no new runs")
}

// newRun makes a run that has not begun: its first event waits in the inbox.
func (e *Engine) newRun(ctx context.Context, wf *workflow.Workflow, req Request, set settings) (*run, error) {
	inputs, err := completeInputs(wf, req.Inputs)
	if err != nil {
		return nil, err
	}
	if err := e.Organisations.CheckRuns(ctx, req.Organisation.ID); err != nil {
		return nil, err
	}
	facts, err := e.Organisations.Facts(ctx, req.Organisation.ID)
	if err != nil {
		return nil, err
	}
	root, err := e.Organisations.Root(ctx)
	if err != nil {
		return nil, err
	}
	if req.TriggerType == "" {
		req.TriggerType = "always_pass"
	}
	trigger := map[string]any{}
	for name, v := range req.TriggerData {
		trigger[name] = v
	}
	trigger["type"], trigger["name"] = req.TriggerType, req.TriggerName
	r := e.makeRun(e.NewID(), wf, req.Organisation, root.ID, set)
	now := e.Now().UTC()
	r.fresh = &history.NewRun{Workflow: wf.ID, Version: wf.Version, Text: wf.Text, Organisation: req.Organisation.ID, OrganisationSlug: req.Organisation.Slug,
		TriggerType: req.TriggerType, TriggerName: req.TriggerName, ParentUnit: flow.Unit{Exec: -1, Item: flow.NoItem}, Settings: set, Inputs: inputs, CreatedAt: now}
	r.inbox.put(message{event: flow.Started{At: now, RunID: r.id, URL: e.URL(r.id), Inputs: inputs, Org: wf.Catalogue.Organisation(facts), Trigger: trigger, TriggerVars: req.TriggerVars}})
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
