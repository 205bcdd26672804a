package engine

import (
	"gantry/engine/flow"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// What a run may keep. A result that no expression could hand on (expr.MaxResult) is not worth keeping.
const (
	MaxResult     = expr.MaxResult // bytes of one attempt's result, about as JSON
	MaxRunResults = 64 << 20       // of all results of a run together
)

// bound takes away a result that is too large to keep. What was done stays done: a write that succeeded
// must not look as if it had not been.
func (r *run) bound(out *flow.Outcome) {
	size := schema.Size(out.Result, MaxResult)
	var f *fault.Error
	switch {
	case size > MaxResult:
		f = fault.New(fault.TooLarge, "the result is larger than %d MiB, more than a run can keep of one task", MaxResult>>20)
	case int(r.kept.Add(int64(size))) > MaxRunResults:
		f = fault.New(fault.TooLarge, "the run's results are larger than %d MiB together", MaxRunResults>>20)
	default:
		return
	}
	f.WithHint("ask for less: fewer fields, a filter, a limit; or let a sub-workflow fetch it and give back only what is needed")
	out.Result = nil
	if out.Error == nil {
		f.Message += "; what was asked for was done"
		out.Error = f
	}
}
