package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/schema"
)

// Resolution is a person's word about a write of which nobody knows whether it was done.
type Resolution struct {
	Run, Task string
	Instance  *int // of the task, from 1; nil: the only one there is to be resolved
	Item      *int // of a for_each, from 0; likewise
	Done      bool // it was done; else it was not, and is repeated when the run is resumed
	Result    any  // what it would have answered; with Done
	NoResult  bool // it answered nothing that the run needs; with Done. Else a result that is read has to be given
	By        string
}

// resolveTries is how often Resolve looks where a run is that begins to go on, or ends, meanwhile.
const resolveTries = 10

// Resolve keeps a person's word about a write, of a run that has ended as well as of one that goes on. It returns when
// that is on disk. The run does not go on by it: Resume is for that.
func (e *Engine) Resolve(ctx context.Context, res Resolution) error {
	var err error
	if res.Result, err = plainValue(res.Result); err != nil {
		return fault.Wrap(err, fault.InvalidInput, "the result is not JSON data: %s", err)
	}
	if !res.Done && res.Result != nil {
		return fault.New(fault.Usage, "what was not done has no result")
	}
	for range resolveTries {
		if r := e.find(res.Run); r != nil {
			kept := make(chan error, 1)
			r.inbox.put(message{decides: func(t *turn) (flow.Event, error) { return t.run.resolved(res) }, kept: func(err error) { kept <- err }})
			if err := <-kept; !errors.Is(err, errGone) {
				return err
			}
			continue
		}
		if again, err := e.resolveAside(ctx, res); !again {
			return err
		}
	}
	return fault.New(fault.Conflict, "run %s is being resumed or resolved by others", res.Run).WithHint("try again in a moment")
}

// resolveAside adds the word to the log of a run that is not under way. again is true if somebody else was first.
func (e *Engine) resolveAside(ctx context.Context, res Resolution) (again bool, err error) {
	log, err := e.History.Load(ctx, res.Run)
	if err != nil {
		return false, err
	}
	if len(log.Events) == 0 {
		return false, fault.New(fault.Conflict, "run %s has not begun: there is nothing to be resolved", res.Run)
	}
	if !log.Run.Status.Ended() { // whoever takes it up at this moment would not know of the word
		if e.find(res.Run) != nil {
			return true, nil
		}
		return false, fault.New(fault.Conflict, "run %s was left unfinished by a process that ended: how its writes end is not known yet", shortID(res.Run)).
			WithHint("`gantry runs resume %s` takes it up", shortID(res.Run))
	}
	r, err := e.rebuilt(ctx, log)
	if err != nil {
		return false, err
	}
	event, err := r.resolved(res)
	if err != nil {
		return false, err
	}
	if _, err := r.state.Apply(event); err != nil {
		return false, fault.Wrap(err, fault.Internal, "run %s cannot take that: %s", res.Run, err)
	}
	entry := history.Entry{Run: res.Run, Aside: true, FirstSeq: len(log.Events) + 1, Events: []flow.Event{event}}
	for _, ex := range r.state.TakeChanged() {
		entry.Tasks = append(entry.Tasks, history.TaskOf(ex))
	}
	if r.redacts {
		entry.Redact = r.redactOf
	}
	if !e.enter() {
		return false, errClosed()
	}
	defer e.work.Done()
	kept := make(chan error, 1)
	failpoint.Hit("engine.resolving")
	e.History.Append(new(history.Chain), []history.Entry{entry}, func(err error) { kept <- err })
	err = <-kept
	failpoint.Hit("engine.resolved")
	if err == nil {
		e.feeds.signal(res.Run)
	}
	return err != nil && fault.From(err).Code == fault.Conflict, err
}

// resolved makes the event of a resolution, as the run stands.
func (r *run) resolved(res Resolution) (flow.Event, error) {
	task, err := taskNamed(r.wf, res.Task)
	if err != nil {
		return nil, err
	}
	unit, err := r.unresolved(res)
	if err != nil {
		return nil, err
	}
	if res.Result, err = fitting(task, res.Result, r.engine.Bounds.MaxValue); err != nil {
		return nil, err
	}
	if reads := r.wf.ReadsResult(task); res.Done && res.Result == nil && !res.NoResult && len(reads) > 0 {
		return nil, fault.New(fault.Usage, "the result of task %s is read by %s, which cannot go on without it", res.Task, strings.Join(reads, ", ")).
			WithHint("give what the write answered, or would have, as its result; null as the result lets the run go on without one")
	}
	return flow.Resolved{At: r.engine.Now().UTC(), Unit: unit, Done: res.Done, Result: res.Result, By: res.By}, nil
}

// fitting checks a result that somebody gives by the type of the action's results.
func fitting(task *workflow.Task, result any, most int) (any, error) {
	if result == nil || task.Action == nil {
		return result, nil
	}
	if schema.Size(result, most) > most {
		return nil, fault.New(fault.TooLarge, "the result is larger than %s, more than a run keeps of one task", inUnits(most))
	}
	declared := task.Action.ResultFor(nil)
	if declared == nil {
		return result, nil
	}
	result = declared.Conform(result)
	if problems := declared.Check(result); len(problems) > 0 {
		return nil, fault.New(fault.InvalidInput, "this is no result of %s: %s", task.Action.ID, problems[0].String()).
			WithHint("`gantry actions show %s` tells what it gives", task.Action.ID)
	}
	return result, nil
}

// unresolved finds the unit that a resolution means.
func (r *run) unresolved(res Resolution) (flow.Unit, error) {
	fits := func(instance int, item int) bool {
		return (res.Instance == nil || *res.Instance == instance) && (res.Item == nil || *res.Item == item)
	}
	others := func(u flow.Unresolved) bool { return u.Task != res.Task || !fits(u.Instance, u.Item) }
	found := slices.DeleteFunc(r.state.Unresolved(), others)
	if len(found) == 0 { // another word for one of before, with which the run has not gone on
		found = slices.DeleteFunc(r.state.Said(), others)
	}
	switch len(found) {
	case 0:
		return flow.Unit{}, r.nothingUnresolved(res)
	case 1:
		return found[0].Unit, nil
	}
	return flow.Unit{}, fault.New(fault.Usage, "several writes of task %s are to be resolved: say which of them", res.Task).WithHint("%s", choices(found))
}

// choices names units by the flags that choose them.
func choices(found []flow.Unresolved) string {
	const most = 10
	var all []string
	for _, u := range found[:min(len(found), most)] {
		one := fmt.Sprintf("--instance %d", u.Instance)
		if u.Item != flow.NoItem {
			one += fmt.Sprintf(" --item %d", u.Item)
		}
		all = append(all, one)
	}
	text := strings.Join(all, ", or ")
	if len(found) > most {
		text += fmt.Sprintf(", and %d more", len(found)-most)
	}
	return text
}

// nothingUnresolved tells why there is nothing to be resolved where somebody thought so.
func (r *run) nothingUnresolved(res Resolution) error {
	execs := slices.DeleteFunc(slices.Clone(r.state.Executions()), func(e *flow.Execution) bool {
		return e.Task.Name != res.Task || res.Instance != nil && *res.Instance != e.Instance
	})
	if len(execs) == 0 {
		return fault.New(fault.Missing, "task %s%s has not run", res.Task, ofInstance(res.Instance)).WithHint("`gantry runs show %s` shows the tasks that have", r.id)
	}
	last := execs[len(execs)-1]
	status := last.Status
	if items := last.Items(); res.Item != nil {
		if *res.Item < 0 || *res.Item >= len(items) {
			return fault.New(fault.Missing, "task %s has %d items, counted from 0: there is no item %d", res.Task, len(items), *res.Item)
		}
		status = items[*res.Item].Status
	}
	switch {
	case !status.Ended():
		return fault.New(fault.Conflict, "task %s is %s: how it ends is not known yet", res.Task, status)
	case status == flow.Unknown:
		return fault.New(fault.Conflict, "the run has gone on from task %s: what is said about it now would change nothing", res.Task).
			WithHint("its transitions took the lost answer for a failure, and handled that")
	}
	f := fault.New(fault.Conflict, "there is nothing to be resolved: task %s %s", res.Task, endWords[status])
	if r.state.Status().Ended() && r.state.Status() != flow.Succeeded && status != flow.Succeeded {
		return f.WithHint("what is known to have failed needs no word: `gantry runs resume %s` repeats it", shortID(r.id))
	}
	return f.WithHint("`gantry runs show %s` tells how each task stands", shortID(r.id))
}

// endWords say how a task has ended.
var endWords = map[flow.Status]string{flow.Succeeded: "has succeeded", flow.Failed: "has failed", flow.TimedOut: "has timed out", flow.Cancelled: "was cancelled"}

func ofInstance(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(" #%d", *n)
}
