package engine

import (
	"fmt"
	"runtime/debug"

	"gantry/engine/flow"
	"gantry/fault"
)

// panicked logs a panic and gives what it is told as. what names where it came up.
func (e *Engine) panicked(p any, what string, args ...any) error {
	where := fmt.Sprintf(what, args...)
	e.Log.Error("a defect: panic", "in", where, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return fault.New(fault.Internal, "a defect in Gantry broke off %s: %v", where, p).WithHint("please report this; the log has more")
}

// catch, deferred, keeps a panic of what is called from bringing the process down.
func (e *Engine) catch(what string, args ...any) {
	if p := recover(); p != nil {
		_ = e.panicked(p, what, args...)
	}
}

// panickedAt is the end of an attempt in which Gantry itself failed.
func (r *run) panickedAt(c flow.StartAttempt, p any) message {
	out := flow.Outcome{Error: fault.From(r.engine.panicked(p, "task %s of run %s", c.Task.Name, r.id)), Unknown: !r.repeatable(c)}
	out.Verifiable = out.Unknown && c.Task.Action.Verifies(c.With)
	return message{event: flow.AttemptEnded{At: r.engine.Now().UTC(), Unit: c.Unit, Outcome: out}}
}
