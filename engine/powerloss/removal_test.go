package powerloss_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/history"
	"gantry/store"
	"gantry/store/powerloss"
)

var removalCuts = flag.Int("removal-cuts", 25, "power cuts while old runs are removed")

// kept says what is kept of each run: rows by table.
type kept map[string]map[string]int

var detailTables = []string{"events", "tasks", "requests", "payloads"}

func rowsOf(s *store.Store) (kept, error) {
	all := kept{}
	for _, table := range append([]string{"removed_runs"}, detailTables...) {
		var rows []struct {
			Run string
			N   int
		}
		if err := s.Read().Select(&rows, "SELECT run, count(*) AS n FROM "+table+" GROUP BY run"); err != nil {
			return nil, err
		}
		for _, r := range rows {
			if all[r.Run] == nil {
				all[r.Run] = map[string]int{}
			}
			all[r.Run][table] = r.N
		}
	}
	return all, nil
}

// removal is a recorded life in which runs came to their end, and the old ones were removed.
type removal struct {
	*world
	recording powerloss.Recording
	before    kept            // of each run, when the removal began
	stay      map[string]bool // runs that nothing may be removed of
	began     int             // marks
	done      int
}

// tidy does what a server does with its history from time to time.
func tidy(l *life) error {
	ctx := context.Background()
	_, err := l.history.Prune(ctx, history.Retention{Now: time.Now(), Rule: func(string) history.Rule { return history.Rule{Runs: 2} }})
	if err != nil {
		return err
	}
	if _, err := l.store.GiveBack(ctx, 0); err != nil {
		return err
	}
	return l.store.Optimise(ctx)
}

func playRemoval(t *testing.T, target *target) *removal {
	w := &world{t: t, seed: *firstSeed, target: target, key: map[string][]byte{}, tally: &tally{}}
	leaf := "tasks: {a: {action: core.set, with: {values: {text: '" + filler[:3000] + "'}}}}\n"
	texts := map[string]string{
		"leaf":   leaf,
		"many":   "tasks: {a: {for_each: {items: '${{ lists.range(230) }}'}, action: core.noop}}\n", // more events than are removed at once
		"family": "tasks: {a: {for_each: {items: '${{ lists.range(24) }}'}, workflow: leaf}}\n",     // more runs than are removed at once
		"large":  "tasks:\n  a:\n    " + request(target.URL, "GET", "size=700000", "a", "") + "\n",
		"asks":   "tasks: {a: {workflow: leaf, next: b}, b: {action: core.ask, with: {question: Well?, buttons: [{value: 'yes'}]}}}\n",
	}
	var err error
	w.lib, err = compile(texts)
	w.must(err)
	r := &removal{world: w, stay: map[string]bool{}}
	l, org := w.begun()
	_, problems := l.engine.Recover(t.Context())
	w.must(errors.Join(problems...))
	for _, id := range []string{"asks", "family", "many", "large", "leaf", "family", "large", "leaf", "many"} {
		run, err := l.engine.Start(t.Context(), engine.Request{Workflow: id, Organisation: org})
		w.must(err)
		if id != "asks" {
			_, err = l.engine.Wait(t.Context(), run)
			w.must(err)
		}
	}
	runs, err := l.history.Runs(t.Context(), history.Filter{Children: true, Limit: 500})
	w.must(err)
	for i, run := range runs {
		r.stay[run.ID] = i < 2 || !run.Status.Ended()
	}
	for _, run := range runs { // what a run that waits has led to stays with it
		r.stay[run.ID] = r.stay[run.ID] || r.stay[run.Parent]
	}
	r.before, err = rowsOf(l.store)
	w.must(err)
	r.began, r.done = 1, 2
	powerloss.Note(r.began)
	w.must(tidy(l))
	powerloss.Note(r.done)
	l.close(t)
	r.recording = powerloss.End()
	return r
}

// TestPowerCutsWhileOldRunsGo: whenever the power goes while old runs are removed and their room is given back, each run is
// whole or gone, what was to stay is there, and the next time the rest goes.
func TestPowerCutsWhileOldRunsGo(t *testing.T) {
	r := playRemoval(t, newTarget(t))
	at := func(mark int) int {
		return slices.IndexFunc(r.recording, func(s powerloss.Step) bool { return s.Kind == powerloss.Mark && int(s.Offset) == mark })
	}
	from, until := at(r.began), len(r.recording)
	truncated := slices.ContainsFunc(r.recording[from:], func(s powerloss.Step) bool { return s.Kind == powerloss.Truncate && s.File == store.DatabaseFile })
	rng := rand.New(rand.NewPCG(r.seed, 6))
	seen := map[string]int{}
	for range *removalCuts {
		moment, seed := from+rng.IntN(until-from+1), rng.Uint64()
		dir := r.build(&act{recording: r.recording}, moment, seed, true)
		for _, text := range r.judge(dir, moment > at(r.done), seen) {
			t.Errorf("seed %d: power lost after step %d (%d to %d), loss %d: %s", r.seed, moment, from, until, seed, text)
		}
		r.must(os.RemoveAll(dir))
	}
	t.Logf("%d power cuts, in %v", *removalCuts, seen)
	if !truncated || seen["with all"] == 0 || seen["with leftovers"] == 0 {
		t.Errorf("the file shrank: %t; the cuts left %v: too little to prove anything", truncated, seen)
	}
}

// judge looks at a disk, tidies it up, and looks again.
func (r *removal) judge(dir string, done bool, seen map[string]int) (wrong []string) {
	l, err := open(dir, r.lib)
	if err != nil {
		return []string{err.Error()}
	}
	defer l.close(r.t)
	wrong, left := r.look(l)
	switch {
	case left.leftovers > 0:
		seen["with leftovers"]++
	case left.runs == len(r.stay):
		seen["with all"]++
	case left.gone == 0:
		seen["with none"]++
	default:
		seen["with some"]++
	}
	if done && left.gone+left.leftovers > 0 {
		wrong = append(wrong, fmt.Sprintf("all old runs were removed, and there are %+v", left))
	}
	if _, problems := l.engine.Recover(context.Background()); len(problems) > 0 {
		return append(wrong, problems[0].Error())
	}
	if err := tidy(l); err != nil {
		return append(wrong, err.Error())
	}
	again, left := r.look(l)
	if left.gone+left.leftovers > 0 {
		again = append(again, fmt.Sprintf("after the next time there are %+v", left))
	}
	return append(wrong, again...)
}

// remains counts what is left of runs.
type remains struct{ runs, gone, leftovers int } // gone: of runs that are to go, how many are there whole

// look compares what a disk has with what there was: each run is there whole, or not at all but for what is noted.
func (r *removal) look(l *life) (wrong []string, left remains) {
	if err := sound(l.store); err != nil {
		wrong = append(wrong, err.Error())
	}
	rows, err := rowsOf(l.store)
	if err != nil {
		return append(wrong, err.Error()), left
	}
	var runs []string
	if err := l.store.Read().Select(&runs, "SELECT id FROM runs"); err != nil {
		return append(wrong, err.Error()), left
	}
	left.runs = len(runs)
	there := map[string]bool{}
	for _, id := range runs {
		there[id] = true
		if !r.stay[id] {
			left.gone++
		}
		if rows[id]["removed_runs"] > 0 { // of a large family: it goes with the rest
			left.leftovers++
			continue
		}
		for _, table := range detailTables {
			if rows[id][table] != r.before[id][table] {
				wrong = append(wrong, fmt.Sprintf("of %d %s of run %s, which is there, %d are left", r.before[id][table], table, id, rows[id][table]))
			}
		}
		if _, err := l.history.Load(context.Background(), id); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	for id, stays := range r.stay {
		if stays && !there[id] {
			wrong = append(wrong, "run "+id+" is gone")
		}
	}
	for id, counts := range rows {
		if !there[id] && counts["removed_runs"] == 0 {
			wrong = append(wrong, fmt.Sprintf("run %s is gone, and %v of it are left for ever", strings.TrimSpace(id), counts))
		} else if !there[id] {
			left.leftovers++
		}
	}
	return wrong, left
}
