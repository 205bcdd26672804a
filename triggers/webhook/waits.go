package webhook

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"gantry/engine"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
)

// Wait is a task that waits for a webhook, at the address that a request came to.
type Wait struct {
	Linked  *engine.Linked
	Token   string // the unguessable part of the address, to be kept nowhere
	Deliver func(context.Context, engine.Delivery) error
}

// ServeWait takes a request for a task that waits, or is to: as a webhook trigger does, with the verification that the
// task writes. 202 says that it is on disk; 410 that nothing waits any more.
func (h *Hooks) ServeWait(w http.ResponseWriter, r *http.Request, wait Wait) {
	protect(w.Header())
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.Limits.Read)) // as for triggers
	x := &exchange{Hooks: h, hook: h.hookOf(wait), w: w, r: r}
	duplicate, p := x.deliver(wait)
	if p != nil {
		x.refuseWait(*p)
		return
	}
	h.counts.accepted.Add(1)
	if duplicate {
		h.counts.duplicates.Add(1)
		w.Header().Set(duplicateHeader, "true")
	}
	writeJSON(w, http.StatusAccepted, map[string]any{"status": "accepted"})
}

// hookOf lets a task's wait be treated like a trigger's address. All waits share what one address may hold.
func (h *Hooks) hookOf(wait Wait) *hook {
	l := wait.Linked
	return &hook{address: address{triggers.Key{Workflow: l.Run.Workflow, Trigger: l.Task.Name}, l.Run.OrganisationID},
		active: &triggers.Active{Trigger: &workflow.Trigger{Webhook: l.Task.Receives}},
		org:    orgs.Organisation{ID: l.Run.OrganisationID, Slug: l.Run.Organisation}, token: wait.Token, share: &h.waits}
}

// deliver reads, verifies and hands on what came.
func (x *exchange) deliver(wait Wait) (duplicate bool, p *problem) {
	held, p := x.take()
	if p != nil {
		return false, p
	}
	defer x.gate.leave(x.hook.share, held)
	if p := x.read(); p != nil {
		return false, p
	}
	if p := x.verifyBody(); p != nil {
		return false, p
	}
	defer x.gate.parse(len(x.body))()
	body, p := x.content.parse(x.body)
	if p != nil {
		return false, p
	}
	result := x.data(x.hides().Data(body))
	delete(result, "content_type")
	l := wait.Linked
	// What has been read is kept even if the sender goes away now.
	err := wait.Deliver(context.WithoutCancel(x.r.Context()), engine.Delivery{Run: l.Run.ID, Task: l.Task.Name, Item: l.Item, Result: result})
	if err == nil {
		return false, nil
	}
	switch f := fault.From(err); f.Code {
	case fault.Exists:
		return true, nil
	case fault.TooLarge:
		return false, &problem{status: http.StatusRequestEntityTooLarge, message: f.Message, kind: kindTooLarge}
	case fault.Conflict, fault.Missing:
		return false, &problem{status: http.StatusGone, message: "Nothing waits for this any more."}
	case fault.RateLimited:
		return false, &problem{status: http.StatusTooManyRequests, message: "Too much has come here that nothing waits for yet.", retry: storeRetry}
	default:
		x.Log.Error("a webhook for a task that waits could not be kept", "run", l.Run.ID, "task", l.Task.Name, "error", f.Error())
		return false, &problem{status: http.StatusServiceUnavailable, message: "Nothing can be kept at the moment; try again later.", retry: storeRetry}
	}
}

// refuseWait tells the sender. There is no trigger whose page would show it, so what an admin should know is logged.
func (x *exchange) refuseWait(p problem) {
	if p.status == http.StatusTooManyRequests || p.status >= 500 {
		x.counts.busy.Add(1)
	} else {
		x.counts.refused.Add(1)
	}
	if slices.Contains([]kind{kindUnauthorised, kindTooLarge, kindUnreadable, kindUnsupported}, p.kind) {
		x.Log.Warn("a webhook for a task that waits was refused", "workflow", x.hook.Workflow, "task", x.hook.Trigger, "organisation", x.hook.org.Slug,
			"why", strings.TrimSpace(p.reason()))
	}
	writeProblem(x.w, p)
}
