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

// tasksKept gives the rows of all tasks, by run and execution.
func (l *life) tasksKept() map[string]map[int]history.Task {
	var rows []struct {
		Run      string `db:"run"`
		Exec     int    `db:"exec"`
		Name     string `db:"name"`
		Status   string `db:"status"`
		Attempts int    `db:"attempts"`
	}
	if err := l.store.Read().Select(&rows, "SELECT run, exec, name, status, attempts FROM tasks"); err != nil {
		l.world.t.Fatal(err)
	}
	kept := map[string]map[int]history.Task{}
	for _, row := range rows {
		if kept[row.Run] == nil {
			kept[row.Run] = map[int]history.Task{}
		}
		kept[row.Run][row.Exec] = history.Task{Name: row.Name, Status: flow.Status(row.Status), Attempts: row.Attempts}
	}
	return kept
}

// shows checks that every run can be shown, whatever became of it.
func (l *laws) shows(ids []string) {
	for _, id := range ids {
		if _, err := l.world.life.history.Show(context.Background(), id); err != nil {
			l.world.wrong("run %s cannot be shown: %v", id, err)
		}
	}
}

// checkRun holds a run's rows, its log, and what the target saw, against each other.
func (l *laws) checkRun(id string, tasks map[int]history.Task) {
	w, k, log := l.world, l.of(id), l.books.read(l.world.life, id)
	run := log.run
	ends := 1
	for _, event := range log.events {
		if _, ok := event.(flow.Reopened); ok {
			ends++
		}
	}
	if k.endsTold+k.excused != ends {
		w.wrong("run %s ended %d times, and that was told %d times (%d may be missing)", id, ends, k.endsTold, k.excused)
	}
	if len(log.events) == 0 {
		if run.Status != flow.Cancelled && run.Status != flow.Failed {
			w.wrong("run %s %s without ever having begun", id, run.Status)
		}
		return
	}
	if log.torn {
		return
	}
	l.sameRows(run, tasks, log.state)
	l.inTime(run, k)
	l.timersFire(log, k)
	l.units(id, run.Version != run.FirstVersion(), log.state, log.events)
}

// sameRows checks that the log, applied once more, gives what the rows have.
func (l *laws) sameRows(d *history.Run, rows map[int]history.Task, state *flow.State) {
	w := l.world
	outputs := state.Outputs()
	if state.Status() != d.Status || len(outputs)+len(d.Outputs) > 0 && !reflect.DeepEqual(outputs, d.Outputs) {
		w.wrong("run %s is kept as %s with %v, its log says %s with %v", d.ID, d.Status, d.Outputs, state.Status(), outputs)
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
}

// inTime checks that a run was not left going when its time was up.
func (l *laws) inTime(d *history.Run, k *known) {
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
func (l *laws) timersFire(log *book, k *known) {
	if late := log.late; late.by > l.tolerance() && !k.disturbed && l.jumps == 0 {
		l.world.wrong("execution %d of run %s waits for a time that has passed %s ago", late.unit.Exec, log.run.ID, late.by)
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
