package actions

import (
	"context"
	"time"

	"gantry/expr"
	"gantry/fault"
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
	Result   any          // when Done: what the write would have given
	Err      *fault.Error // when Unsure: why
	Requests []RequestRecord
}

// defaultVerifyAfter is how long a write that was done may take to be seen where the action says nothing else.
const defaultVerifyAfter = 10 * time.Second

// verification says how to look whether a write was done.
type verification struct {
	when   *expr.Program // over inputs; nil: always
	lookUp question      // with over inputs
	// missing is what the look-up's fault not_found means; "" when it means nothing.
	missing Verdict
	unsure  *expr.Program // over inputs and the look-up's result: the answer tells nothing; nil: it always does
	found   *expr.Program // over inputs and the look-up's result: true or false, or the list of what fits
	read    question      // with over inputs and found, gives found as the write does; without action: it is that already
	made    *expr.Program // over inputs and found: when what was found was made; null: nobody knows; nil: nobody ever does
	result  *expr.Program // over inputs and found; nil: what was found
}

// question is a call of an action that reads.
type question struct {
	action *Action
	with   *expr.Template
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

// Verify looks in the other system whether a write was done. The call is that of the write; ctx carries the look's own
// deadline. It changes nothing there, and it never guesses.
func (r *Runtime) Verify(ctx context.Context, call Call) Verification {
	l := &look{ctx: ctx, attempt: r.attempt(call)}
	v := l.verify()
	out := Outcome{Result: v.Result, Err: v.Err}
	l.clean(&out)
	return Verification{Verdict: v.Verdict, Result: out.Result, Err: out.Err, Requests: out.Requests}
}

// look is one Verify under way.
type look struct {
	*attempt
	ctx   context.Context
	scope expr.Vars
}

func (l *look) verify() Verification {
	if f := l.prepare(); f != nil {
		return unsure(f)
	}
	action := l.call.Action
	if !action.Verifies(l.inputs) {
		return unsure(fault.New(fault.UnknownOutcome, "%s has no way to look for what these inputs make", action.ID))
	}
	v := action.verifying()
	l.scope = expr.Vars{"inputs": fill(action.Inputs, l.inputs)}
	answer, f := l.ask(v.lookUp)
	switch {
	case f != nil && f.Code == fault.NotFound && v.missing == NotDone:
		return Verification{Verdict: NotDone}
	case f != nil && f.Code == fault.NotFound && v.missing == Done:
		l.scope["found"] = nil
		return l.done(v)
	case f != nil:
		return unsure(f)
	}
	l.scope["result"] = answer
	if v.unsure != nil {
		if holds, err := v.unsure.Bool(l.scope, l.now()); err != nil {
			return unsure(fault.From(err))
		} else if holds {
			return unsure(fault.New(fault.UnknownOutcome, "what %s gives does not tell", v.lookUp.action.ID))
		}
	}
	return l.judge(v, answer)
}

// judge looks for the write in what the look-up gave.
func (l *look) judge(v *verification, answer any) Verification {
	found, err := v.found.Eval(l.scope, l.now())
	if err != nil {
		return unsure(fault.From(err))
	}
	switch found := found.(type) {
	case bool:
		l.scope["found"] = answer
		if !found {
			return Verification{Verdict: NotDone}
		}
		return l.done(v)
	case []any:
		return l.among(v, found)
	}
	return unsure(fault.New(fault.InvalidResult, "what `found` of %s gives is neither true nor false, nor a list", l.call.Action.ID))
}

// among decides by how many things fit.
func (l *look) among(v *verification, found []any) Verification {
	switch len(found) {
	case 0:
		return Verification{Verdict: NotDone}
	case 1:
		l.scope["found"] = found[0]
		return l.done(v)
	}
	return unsure(fault.New(fault.UnknownOutcome, "%d things fit, so that nobody can tell which of them this made", len(found)))
}

// done gives the result that the write would have given.
func (l *look) done(v *verification) Verification {
	if v.read.action != nil {
		whole, f := l.ask(v.read)
		if f != nil {
			return unsure(f)
		}
		l.scope["found"] = whole
	}
	if f := l.older(v); f != nil {
		return unsure(f)
	}
	result := l.scope["found"]
	if v.result != nil {
		got, err := v.result.Eval(l.scope, l.now())
		if err != nil {
			return unsure(fault.From(err))
		}
		result = got
	}
	return Verification{Verdict: Done, Result: l.call.Action.Result.Conform(result)}
}

// clockMargin is how far the clocks of both sides, and their rounding, may be apart.
const clockMargin = 2 * time.Minute

// older tells why what was found cannot be the attempt's work: it was there before that. nil: it may well be.
func (l *look) older(v *verification) *fault.Error {
	if v.made == nil || l.call.Began.IsZero() || l.scope["found"] == nil {
		return nil
	}
	got, err := v.made.Eval(l.scope, l.now())
	if err != nil {
		return fault.From(err)
	}
	text, _ := got.(string)
	made, known := madeAt(text)
	if !known || !made.Before(l.call.Began.Add(-clockMargin)) {
		return nil
	}
	return fault.New(fault.UnknownOutcome, "what fits was made at %s, before this was sent at %s: something else has the same key",
		made.UTC().Format(time.RFC3339), l.call.Began.UTC().Format(time.RFC3339))
}

// madeAt reads a time as other systems write it; without a zone it is UTC.
func madeAt(text string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(form, text); err == nil && at.Year() > 1900 { // some write 1899 or 0001 for none
			return at, true
		}
	}
	return time.Time{}, false
}

// ask carries out a read for the same organisation with the same instance. What it gives is compared as it is: with
// secrets taken out, what is there would not be found.
func (l *look) ask(q question) (any, *fault.Error) {
	v := values{scope: l.scope, at: l.now(), open: l.open}
	inputs := v.dict(q.with)
	if v.err != nil {
		return nil, fault.From(v.err)
	}
	call := l.call
	call.Action, call.Inputs = q.action, inputs
	out := (&attempt{Runtime: l.Runtime, call: call, redactor: l.redactor, recorder: l.recorder}).carryOut(l.ctx)
	return out.Result, out.Err
}

func unsure(why *fault.Error) Verification {
	return Verification{Verdict: Unsure, Err: fault.Wrap(why, fault.UnknownOutcome, "it cannot be told whether this was done: %s", why.Message).
		WithHint("look in the other system, then say with `gantry runs resolve` whether it was done").WithDetail(why.Detail)}
}
