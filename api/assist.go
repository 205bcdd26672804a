package api

import (
	"context"

	"gantry/access"
	"gantry/engine/assist"
	"gantry/fault"
)

// CheckWorkflowIn is a text that may become a version of a workflow.
type CheckWorkflowIn struct {
	OfWorkflow
	Body struct {
		Text string `json:"text" doc:"YAML"`
	}
}

// CheckedDiagnostic is what was found in a text, with its end and what would mend it.
type CheckedDiagnostic struct {
	Diagnostic
	EndLine   int          `json:"end_line"`
	EndColumn int          `json:"end_column" doc:"Just behind the last character that is meant; columns count Unicode code points"`
	Fixes     []assist.Fix `json:"fixes" doc:"Changes that mend it, the likeliest first"`
}

// CheckWorkflowOut tells what is wrong with a text, and what it says.
type CheckWorkflowOut struct {
	Body struct {
		OK          bool                `json:"ok" doc:"There are no errors; warnings there may be"`
		Error       *fault.Error        `json:"error,omitempty" doc:"With the mistakes as its detail"`
		Diagnostics []CheckedDiagnostic `json:"diagnostics"`
		Outline     *assist.Outline     `json:"outline" doc:"The text as tasks and transitions, as far as it could be understood; null when it cannot be read at all"`
	}
}

var asksAuthor = Policy{Role: access.Author, Scope: access.WorkflowsWrite, Where: AtRoot}

// CheckWorkflow checks a text beside everything else, and keeps nothing.
var CheckWorkflow = Operation[CheckWorkflowIn, CheckWorkflowOut]{ID: "check-workflow", Method: "POST", Path: "/workflows/{workflow}/check", Tag: tagWorkflows, Asks: true,
	Summary: "Check a text as a version of a workflow; nothing is kept, and nothing in it is carried out", Policy: asksAuthor}

func (a *API) checkWorkflow(ctx context.Context, in *CheckWorkflowIn) (*CheckWorkflowOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	id := workflowID(in.Workflow)
	report := w.Assistant().Check(id, in.Body.Text)
	out := &CheckWorkflowOut{}
	out.Body.OK, out.Body.Outline = report.Workflow != nil, report.Outline
	if !out.Body.OK {
		out.Body.Error = w.Refused(id, report.Found())
	}
	plain := diagnosticsOf(report.Found())
	out.Body.Diagnostics = make([]CheckedDiagnostic, len(plain))
	for i, d := range report.Diagnostics {
		out.Body.Diagnostics[i] = CheckedDiagnostic{Diagnostic: plain[i], EndLine: d.End.Line, EndColumn: d.End.Column, Fixes: d.Fixes}
	}
	return out, nil
}

// AtPlaceIn is a text and a place in it.
type AtPlaceIn struct {
	OfWorkflow
	Body struct {
		Text   string `json:"text" doc:"YAML, which need not be whole"`
		Line   int    `json:"line" minimum:"1" doc:"From 1"`
		Column int    `json:"column" minimum:"1" doc:"From 1, in Unicode code points; the place lies before that one"`
	}
}

// CompleteWorkflowOut is what can be written at a place.
type CompleteWorkflowOut struct{ Body assist.Completion }

// CompleteWorkflow tells what can be written at a place of a text.
var CompleteWorkflow = Operation[AtPlaceIn, CompleteWorkflowOut]{ID: "complete-workflow", Method: "POST", Path: "/workflows/{workflow}/complete", Tag: tagWorkflows, Asks: true,
	Summary: "Tell what can be written at a place of a text that is being written; nothing is kept", Policy: asksAuthor}

func (a *API) completeWorkflow(ctx context.Context, in *AtPlaceIn) (*CompleteWorkflowOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	return &CompleteWorkflowOut{w.Assistant().Complete(workflowID(in.Workflow), in.Body.Text, in.Body.Line, in.Body.Column)}, nil
}

// HoverWorkflowOut is what is known of what stands at a place.
type HoverWorkflowOut struct{ Body assist.Hover }

// HoverWorkflow tells what stands at a place of a text.
var HoverWorkflow = Operation[AtPlaceIn, HoverWorkflowOut]{ID: "hover-workflow", Method: "POST", Path: "/workflows/{workflow}/hover", Tag: tagWorkflows, Asks: true,
	Summary: "Tell what stands at a place of a text; an empty answer says that there is nothing to tell", Policy: asksAuthor}

func (a *API) hoverWorkflow(ctx context.Context, in *AtPlaceIn) (*HoverWorkflowOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	return &HoverWorkflowOut{w.Assistant().Hover(workflowID(in.Workflow), in.Body.Text, in.Body.Line, in.Body.Column)}, nil
}

func assistOperations(a *API) {
	CheckWorkflow.serve(a, a.checkWorkflow)
	CompleteWorkflow.serve(a, a.completeWorkflow)
	HoverWorkflow.serve(a, a.hoverWorkflow)
}
