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
	"gantry/engine/workflow"
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
	wf, err := v.version(ctx, &log.Run, log.First)
	if err != nil {
		return nil, err
	}
	p := &playedLog{state: flow.New(wf), events: log.Events, last: map[flow.Unit]flow.AttemptEnded{}, won: map[flow.Unit]time.Time{}, again: map[flow.Unit]int{}, begun: map[flow.Unit]int{},
		said: map[flow.Unit][]bool{}, given: map[flow.Unit][]any{}}
	for i, event := range log.Events {
		if reopened, ok := event.(flow.Reopened); ok {
			if reopened.Version != "" {
				if reopened.Workflow, err = v.version(ctx, &log.Run, reopened.Version); err != nil {
					return nil, err
				}
			}
			event = reopened
			p.reopened()
		}
		if _, err := p.state.Apply(event); err != nil {
			return nil, fmt.Errorf("event %d, %T: %w", i+1, event, err)
		}
		p.note(event)
	}
	if p.state.Status().Ended() {
		p.ends = append(p.ends, p.state.Status())
	}
	p.detail, err = v.data.History.Show(ctx, id)
	return p, err
}

func (v *verdict) version(ctx context.Context, run *history.Run, version string) (*workflow.Workflow, error) {
	text, err := v.data.History.Version(ctx, run.Workflow, version)
	if err != nil {
		return nil, err
	}
	return v.project.Compile(run.Workflow, text)
}

// reopened notes what a run is about to go on with after its end.
func (p *playedLog) reopened() {
	p.ends = append(p.ends, p.state.Status())
	for at := range p.last {
		if p.state.UnitStatus(at) != flow.Succeeded {
			p.again[at]++
		}
	}
}

// note keeps what an event says of its unit.
func (p *playedLog) note(event flow.Event) {
	var at flow.Unit
	switch ev := event.(type) {
	case flow.AttemptStarted:
		if _, known := p.won[ev.Unit]; !known {
			p.begun[ev.Unit]++
		}
		return
	case flow.AttemptEnded:
		at, p.last[ev.Unit] = ev.Unit, ev
	case flow.AttemptVerified:
		at = ev.Unit
		p.learnt(ev.At, ev.Unit, ev.Verdict == flow.Done, ev.Verdict == flow.NotDone)
	case flow.Resolved:
		at = ev.Unit
		p.said[at] = append(p.said[at], ev.Done)
		p.learnt(ev.At, ev.Unit, ev.Done, !ev.Done)
	case flow.Answered:
		at = ev.Unit
		p.given[at] = append(p.given[at], ev.Result)
	default:
		return
	}
	if _, known := p.won[at]; !known && p.state.UnitStatus(at) == flow.Succeeded {
		p.won[at] = event.When()
	}
}

// learnt corrects the end of an attempt by what was found out later.
func (p *playedLog) learnt(when time.Time, at flow.Unit, done, notDone bool) {
	ended := p.last[at]
	switch {
	case done:
		ended.At, ended.Outcome.Unknown, ended.Outcome.Error = when, false, nil
	case notDone:
		ended.Outcome.Unknown = false
	}
	p.last[at] = ended
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
			if action == nil || action.ID != "core.http_request" && action.ID != "box.put" {
				continue
			}
			u := unit{run: id, task: exec.Task.Name}
			if at.Item != flow.NoItem {
				u.item = strconv.Itoa(at.Item)
			}
			v.judgeUnit(u, ended, v.calls[u], len(log.said[at]) > 0)
			if _, ok := log.won[at]; ok {
				v.judgeWon(u, log, at)
			}
			if n := len(v.calls[u]); n > 1+log.again[at] && v.calls[u][0].method == "POST" {
				v.wrong(id, "the write of task %s (item %q) of run %s, which is not safe to repeat, was sent %d times, and the run went on %d times to repeat it", u.task, u.item, id, n, log.again[at])
			}
		}
	}
	for u, calls := range v.calls {
		if n := len(calls); n > 1 && calls[0].method == "POST" && (v.logs[u.run] == nil || len(v.logs[u.run].ends) < 2) {
			v.wrong(u.run, "the write of task %s (item %q) of run %s, which is not safe to repeat, was sent %d times", u.task, u.item, u.run, n)
		}
	}
}

// judgeWon: what was known to be done is not sent again, also when the run goes on after its end; one that was on its
// way when people said so may only have come late. What is looked for is done once, unless people have said that it was
// not done, who may be wrong.
func (v *verdict) judgeWon(u unit, log *playedLog, at flow.Unit) {
	won, calls, said := log.won[at], v.calls[u], len(log.said[at]) > 0
	late, done := 0, 0
	for _, c := range calls {
		if c.at.After(won) {
			late++
		}
		if c.status == 200 {
			done++
		}
	}
	under := 0 // on their way when people said that it was done
	if said {
		under = max(0, log.begun[at]-(len(calls)-late))
	}
	if late > under {
		v.wrong(u.run, "task %s (item %q) of run %s was done at %s, and sent again %d times: %v", u.task, u.item, u.run, won.Format(time.RFC3339Nano), late, calls)
	}
	if len(calls) > 0 && calls[0].method == verified && done != 1 && !said {
		v.wrong(u.run, "task %s of run %s succeeded, and the target has done it %d times: %v", u.task, u.run, done, calls)
	}
}

func (v *verdict) judgeUnit(u unit, ended flow.AttemptEnded, calls []call, said bool) {
	out := ended.Outcome
	done := false
	for _, c := range calls {
		done = done || c.status == 200
	}
	writes := len(calls) > 0 && calls[0].method != "GET"
	succeeded := out.Error == nil && !out.Unknown
	switch {
	case said: // people are believed
	case succeeded && !done:
		v.wrong(u.run, "task %s (item %q) of run %s succeeded, and the target has answered nothing: %v", u.task, u.item, u.run, calls)
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
