package api

import (
	"context"
	"strconv"
	"time"

	"gantry/access"
	"gantry/fault"
)

// ListAuditIn narrows the audit log, and says where a page begins.
type ListAuditIn struct {
	User         string    `query:"user" doc:"The login or the id of who did it, also of one who was removed"`
	Operation    string    `query:"operation" doc:"The id of an operation, such as add-user"`
	Organisation string    `query:"organisation" doc:"A slug: entries of this organisation alone"`
	Outcome      string    `query:"outcome" enum:"done,refused,failed"`
	From         time.Time `query:"from" doc:"Entries of this time and later"`
	To           time.Time `query:"to" doc:"Entries before this time"`
	Cursor       string    `query:"cursor" doc:"next of the page before"`
	Limit        int       `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Entries on a page"`
}

// ListAuditOut is a page of the audit log.
type ListAuditOut struct {
	Body struct {
		Entries []access.Entry `json:"entries" doc:"The newest first"`
		Next    string         `json:"next,omitempty" doc:"The cursor of the next page; there is none where it is left out"`
	}
}

// ListAudit lists what was done and refused.
var ListAudit = Operation[ListAuditIn, ListAuditOut]{ID: "list-audit", Method: "GET", Path: "/audit", Tag: "audit", Summary: "List what was done and refused, the newest first",
	Description: "Every change and every sign-in is there. Who administers everything sees all of it, others the entries of the organisations that they administer.",
	Policy:      Policy{Role: access.Admin, Scope: access.AuditRead, Where: Filtered}}

func (a *API) listAudit(ctx context.Context, in *ListAuditIn) (*ListAuditOut, error) {
	by := judgedByAccess(ctx)
	f := access.AuditFilter{User: in.User, Operation: in.Operation, Outcome: access.Outcome(in.Outcome), From: in.From, To: in.To, Limit: in.Limit}
	if in.Cursor != "" {
		before, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || before < 1 {
			return nil, fault.New(fault.InvalidInput, "the cursor is none that a page had").WithHint("take it from next, unchanged")
		}
		f.Before = before
	}
	if in.Organisation != "" {
		org, err := requireSlug(ctx, access.Admin, access.AuditRead, in.Organisation)
		if err != nil {
			return nil, err
		}
		f.OrganisationID = org.ID
	}
	entries, next, err := a.house.Access().Audit(ctx, by, f)
	if err != nil {
		return nil, err
	}
	out := &ListAuditOut{}
	out.Body.Entries = entries
	if next > 0 {
		out.Body.Next = strconv.FormatInt(next, 10)
	}
	return out, nil
}
