package flow

import (
	"slices"

	"gantry/engine/workflow"
	"gantry/fault"
)

// items is the state of a for_each.
type items struct {
	values  []any
	units   []unitState
	results []any // by item: {status, result, error}

	concurrency int
	next        int // the first that has not been started
	running     int // started and not ended
	done        int
	failed      int
	cancelled   int             // cut off because the run was ending
	unheard     map[int]Outcome // items that ended otherwise than their last attempt says
	first       *fault.Error    // of the first failed item in the items' order
	firstItem   int
	stopped     bool   // no new items: one failed, or the run is ending
	filling     bool   // in fillItems' loop: an item that ends at once must not start another loop
	active      [3]int // units that are running, queued, waiting
}

func (s *State) startItems(e *Execution) {
	it, err := s.evalItems(e)
	if err != nil {
		e.items = &items{}
		s.endExecution(e, Outcome{Result: []any{}, Error: fault.From(err)})
		return
	}
	e.items = it
	s.fillItems(e)
}

func (s *State) evalItems(e *Execution) (*items, error) {
	rule, names := e.Task.ForEach, s.taskNames(e, NoItem)
	v, err := s.eval(rule.Items, names)
	if err != nil {
		return nil, err
	}
	values, err := itemValues(rule, v)
	if err != nil {
		return nil, err
	}
	it := &items{values: slices.Clone(values), results: make([]any, len(values)), units: make([]unitState, len(values))}
	it.concurrency, err = s.evalConcurrency(rule, names, len(values))
	return it, err
}

func (s *State) evalConcurrency(rule *workflow.ForEach, names *names, items int) (int, error) {
	if rule.Concurrency == nil {
		return workflow.DefaultConcurrency, nil
	}
	n, err := s.eval(rule.Concurrency, names)
	if err != nil {
		return 0, err
	}
	count, ok := n.(int64)
	if !ok || count < 1 {
		return 0, fault.New(fault.Expression, "%s: concurrency is %v", rule.Concurrency.Pos(), n).WithHint("concurrency is a whole number from 1")
	}
	return int(min(count, int64(max(1, items)))), nil
}

// itemValues takes a list as it is and a map as its {key, value} pairs by key.
func itemValues(rule *workflow.ForEach, v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		pairs := make([]any, len(keys))
		for i, k := range keys {
			pairs[i] = map[string]any{"key": k, "value": v[k]}
		}
		return pairs, nil
	case nil:
		return nil, fault.New(fault.Expression, "%s: the items of for_each are null", rule.Items.Pos()).
			WithHint("if there may be none, give an empty list: add .orValue([]) to an optional, or write x == null ? [] : x")
	}
	return nil, fault.New(fault.Expression, "%s: the items of for_each are neither a list nor a map", rule.Items.Pos()).
		WithHint("for_each goes through a list, or through a map as {key, value}")
}

// fillItems starts items until concurrency is reached, and ends the execution when none is left.
func (s *State) fillItems(e *Execution) {
	it := e.items
	if it.filling {
		return
	}
	it.filling = true
	for !it.stopped && it.running < it.concurrency && it.next < len(it.units) {
		i := it.next
		it.next++
		if it.units[i].status == Succeeded { // before the run was reopened
			continue
		}
		it.running++
		s.startUnit(e, &it.units[i], Unit{e.ID, i})
	}
	it.filling = false
	if it.running == 0 && !e.ended() {
		s.endExecution(e, s.itemsOutcome(e))
	}
}

func (s *State) endItem(e *Execution, i int, out Outcome) {
	it := e.items
	it.running--
	it.done++
	it.results[i] = ItemResult(out)
	if out.Status() == Succeeded {
		it.values[i] = nil // no longer needed; ten thousand large items must not be kept
	}
	switch {
	case out.Cancelled && (s.phase != going || it.units[i].attempts == 0): // left, which is no failure of its own
		it.cancelled++
	case out.Error != nil:
		it.failed++
		if it.first == nil || i < it.firstItem {
			it.first, it.firstItem = out.Error, i
		}
		if !e.Task.ForEach.Continue {
			s.stopItems(e, Withdrawn)
		}
	}
	s.fillItems(e)
}

// ItemResult is what the result of a for_each holds for one item.
func ItemResult(out Outcome) map[string]any {
	return map[string]any{"status": string(out.Status()), "result": out.Result, "error": errorValue(out.Error)}
}

// note keeps how an item ended of which its last attempt tells otherwise.
func (it *items) note(i int, out Outcome) {
	if it.unheard == nil {
		it.unheard = map[int]Outcome{}
	}
	it.unheard[i] = Outcome{Error: out.Error, TimedOut: out.TimedOut, Unknown: out.Unknown, Cancelled: out.Cancelled}
}

func (it *items) succeeded() int {
	n := 0
	for i := range it.units {
		if it.units[i].status == Succeeded {
			n++
		}
	}
	return n
}

// stopItems starts no further items; those that wait to be repeated have failed.
func (s *State) stopItems(e *Execution, why StopReason) {
	it := e.items
	if it.stopped && why == Withdrawn {
		return
	}
	it.stopped = true
	for i := range it.next {
		u := &it.units[i]
		if why == Withdrawn && !u.backoff && !u.held {
			continue
		}
		s.dropUnit(e, u, Unit{e.ID, i}, why)
	}
}

func (s *State) dropItems(e *Execution, why StopReason) {
	s.stopItems(e, why)
	if why == Withdrawn { // the run fails: what only waits is not waited for
		for i := range e.items.next {
			s.dropUnit(e, &e.items.units[i], Unit{e.ID, i}, why)
		}
	}
	if !e.ended() {
		s.fillItems(e)
	}
}

func (s *State) itemsOutcome(e *Execution) Outcome {
	it := e.items
	for i, r := range it.results {
		if r == nil {
			it.results[i] = map[string]any{"status": string(Cancelled), "result": nil, "error": nil}
		}
	}
	out := Outcome{Result: it.results}
	switch {
	case it.failed > 0 && !e.Task.ForEach.Continue:
		out.Error = fault.New(fault.ItemsFailed, "%d of %d items failed; item %d: %s", it.failed, len(it.units), it.firstItem, it.first.Message).
			WithHint("%s", it.first.Hint).
			WithDetail(map[string]any{"failed": int64(it.failed), "items": int64(len(it.units)), "first": errorValue(it.first)})
	case it.done-it.cancelled < len(it.units):
		out.Cancelled = true
		out.Error = fault.New(fault.Cancelled, "%d of %d items were not run to their end: the run was ending", len(it.units)-it.done+it.cancelled, len(it.units))
	}
	return out
}

func (it *items) count(status Status, by int) {
	switch status {
	case Running:
		it.active[0] += by
	case Queued:
		it.active[1] += by
	case Waiting:
		it.active[2] += by
	}
}
