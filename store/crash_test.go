package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gantry/store"
)

// victimDirectory makes the test binary a process that writes until it is killed.
const victimDirectory = "GANTRY_TEST_STORE_VICTIM"

// Copying the files while the store is open, at a moment when the writer stands still, is what a power cut
// leaves.
func TestCopyOfAnOpenStoreHasAllThatWasAnswered(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := open(t, dir)
	for i := range 3000 {
		write(t, s, note(i, strings.Repeat(fmt.Sprint(i), 40)))
	}
	write(t, s, func(*store.Tx) error {
		for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal"} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(copied, name), content, 0o600); err != nil {
				return err
			}
		}
		return nil
	})
	second := open(t, copied)
	if n := len(notes(t, second)); n != 3000 {
		t.Errorf("%d of 3000 rows", n)
	}
	wantSound(t, second)
}

func wantSound(t *testing.T, s *store.Store) {
	t.Helper()
	var verdict string
	if err := s.Read().Get(&verdict, "PRAGMA integrity_check"); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
}

// kill -9 in the midst of writing, and of giving room back: everything answered is there, nothing is half there, and the
// lock is free.
func TestKillNine(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := t.TempDir()
	confirmed := make(map[string]bool)
	for round := range 3 {
		killAfter(t, dir, 200*(round+1), confirmed)
	}
	if !confirmed[gaveBack] {
		t.Error("no room was given back: that was not tried")
	}
	delete(confirmed, gaveBack)
	s := open(t, dir)
	wantSound(t, s)
	var runs []string
	if err := s.Read().Select(&runs, "SELECT run_id FROM events"); err != nil {
		t.Fatal(err)
	}
	present := make(map[string]bool)
	for _, run := range runs {
		present[run] = true
	}
	for run := range confirmed {
		if !present[run] {
			t.Errorf("%s was confirmed and is lost", run)
		}
	}
	var half int
	err := s.Read().Get(&half, "SELECT count(*) FROM events e LEFT JOIN tasks t ON t.run_id = e.run_id WHERE t.run_id IS NULL")
	if err != nil || half != 0 {
		t.Errorf("%d writes are half there, %v", half, err)
	}
}

// killAfter lets a process write until it has confirmed count writes, and kills it.
func killAfter(t *testing.T, dir string, count int, confirmed map[string]bool) {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimDirectory+"="+dir)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		confirmed[lines.Text()] = true
		if lines.Text() == gaveBack {
			continue
		}
		if n++; n == count+1 {
			if err := victim.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The end of a killed process is no failure here; that it confirmed enough is checked by the count.
	_ = victim.Wait()
	if len(confirmed) < count {
		t.Fatalf("only %d writes were confirmed", len(confirmed))
	}
}

func writeUntilKilled(dir string) {
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { giveBackUntilKilled(s, &mu) })
	for p := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				run := strconv.Itoa(os.Getpid()) + "-" + strconv.Itoa(p) + "-" + strconv.Itoa(i)
				if err := s.Write(context.Background(), writeEvent(run, 0)); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				_, err := io.WriteString(os.Stdout, run+"\n")
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

// gaveBack is the line that a victim writes when it has given room back.
const gaveBack = "gave back"

// giveBackUntilKilled fills the file, removes that, and gives its room back, again and again.
func giveBackUntilKilled(s *store.Store, out *sync.Mutex) {
	body := strings.Repeat("to be removed ", 8000)
	for {
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			for i := range 4 {
				if err := note(i, fmt.Sprint(i, body))(tx); err != nil && !store.IsUnique(err) { // one who was killed has left them
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = s.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec("DELETE FROM notes"); return err })
		}
		freed, giveErr := s.GiveBack(context.Background(), 0)
		if err == nil {
			err = giveErr
		}
		if err == nil {
			err = s.Optimise(context.Background())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if freed > 0 {
			out.Lock()
			_, err = io.WriteString(os.Stdout, gaveBack+"\n")
			out.Unlock()
			if err != nil {
				return
			}
		}
	}
}
