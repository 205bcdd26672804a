package api

import (
	"context"
	"net/http"
	"strings"

	"gantry/access"
)

// begin notes in the audit log that an operation begins, unless it only reads, or nobody is signed in: strangers
// could fill the disk. What it is done to is the path below Base, until somebody says it better.
func (q *request) begin(r *http.Request) *http.Request {
	known := q.caller != nil && q.caller.Kind != access.ByNone
	if !q.op.audited() || q.api.house.Access == nil || q.api.house.Unrecorded || !known && q.op.Policy.Where != Public {
		return r
	}
	ctx, record := q.api.house.Access().Begin(r.Context(), q.caller, access.Attempt{Operation: q.op.ID, Target: strings.TrimPrefix(r.URL.Path, Base)})
	q.record = record
	return r.WithContext(ctx)
}

// end writes the entry, and gives err, or what kept the entry from being written.
func (q *request) end(ctx context.Context, err error) error {
	if q == nil || q.record == nil {
		return err
	}
	record := q.record
	q.record = nil
	return record.End(ctx, err)
}

// onlyPlans keeps a request that plans, and changes nothing, out of the audit log.
func onlyPlans(ctx context.Context, planning bool) {
	if q := requestOf(ctx); planning && q != nil {
		q.record = nil
	}
}

// recorded ends the record of the operation under way.
func recorded(ctx context.Context, err error) error { return requestOf(ctx).end(ctx, err) }

// audited tells whether a call is kept in the audit log.
func (d *Described) audited() bool { return d.Method != http.MethodGet && !d.Asks }
