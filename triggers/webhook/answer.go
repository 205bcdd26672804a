package webhook

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/schema"
	"gantry/triggers"
)

// duplicateHeader marks the answer to a delivery that had come before.
const duplicateHeader = "Gantry-Duplicate"

// waitRun is how long an answer that reads run waits for the event to be decided.
const waitRun = 10 * time.Second

// slack is what an answer may take beyond the run that it waited for.
const slack = 30 * time.Second

// answer tells the sender that what it sent is on disk, at once or with the run's outputs.
func (x *exchange) answer(accepted []triggers.Accepted) {
	x.counts.accepted.Add(1)
	duplicate := len(accepted) > 0 && !slices.ContainsFunc(accepted, func(a triggers.Accepted) bool { return !a.Duplicate })
	if duplicate {
		x.counts.duplicates.Add(1)
		x.w.Header().Set(duplicateHeader, "true")
	}
	settings := x.hook.active.Trigger.Webhook
	outcome := outcome{}
	if len(accepted) > 0 {
		outcome.event = accepted[0].ID
		outcome.wait(x, settings)
	}
	if x.custom(settings, outcome) {
		return
	}
	body := map[string]any{"event": outcome.event}
	if settings.Split {
		body["events"] = ids(accepted)
	}
	x.plain(settings, outcome, body)
}

func ids(accepted []triggers.Accepted) []any {
	list := make([]any, len(accepted))
	for i, a := range accepted {
		list[i] = a.ID
	}
	return list
}

// outcome is what is known of the first event when the answer is given.
type outcome struct {
	event    string
	decision triggers.Decision // zero: not decided, or nobody asked
	run      *history.Run      // that has ended; nil: has not, or nobody asked
}

// wait waits as far as the trigger says: for the decision, or for the run's end.
func (o *outcome) wait(x *exchange, settings *workflow.Webhook) {
	atMost := settings.Wait
	if atMost == 0 {
		if !settings.Response.NeedsRun {
			return
		}
		atMost = waitRun
	}
	if !x.gate.wait(x.hook.share) {
		return
	}
	defer x.gate.waited(x.hook.share)
	// Where the server bounds the time for answers, this one has more; see serve for the end of it.
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(atMost + slack))
	x.extended = true
	ctx, cancel := context.WithTimeout(x.r.Context(), atMost)
	defer cancel()
	var err error
	if o.decision, err = x.Events.Decided(ctx, o.event); err != nil || o.decision.Run == "" || settings.Wait == 0 {
		return
	}
	if _, err = x.Runs.Wait(ctx, o.decision.Run); err != nil {
		return
	}
	if run, err := x.History.Get(context.WithoutCancel(ctx), o.decision.Run); err == nil && run.Status.Ended() {
		o.run = run
	}
}

// plain is the answer of a trigger that says nothing of it.
func (x *exchange) plain(settings *workflow.Webhook, o outcome, body map[string]any) {
	status := http.StatusAccepted
	if settings.Wait > 0 && o.event != "" {
		body["status"] = statusOf(o)
		if o.run != nil {
			status = http.StatusOK
			runFacts(body, o.run)
		} else if slices.Contains([]triggers.Status{"", triggers.Pending, triggers.Started}, o.decision.Status) {
			body["status_url"] = x.statusURL(o.event)
		} else { // decided, and there is nothing to wait for
			status = http.StatusOK
		}
	}
	writeJSON(x.w, status, body)
}

// statusOf is the run's status, or what became of the event where it has none.
func statusOf(o outcome) string {
	switch {
	case o.run != nil:
		return string(o.run.Status)
	case o.decision.Status == triggers.Started:
		return "running"
	case o.decision.Status != "":
		return string(o.decision.Status)
	}
	return string(triggers.Pending)
}

// runFacts adds what a sender is told of a run that has ended.
func runFacts(body map[string]any, run *history.Run) {
	if run.Outputs != nil {
		body["outputs"] = run.Outputs
	}
	if e := run.Error; e != nil {
		body["error"] = map[string]any{"code": string(e.Code), "message": e.Message}
	}
}

// custom answers as the trigger says. It is false where it says nothing, where the run has not ended in
// time, or where the expressions fail: the sender is then told what it would be without.
func (x *exchange) custom(settings *workflow.Webhook, o outcome) bool {
	response := settings.Response
	if !response.Custom() || settings.Wait > 0 && o.run == nil {
		return false
	}
	status := http.StatusAccepted
	if settings.Wait > 0 {
		status = http.StatusOK
	}
	made, err := x.evaluate(response, o, status)
	if err != nil {
		x.refusals.add(x.hook.address, kindResponse, err.Error())
		x.Log.Warn("a webhook's response could not be made", "workflow", x.hook.Workflow, "trigger", x.hook.Trigger,
			"organisation", x.hook.org.Slug, "event", o.event, "error", err)
		return false
	}
	for name, value := range made.headers {
		x.w.Header().Set(name, value)
	}
	if response.Body == nil && bodyAllowed(made.status) {
		body := map[string]any{"event": o.event}
		if o.run != nil {
			body["status"] = statusOf(o)
			runFacts(body, o.run)
		}
		made.body = body
	}
	x.write(made)
	return true
}

// answerMade is a custom answer.
type answerMade struct {
	status  int
	headers map[string]string
	body    any
}

// evaluate makes the answer. It needs what was sent for the last time.
func (x *exchange) evaluate(response workflow.WebhookResponse, o outcome, status int) (*answerMade, error) {
	made := &answerMade{status: status, headers: map[string]string{}}
	defer x.gate.parse(len(x.body))()
	defer func() { x.whole, x.body = nil, nil }()
	scope, err := x.scope(o)
	if err != nil {
		return nil, err
	}
	at := expr.At{Now: x.Now()}
	if response.Status != nil {
		v, err := response.Status.Eval(scope, at)
		if err != nil {
			return nil, err
		}
		n, ok := schema.Integer().Conform(v).(int64)
		if !ok || n < 200 || n > 599 {
			return nil, &badAnswer{"the response's status must be a whole number from 200 to 599"}
		}
		made.status = int(n)
	}
	for name, t := range response.Headers {
		v, err := t.Eval(scope, at)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		text, ok := v.(string)
		if !ok || strings.ContainsAny(text, "\r\n\x00") {
			return nil, &badAnswer{"the response's header " + name + " must be text of one line"}
		}
		made.headers[name] = text
	}
	if response.Body != nil {
		if made.body, err = response.Body.Eval(scope, at); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// badAnswer is an answer that cannot be given.
type badAnswer struct{ why string }

func (b *badAnswer) Error() string { return b.why }

// scope is what the response's expressions see.
func (x *exchange) scope(o outcome) (expr.Vars, error) {
	facts, err := x.Organisations.Facts(x.r.Context(), x.hook.OrganisationID)
	if err != nil {
		return nil, err
	}
	scope := expr.Vars{"org": facts.Data(), "event": map[string]any{"id": o.event}, "run": map[string]any{"id": nil}}
	if x.whole == nil {
		if p := x.makeEvents(); p != nil {
			return nil, &badAnswer{p.reason()}
		}
	}
	for name, v := range x.whole {
		scope[name] = v
	}
	if o.decision.Run != "" {
		scope["run"] = map[string]any{"id": o.decision.Run}
	}
	if o.run != nil {
		scope["status"], scope["error"], scope["outputs"] = string(o.run.Status), nil, map[string]any{}
		if o.run.Outputs != nil {
			scope["outputs"] = o.run.Outputs
		}
		if e := o.run.Error; e != nil {
			scope["error"] = map[string]any{"code": string(e.Code), "message": e.Message, "hint": e.Hint, "detail": e.Detail}
		}
	}
	return scope, nil
}

// write writes a custom answer: text as it is, all else as JSON.
func (x *exchange) write(made *answerMade) {
	kind := x.w.Header().Get("Content-Type")
	if !bodyAllowed(made.status) {
		x.w.WriteHeader(made.status)
		return
	}
	text, ok := made.body.(string)
	if !ok {
		writeJSONAs(x.w, made.status, made.body, kind)
		return
	}
	if kind == "" {
		x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	write(x.w, made.status, []byte(text))
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified && status != http.StatusResetContent
}
