package flow

import (
	"fmt"
	"time"
)

// later stores the events that people and looks at other systems bring into a run; "" for any other.
func (r *record) later(event Event) (kind string) {
	switch ev := event.(type) {
	case Answered:
		r.unit(ev.Unit)
		r.Result, r.By = value{ev.Result}, ev.By
		return kindAnswered
	case AttemptVerified:
		r.unit(ev.Unit)
		r.Verdict, r.Result = string(ev.Verdict), value{ev.Result}
		r.fault(ev.Error)
		return kindAttemptVerified
	case Resolved:
		r.unit(ev.Unit)
		r.Done, r.Result, r.By = ev.Done, value{ev.Result}, ev.By
		return kindResolved
	case Reopened:
		r.By, r.Version, r.Limit, r.Inputs = ev.By, ev.Version, int64(ev.Limit), editsValue(ev.Inputs)
		r.MostOutput, r.MostOutputs = ev.Most.Each, ev.Most.All
		return kindReopened
	}
	return ""
}

// laterOf is the reverse of later; nil for any other kind.
func (r *record) laterOf(kind string, at time.Time) Event {
	switch kind {
	case kindAnswered:
		return Answered{At: at, Unit: r.unitOf(), Result: r.Result.data, By: r.By}
	case kindAttemptVerified:
		return AttemptVerified{At: at, Unit: r.unitOf(), Verdict: Verdict(r.Verdict), Result: r.Result.data, Error: r.faultOf()}
	case kindResolved:
		return Resolved{At: at, Unit: r.unitOf(), Done: r.Done, Result: r.Result.data, By: r.By}
	case kindReopened:
		return Reopened{At: at, By: r.By, Version: r.Version, Inputs: editsOf(r.Inputs), Limit: time.Duration(r.Limit), Most: MostOutputs{r.MostOutput, r.MostOutputs}}
	}
	return nil
}

func (r *record) waits(ev AttemptWaits) {
	r.unit(ev.Unit)
	r.Result, r.Awaits = value{ev.Result}, ev.Awaits
	if !ev.Until.IsZero() || ev.Awaits == "" {
		r.Until = &ev.Until
	}
}

func (r *record) waitsOf(at time.Time) (Event, error) {
	ev := AttemptWaits{At: at, Unit: r.unitOf(), Result: r.Result.data, Awaits: r.Awaits}
	switch {
	case r.Until != nil:
		ev.Until = *r.Until
	case r.Awaits == "":
		return nil, fmt.Errorf("event %s without until", kindAttemptWaits)
	}
	return ev, nil
}

// editsValue gives the replaced inputs as JSON data: by task, then by key.
func editsValue(edits map[string]map[string]any) value {
	if len(edits) == 0 {
		return value{}
	}
	out := make(map[string]any, len(edits))
	for task, keys := range edits {
		out[task] = mapOrNil(keys)
	}
	return value{out}
}

func editsOf(v value) map[string]map[string]any {
	var out map[string]map[string]any
	for task, keys := range mapOf(v) {
		if out == nil {
			out = map[string]map[string]any{}
		}
		out[task], _ = keys.(map[string]any)
	}
	return out
}
