package api

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gantry/access"
	"gantry/authoring"
	"gantry/crates"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
	"gantry/triggers"
)

// StartRunIn is what a run starts with.
type StartRunIn struct {
	Body struct {
		Workflow     string            `json:"workflow" doc:"Its id, such as triage/new-ticket"`
		Organisation string            `json:"organisation,omitempty" doc:"A slug; left out: the MSP"`
		Trigger      string            `json:"trigger,omitempty" doc:"The name of the trigger to start it with; left out: the one that is fired by hand, if there is one"`
		Inputs       map[string]any    `json:"inputs,omitempty"`
		Texts        map[string]string `json:"texts,omitempty" doc:"Inputs as people type them, which are read by their types; they go before inputs"`
		Text         *string           `json:"text,omitempty" doc:"YAML that is tried in the place of the workflow's file, which need not be there; for authors of the MSP"`
		Watch        bool              `json:"watch,omitempty" doc:"You will read GET /runs/{run}/events?whole=true: what happens until then is kept for you, for half a minute"`
	}
}

// StartRunOut is the run, which is on disk.
type StartRunOut struct {
	Body struct {
		Run
		Note string `json:"note" doc:"How it starts, such as: for Contoso, trigger \"check\""`
	}
}

// StartRun starts a run by hand.
var StartRun = Operation[StartRunIn, StartRunOut]{ID: "start-run", Method: "POST", Path: "/runs", Tag: tagRuns, Summary: "Start a run by hand",
	Description: "The answer comes when the run is on disk. GET /runs/{run}/events tells how it goes.", MaxBody: largeBody,
	Policy: Policy{Role: access.Operator, Scope: access.RunsWrite, Where: ByHandler}}

func (a *API) startRun(ctx context.Context, in *StartRunIn) (*StartRunOut, error) {
	org, err := requireSlug(ctx, access.Operator, access.RunsWrite, in.Body.Organisation)
	if err != nil {
		return nil, err
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	wf, err := wanted(ctx, w, workflowID(in.Body.Workflow), in.Body.Text)
	if err != nil {
		return nil, err
	}
	inputs, err := typedInputs(wf.Inputs, in.Body.Inputs, in.Body.Texts)
	if err != nil {
		return nil, err
	}
	t, err := a.house.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	req, note, err := t.ByHand(ctx, triggers.ByHand{Workflow: wf, Organisation: org, Trigger: in.Body.Trigger, Inputs: inputs})
	if err != nil {
		return nil, err
	}
	if err := covered(ctx, req); err != nil {
		return nil, err
	}
	if in.Body.Text != nil {
		req.Version = wf
	}
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	var begun *engine.Watching
	begun, req.Watch, req.Over = watchedBy(in.Body.Watch)
	id, err := e.Start(ctx, req)
	if err != nil {
		return nil, err
	}
	a.begun.keep(id, begun)
	requestOf(ctx).record.Concerns(org.ID, id)
	run, err := a.house.History().Get(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &StartRunOut{}
	out.Body.Run, out.Body.Note = runDocument(*run), note
	return out, nil
}

// wanted gives what is to run: the workflow as it is in use, or the text that is tried in its place.
func wanted(ctx context.Context, w Workflows, id string, text *string) (*workflow.Workflow, error) {
	if text == nil {
		return w.Workflow(id)
	}
	may, err := requestOf(ctx).mayAtRoot(ctx, access.Author, access.WorkflowsWrite)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, denied(CallerOf(ctx), access.Author, access.WorkflowsWrite, "the MSP")
	}
	if !crates.IsID(id) {
		return nil, fault.New(fault.InvalidInput, "%q cannot be a workflow's id", id)
	}
	if len(*text) > authoring.MostText {
		return nil, fault.New(fault.TooLarge, "the text is %d KiB, and a workflow's is at most %d KiB", len(*text)>>10, authoring.MostText>>10)
	}
	wf, err := w.Compile(id, []byte(*text))
	if err == nil {
		requestOf(ctx).record.Detail("tried", wf.Version)
	}
	return wf, err
}

// covered refuses a run that no trigger covers to whoever may not start runs for the MSP: the MSP says with run_for
// which of its workflows are for which clients, and tasks may be lent the MSP's own instances.
func covered(ctx context.Context, req engine.Request) error {
	everywhere, err := requestOf(ctx).mayAtRoot(ctx, access.Operator, access.RunsWrite)
	if err != nil || everywhere || req.TriggerName != "" {
		return err
	}
	return fault.New(fault.Denied, "%s has no trigger that runs for %s, so only people of the MSP can start it", req.Workflow, req.Organisation.Name).
		WithHint("they can include it with run_for in a trigger")
}

// workflowID accepts a workflow's file for its id: people complete file names.
func workflowID(word string) string {
	word = strings.TrimPrefix(word, "./")
	if name, ok := strings.CutSuffix(word, ".yaml"); ok {
		return strings.TrimPrefix(name, "workflows/")
	}
	return word
}

// typedInputs reads the texts by the types of the declared inputs.
func typedInputs(declared []schema.Field, inputs map[string]any, texts map[string]string) (map[string]any, error) {
	all := map[string]any{}
	for name, value := range inputs {
		all[name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		at := slices.IndexFunc(declared, func(f schema.Field) bool { return f.Name == name })
		if at < 0 {
			var names []string
			for _, f := range declared {
				names = append(names, f.Name)
			}
			return nil, fault.New(fault.Usage, "there is no input %q", name).WithHint("%s", source.DidYouMean(name, names))
		}
		value, err := declared[at].Type.FromText(texts[name])
		if err != nil {
			return nil, fault.Wrap(err, fault.Usage, "--input %s: %s", name, err)
		}
		all[name] = value
	}
	return all, nil
}

// CancelRunIn says why.
type CancelRunIn struct {
	OfRunIn
	Body *struct {
		Reason string `json:"reason,omitempty"`
	}
}

// OneRun is an answer with one run as it stands.
type OneRun struct{ Body Run }

func (a *API) oneRun(ctx context.Context, id string) (*OneRun, error) {
	now, err := a.house.History().Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &OneRun{runDocument(*now)}, nil
}

// CancelRun ends a run.
var CancelRun = Operation[CancelRunIn, OneRun]{ID: "cancel-run", Method: "POST", Path: "/runs/{run}/cancel", Tag: tagRuns,
	Summary: "Cancel a run", Description: "A write that is under way may finish. One that a process left unfinished is ended as it stands.", Policy: changeRun}

func (a *API) cancelRun(ctx context.Context, in *CancelRunIn) (*OneRun, error) {
	reason := "by " + CallerOf(ctx).Name
	if in.Body != nil && in.Body.Reason != "" {
		reason = in.Body.Reason
	}
	return a.control(ctx, func(e *engine.Engine, id string) error {
		err := e.Cancel(id, reason)
		if err == nil || fault.From(err).Code != fault.Missing {
			return err
		}
		run, getErr := a.house.History().Get(ctx, id)
		if getErr != nil || run.Status.Ended() { // a moment ago
			return getErr
		}
		return e.Abandon(ctx, id, reason)
	})
}

// control does something with a run that has not ended.
func (a *API) control(ctx context.Context, do func(e *engine.Engine, id string) error) (*OneRun, error) {
	run := runOf(ctx)
	if run.Status.Ended() {
		return nil, fault.New(fault.Conflict, "run %s has ended already: %s", shortID(run.ID), endedAs(&run)).
			WithHint("`gantry runs show %s` shows what it did", shortID(run.ID))
	}
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	if err := do(e, run.ID); err != nil {
		return nil, err
	}
	return a.oneRun(ctx, run.ID)
}

func shortID(id string) string { return id[max(0, len(id)-8):] }

func endedAs(r *history.Run) string {
	word := map[flow.Status]string{flow.Succeeded: "it succeeded", flow.Failed: "it failed", flow.TimedOut: "it timed out", flow.Cancelled: "it was cancelled"}[r.Status]
	if r.FinishedAt != nil {
		word += " on " + r.FinishedAt.Local().Format("2006-01-02 15:04")
	}
	return word
}

// PauseRun lets a run start nothing new.
var PauseRun = Operation[OfRunIn, OneRun]{ID: "pause-run", Method: "POST", Path: "/runs/{run}/pause", Tag: tagRuns,
	Summary: "Let a run start nothing new until it is unpaused", Policy: changeRun}

func (a *API) pauseRun(ctx context.Context, _ *OfRunIn) (*OneRun, error) {
	return a.control(ctx, func(e *engine.Engine, id string) error { return notGoingOn(id, e.Pause(id)) })
}

// UnpauseRun ends a pause.
var UnpauseRun = Operation[OfRunIn, OneRun]{ID: "unpause-run", Method: "POST", Path: "/runs/{run}/unpause", Tag: tagRuns,
	Summary: "Let a paused run go on", Policy: changeRun}

func (a *API) unpauseRun(ctx context.Context, _ *OfRunIn) (*OneRun, error) {
	return a.control(ctx, func(e *engine.Engine, id string) error { return notGoingOn(id, e.Unpause(id)) })
}
