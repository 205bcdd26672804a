package engine

import (
	"context"
	"fmt"

	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// Limit bounds how many runs that name the same key go side by side: those that have begun and not ended,
// waiting ones included. Runs of sub-workflows and handlers of failures are not counted: they belong to the
// run that led to them.
type Limit struct {
	Key      string   `json:"key"`  // runs with the same key count together, whatever their workflow and organisation
	Most     int      `json:"most"` // at least 1
	WhenFull WhenFull `json:"when_full"`
}

// WhenFull says what happens to a run for which a limit has no place.
type WhenFull string

// What may happen. Anything else is Queue.
const (
	Queue         WhenFull = "queue"          // it waits for its turn
	Skip          WhenFull = "skip"           // it is refused with the code skipped
	CancelRunning WhenFull = "cancel_running" // the oldest that goes (or waits) is cancelled; it begins when that has ended
)

// limitsOf gives the limits of a run: its workflow's, which counts each organisation by itself or, with a
// key, each value of that, and those of the request. facts are the organisation's, looked up if they are needed.
func (e *Engine) limitsOf(ctx context.Context, p *plan) ([]Limit, error) {
	limits := p.req.Limits
	if rule := p.wf.Concurrency; rule != nil {
		key := "of " + p.req.Organisation.ID
		if rule.Key != nil {
			facts, err := e.facts(ctx, p)
			if err != nil {
				return nil, err
			}
			v, err := rule.Key.Eval(expr.Vars{"inputs": p.req.Inputs, "org": facts, "trigger": p.trigger()}, expr.At{Now: p.created})
			if err != nil {
				f := fault.From(err)
				return nil, fault.Wrap(err, f.Code, "the key of concurrency: %s", f.Message).WithHint("%s", f.Hint)
			}
			text, err := schema.Encode(v)
			if err != nil {
				return nil, err
			}
			key = "key " + string(text)
		}
		limits = append([]Limit{{Key: fmt.Sprintf("workflow %s %s", p.wf.ID, key), Most: rule.Most, WhenFull: WhenFull(rule.WhenFull)}}, limits...)
	}
	return distinct(limits), nil
}

// distinct joins limits of the same key: the narrowest counts.
func distinct(limits []Limit) []Limit {
	var out []Limit
	at := map[string]int{}
	for _, l := range limits {
		l.Most = max(l.Most, 1)
		if i, ok := at[l.Key]; ok {
			if l.Most < out[i].Most {
				out[i] = l
			}
			continue
		}
		at[l.Key] = len(out)
		out = append(out, l)
	}
	return out
}
