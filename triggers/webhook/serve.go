package webhook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/signature"
	"gantry/triggers"
)

// maxHead is how much of the query and headers an event may keep, in bytes.
const maxHead = 64 << 10

// storeRetry is what a sender is told while nothing can be kept.
const storeRetry = 10 * time.Second

// exchange is one request at a hook and its answer.
type exchange struct {
	*Hooks
	hook *hook
	w    http.ResponseWriter
	r    *http.Request

	secret   string            // of the verification; never kept
	redactor *actions.Redactor // made when it is first needed: once the secret is known
	body     []byte
	content  content
	whole    map[string]any // what expressions see, with the whole body
	events   []triggers.Event

	extended bool // the connection's deadline for writing was moved
}

func (x *exchange) serve() {
	settings := x.hook.active.Trigger.Webhook
	if x.cors(settings) {
		return
	}
	held, p := x.take()
	if p == nil {
		var accepted []triggers.Accepted
		if accepted, p = x.accept(); p == nil {
			x.gate.leave(x.hook.share, held) // before the answer, which may wait for the run
			x.answer(accepted)
			if x.extended { // a proxy sends the next request on the same connection
				_ = http.NewResponseController(x.w).SetWriteDeadline(time.Time{})
			}
			return
		}
	}
	if held > 0 {
		x.gate.leave(x.hook.share, held)
	}
	x.refuse(*p)
}

func (x *exchange) refuse(p problem) {
	if p.status == http.StatusTooManyRequests || p.status >= 500 {
		x.counts.busy.Add(1)
	} else {
		x.counts.refused.Add(1)
	}
	if p.kind != "" {
		x.refusals.add(x.hook.address, p.kind, p.reason())
	}
	writeProblem(x.w, p)
}

// take judges the request by its head and takes room for its body; held is what the gate has to get back.
func (x *exchange) take() (held int64, p *problem) {
	settings := x.hook.active.Trigger.Webhook
	if !slices.Contains(settings.Methods, x.r.Method) {
		return 0, &problem{status: http.StatusMethodNotAllowed, message: "This address does not take " + methodText(x.r.Method) + ".", kind: kindMethod, allow: settings.Methods}
	}
	if p := x.verifyHead(); p != nil {
		return 0, p
	}
	if p := x.room(); p != nil {
		return 0, p
	}
	if headSize(x.r) > maxHead {
		return 0, &problem{status: http.StatusRequestHeaderFieldsTooLarge, message: "Headers and query are larger than 64 KiB.", kind: kindTooLarge}
	}
	if x.content, p = contentOf(x.r.Header); p != nil {
		return 0, p
	}
	need := settings.MaxBody
	switch n := x.r.ContentLength; {
	case n > need:
		return 0, x.tooLarge()
	case n >= 0:
		need = n
	}
	need++ // a body of no bytes takes room as well
	switch x.gate.enter(x.hook.share, need) {
	case fullHere:
		return 0, &problem{status: http.StatusTooManyRequests, message: "Too many requests are under way here.", kind: kindFull, retry: time.Second}
	case fullEverywhere:
		return 0, &problem{status: http.StatusServiceUnavailable, message: "Too many requests are under way.", kind: kindFull, retry: time.Second}
	}
	return need, nil
}

// room tells whether the queue takes more of the organisation.
func (x *exchange) room() *problem {
	if ok, after := x.Events.Room(x.hook.OrganisationID); !ok {
		return &problem{status: http.StatusTooManyRequests, message: "Too much is waiting; try again later.", kind: kindFull, retry: max(after, time.Second)}
	}
	return nil
}

func methodText(method string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
		return method
	}
	return "this method"
}

func headSize(r *http.Request) int {
	size := len(r.URL.RawQuery)
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	return size
}

// accept reads, verifies and keeps what came.
func (x *exchange) accept() ([]triggers.Accepted, *problem) {
	if p := x.read(); p != nil {
		return nil, p
	}
	if p := x.verifyBody(); p != nil {
		return nil, p
	}
	if p := x.room(); p != nil { // much may have come while the body did
		return nil, p
	}
	defer x.gate.parse(len(x.body))()
	defer x.forget()
	if p := x.makeEvents(); p != nil {
		return nil, p
	}
	if len(x.events) == 0 { // a split list without entries
		return nil, nil
	}
	// What has been read is kept even if the sender goes away now.
	accepted, err := x.Events.Accept(context.WithoutCancel(x.r.Context()), x.events, nil)
	if err != nil {
		return nil, x.notKept(err)
	}
	return accepted, nil
}

// forget lets go of what the body was made into, which may be much larger, where the answer does not need it or has
// to wait; data gives it once more.
func (x *exchange) forget() {
	settings := x.hook.active.Trigger.Webhook
	x.events = nil
	if !settings.Response.Custom() {
		x.whole, x.body = nil, nil
	} else if settings.Wait > 0 || settings.Response.NeedsRun {
		x.whole = nil
	}
}

// notKept is what the sender is told when events could not be kept. Nothing of them is.
func (x *exchange) notKept(err error) *problem {
	f := fault.From(err)
	switch f.Code {
	case fault.TooLarge:
		return &problem{status: http.StatusRequestEntityTooLarge, message: "The request is too large to be kept.", kind: kindTooLarge, why: f.Error()}
	case fault.RateLimited:
		return &problem{status: http.StatusTooManyRequests, message: "Too much is waiting; try again later.", kind: kindFull, retry: max(f.RetryAfter, time.Second)}
	}
	x.Log.Error("a webhook could not be kept", "workflow", x.hook.Workflow, "trigger", x.hook.Trigger, "organisation", x.hook.org.Slug, "error", f.Error())
	return &problem{status: http.StatusServiceUnavailable, message: "Nothing can be kept at the moment; try again later.", retry: storeRetry}
}

func (x *exchange) tooLarge() *problem {
	return &problem{status: http.StatusRequestEntityTooLarge, message: "The body is larger than this address takes.", kind: kindTooLarge,
		why: "the body is larger than max_body"}
}

// read reads the body, all of it or an error: within the trigger's size and the time that senders have.
func (x *exchange) read() *problem {
	var err error
	x.body, err = io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, x.hook.active.Trigger.Webhook.MaxBody))
	if err == nil {
		_ = http.NewResponseController(x.w).SetReadDeadline(time.Time{}) // the answer may wait longer than the sender might
		return nil
	}
	x.w.Header().Set("Connection", "close") // the deadline stays: the server would wait for the rest
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return x.tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &problem{status: http.StatusRequestTimeout, message: "The body took too long.", kind: kindSlow, why: "the body took longer than " + x.Limits.Read.String()}
	}
	return &problem{status: http.StatusBadRequest, message: "The body ended before its end."}
}

// verifyHead checks what needs no body, so that none is read of those who are not let in.
func (x *exchange) verifyHead() *problem {
	v := x.hook.active.Trigger.Webhook.Verify
	if v.None {
		return nil
	}
	if v.Scheme == nil {
		return unauthorised("no verification is set up")
	}
	secret, err := x.Organisations.OpenSecret(x.r.Context(), x.hook.OrganisationID, v.Secret)
	if err != nil {
		return unauthorised("the secret " + v.Secret + " cannot be used: " + fault.From(err).Message)
	}
	x.secret = secret
	if v.Scheme.Way == signature.HMAC {
		return nil
	}
	return x.verify(v.Scheme, signature.Request{Header: x.r.Header}, v.User)
}

// verifyBody checks what is signed, over the bytes as they came.
func (x *exchange) verifyBody() *problem {
	v := x.hook.active.Trigger.Webhook.Verify
	if v.None || v.Scheme.Way != signature.HMAC {
		return nil
	}
	return x.verify(v.Scheme, signature.Request{Method: x.r.Method, URL: x.URL + x.r.URL.RequestURI(), Header: x.r.Header, Body: x.body}, v.User)
}

func (x *exchange) verify(scheme *signature.Scheme, r signature.Request, user string) *problem {
	if err := scheme.Verify(r, user, x.secret, x.Now()); err != nil {
		if scheme.Way == signature.Basic { // some senders say who they are only when they are asked
			x.w.Header().Set("WWW-Authenticate", `Basic realm="webhook", charset="UTF-8"`)
		}
		return unauthorised(strings.TrimSpace(err.Error()))
	}
	return nil
}

// unauthorised tells the sender nothing, and the admin why.
func unauthorised(why string) *problem {
	return &problem{status: http.StatusUnauthorized, message: "The request could not be verified.", kind: kindUnauthorised, why: why}
}
