package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"gantry/access"
	"gantry/engine/assist"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/project"
	"gantry/project/graph"
	"gantry/schema"
)

const tagWorkflows = "workflows"

// Workflow is a workflow as lists show it.
type Workflow struct {
	ID          string            `json:"id"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Tags        []string          `json:"tags"`
	File        string            `json:"file,omitempty"`
	Version     string            `json:"version,omitempty" doc:"That runs now; left out: none, for it never checked"`
	Triggers    []WorkflowTrigger `json:"triggers"`
	Broken      *Broken           `json:"broken,omitempty" doc:"What is wrong with the file as it lies there"`
	LastRun     *Run              `json:"last_run,omitempty" doc:"As far as the caller sees it"`
	Draft       *DraftMark        `json:"draft,omitempty" doc:"For people of the MSP"`
	Changed     *ChangedMark      `json:"changed,omitempty" doc:"Its last change, for people of the MSP"`
	DraftOnly   bool              `json:"draft_only,omitempty" doc:"There is a draft of it, and no file yet"`
}

// WorkflowTrigger is a trigger as the file has it.
type WorkflowTrigger struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Enabled bool   `json:"enabled" doc:"In the file; somebody may have switched it since"`
}

// Broken tells what is wrong with a file. The last version that checked goes on running.
type Broken struct {
	File        string       `json:"file"`
	Since       time.Time    `json:"since,omitzero"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

func brokenDocument(b project.Broken) Broken {
	return Broken{b.File, b.Since, diagnosticsOf(b.Diagnostics)}
}

func workflowDocument(w *workflow.Workflow) Workflow {
	doc := Workflow{ID: w.ID, Title: w.Title, Description: w.Description, Tags: slices.Concat([]string{}, w.Tags), File: w.File, Version: w.Version, Triggers: []WorkflowTrigger{}}
	for _, t := range w.Triggers {
		doc.Triggers = append(doc.Triggers, WorkflowTrigger{t.Name, t.Type, t.Enabled})
	}
	return doc
}

// ListWorkflowsIn says what is told of each.
type ListWorkflowsIn struct {
	LastRun bool `query:"last_run" doc:"With the last run of each"`
}

// ListWorkflowsOut are the workflows, by id, and the files that are none of them and broken.
type ListWorkflowsOut struct {
	Body struct {
		Workflows []Workflow `json:"workflows"`
		Broken    []Broken   `json:"broken" doc:"Files that are no workflows, such as an integration's"`
	}
}

// ListWorkflows lists the workflows.
var ListWorkflows = Operation[ListWorkflowsIn, ListWorkflowsOut]{ID: "list-workflows", Method: "GET", Path: "/workflows", Tag: tagWorkflows,
	Summary: "List the workflows, also those that do not check", Policy: Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: Filtered}}

func (a *API) listWorkflows(ctx context.Context, in *ListWorkflowsIn) (*ListWorkflowsOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	reach := ReachFrom(ctx)
	out := &ListWorkflowsOut{}
	out.Body.Workflows, out.Body.Broken = []Workflow{}, []Broken{}
	broken := w.Broken()
	every, err := reach.Everywhere(ctx)
	if err != nil {
		return nil, err
	}
	marked, err := a.marks(ctx, every)
	if err != nil {
		return nil, err
	}
	ids := w.IDs()
	files := len(ids)
	ids = append(ids, marked.onlyDrafts(func(id string) bool { _, there := slices.BinarySearch(ids[:files], id); return there })...)
	for i, id := range ids {
		doc := unknownWorkflow(id)
		doc.DraftOnly = i >= files
		if wf, err := w.Workflow(id); err == nil {
			doc = workflowDocument(wf)
		}
		marked.add(&doc)
		if err := a.addState(ctx, reach, &doc, broken, in.LastRun); err != nil {
			return nil, err
		}
		out.Body.Workflows = append(out.Body.Workflows, doc)
	}
	slices.SortFunc(out.Body.Workflows, func(x, y Workflow) int { return strings.Compare(x.ID, y.ID) })
	if !every {
		return out, nil // files of integrations are the MSP's
	}
	for _, b := range broken {
		if b.Workflow == "" {
			out.Body.Broken = append(out.Body.Broken, brokenDocument(b))
		}
	}
	return out, nil
}

// addState adds what is wrong with a workflow's file, which the MSP's people see, and its last run.
func (a *API) addState(ctx context.Context, reach Reach, doc *Workflow, broken []project.Broken, lastRun bool) error {
	every, err := reach.Everywhere(ctx)
	if err != nil {
		return err
	}
	if every {
		addBroken(doc, broken)
	}
	if !lastRun {
		return nil
	}
	runs, _, err := a.runsWithin(ctx, reach, history.Filter{Workflow: doc.ID, Limit: 1})
	if err == nil && len(runs) > 0 {
		run := runDocument(runs[0])
		doc.LastRun = &run
	}
	return err
}

func addBroken(doc *Workflow, broken []project.Broken) {
	at := slices.IndexFunc(broken, func(b project.Broken) bool { return b.Workflow == doc.ID })
	if at < 0 {
		return
	}
	b := brokenDocument(broken[at])
	doc.Broken = &b
	if doc.File == "" {
		doc.File = b.File
	}
}

// unknownWorkflow is what is told of a workflow that does not check.
func unknownWorkflow(id string) Workflow {
	return Workflow{ID: id, Tags: []string{}, Triggers: []WorkflowTrigger{}}
}

// OfWorkflow names a workflow.
type OfWorkflow struct {
	Workflow string `path:"workflow" doc:"Its id, such as triage/new-ticket, with the slash written %2F"`
}

// ShowWorkflowOut is a workflow in full.
type ShowWorkflowOut struct {
	Body struct {
		Workflow
		Inputs  map[string]any  `json:"inputs,omitempty" doc:"JSON Schema, draft-07"`
		Outputs map[string]any  `json:"outputs,omitempty" doc:"JSON Schema, draft-07"`
		Order   []string        `json:"input_order" doc:"The inputs' names as the file has them"`
		Text    string          `json:"text,omitempty" doc:"YAML, of the version that runs; for people of the MSP alone, since it may name its clients"`
		Outline *assist.Outline `json:"outline,omitempty" doc:"The text as tasks and transitions; for people of clients by names alone, without conditions, labels, triggers and all else that may name other clients"`
	}
}

// ShowWorkflow shows a workflow.
var ShowWorkflow = Operation[OfWorkflow, ShowWorkflowOut]{ID: "show-workflow", Method: "GET", Path: "/workflows/{workflow}", Tag: tagWorkflows,
	Summary: "Show a workflow: its text, inputs, outputs and what is wrong with it", Policy: Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: Filtered}}

func (a *API) showWorkflow(ctx context.Context, in *OfWorkflow) (*ShowWorkflowOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	reach := ReachFrom(ctx)
	every, err := reach.Everywhere(ctx)
	if err != nil {
		return nil, err
	}
	id := workflowID(in.Workflow)
	out := &ShowWorkflowOut{}
	out.Body.Workflow = unknownWorkflow(id)
	out.Body.Order = []string{}
	wf, err := w.Workflow(id)
	switch {
	case err == nil:
		out.Body.Workflow = workflowDocument(wf)
		out.Body.Inputs = schemaOf(wf.InputsType)
		out.Body.Outputs = schemaOf(wf.OutputType)
		for _, f := range wf.Inputs {
			out.Body.Order = append(out.Body.Order, f.Name)
		}
		out.Body.Text, out.Body.Outline = told(w, id, wf.Text, every)
	case fault.From(err).Code != fault.NotChecked || !every:
		return nil, err
	}
	marked, err := a.marks(ctx, every)
	if err != nil {
		return nil, err
	}
	marked.add(&out.Body.Workflow)
	return out, a.addState(ctx, reach, &out.Body.Workflow, w.Broken(), true)
}

// told gives a text with its outline, or to those who may not read the text an outline that says nothing of its words.
func told(w Workflows, id string, text []byte, readable bool) (string, *assist.Outline) {
	outline := w.Assistant().Outline(id, string(text))
	if !readable {
		return "", outline.Bare()
	}
	return string(text), outline
}

func schemaOf(t *schema.Type) map[string]any {
	if t == nil {
		return nil
	}
	return t.JSONSchema(false)
}

// GraphIn says how a workflow is drawn.
type GraphIn struct {
	OfWorkflow
	As string `query:"as" enum:"mermaid,svg" doc:"mermaid where it is left out"`
}

// Drawing is a workflow as Mermaid or SVG.
type Drawing struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte `contentType:"image/svg+xml"`
}

// DrawWorkflow draws a workflow.
var DrawWorkflow = Operation[GraphIn, Drawing]{ID: "draw-workflow", Method: "GET", Path: "/workflows/{workflow}/graph", Tag: tagWorkflows,
	Summary: "Draw a workflow, as Mermaid or SVG", Policy: Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: AtRoot}}

func (a *API) drawWorkflow(ctx context.Context, in *GraphIn) (*Drawing, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	wf, err := w.Workflow(workflowID(in.Workflow))
	if err != nil {
		return nil, err
	}
	if in.As == "svg" {
		return &Drawing{"image/svg+xml", "default-src 'none'; style-src 'unsafe-inline'", []byte(graph.Of(wf).SVG())}, nil
	}
	return &Drawing{"text/plain; charset=utf-8", "default-src 'none'", []byte(graph.Of(wf).Mermaid())}, nil
}

func workflowOperations(a *API) {
	ListWorkflows.serve(a, a.listWorkflows)
	ShowWorkflow.serve(a, a.showWorkflow)
	DrawWorkflow.serve(a, a.drawWorkflow)
}
