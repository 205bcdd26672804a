package api

import (
	"cmp"
	"context"
	"time"

	"gantry/authoring"
)

// WorkflowVersion is what became of a workflow at one time.
type WorkflowVersion struct {
	Number  int64     `json:"number" doc:"From 1, without gaps"`
	Version string    `json:"version" doc:"The address of its text; empty: it was moved away or removed"`
	Kind    string    `json:"kind" enum:"published,file,moved,removed" doc:"file: the file was changed outside, by an editor or git"`
	Other   string    `json:"other,omitempty" doc:"Of one that was moved: the id it got, or the one that it had"`
	Comment string    `json:"comment"`
	By      string    `json:"by" doc:"A login; empty: not known"`
	At      time.Time `json:"at"`
	Current bool      `json:"current" doc:"It is what runs"`
}

func versionDocument(v authoring.Version) WorkflowVersion {
	return WorkflowVersion{v.Number, v.Version, string(v.Kind), v.Other, v.Comment, v.By, v.At, v.Current}
}

// ListVersionsIn turns the pages.
type ListVersionsIn struct {
	OfWorkflow
	Before int64 `query:"before" minimum:"0" doc:"Only those before this number: the page that follows"`
	Limit  int   `query:"limit" minimum:"0" maximum:"1000" doc:"At most so many, 200 where it is left out"`
}

// ListVersionsOut are versions, the newest first.
type ListVersionsOut struct {
	Body struct {
		Versions []WorkflowVersion `json:"versions"`
		Next     int64             `json:"next,omitempty" doc:"What before is for the page that follows; left out: there is none"`
	}
}

// ListVersions lists what became of a workflow.
var ListVersions = Operation[ListVersionsIn, ListVersionsOut]{ID: "list-workflow-versions", Method: "GET", Path: "/workflows/{workflow}/versions", Tag: tagWorkflows,
	Summary: "List every version that a workflow had, the newest first, also of one that is gone", Policy: readTexts}

const pageOfVersions = 200

func (a *API) listVersions(ctx context.Context, in *ListVersionsIn) (*ListVersionsOut, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(in.Limit, pageOfVersions)
	all, err := s.Versions(ctx, workflowID(in.Workflow), in.Before, limit)
	if err != nil {
		return nil, err
	}
	out := &ListVersionsOut{}
	out.Body.Versions = make([]WorkflowVersion, len(all))
	for i, v := range all {
		out.Body.Versions[i] = versionDocument(v)
	}
	if n := len(all); n == limit && all[n-1].Number > 1 {
		out.Body.Next = all[n-1].Number
	}
	return out, nil
}

// OfVersion names a version of a workflow.
type OfVersion struct {
	OfWorkflow
	Number int64 `path:"number" minimum:"1"`
}

// ShowVersionOut is a version with its text.
type ShowVersionOut struct {
	Body struct {
		WorkflowVersion
		Text string `json:"text" doc:"YAML; empty where it was moved away or removed"`
	}
}

// ShowVersion gives the text of a version.
var ShowVersion = Operation[OfVersion, ShowVersionOut]{ID: "show-workflow-version", Method: "GET", Path: "/workflows/{workflow}/versions/{number}", Tag: tagWorkflows,
	Summary: "Show a version of a workflow with its text; publishing that text goes back to it", Policy: readTexts}

func (a *API) showVersion(ctx context.Context, in *OfVersion) (*ShowVersionOut, error) {
	s, err := a.authoring(ctx)
	if err != nil {
		return nil, err
	}
	v, text, err := s.Version(ctx, workflowID(in.Workflow), in.Number)
	if err != nil {
		return nil, err
	}
	out := &ShowVersionOut{}
	out.Body.WorkflowVersion, out.Body.Text = versionDocument(v), string(text)
	return out, nil
}
