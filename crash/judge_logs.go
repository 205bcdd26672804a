package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// judgeLogs: every run has ended, and its rows are what comes of playing its log once more.
func (v *verdict) judgeLogs(ctx context.Context) error {
	for id, row := range v.rows {
		if !row.Status.Ended() {
			v.wrong(id, "run %s of %s is stuck: %s", id, row.Workflow, row.Status)
			continue
		}
		log, err := v.play(ctx, id)
		if ctx.Err() != nil { // whoever waits for the judgement has gone
			return ctx.Err()
		}
		if err != nil {
			v.wrong(id, "run %s of %s cannot be played: %v", id, row.Workflow, err)
			continue
		}
		v.logs[id] = log
		if len(log.events) == 0 { // it ended before it began
			continue
		}
		v.compareRows(id, log)
	}
	return nil
}

// play folds a run's log.
func (v *verdict) play(ctx context.Context, id string) (*playedLog, error) {
	log, err := v.data.History.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	text, err := v.data.History.Version(ctx, log.Run.Workflow, log.Run.Version)
	if err != nil {
		return nil, err
	}
	wf, err := v.project.Compile(log.Run.Workflow, text)
	if err != nil {
		return nil, err
	}
	p := &playedLog{state: flow.New(wf), events: log.Events, last: map[flow.Unit]flow.AttemptEnded{}}
	for i, event := range log.Events {
		if _, err := p.state.Apply(event); err != nil {
			return nil, fmt.Errorf("event %d, %T: %w", i+1, event, err)
		}
		if ended, ok := event.(flow.AttemptEnded); ok {
			p.last[ended.Unit] = ended
		}
	}
	p.detail, err = v.data.History.Show(ctx, id)
	return p, err
}

// compareRows compares the rows of a run and its tasks with what its log makes of it.
func (v *verdict) compareRows(id string, log *playedLog) {
	run, state := log.detail.Run, log.state
	if run.Status != state.Status() || !sameJSON(run.Outputs, state.Outputs()) || !sameJSON(run.Error, state.Error()) {
		v.wrong(id, "the row of run %s says %s, %s, %v; its log says %s, %s, %v", id, run.Status, asJSON(run.Outputs), run.Error, state.Status(), asJSON(state.Outputs()), state.Error())
	}
	if run.FinishedAt == nil || !run.FinishedAt.Equal(state.Ended()) {
		v.wrong(id, "the row of run %s says that it ended at %v, its log %s", id, run.FinishedAt, state.Ended())
	}
	execs := state.Executions()
	if len(execs) != len(log.detail.Tasks) {
		v.wrong(id, "run %s has %d rows of tasks, and %d executions in its log", id, len(log.detail.Tasks), len(execs))
		return
	}
	rows := map[int]*history.Task{}
	for i := range log.detail.Tasks {
		rows[log.detail.Tasks[i].Exec] = &log.detail.Tasks[i]
	}
	for _, e := range execs {
		row, want := rows[e.ID], history.TaskOf(e)
		if row == nil || row.Name != want.Name || row.Instance != want.Instance || row.Status != want.Status || row.Attempts != want.Attempts ||
			row.Subrun != want.Subrun || !sameJSON(row.Error, want.Error) || !sameTime(row.StartedAt, want.StartedAt) || !sameTime(row.FinishedAt, want.FinishedAt) {
			v.wrong(id, "task %s of run %s: the row says %s, its log %s", want.Name, id, asJSON(row), asJSON(want))
		}
	}
}

// judgeRequests: no request was sent of what was known to be done, unsafe writes were sent once at most, and each write
// that the target has read is told as done or as unknown.
func (v *verdict) judgeRequests() {
	for id, log := range v.logs {
		for at, ended := range log.last {
			exec := log.state.Executions()[at.Exec]
			action := exec.Task.Action
			if action == nil || action.ID != "core.http_request" {
				continue
			}
			u := unit{run: id, task: exec.Task.Name}
			if at.Item != flow.NoItem {
				u.item = strconv.Itoa(at.Item)
			}
			v.judgeUnit(u, ended, v.calls[u])
		}
	}
	for u, calls := range v.calls {
		if n := len(calls); n > 1 && calls[0].method == "POST" {
			v.wrong(u.run, "the write of task %s (item %q) of run %s, which is not safe to repeat, was sent %d times", u.task, u.item, u.run, n)
		}
	}
}

func (v *verdict) judgeUnit(u unit, ended flow.AttemptEnded, calls []call) {
	out := ended.Outcome
	done, late := false, 0
	for _, c := range calls {
		done = done || c.status == 200
		if c.at.After(ended.At) {
			late++
		}
	}
	writes := len(calls) > 0 && calls[0].method != "GET"
	succeeded := out.Error == nil && !out.Unknown
	switch {
	case succeeded && !done:
		v.wrong(u.run, "task %s (item %q) of run %s succeeded, and the target has answered nothing: %v", u.task, u.item, u.run, calls)
	case succeeded && late > 0:
		v.wrong(u.run, "task %s (item %q) of run %s was done at %s, and sent again %d times: %v", u.task, u.item, u.run, ended.At.Format(time.RFC3339Nano), late, calls)
	case writes && done && !succeeded && !out.Unknown:
		v.wrong(u.run, "the write of task %s (item %q) of run %s was done, and is told as %v", u.task, u.item, u.run, out.Error)
	}
	if writes && out.Unknown {
		v.unknown++
	} else if writes {
		v.known++
	}
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func sameJSON(a, b any) bool { return reflect.DeepEqual(plain(a), plain(b)) }

// plain is a value as JSON has it.
func plain(v any) any {
	var out any
	if json.Unmarshal([]byte(asJSON(v)), &out) != nil {
		return asJSON(v)
	}
	if m, ok := out.(map[string]any); ok && len(m) == 0 {
		return nil // no outputs, none yet
	}
	return out
}

func asJSON(v any) string {
	if f, ok := v.(*fault.Error); ok && f == nil {
		return "null"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", v)
	}
	return string(text)
}
