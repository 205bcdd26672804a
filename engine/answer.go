package engine

import (
	"context"
	"errors"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/schema"
)

// Answer is what somebody answers to a question: the result of the task but for who and when.
type Answer struct {
	Wait   history.Wait   // the question, as History.Waits gives it
	Result map[string]any // {button, values}, as actions.Question.Answered makes it
	By     string         // who answers: a name, or "link"
}

// Answer answers a question. It returns when the answer is on disk and counts. Otherwise the error says what the truth
// is: fault.Conflict where somebody else has answered, or the question is not open any more. A run that is not under
// way, because an earlier process left it, is taken up.
func (e *Engine) Answer(ctx context.Context, a Answer) error {
	err := e.decideIn(ctx, a.Wait.Run, func(t *turn) (flow.Event, error) {
		r := t.run
		now := e.Now().UTC()
		wait, ok := r.state.Awaits(a.Wait.Unit)
		switch {
		case !ok || wait.What != actions.ForAnswer:
			return nil, notOpen(r.state.UnitStatus(a.Wait.Unit), a.Wait)
		case wait.Over(now):
			return nil, notOpen(flow.TimedOut, a.Wait)
		case !wait.Since.Equal(a.Wait.Since):
			return nil, fault.New(fault.Conflict, "the question of task %s is asked anew", a.Wait.Task).WithHint("look at it once more: `gantry asks show %s`", shortID(a.Wait.Run))
		}
		result := map[string]any{"by": a.By, "at": now.Format(time.RFC3339Nano)}
		for name, v := range a.Result {
			result[name] = v
		}
		return flow.Answered{At: now, Unit: a.Wait.Unit, Result: result, By: a.By}, nil
	})
	failpoint.Hit("engine.answer-kept")
	return err
}

// QuestionOver tells why a question that a task has asked cannot be answered any more: how the task, or its item, ended.
func QuestionOver(status flow.Status, run, task string) error {
	return notOpen(status, history.Wait{Run: run, Task: task})
}

// notOpen tells why a question cannot be answered any more.
func notOpen(status flow.Status, w history.Wait) *fault.Error {
	hint := "`gantry runs show " + w.Run[max(0, len(w.Run)-8):] + "` shows what became of it"
	switch status {
	case flow.Succeeded:
		return fault.New(fault.Conflict, "the question of task %s has been answered already", w.Task).WithHint("%s", hint)
	case flow.TimedOut:
		return fault.New(fault.Conflict, "the question of task %s is not open any more: its time was up", w.Task).WithHint("%s", hint)
	case flow.Cancelled:
		return fault.New(fault.Conflict, "the question of task %s is not open any more: the run was ending", w.Task).WithHint("%s", hint)
	}
	return fault.New(fault.Conflict, "the question of task %s is not open any more", w.Task).WithHint("%s", hint)
}

// What became of a delivery that does not count.
var (
	errOver       = fault.New(fault.Conflict, "nothing waits for this any more")
	errCameBefore = fault.New(fault.Exists, "this has come before")
)

// Delivery is a request for a task's wait.
type Delivery struct {
	Run, Task string
	Item      int            // flow.NoItem outside of a for_each
	Result    map[string]any // of the task
}

// Deliver hands a request to the task that waits for it, or keeps it until it does. It returns when that is on disk.
// Only the first request counts: one that came before is fault.Exists while that one is kept, fault.Conflict once
// nothing waits any more, and fault.RateLimited where too much is kept already. One that is larger than a value may be
// is fault.TooLarge, and nothing of it is taken.
func (e *Engine) Deliver(ctx context.Context, d Delivery) error {
	if most := e.Bounds.MaxValue; schema.Size(d.Result, most) > most {
		return fault.New(fault.TooLarge, "The request is larger than %s, the most that a run keeps of one value.", inUnits(most)).
			WithHint("let the sender send less, such as ids; limits: {value_mib} in gantry.yaml raises the bound, up to 8")
	}
	err := e.decideIn(ctx, d.Run, func(t *turn) (flow.Event, error) { return t.delivered(cameFor{d.Task, d.Item}, d.Result) })
	failpoint.Hit("engine.delivery-kept")
	return err
}

// Whoever else takes a run up at this moment has it under way soon.
const (
	takeUpTries = 100
	takeUpPause = 20 * time.Millisecond
)

// decideIn asks for an event in the goroutine of a run, and returns when what follows is on disk.
func (e *Engine) decideIn(ctx context.Context, id string, decide func(*turn) (flow.Event, error)) error {
	for range takeUpTries {
		if r := e.find(id); r != nil {
			kept := make(chan error, 1)
			r.inbox.put(message{decides: decide, kept: func(err error) { kept <- err }})
			if err := <-kept; !errors.Is(err, errGone) {
				return err
			}
		}
		run, err := e.History.Get(ctx, id)
		switch {
		case err != nil:
			return err
		case run.Status.Ended():
			return fault.New(fault.Conflict, "run %s has ended already: nothing waits any more", id[max(0, len(id)-8):])
		case e.admission.find(id) != nil:
			return errNotActive(id)
		}
		if err := e.takeUp(ctx, run); err == nil {
			continue
		} else if fault.From(err).Code != fault.Exists {
			return err
		}
		select {
		case <-time.After(takeUpPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errNotActive(id)
}

// takeUp takes up the family of a run that an earlier process left.
func (e *Engine) takeUp(ctx context.Context, run *history.Run) error {
	run, err := e.topOf(ctx, run)
	if err != nil {
		return err
	}
	if held, err := e.History.HeldSince(ctx, run.ID); err != nil {
		return err
	} else if held != nil {
		return errHeld(run.ID)
	}
	return e.resume(ctx, run.ID, e.admission.ranks(1), nil, nil)
}
