package api

import (
	"context"
	"strconv"

	"gantry/authoring"
)

// PublishWorkflowIn is a text that is to be in use.
type PublishWorkflowIn struct {
	OfWorkflow
	Body struct {
		Text      string `json:"text" doc:"YAML"`
		Comment   string `json:"comment,omitempty" doc:"What the change is for"`
		Base      string `json:"base,omitempty" maxLength:"64" doc:"Version of the file that the text was made from; empty: a new workflow"`
		Overwrite bool   `json:"overwrite,omitempty" doc:"Whatever lies there; it is kept among the versions"`
		Revision  int64  `json:"revision,omitempty" doc:"Of the draft that the text came of, which goes; 0: there was none. Another draft stays, unless it says the same"`
	}
}

// ChangedWorkflow is a workflow after a change.
type ChangedWorkflow struct {
	Body struct {
		Workflow
		Number int64 `json:"number" doc:"Of the version that this made"`
	}
}

// PublishWorkflow makes a text the workflow's file.
var PublishWorkflow = Operation[PublishWorkflowIn, ChangedWorkflow]{ID: "publish-workflow", Method: "POST", Path: "/workflows/{workflow}/publish", Tag: tagWorkflows, MaxBody: mostTextBody,
	Summary: "Publish a text as a workflow: it is written to its file, and in use when this is answered",
	Description: "A text that does not check, or with which others would not, is refused with not_checked, and its mistakes as detail. " +
		"Where the file is not the base any more, that is a conflict, whose detail has the file's version.", Policy: changeTexts}

func (a *API) publishWorkflow(ctx context.Context, in *PublishWorkflowIn) (*ChangedWorkflow, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	id, b := workflowID(in.Workflow), in.Body
	v, err := s.Publish(ctx, authoring.Publication{Workflow: id, Text: b.Text, Comment: b.Comment, Base: b.Base, Overwrite: b.Overwrite, Revision: b.Revision, By: CallerOf(ctx).Login})
	if err != nil {
		return nil, err
	}
	return a.changedWorkflow(ctx, id, v)
}

// changedWorkflow answers with a workflow as it is now.
func (a *API) changedWorkflow(ctx context.Context, id string, v *authoring.Version) (*ChangedWorkflow, error) {
	requestOf(ctx).record.Detail("version", v.Version)
	requestOf(ctx).record.Detail("number", strconv.FormatInt(v.Number, 10))
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	m, err := a.marks(ctx, true)
	if err != nil {
		return nil, err
	}
	out := &ChangedWorkflow{}
	out.Body.Number = v.Number
	out.Body.Workflow = unknownWorkflow(id)
	if wf, err := w.Workflow(id); err == nil {
		out.Body.Workflow = workflowDocument(wf)
	}
	m.add(&out.Body.Workflow)
	addBroken(&out.Body.Workflow, w.Broken())
	return out, nil
}

// MoveWorkflowIn is another id.
type MoveWorkflowIn struct {
	OfWorkflow
	Body struct {
		To      string `json:"to" minLength:"1" doc:"The id that it gets, such as triage/new-ticket"`
		Comment string `json:"comment,omitempty" doc:"What the change is for"`
	}
}

// MoveWorkflow gives a workflow another id.
var MoveWorkflow = Operation[MoveWorkflowIn, ChangedWorkflow]{ID: "move-workflow", Method: "POST", Path: "/workflows/{workflow}/move", Tag: tagWorkflows,
	Summary: "Move a workflow's file, which gives it another id; one that others use is not moved", Policy: changeTexts}

func (a *API) moveWorkflow(ctx context.Context, in *MoveWorkflowIn) (*ChangedWorkflow, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	to := workflowID(in.Body.To)
	requestOf(ctx).record.Detail("to", to)
	v, err := s.Move(ctx, authoring.Move{Workflow: workflowID(in.Workflow), To: to, Comment: in.Body.Comment, By: CallerOf(ctx).Login})
	if err != nil {
		return nil, err
	}
	return a.changedWorkflow(ctx, to, v)
}

// RemoveWorkflowIn names the file that is meant.
type RemoveWorkflowIn struct {
	OfWorkflow
	Body struct {
		Comment string `json:"comment,omitempty" doc:"Why"`
		Base    string `json:"base" maxLength:"64" doc:"Version of the file that is meant"`
	}
}

// RemovedWorkflow tells what is left of a workflow: its versions.
type RemovedWorkflow struct {
	Body struct {
		ID     string `json:"id"`
		Number int64  `json:"number" doc:"Of the version that this made"`
	}
}

// RemoveWorkflow removes a workflow's file.
var RemoveWorkflow = Operation[RemoveWorkflowIn, RemovedWorkflow]{ID: "remove-workflow", Method: "POST", Path: "/workflows/{workflow}/remove", Tag: tagWorkflows,
	Summary: "Remove a workflow's file; its versions stay, and one that others use is not removed", Policy: changeTexts}

func (a *API) removeWorkflow(ctx context.Context, in *RemoveWorkflowIn) (*RemovedWorkflow, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	id := workflowID(in.Workflow)
	v, err := s.Remove(ctx, authoring.Removal{Workflow: id, Comment: in.Body.Comment, Base: in.Body.Base, By: CallerOf(ctx).Login})
	if err != nil {
		return nil, err
	}
	requestOf(ctx).record.Detail("version", in.Body.Base)
	out := &RemovedWorkflow{}
	out.Body.ID, out.Body.Number = id, v.Number
	return out, nil
}
