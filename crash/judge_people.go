package main

import (
	"context"
	"slices"

	"gantry/engine/flow"
)

// judgePeople: what people were told that counts does, nothing counts that nobody said, and of several answers one does.
func (v *verdict) judgePeople() {
	for id, log := range v.logs {
		for at, results := range log.given {
			s := v.spotOf(id, at)
			g := v.h.people.given[s]
			if len(results) != 1 || g == nil {
				v.wrong(id, "task %s of run %s has been answered %d times, and was given %v", s.task, id, len(results), g)
				continue
			}
			number := max(numberIn(results[0], "values", "amount"), numberIn(results[0], "body", "mark"))
			if !g.tried[number] || g.confirmed != 0 && g.confirmed != number {
				v.wrong(id, "task %s of run %s goes on with %d; it was given %v, and somebody was told that %d counts", s.task, id, number, g.tried, g.confirmed)
			}
		}
		for at, said := range log.said {
			s := v.spotOf(id, at)
			if w := v.h.people.words[s]; w == nil || w.confirmed && said[len(said)-1] != w.done {
				v.wrong(id, "the write of task %s of run %s is resolved as done %v, and people said %+v", s.task, id, said, w)
			}
		}
		if want := v.h.people.reopened[id]; max(0, len(log.ends)-1) < want {
			v.wrong(id, "run %s has gone on %d times after its end, and somebody was told %d times that it does", id, len(log.ends)-1, want)
		}
	}
	for s, g := range v.h.people.given {
		if g.confirmed == 0 || v.logs[s.run] == nil {
			continue
		}
		// What came early is for a task that its run may never have come to.
		if status := v.rows[s.run].Status; !v.has(s) && (s.task != "wait" || status == flow.Succeeded) {
			v.wrong(s.run, "task %s of run %s was given %d, as somebody was told, and does not have it", s.task, s.run, g.confirmed)
		}
	}
	for s, w := range v.h.people.words {
		if log := v.logs[s.run]; w.confirmed && log != nil && !v.hasWord(s) {
			v.wrong(s.run, "somebody was told that their word counts about task %s of run %s, and it is lost", s.task, s.run)
		}
	}
}

func (v *verdict) has(s spot) bool {
	for at := range v.logs[s.run].given {
		if v.spotOf(s.run, at) == s {
			return true
		}
	}
	return false
}

func (v *verdict) hasWord(s spot) bool {
	for at := range v.logs[s.run].said {
		if v.spotOf(s.run, at) == s {
			return true
		}
	}
	return false
}

func (v *verdict) spotOf(run string, at flow.Unit) spot {
	s := spot{run, v.logs[run].state.Executions()[at.Exec].Task.Name, -1}
	if at.Item != flow.NoItem {
		s.item = at.Item
	}
	return s
}

// judgeRemoved: of a run that was removed nothing is left, and of one that has ended nothing waits.
func (v *verdict) judgeRemoved(ctx context.Context) error {
	for _, table := range []string{"events", "tasks", "requests", "payloads", "run_terms", "open_waits", "early_deliveries", "removed_runs"} {
		var left []string
		if err := v.data.Store.Read().SelectContext(ctx, &left, `SELECT DISTINCT run FROM `+table+` WHERE run NOT IN (SELECT id FROM runs)`); err != nil {
			return err
		}
		for _, run := range slices.Compact(left) {
			v.wrong("", "run %s was removed, and %s still has something of it", run, table)
		}
	}
	return nil
}
