package powerloss_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gantry/store"
	"gantry/store/powerloss"
)

var (
	firstSeed = flag.Uint64("seed", 1, "of the first world")
	worlds    = flag.Int("worlds", 2, "how many worlds")
	cuts      = flag.Int("cuts", 16, "power cuts in each; 0: at every sync, and as often in between")
	long      = flag.Duration("for", 0, "so long, instead of so many worlds; each is cut at every sync")
)

// tally counts what was tried.
type tally struct {
	worlds, cuts, again, early, steps int
	runs, compared, unknown           int
}

// TestPowerCutsUnderRuns: whatever the disk made of what was not synced, everything that anybody knew is there, and goes
// on to the end that it would have come to.
func TestPowerCutsUnderRuns(t *testing.T) {
	target, all := newTarget(t), &tally{}
	began := time.Now()
	for seed := *firstSeed; ; seed++ {
		if *long > 0 && time.Since(began) > *long || *long == 0 && seed >= *firstSeed+uint64(*worlds) || t.Failed() {
			break
		}
		w := newWorld(t, seed, target, all)
		w.play(10)
		all.worlds++
		rng := rand.New(rand.NewPCG(seed, 3))
		for _, moment := range w.first.moments(rng) {
			w.cut(w.first, moment, rng.Uint64(), rng.IntN(4) == 0)
		}
	}
	t.Logf("%d worlds from seed %d on, %d steps of disks, %d power cuts (%d of them while everything was taken up again, %d before all was set up), %d runs judged, %d of them against their undisturbed ends, %d writes unknown",
		all.worlds, *firstSeed, all.steps, all.cuts, all.again, all.early, all.runs, all.compared, all.unknown)
	if all.cuts == 0 || all.compared == 0 || all.compared < all.runs/4 {
		t.Error("too little was compared to prove anything")
	}
}

// moments draws where the power goes: around syncs, where most is open, and anywhere.
func (a *act) moments(rng *rand.Rand) []int {
	n, syncs := *cuts, a.recording.Syncs()
	var all []int
	if n == 0 || *long > 0 {
		for _, at := range syncs {
			all = append(all, at-1, at, rng.IntN(len(a.recording)+1))
		}
		return all
	}
	for i := range n {
		at := rng.IntN(len(a.recording) + 1)
		if i%3 > 0 {
			at = syncs[rng.IntN(len(syncs))] - i%3 + 1 // just before, just after
		}
		all = append(all, at)
	}
	return all
}

// TestADiskThatLiesIsSeen: on a disk that syncs nothing from some moment on, promises are broken, and these laws see it.
func TestADiskThatLiesIsSeen(t *testing.T) {
	w := newWorld(t, 1, newTarget(t), &tally{})
	w.play(10)
	a := w.first
	began := slices.IndexFunc(a.recording, func(s powerloss.Step) bool { return s.Kind == powerloss.Mark })
	for i, s := range a.recording {
		if i > began && s.Kind == powerloss.Sync {
			a.recording[i] = powerloss.Step{Kind: powerloss.Open, File: s.File}
		}
	}
	rng, seen := rand.New(rand.NewPCG(1, 5)), 0
	for range 8 {
		moment := began + 1 + rng.IntN(len(a.recording)-began)
		v := &verdict{w: w, was: a, known: a.known(moment)}
		dir := w.build(a, moment, rng.Uint64(), true)
		if _, err := w.goOn(v, dir, false); err != nil || len(v.wrong) > 0 {
			seen++
		}
		w.must(os.RemoveAll(dir))
	}
	if seen < 3 {
		t.Errorf("%d of 8 power cuts broke something: the laws would not find a fault", seen)
	}
}

// cut takes the power away at a moment of a life, lets another one go on, and judges; now and then the power goes once
// more while that one takes everything up.
func (w *world) cut(a *act, moment int, seed uint64, again bool) {
	w.tally.cuts++
	w.tally.steps += moment
	v := &verdict{w: w, was: a, known: a.known(moment)}
	whole := slices.ContainsFunc(v.known, func(n note) bool { return n.ready })
	dir := w.build(a, moment, seed, whole)
	where := fmt.Sprintf("seed %d: power lost after step %d of %d, loss %d", w.seed, moment, len(a.recording), seed)
	var next *act
	var err error
	if whole {
		next, err = w.goOn(v, dir, again)
	} else {
		w.tally.early++
		err = w.beginAgain(dir)
	}
	if err != nil {
		v.say("%v", err)
	}
	if len(v.wrong) > 0 {
		w.t.Errorf("%s:", where)
		for _, text := range v.wrong[:min(len(v.wrong), 10)] {
			w.t.Errorf("  %s", text)
		}
		kept := w.build(a, moment, seed, whole)
		w.t.Errorf("the folder, as the disk was left, is kept in %s", kept)
	}
	w.must(os.RemoveAll(dir))
	if next != nil && len(v.wrong) == 0 {
		rng := rand.New(rand.NewPCG(seed, 4))
		w.tally.again++
		w.cut(next, next.recording.Start()+rng.IntN(len(next.recording)+1-next.recording.Start()), rng.Uint64(), false)
	}
}

// goOn opens what the disk has, takes it up, brings it to its end, and judges.
func (w *world) goOn(v *verdict, dir string, records bool) (next *act, err error) {
	w.target.forget(arrivals(v.known)...)
	if records {
		next = &act{before: append(v.known, note{ready: true})}
		w.must(powerloss.Begin(dir))
	}
	l, err := open(dir, w.lib)
	if err != nil {
		return nil, err
	}
	closed := false
	defer func() {
		if !closed {
			l.close(w.t)
		}
		if records && !closed {
			powerloss.End()
		}
	}()
	if err := sound(l.store); err != nil {
		return nil, err
	}
	log, err := w.logs(l)
	if err != nil {
		return nil, err
	}
	if v.left, err = w.endsOf(l, nil); err != nil {
		return nil, err
	}
	v.judgeDisk(log)
	if records {
		next.listen(l, w.target)
	}
	if _, problems := l.engine.Recover(context.Background()); len(problems) > 0 {
		return nil, problems[0]
	}
	l.attend()
	if err := l.rest(); err != nil {
		return nil, fmt.Errorf("some runs are stuck: %w", err)
	}
	if v.ends, err = w.endsOf(l, v.left); err != nil {
		return nil, err
	}
	v.judgeEnds()
	w.tally.runs += len(v.ends)
	if closed = records; records {
		w.finish(next, l)
	}
	return next, nil
}

// beginAgain opens a directory of which nobody was told yet that it is there.
func (w *world) beginAgain(dir string) error {
	s, err := store.Open(context.Background(), dir, store.Options{}, sets()...)
	if err != nil {
		return err
	}
	err = sound(s)
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	if _, statErr := os.Stat(filepath.Join(dir, store.DatabaseFile)); err == nil {
		err = statErr
	}
	return err
}

func sound(s *store.Store) error {
	var found []string
	if err := s.Read().Select(&found, "PRAGMA integrity_check"); err != nil || len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("the database is damaged: %v %w", found, err)
	}
	return nil
}
