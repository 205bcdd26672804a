package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gantry/fault"
	"gantry/store"
)

// copied gives a data directory with a copy of a database.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := store.Copy(t.Context(), dir, filepath.Join(to, store.DatabaseFile), nil); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestCopyBesideWriters: each copy made while others write is a state that there was: a beginning of what was written,
// without gaps, with whole transactions.
func TestCopyBesideWriters(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	write(t, s, func(tx *store.Tx) error {
		for i := range 3000 { // some thousand pages, so that a copy takes several steps
			if err := note(-1-i, "old "+strings.Repeat("x", 3000)+textOf(i))(tx); err != nil {
				return err
			}
		}
		return nil
	})
	stop := make(chan struct{})
	var writers sync.WaitGroup
	writers.Go(func() {
		for i := 0; ; i += 2 {
			select {
			case <-stop:
				return
			default:
			}
			err := s.Write(context.Background(), func(tx *store.Tx) error { // two rows or none
				if err := note(i, textOf(i))(tx); err != nil {
					return err
				}
				return note(i+1, textOf(i+1))(tx)
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	seen := 0
	for range 5 {
		steps := 0
		to := t.TempDir()
		if err := store.Copy(t.Context(), dir, filepath.Join(to, store.DatabaseFile), func(done, all int64) {
			if steps++; done > all {
				t.Errorf("%d of %d bytes", done, all)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if steps < 2 {
			t.Errorf("the copy was made in %d steps", steps)
		}
		x, err := store.Examine(t.Context(), to, true, sets())
		if err != nil || len(x.Problems) > 0 || len(x.Orphans) > 0 {
			t.Fatalf("%+v %v", x, err)
		}
		var ids []int
		for _, id := range notes(t, open(t, to)) {
			if id >= 0 {
				ids = append(ids, id)
			}
		}
		for i, id := range ids {
			if i != id {
				t.Fatalf("row %d is missing", i)
			}
		}
		if len(ids)%2 != 0 || len(ids) < seen {
			t.Errorf("%d rows, after a copy with %d", len(ids), seen)
		}
		seen = len(ids)
	}
	close(stop)
	writers.Wait()
	if seen == 0 {
		t.Error("nothing was written meanwhile")
	}
}

// TestCopyIsClosedToOthers: the copy is for its owner alone, and does not need its origin's log.
func TestCopyIsClosedToOthers(t *testing.T) {
	dir := killedStore(t, inLog)
	to := copied(t, dir)
	info, err := os.Stat(filepath.Join(to, store.DatabaseFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if n := len(notes(t, open(t, to))); n != inLog {
		t.Errorf("%d of %d rows", n, inLog)
	}
	err = store.Copy(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "x"), nil)
	wantCode(t, err, fault.Missing)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Copy(ctx, closedStore(t, 3000), filepath.Join(t.TempDir(), "x"), nil); err == nil {
		t.Error("a copy that nobody wants any more goes on")
	}
}
