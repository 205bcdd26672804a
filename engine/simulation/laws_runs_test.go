package simulation_test

import (
	"context"
	"reflect"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
)

// runs gives all runs that there are.
func (l *life) runs() (ids []string) {
	if err := l.store.Read().Select(&ids, "SELECT id FROM runs ORDER BY id"); err != nil {
		l.world.t.Fatal(err)
	}
	return ids
}

// checkRun holds a run's rows, its log, and what the target saw, against each other.
func (l *laws) checkRun(id string) {
	w, ctx := l.world, context.Background()
	detail, err := w.life.history.Show(ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	k := l.of(id)
	events, err := w.life.history.EventsAfter(ctx, id, 0, 1_000_000)
	if err != nil {
		w.t.Fatal(err)
	}
	ends := 1
	for i, event := range events {
		if reopened, ok := event.(flow.Reopened); ok {
			ends++
			reopened.Workflow = w.library.version(detail.Workflow, reopened.Version)
			events[i] = reopened
		}
	}
	if k.endsTold+k.excused != ends {
		w.wrong("run %s ended %d times, and that was told %d times (%d may be missing)", id, ends, k.endsTold, k.excused)
	}
	if len(events) == 0 {
		if detail.Status != flow.Cancelled && detail.Status != flow.Failed {
			w.wrong("run %s %s without ever having begun", id, detail.Status)
		}
		return
	}
	state := l.replay(detail, events)
	if state == nil {
		return
	}
	l.inTime(detail, k)
	l.timersFire(id, k, state, events)
	l.units(id, detail.Version != detail.FirstVersion(), state, events)
}

// replay applies the log once more: it must give what the rows have.
func (l *laws) replay(d *history.Detail, events []flow.Event) *flow.State {
	w := l.world
	state := flow.New(w.library.version(d.Workflow, d.FirstVersion()))
	for i, event := range events {
		if again := state.Status().Ended(); again {
			if _, ok := event.(flow.Resolved); !ok {
				_, again = event.(flow.Reopened)
			}
			if !again {
				w.wrong("the log of run %s goes on after its end with %T", d.ID, event)
			}
		}
		if _, err := state.Apply(event); err != nil {
			w.wrong("the log of run %s cannot be replayed: event %d: %v", d.ID, i+1, err)
			return nil
		}
	}
	outputs := state.Outputs()
	if state.Status() != d.Status || len(outputs)+len(d.Outputs) > 0 && !reflect.DeepEqual(outputs, d.Outputs) {
		w.wrong("run %s is kept as %s with %v, its log says %s with %v", d.ID, d.Status, d.Outputs, state.Status(), outputs)
	}
	rows := map[int]history.Task{}
	for _, task := range d.Tasks {
		rows[task.Exec] = task
	}
	for _, e := range state.Executions() {
		row, kept := rows[e.ID]
		if !e.Status.Ended() {
			w.wrong("run %s has ended, and its task %s is %s", d.ID, e.Task.Name, e.Status)
		}
		if kept && (row.Status != e.Status || row.Attempts != e.Attempts || row.Name != e.Task.Name) {
			w.wrong("task %s of run %s is kept as %s after %d attempts, its log says %s after %d", e.Task.Name, d.ID, row.Status, row.Attempts, e.Status, e.Attempts)
		}
	}
	return state
}

// inTime checks that a run was not left going when its time was up.
func (l *laws) inTime(d *history.Detail, k *known) {
	w := l.world
	wf := w.library.version(d.Workflow, d.Version)
	if len(k.spans) == 0 || k.on {
		return
	}
	last := k.spans[len(k.spans)-1]
	if took := last.to - last.from; took > wf.Timeout+l.tolerance() {
		w.wrong("run %s took %s, its time is %s", d.ID, took, wf.Timeout)
	}
}

// timersFire checks that nobody who waited for a time was left waiting.
func (l *laws) timersFire(id string, k *known, state *flow.State, events []flow.Event) {
	if k.disturbed || l.jumps > 0 {
		return
	}
	due := map[flow.Unit]time.Time{}
	for _, event := range events {
		switch ev := event.(type) {
		case flow.AttemptWaits:
			if !ev.Until.IsZero() {
				due[ev.Unit] = ev.Until
			}
		case flow.TimerFired:
			delete(due, ev.Unit)
		case flow.Answered:
			delete(due, ev.Unit)
		case flow.Reopened, flow.Resolved: // it had ended
			clear(due)
		case flow.CancelRequested, flow.PauseRequested:
			return
		}
		for unit, until := range due {
			now := event.When()
			if ended := state.Executions()[unit.Exec].FinishedAt; ended.Before(now) { // the run failed meanwhile, say
				now = ended
			}
			if late := now.Sub(until); late > l.tolerance() {
				l.world.wrong("execution %d of run %s waits for a time that has passed %s ago", unit.Exec, id, late)
				return
			}
		}
	}
}

// tolerance is how late anything may be: by the grace of writes, the slowness of the disk, and what the world did to
// its clock, its disk and its processes.
func (l *laws) tolerance() time.Duration {
	w := l.world
	late := 15*time.Second + 20*w.disk.slowest + l.jumps + l.away
	if !w.disk.untouched() {
		late += 2*time.Duration(w.disk.broken.Load()) + 3*time.Minute
	}
	return late
}
