package actions

import (
	"context"
	"strings"
	"time"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Core is the Go behind a core action; title, inputs and result stand in core/core.yaml like everybody else's.
type Core struct {
	run func(ctx context.Context, a *attempt) Outcome
	// Instant tells that it never leaves the process, so that it need not be queued.
	Instant bool
	// Secrets tells that the action may be given secrets: it sends them on and does not give them back.
	Secrets bool
	// ResultFor gives the result's type where it follows from the inputs; nil where it does not.
	ResultFor func(inputs *schema.Type) *schema.Type
	// ResultWritten gives the result's type where it follows from how the workflow writes the inputs, of which it
	// reports what types cannot say; nil where it does not. with may be nil.
	ResultWritten func(with *source.Node, ds *source.Diagnostics) *schema.Type
}

// natives are the core actions by name. One that core.yaml does not declare is found by a test.
var natives = map[string]*Core{
	"noop":         {Instant: true, run: func(context.Context, *attempt) Outcome { return Outcome{} }},
	"fail":         {Instant: true, run: coreFail},
	"set":          {Instant: true, run: coreSet, ResultFor: coreSetResult},
	"delay":        {Instant: true, run: coreDelay},
	"delay_until":  {Instant: true, run: coreDelayUntil},
	"http_request": {run: coreHTTP, Secrets: true},

	"ask":              {Instant: true, run: coreAsk, ResultWritten: askWritten},
	"wait_for_webhook": {Instant: true, run: coreWaitForWebhook},
}

func coreFail(_ context.Context, a *attempt) Outcome {
	message, _ := a.inputs["message"].(string)
	e := fault.New(fault.Failed, "%s", message)
	if reason, ok := a.inputs["reason"]; ok {
		e = e.WithDetail(map[string]any{"reason": reason})
	}
	return Outcome{Err: e}
}

func coreSet(_ context.Context, a *attempt) Outcome { return Outcome{Result: a.inputs["values"]} }

func coreSetResult(inputs *schema.Type) *schema.Type {
	if values, ok := inputs.Field("values"); ok {
		return values.Type
	}
	return schema.Any()
}

// maxDelay is how long a run may live at most.
const maxDelay = 30 * 24 * time.Hour

func coreDelay(_ context.Context, a *attempt) Outcome {
	text, _ := a.inputs["duration"].(string)
	d, err := schema.ParseDuration(text)
	if err != nil || d < 0 {
		return Outcome{Err: fault.New(fault.InvalidInput, "core.delay: duration %q is not a length of time", text).
			WithHint("write 300ms, 30s, 5m, 8h or 2d")}
	}
	return a.waitUntil(a.clock().Add(d))
}

func coreDelayUntil(_ context.Context, a *attempt) Outcome {
	text, _ := a.inputs["time"].(string)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if at, err := time.Parse(layout, strings.Replace(text, " ", "T", 1)); err == nil {
			return a.waitUntil(at)
		}
	}
	return Outcome{Err: fault.New(fault.InvalidInput, "core.delay_until: %q is not a point in time", text).
		WithHint("write it like 2026-11-30T08:00:00+01:00; without a zone it is UTC")}
}

// waitUntil ends the attempt with a timer that the engine keeps; a time that has passed is no wait.
func (a *attempt) waitUntil(at time.Time) Outcome {
	at = at.UTC()
	now := a.clock()
	if at.Sub(now) > maxDelay {
		return Outcome{Err: fault.New(fault.InvalidInput, "%s: %s is more than 30 days away", a.call.Action.ID, at.Format(time.RFC3339)).
			WithHint("a run lives 30 days at most; use a schedule trigger")}
	}
	out := Outcome{Result: map[string]any{"until": at.Format(time.RFC3339Nano)}}
	if at.After(now) {
		out.Wait = &Wait{Until: at}
	}
	return out
}
