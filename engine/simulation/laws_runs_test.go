package simulation_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
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
	if k.endsTold != 1 && !k.excused {
		w.wrong("the end of run %s was told %d times", id, k.endsTold)
	}
	events, err := w.life.history.EventsAfter(ctx, id, 0, 1_000_000)
	if err != nil {
		w.t.Fatal(err)
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
	for path, all := range w.target.sent {
		if run, rest, _ := strings.Cut(path, "/"); run == id {
			task, rest, _ := strings.Cut(rest, "/")
			method, item, _ := strings.Cut(rest, "/")
			l.checkSent(&unitSent{path: path, task: task, unsafe: method == "POST", item: itemOf(item), sent: all}, state, events)
		}
	}
}

func itemOf(text string) int {
	item := flow.NoItem
	if text != "-" {
		_, _ = fmt.Sscan(text, &item)
	}
	return item
}

// replay applies the log once more: it must give what the rows have.
func (l *laws) replay(d *history.Detail, events []flow.Event) *flow.State {
	w := l.world
	wf, err := w.library.Workflow(d.Workflow)
	if err != nil {
		w.t.Fatal(err)
	}
	state := flow.New(wf)
	for i, event := range events {
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
	wf, err := w.library.Workflow(d.Workflow)
	if err != nil || k.begun == 0 || k.ended == 0 {
		return
	}
	if took := k.ended - k.begun; took > wf.Timeout+l.tolerance() {
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
			due[ev.Unit] = ev.Until
		case flow.TimerFired:
			delete(due, ev.Unit)
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

// unitSent is what the target saw of one task, or one of its items, in one run.
type unitSent struct {
	path   string
	task   string
	unsafe bool
	item   int
	sent   []*sent
}

func (l *laws) checkSent(u *unitSent, state *flow.State, events []flow.Event) {
	w := l.world
	var execs []*flow.Execution
	for _, e := range state.Executions() {
		if e.Task.Name == u.task {
			execs = append(execs, e)
		}
	}
	harm, did := 0, 0
	for _, s := range u.sent {
		if !s.treats.harmless() {
			harm++
		}
		if s.treats == done {
			did++
		}
	}
	if u.unsafe && harm > len(execs) {
		w.wrong("the write %s was sent %d times by %d executions", u.path, harm, len(execs))
	}
	succeeded, at := l.successes(u, execs, events)
	if succeeded > did {
		w.wrong("%s succeeded %d times, and was done %d times", u.path, succeeded, did)
	}
	if len(execs) != 1 {
		return
	}
	for _, s := range u.sent {
		if succeeded > 0 && s.at > at {
			w.wrong("%s was sent again at %s, it had succeeded at %s", u.path, s.at, at)
		}
	}
	if last := u.sent[len(u.sent)-1]; u.unsafe && u.item == flow.NoItem && execs[0].Status != flow.Unknown && (last.treats == lost || last.treats == hangs || last.treats == panics) {
		w.wrong("%s may have been done (it %s), and is kept as %s", u.path, last.treats, execs[0].Status)
	}
}

// successes counts how often a unit's attempts succeeded, and tells when that was first known.
func (l *laws) successes(u *unitSent, execs []*flow.Execution, events []flow.Event) (n int, at time.Duration) {
	run, _, _ := strings.Cut(u.path, "/")
	for i, event := range events {
		ended, ok := event.(flow.AttemptEnded)
		if !ok || ended.Outcome.Error != nil || ended.Item != u.item {
			continue
		}
		for _, e := range execs {
			if e.ID == ended.Exec {
				if n++; n == 1 {
					at = l.toldAt(run, i+1)
				}
			}
		}
	}
	return n, at
}
