package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"gantry/store"
)

// What a history of a year or two at an MSP of some size looks like: many runs of few workflows, for many organisations, few
// of them failed, a third of them started by others.
const (
	filledOrganisations = 300
	filledWorkflows     = 60
	filledUnfinished    = 2000
	filledAtOnce        = 5000
)

// filledFrom is when the first of the runs was made, and filledEvery how long after it the next.
var (
	filledFrom  = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	filledEvery = 45 * time.Second
)

var filledTriggers = []string{"webhook", "webhook", "webhook", "schedule", "always_pass", "workflow", "workflow"}

// filler writes runs straight into the tables, the same ones each time.
type filler struct {
	random *rand.Rand
	groups map[string]int64
	last   string // the last run that no other one started
}

// fillHistory makes so many runs, each with a task and the events of it.
func fillHistory(ctx context.Context, db *store.Store, runs int) error {
	f := &filler{random: rand.New(rand.NewPCG(5, 8)), groups: map[string]int64{}}
	err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO workflow_versions (workflow, version, text, first_used) VALUES ('noop3', 'v1', 'tasks: {}', 0) ON CONFLICT DO NOTHING`)
		return err
	})
	for n := 0; n < runs && err == nil; n += filledAtOnce {
		err = db.Write(ctx, func(tx *store.Tx) error {
			for i := n; i < min(runs, n+filledAtOnce); i++ {
				if err := f.run(tx, i, i >= runs-filledUnfinished && i%2 == 0); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// some gives one of n, the first ones most often.
func (f *filler) some(n int) int { return min(f.random.IntN(n), f.random.IntN(n)) }

func (f *filler) run(tx *store.Tx, n int, unfinished bool) error {
	at := filledFrom.Add(time.Duration(n) * filledEvery)
	id := fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", at.UnixMilli()>>16, at.UnixMilli()&0xffff, n&0xfff, 0x8000|f.random.IntN(0x4000), f.random.Int64N(1<<48))
	organisation, workflow := f.some(filledOrganisations), f.some(filledWorkflows)
	trigger, parent := filledTriggers[f.random.IntN(len(filledTriggers))], ""
	if trigger == "workflow" && f.last != "" {
		parent = f.last
	} else {
		f.last = id
	}
	group, err := f.group(tx, organisation, workflow, trigger, parent != "")
	if err != nil {
		return err
	}
	status, finished := "succeeded", any(at.Add(time.Second).UnixNano())
	if f.random.IntN(30) == 0 {
		status = []string{"failed", "failed", "timed_out", "cancelled"}[f.random.IntN(4)]
	}
	if unfinished {
		status, finished = "waiting", nil
	}
	inputs := fmt.Sprintf(`{"ticket":%d,"client":"Client %d","note":%q}`, 100_000+n, organisation, strings.Repeat("A note of some length. ", 4))
	terms := ""
	if parent == "" {
		terms = fmt.Sprintf("%d\nclient %d", 100_000+n, organisation)
	}
	_, err = tx.Exec(`INSERT INTO runs (id, workflow, version, organisation, organisation_slug, status, trigger_type, trigger_name, parent, parent_exec, parent_item,
		settings, inputs, outputs, error, created_at, started_at, finished_at, terms, run_group)
		VALUES (?, ?, 'v1', ?, ?, ?, ?, 'in', ?, ?, -1, '{}', ?, '{"done":true}', NULL, ?, ?, ?, ?, ?)`, id, filledWorkflow(workflow), filledOrganisation(organisation),
		fmt.Sprint("client-", organisation), status, trigger, parent, parentExec(parent), inputs, at.UnixNano(), at.UnixNano(), finished, terms, group)
	if err != nil {
		return err
	}
	for term := range strings.Lines(terms) {
		if _, err := tx.Exec(`INSERT INTO run_terms (term, created_at, run) VALUES (?, ?, ?)`, strings.TrimSpace(term), at.UnixNano(), id); err != nil {
			return err
		}
	}
	return f.details(tx, id, at, inputs)
}

func parentExec(parent string) int64 {
	if parent == "" {
		return -1
	}
	return 0
}

func filledWorkflow(n int) string     { return fmt.Sprintf("area-%d/workflow-%d", n%7, n) }
func filledOrganisation(n int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", n) }

func (f *filler) group(tx *store.Tx, organisation, workflow int, trigger string, child bool) (int64, error) {
	key := fmt.Sprint(organisation, " ", workflow, " ", trigger, " ", child)
	if id, ok := f.groups[key]; ok {
		return id, nil
	}
	result, err := tx.Exec(`INSERT INTO run_groups (organisation, workflow, trigger_type, trigger_name, child) VALUES (?, ?, ?, 'in', ?)`,
		filledOrganisation(organisation), filledWorkflow(workflow), trigger, child)
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	f.groups[key] = id
	return id, err
}

// details are the events and the task of a run.
func (f *filler) details(tx *store.Tx, id string, at time.Time, inputs string) error {
	for seq, data := range []string{`{"run":"` + id + `","inputs":` + inputs + `,"exec":0}`, `{"exec":0}`, `{"exec":0,"result":{"ok":true}}`} {
		kind := []string{"run_started", "attempt_started", "attempt_ended"}[seq]
		if _, err := tx.Exec(`INSERT INTO events (run, seq, at, kind, data) VALUES (?, ?, ?, ?, ?)`, id, seq+1, at.UnixNano(), kind, data); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO tasks (run, exec, name, instance, status, attempts, items, subrun, started_at, finished_at) VALUES (?, 0, 'a', 1, 'succeeded', 1, -1, '', ?, ?)`,
		id, at.UnixNano(), at.UnixNano())
	return err
}
