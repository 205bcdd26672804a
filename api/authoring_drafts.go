package api

import (
	"context"
	"time"

	"gantry/authoring"
	"gantry/fault"
)

// mostTextBody bounds a request with a workflow's text: as JSON it may be several times as long as it is.
const mostTextBody = 4 << 20

// Draft is a text that may become a workflow's next version.
type Draft struct {
	Text     string    `json:"text" doc:"YAML, which may be wrong"`
	Base     string    `json:"base" doc:"Version of the file that it was begun from; empty: there was none"`
	Revision int64     `json:"revision" doc:"Counts what is saved"`
	By       string    `json:"by" doc:"A login"`
	At       time.Time `json:"at"`
}

func draftDocument(d *authoring.Draft) *Draft {
	if d == nil {
		return nil
	}
	return &Draft{d.Text, d.Base, d.Revision, d.By, d.At}
}

// LyingFile is a workflow's file as it lies on disk.
type LyingFile struct {
	Text    string `json:"text"`
	Version string `json:"version" doc:"The address of its content, whether it checks or not"`
}

// PublishRules say whether a workflow is published here.
type PublishRules struct {
	Allowed bool         `json:"allowed"`
	Why     *fault.Error `json:"why,omitempty" doc:"Why not"`
	Comment string       `json:"comment" enum:"optional,required"`
}

// ShowDraftOut is what an editor begins with.
type ShowDraftOut struct {
	Body struct {
		Draft   *Draft       `json:"draft" doc:"null: there is none"`
		File    *LyingFile   `json:"file" doc:"null: there is none that is changed here"`
		Publish PublishRules `json:"publish"`
		UsedBy  []string     `json:"used_by" doc:"Workflows in use that lead to it, by a task, on_failure or a trigger: while there are any, it is neither moved nor removed"`
	}
}

// ShowDraft gives a workflow's draft, and its file.
var ShowDraft = Operation[OfWorkflow, ShowDraftOut]{ID: "show-draft", Method: "GET", Path: "/workflows/{workflow}/draft", Tag: tagWorkflows,
	Summary: "Show the draft of a workflow, and its file as it lies on disk", Policy: readTexts}

func (a *API) showDraft(ctx context.Context, in *OfWorkflow) (*ShowDraftOut, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	out, id := &ShowDraftOut{}, workflowID(in.Workflow)
	d, err := s.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	out.Body.Draft = draftDocument(d)
	out.Body.UsedBy = append([]string{}, s.UsersOf(id)...)
	out.Body.Publish = PublishRules{Allowed: true, Comment: "optional"}
	if s.NeedsComment() {
		out.Body.Publish.Comment = "required"
	}
	text, version, err := s.Lying(id)
	switch f := fault.From(err); {
	case err == nil:
		err = s.Allowed()
	case f.Code != fault.Conflict && f.Code != fault.InvalidInput:
		return nil, err
	}
	if err != nil {
		out.Body.Publish.Allowed, out.Body.Publish.Why = false, fault.From(err)
	}
	if version != "" {
		out.Body.File = &LyingFile{string(text), version}
	}
	return out, nil
}

// SaveDraftIn is a text to be kept.
type SaveDraftIn struct {
	OfWorkflow
	Body struct {
		Text     string `json:"text" doc:"YAML, which may be wrong"`
		Base     string `json:"base,omitempty" maxLength:"64" doc:"Version of the file that it was begun from; empty: there was none"`
		Revision int64  `json:"revision,omitempty" doc:"Of the draft that it replaces; 0: there was none"`
	}
}

// SaveDraftOut is the draft as it is kept.
type SaveDraftOut struct {
	Body struct {
		Draft Draft `json:"draft"`
	}
}

// SaveDraft keeps a draft.
var SaveDraft = Operation[SaveDraftIn, SaveDraftOut]{ID: "save-draft", Method: "PUT", Path: "/workflows/{workflow}/draft", Tag: tagWorkflows, MaxBody: mostTextBody,
	Summary: "Save a draft of a workflow", Description: "There is one for each workflow. Who saves over another's that was saved meanwhile is refused with conflict, whose detail says by whom and when.",
	Policy: changeTexts}

func (a *API) saveDraft(ctx context.Context, in *SaveDraftIn) (*SaveDraftOut, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.SaveDraft(ctx, authoring.Draft{Workflow: workflowID(in.Workflow), Text: in.Body.Text, Base: in.Body.Base, Revision: in.Body.Revision, By: CallerOf(ctx).Login})
	if err != nil {
		return nil, err
	}
	out := &SaveDraftOut{}
	out.Body.Draft = *draftDocument(d)
	return out, nil
}

// DropDraftIn names a draft.
type DropDraftIn struct {
	OfWorkflow
	Revision int64 `query:"revision" minimum:"0" doc:"Only the draft of this revision; left out: whichever there is"`
}

// DropDraft throws a draft away.
var DropDraft = Operation[DropDraftIn, struct{}]{ID: "drop-draft", Method: "DELETE", Path: "/workflows/{workflow}/draft", Tag: tagWorkflows,
	Summary: "Throw the draft of a workflow away", Policy: changeTexts}

func (a *API) dropDraft(ctx context.Context, in *DropDraftIn) (*struct{}, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.DropDraft(ctx, workflowID(in.Workflow), in.Revision)
}
