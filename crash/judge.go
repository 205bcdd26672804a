package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/project"
	"gantry/server"
	"gantry/store"
)

// runRow is what is read of each run.
type runRow struct {
	ID         string
	Workflow   string
	Status     flow.Status
	Parent     string
	ParentExec int    `db:"parent_exec"`
	Trigger    string `db:"trigger_type"`
	N          *int   // of its inputs
	Of         *string
	Due        *string
	Poll       *string
	Entity     *int
}

// verdict gathers what is wrong in a house at rest.
type verdict struct {
	h        *house
	data     *server.Data
	project  *project.Project
	rows     map[string]runRow
	children map[string][]string
	logs     map[string]*playedLog
	ids      map[string]bool // of all runs
	calls    map[unit][]call

	known, unknown int // writes: told as done or not done, and as unknown
	violations     []violation
}

// violation is a promise that was broken.
type violation struct {
	cycle int // in which the run was asked for; -1: not of one run
	text  string
}

func (v *verdict) wrong(run, format string, args ...any) {
	v.violations = append(v.violations, violation{v.cycleOf(run), fmt.Sprintf(format, args...)})
}

// cycleOf gives the cycle in which the run, or the one that led to it, was asked for.
func (v *verdict) cycleOf(run string) int {
	for v.rows[run].Parent != "" {
		run = v.rows[run].Parent
	}
	if n := v.rows[run].N; n != nil && *n < len(v.h.sent) {
		return v.h.sent[*n].cycle
	}
	return -1
}

// open reads the house, which no server serves now.
func (h *house) open(ctx context.Context) (*verdict, error) {
	data, err := server.OpenData(ctx, h.data, server.DataOptions{Store: store.Options{ReadOnly: true}, Getenv: os.Getenv, Now: time.Now})
	if err != nil {
		return nil, err
	}
	v := &verdict{h: h, data: data, rows: map[string]runRow{}, children: map[string][]string{}, logs: map[string]*playedLog{}}
	if v.project, err = project.Load(h.dir, project.Options{Getenv: os.Getenv}); err != nil {
		return v, err
	}
	var rows []runRow
	err = data.Store.Read().SelectContext(ctx, &rows, `SELECT id, workflow, status, parent, parent_exec, trigger_type,
		json_extract(inputs, '$.n') AS n, json_extract(inputs, '$.of') AS of, json_extract(inputs, '$.due') AS due,
		json_extract(inputs, '$.poll') AS poll, json_extract(inputs, '$.entity') AS entity FROM runs ORDER BY id`)
	ids := map[string]bool{}
	for _, row := range rows {
		v.rows[row.ID] = row
		ids[row.ID] = true
		if row.Parent != "" {
			v.children[row.Parent] = append(v.children[row.Parent], row.ID)
		}
	}
	v.ids = ids
	return v, err
}

// judge looks at a house in which everything has come to rest.
func (h *house) judge(ctx context.Context) (*verdict, error) {
	v, err := h.open(ctx)
	if v != nil {
		defer v.data.Store.Close()
	}
	if err != nil {
		return nil, err
	}
	v.calls = h.target.take(v.ids)
	var sound []string
	if err := v.data.Store.Read().SelectContext(ctx, &sound, "PRAGMA integrity_check"); err != nil || len(sound) != 1 || sound[0] != "ok" {
		v.wrong("", "the database is damaged: %v %v", sound, err)
	}
	v.judgeAccepted()
	if err := v.judgeLogs(ctx); err != nil {
		return nil, err
	}
	v.judgeRequests()
	v.judgeEnds()
	v.judgeFollowers()
	v.judgePeople()
	return v, v.judgeRemoved(ctx)
}

// judgeAccepted: what was answered has one run, what was not has one at most, and nobody else has any.
func (v *verdict) judgeAccepted() {
	runs := map[int][]string{}
	for id, row := range v.rows {
		if row.Parent != "" || row.N == nil {
			continue
		}
		runs[*row.N] = append(runs[*row.N], id)
		if *row.N >= len(v.h.sent) {
			v.wrong(id, "run %s of %s is nobody's", id, row.Workflow)
		}
	}
	for _, s := range v.h.sent {
		found := runs[s.n]
		switch {
		case len(found) > 1:
			v.wrong(found[0], "submission %d (%s, webhook %t) has %d runs: %v", s.n, s.workflow, s.hook, len(found), found)
		case len(found) == 0 && s.answered && s.workflow == "goes" && v.h.people.pruned: // it was removed
		case len(found) == 0 && s.answered:
			v.violations = append(v.violations, violation{s.cycle, fmt.Sprintf("submission %d (%s, webhook %t) was accepted, run %q, and is lost", s.n, s.workflow, s.hook, s.run)})
		case len(found) == 1 && s.run != "" && found[0] != s.run:
			v.wrong(found[0], "submission %d was answered with run %s, and is run %s", s.n, s.run, found[0])
		}
	}
}

// judgeFollowers: what an end leads to is there once.
func (v *verdict) judgeFollowers() {
	after, ticks := map[string]int{}, map[string]int{}
	for _, row := range v.rows {
		if row.Workflow == "after" && row.Of != nil {
			after[*row.Of]++
		}
		if row.Workflow == "tick" && row.Due != nil {
			ticks[*row.Due]++
		}
	}
	v.judgePolls()
	for due, n := range ticks {
		if n != 1 {
			v.wrong("", "the interval's time %s has %d runs", due, n)
		}
	}
	for id, row := range v.rows {
		if row.Workflow == "main0" {
			want := v.endsWith(id, flow.Succeeded, flow.Failed)
			if after[id] != want {
				v.wrong(id, "the end of run %s (%s) was told to %d runs, want %d", id, row.Status, after[id], want)
			}
		}
		v.judgeHandler(id, row)
	}
}

// judgePolls: of what a poll found, each has one run, and none between two others is missing.
func (v *verdict) judgePolls() {
	found := map[string][]int{}
	for _, row := range v.rows {
		if row.Poll != nil && row.Entity != nil {
			found[*row.Poll] = append(found[*row.Poll], *row.Entity)
		}
	}
	for poll, entities := range found {
		slices.Sort(entities)
		for i, entity := range entities[1:] {
			if entity != entities[i]+1 {
				v.wrong("", "%s has started runs for entities %d and then %d", poll, entities[i], entity)
			}
		}
	}
}

// endsWith counts the ends of a run, which may have gone on after the first, with some statuses.
func (v *verdict) endsWith(id string, statuses ...flow.Status) (n int) {
	if v.logs[id] == nil {
		return 0
	}
	for _, status := range v.logs[id].ends {
		if slices.Contains(statuses, status) {
			n++
		}
	}
	return n
}

// judgeHandler: each time that a run failed it has its handler once, and no other has one.
func (v *verdict) judgeHandler(id string, row runRow) {
	wf, err := v.project.Workflow(row.Workflow)
	if err != nil || wf.OnFailure == nil {
		return
	}
	handlers, want := 0, v.endsWith(id, flow.Failed, flow.TimedOut)
	for _, child := range v.children[id] {
		if v.rows[child].ParentExec < 0 {
			handlers++
		}
	}
	if handlers != want {
		v.wrong(id, "run %s (%s, %s) has %d handlers, want %d", id, row.Workflow, row.Status, handlers, want)
	}
}

// playedLog is a run's log, and the state that comes of it.
type playedLog struct {
	state  *flow.State
	detail *history.Detail
	events []flow.Event
	last   map[flow.Unit]flow.AttemptEnded // of each unit, with what was found out about it later
	won    map[flow.Unit]time.Time         // when it was known first that the unit had succeeded
	begun  map[flow.Unit]int               // its attempts, until then
	again  map[flow.Unit]int               // how often the run went on after its end with the unit to be repeated
	said   map[flow.Unit][]bool            // what people said of the unit: done or not
	given  map[flow.Unit][]any             // what it waited for
	ends   []flow.Status                   // in turn
}
