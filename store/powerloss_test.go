package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"gantry/store"
	"gantry/store/powerloss"
)

// written is how many rows the workload writes: enough that the log is copied into the database again and again.
const written = 1000

// recordWrites lets a store write numbered rows from several goroutines, each noted when it was answered.
func recordWrites(t *testing.T) powerloss.Recording {
	t.Helper()
	dir := t.TempDir()
	if err := powerloss.Begin(dir); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		t.Fatal(err)
	}
	const writers = 4
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := w; i < written; i += writers {
				text := fmt.Sprint(i, " ", strings.Repeat(fmt.Sprint(i), 1500))
				if err := s.Write(context.Background(), note(i, text)); err != nil {
					t.Error(err)
				}
				powerloss.Note(i)
			}
		})
	}
	all.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return powerloss.End()
}

// lossesOf builds the disk of a moment and gives the rows that were answered and are not there, or why it is not sound.
func lossesOf(t *testing.T, r powerloss.Recording, moment int, seed uint64) (lost int, unsound error) {
	t.Helper()
	dir := t.TempDir()
	if err := r.Build(moment, rand.New(rand.NewPCG(seed, uint64(moment))), dir); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		return 0, err
	}
	defer s.Close()
	var verdict []string
	if err := s.Read().Select(&verdict, "PRAGMA integrity_check"); err != nil || len(verdict) != 1 || verdict[0] != "ok" {
		return 0, fmt.Errorf("integrity: %v %w", verdict, err)
	}
	var rows []struct {
		ID   int
		Text string
	}
	if err := s.Read().Select(&rows, "SELECT id, text FROM notes"); err != nil {
		return 0, err
	}
	there := map[int]bool{}
	for _, row := range rows {
		if !strings.HasPrefix(row.Text, fmt.Sprint(row.ID, " ", row.ID)) {
			return 0, fmt.Errorf("row %d has another's text", row.ID)
		}
		there[row.ID] = true
	}
	for _, i := range r.Answered(moment) {
		if !there[i] {
			lost++
		}
	}
	return lost, nil
}

// moments draws moments of a recording, more of them around what a checkpoint does to the database itself.
func moments(r powerloss.Recording, n int) []int {
	rng := rand.New(rand.NewPCG(7, 7))
	var near []int
	for i, s := range r {
		if s.File == store.DatabaseFile {
			near = append(near, i)
		}
	}
	all := []int{len(r)}
	for i := range n {
		if i%3 == 0 && len(near) > 0 {
			all = append(all, min(len(r), near[rng.IntN(len(near))]+rng.IntN(4)))
		} else {
			all = append(all, rng.IntN(len(r)))
		}
	}
	return all
}

// TestPowerLossLosesNothingThatWasAnswered: whatever the disk made of what was not synced yet, everything that was
// answered is there, and the database is sound.
func TestPowerLossLosesNothingThatWasAnswered(t *testing.T) {
	r := recordWrites(t)
	var syncs, checkpoints int
	for _, s := range r {
		if s.Kind == powerloss.Sync {
			syncs++
		}
		if s.Kind == powerloss.Write && s.File == store.DatabaseFile {
			checkpoints++
		}
	}
	if syncs < 100 || checkpoints < 100 || len(r.Answered(len(r))) != written {
		t.Fatalf("%d syncs, %d writes to the database, %d answers: too few to prove anything", syncs, checkpoints, len(r.Answered(len(r))))
	}
	for seed, moment := range moments(r, 60) {
		if lost, err := lossesOf(t, r, moment, uint64(seed)); lost > 0 || err != nil {
			t.Errorf("power lost after step %d of %d, seed %d: %d answered rows are gone, %v", moment, len(r), seed, lost, err)
		}
	}
}

// TestPowerLossIsSeen: a store that asks the disk for less loses what it answered, and this test would see it.
func TestPowerLossIsSeen(t *testing.T) {
	for _, mode := range []string{"NORMAL", "OFF"} {
		t.Run(mode, func(t *testing.T) {
			defer store.SetSynchronous(mode)()
			r := recordWrites(t)
			bad := 0
			for seed, moment := range moments(r, 15) {
				if lost, err := lossesOf(t, r, moment, uint64(seed)); lost > 0 || err != nil {
					bad++
				}
			}
			t.Logf("%d of 16 moments lost something", bad)
			if bad == 0 {
				t.Error("nothing was lost: the test would not find a fault")
			}
		})
	}
}
