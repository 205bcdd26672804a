package powerloss_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gantry/engine/flow"
)

// end is what a run has come to.
type end struct {
	parent  string // with the unit of it that called
	status  flow.Status
	outputs string // JSON; "" where it did not succeed
	state   *flow.State
	units   []flow.Unit // that were begun, in turn
	starts  map[flow.Unit]int
	answers map[said]bool
}

// logs reads the log of every run, row by row.
func (w *world) logs(l *life) (map[logged]string, error) {
	var rows []struct {
		Run, Kind, Data string
		Seq             int
		At              int64
	}
	err := l.store.Read().Select(&rows, "SELECT run, seq, at, kind, data FROM events")
	all := make(map[logged]string, len(rows))
	for _, r := range rows {
		all[logged{r.Run, r.Seq}] = fmt.Sprint(r.At, " ", r.Kind, " ", r.Data)
	}
	return all, err
}

// endsOf plays the log of every run but those whose end is known.
func (w *world) endsOf(l *life, known map[string]end) (map[string]end, error) {
	var ids []string
	if err := l.store.Read().Select(&ids, "SELECT id FROM runs"); err != nil {
		return nil, err
	}
	ends := map[string]end{}
	for _, id := range ids {
		if was, there := known[id]; there && was.status.Ended() {
			ends[id] = was
			continue
		}
		e, err := w.endOf(l, id)
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", id, err)
		}
		ends[id] = e
	}
	return ends, nil
}

func (w *world) endOf(l *life, id string) (end, error) {
	log, err := l.history.Load(context.Background(), id)
	if err != nil {
		return end{}, err
	}
	wf, err := w.lib.Workflow(log.Run.Workflow)
	if err != nil {
		return end{}, err
	}
	e := end{status: log.Run.Status, state: flow.New(wf), starts: map[flow.Unit]int{}, answers: map[said]bool{}}
	if log.Run.Parent != "" {
		e.parent = fmt.Sprint(log.Run.Parent, " ", log.ParentUnit)
	}
	for i, event := range log.Events {
		if _, err := e.state.Apply(event); err != nil {
			return e, fmt.Errorf("event %d, %T: %w", i+1, event, err)
		}
		switch ev := event.(type) {
		case flow.AttemptStarted:
			if e.starts[ev.Unit]++; e.starts[ev.Unit] == 1 {
				e.units = append(e.units, ev.Unit)
			}
		case flow.Answered:
			e.answers[said{id, ev.Exec, ev.Item}] = true
		}
	}
	if e.status == flow.Succeeded {
		text, err := json.Marshal(log.Run.Outputs)
		if err != nil {
			return e, err
		}
		e.outputs = string(text)
	}
	// The row of a run that has just been called says that it is queued.
	if len(log.Events) > 0 && e.state.Status() != e.status && (e.state.Status().Ended() || e.status.Ended()) {
		return e, fmt.Errorf("its row says %s, its log %s", e.status, e.state.Status())
	}
	return e, nil
}

// sender is a unit as the target knows it; false: it asks nothing of the target.
func (e *end) sender(run string, at flow.Unit) (unit, bool) {
	task := e.state.Executions()[at.Exec].Task
	u := unit{run: run, task: task.Name}
	if at.Item != flow.NoItem {
		u.item = strconv.Itoa(at.Item)
	}
	return u, task.Action != nil && task.Action.ID == "core.http_request"
}

// unknown lists the writes of which nobody knows whether they were done.
func (e *end) unknown() string {
	var all []string
	for _, at := range e.units {
		if e.state.UnitStatus(at) == flow.Unknown {
			all = append(all, fmt.Sprint(at))
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// verdict gathers what is wrong after one power cut.
type verdict struct {
	w     *world
	was   *act   // the life that was cut
	known []note // what somebody knew then
	wrong []string
	left  map[string]end // as the disk had it, before anything went on
	ends  map[string]end // when all had come to its end
}

func (v *verdict) say(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

// judgeDisk looks at what is on the disk before anything goes on: it is a part of what was, with all that anybody knew.
func (v *verdict) judgeDisk(log map[logged]string) {
	for at, row := range log {
		if was, there := v.was.log[at]; !there || was != row {
			v.say("event %d of run %s is %.200s, and was %.200s", at.seq, at.run, row, was)
		}
		if _, there := log[logged{at.run, at.seq - 1}]; at.seq > 1 && !there {
			v.say("the log of run %s has no event %d, and goes on", at.run, at.seq-1)
		}
	}
	sent := map[unit]int{}
	for _, n := range v.known {
		switch {
		case n.accepted != "":
			if _, there := v.left[n.accepted]; !there {
				v.say("run %s was accepted and is lost", n.accepted)
			}
		case n.told != nil && n.told.seq > 0:
			if _, there := log[*n.told]; !there {
				v.say("event %d of run %s was told to be on disk and is lost", n.told.seq, n.told.run)
			}
		case n.said != nil:
			if left := v.left[n.said.run]; !left.answers[*n.said] {
				v.say("run %s was answered, and has not heard: %+v", n.said.run, *n.said)
			}
		case n.arrived != nil && n.arrived.call.method != "GET":
			sent[n.arrived.unit]++
		}
	}
	for run, left := range v.left {
		for _, at := range left.units {
			if u, asks := left.sender(run, at); asks && sent[u] <= left.starts[at] {
				delete(sent, u)
			}
		}
	}
	for u, n := range sent {
		v.say("%d writes of %+v have left, and not as many are on disk as begun", n, u)
	}
}

// judgeEnds looks at what all has come to, and at everything that the target was ever asked.
func (v *verdict) judgeEnds() {
	before := map[unit]int{}
	for _, a := range arrivals(v.known) {
		before[a.unit]++
	}
	for run, left := range v.left {
		for _, at := range left.units {
			if u, asks := left.sender(run, at); asks && left.state.UnitStatus(at).Ended() && len(v.w.target.heard(u)) > before[u] {
				v.say("%+v had ended %s on disk, and was sent again", u, left.state.UnitStatus(at))
			}
		}
	}
	children := map[string]string{}
	for run, e := range v.ends {
		if !e.status.Ended() {
			v.say("run %s is stuck: %s", run, e.status)
			continue
		}
		if other, twice := children[e.parent]; twice && e.parent != "" {
			v.say("runs %s and %s were called from the same place, %s", run, other, e.parent)
		}
		children[e.parent] = run
		v.judgeUnits(run, e)
	}
	for _, run := range slices.Sorted(maps.Keys(v.ends)) {
		v.judgeEnd(run)
	}
}

func (v *verdict) judgeUnits(run string, e end) {
	for _, at := range e.units {
		u, asks := e.sender(run, at)
		if !asks {
			continue
		}
		calls, status := v.w.target.heard(u), e.state.UnitStatus(at)
		done := slices.ContainsFunc(calls, func(c call) bool { return c.done })
		switch {
		case len(calls) > 1 && calls[0].method == "POST":
			v.say("%+v, which is not safe to repeat, was sent %d times", u, len(calls))
		case status == flow.Succeeded && !done:
			v.say("%+v succeeded, and the target has done nothing", u)
		case len(calls) > 0 && calls[0].method != "GET" && done && status != flow.Succeeded && status != flow.Unknown:
			v.say("the write of %+v was done, and is told as %s", u, status)
		}
		if status == flow.Unknown {
			v.w.tally.unknown++
		}
	}
}

// judgeEnd compares a run's end with that of its undisturbed life, unless other writes are unknown in its family.
func (v *verdict) judgeEnd(run string) {
	is, was := v.ends[run], v.w.first.ends[run]
	if was.state == nil { // called by a run whose call was not on disk: it has another id
		return
	}
	top := run
	for v.ends[top].parent != "" {
		top, _, _ = strings.Cut(v.ends[top].parent, " ")
	}
	if v.unknownBelow(v.ends, top) != v.unknownBelow(v.w.first.ends, top) {
		return
	}
	v.w.tally.compared++
	if is.status != was.status || is.outputs != was.outputs {
		v.say("run %s ended %s with %s, undisturbed it ended %s with %s", run, is.status, is.outputs, was.status, was.outputs)
	}
}

func (v *verdict) unknownBelow(ends map[string]end, top string) string {
	is := ends[top]
	all := []string{is.unknown()}
	for run, e := range ends {
		if parent, at, _ := strings.Cut(e.parent, " "); parent == top {
			all = append(all, at+":"+v.unknownBelow(ends, run))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ";")
}
