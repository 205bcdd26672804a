package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/authoring"
	"gantry/fault"
)

// Policies of changing workflows. Texts name clients, so they are for people of the MSP alone.
var (
	readTexts   = Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: AtRoot}
	changeTexts = Policy{Role: access.Author, Scope: access.WorkflowsWrite, Where: AtRoot}
)

// authoring gives the room that changes workflows.
func (a *API) authoring(ctx context.Context) (*authoring.Service, error) {
	if a.house.Authoring == nil {
		return nil, fault.New(fault.Usage, "drafts and versions of workflows are the server's").WithHint("start it with `gantry serve`")
	}
	return a.house.Authoring(ctx)
}

// DraftMark tells of a draft.
type DraftMark struct {
	By string    `json:"by" doc:"A login"`
	At time.Time `json:"at"`
}

// ChangedMark tells of the last change of a workflow.
type ChangedMark struct {
	By      string    `json:"by" doc:"A login; empty: not known, for the file was changed outside"`
	At      time.Time `json:"at"`
	Comment string    `json:"comment"`
}

// marks are what lists tell of drafts and versions, by workflow.
type marks struct {
	drafts map[string]authoring.Draft
	latest map[string]authoring.Version
}

// marks reads them for people of the MSP; others get none.
func (a *API) marks(ctx context.Context, every bool) (m marks, err error) {
	if !every || a.house.Authoring == nil {
		return m, nil
	}
	s, err := a.house.Authoring(ctx)
	if err != nil {
		return m, err
	}
	if m.drafts, err = s.Drafts(ctx); err != nil {
		return m, err
	}
	m.latest, err = s.Latest(ctx)
	return m, err
}

// add says of a workflow what is known of its draft and its last change.
func (m marks) add(doc *Workflow) {
	if d, there := m.drafts[doc.ID]; there {
		doc.Draft = &DraftMark{d.By, d.At}
	}
	if v, there := m.latest[doc.ID]; there && !doc.DraftOnly {
		doc.Changed = &ChangedMark{v.By, v.At, v.Comment}
	}
}

// onlyDrafts gives the workflows of which there is nothing but a draft.
func (m marks) onlyDrafts(has func(id string) bool) (ids []string) {
	for id := range m.drafts {
		if !has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func authoringOperations(a *API) {
	ShowDraft.serve(a, a.showDraft)
	SaveDraft.serve(a, a.saveDraft)
	DropDraft.serve(a, a.dropDraft)
	PublishWorkflow.serve(a, a.publishWorkflow)
	MoveWorkflow.serve(a, a.moveWorkflow)
	RemoveWorkflow.serve(a, a.removeWorkflow)
	ListVersions.serve(a, a.listVersions)
	ShowVersion.serve(a, a.showVersion)
}
