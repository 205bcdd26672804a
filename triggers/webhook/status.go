package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"strings"
	"time"

	"gantry/fault"
)

// statusWait is how long a question for a status waits for an event to be decided.
const statusWait = time.Second

// statusURL is where the sender of an event can ask what became of it. The name carries a proof, so that
// nobody can ask at one address for another's events.
func (x *exchange) statusURL(event string) string {
	return x.URL + Path + x.hook.token + "/runs/" + event + "." + x.proof(event)
}

func (x *exchange) proof(event string) string {
	m := hmac.New(sha256.New, x.key)
	writePart(m, "status", x.hook.Workflow, x.hook.Trigger, x.hook.OrganisationID, event)
	return tokenText.EncodeToString(m.Sum(nil)[:tokenBytes])
}

// status answers at a status URL: {event, status, outputs?, error?}. Only triggers with wait have them; those
// without never tell senders what came of their runs.
func (x *exchange) status(name string) {
	settings := x.hook.active.Trigger.Webhook
	event, proof, _ := strings.Cut(name, ".")
	if settings.Wait == 0 || !hmac.Equal([]byte(proof), []byte(x.proof(event))) {
		x.unknown(x.w)
		return
	}
	if x.cors(settings) {
		return
	}
	if x.r.Method != http.MethodGet && x.r.Method != http.MethodHead {
		writeProblem(x.w, problem{status: http.StatusMethodNotAllowed, message: "This address does not take " + methodText(x.r.Method) + ".", allow: []string{"GET", "HEAD"}})
		return
	}
	if p := x.verifyHead(); p != nil {
		x.refuse(*p)
		return
	}
	o := outcome{event: event}
	switch err := o.look(x); {
	case err == nil:
	case fault.From(err).Code == fault.Missing:
		writeProblem(x.w, problem{status: http.StatusNotFound, message: "What became of this is not kept any more."})
		return
	default:
		writeProblem(x.w, problem{status: http.StatusServiceUnavailable, message: "The status cannot be read at the moment; try again later.", retry: storeRetry})
		return
	}
	body := map[string]any{"event": event, "status": statusOf(o)}
	if o.run != nil {
		if !o.run.Status.Ended() {
			body["status"] = string(o.run.Status)
		} else {
			runFacts(body, o.run)
		}
	}
	writeJSON(x.w, http.StatusOK, body)
}

// look finds out what is known now, without waiting for the run.
func (o *outcome) look(x *exchange) error {
	ctx, cancel := context.WithTimeout(x.r.Context(), statusWait)
	defer cancel()
	var err error
	if o.decision, err = x.Events.Decided(ctx, o.event); err != nil {
		if ctx.Err() != nil {
			return nil // not decided yet
		}
		return err
	}
	if o.decision.Run == "" {
		return nil
	}
	run, err := x.History.Get(x.r.Context(), o.decision.Run)
	if err == nil {
		o.run = run
	}
	return err
}
