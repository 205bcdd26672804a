package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/fault"
	"gantry/store"
)

var errPlanned = errors.New("planned")

// together holds the writer still until all of fns are queued, so that they share one transaction, and
// gives their outcomes.
func together(t testing.TB, s *store.Store, fns ...func(*store.Tx) error) []error {
	t.Helper()
	gate, entered := make(chan struct{}), make(chan struct{})
	s.Submit(func(*store.Tx) error { close(entered); <-gate; return nil }, nil)
	<-entered
	outcomes := make([]error, len(fns))
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Add(1)
		s.Submit(fn, func(err error) { outcomes[i] = err; all.Done() })
	}
	close(gate)
	all.Wait()
	return outcomes
}

func TestOneFailureUndoesOnlyItself(t *testing.T) {
	s := open(t, t.TempDir())
	before := s.Stats().Transactions
	failing := func(tx *store.Tx) error {
		if err := note(100, "undone")(tx); err != nil {
			return err
		}
		return errPlanned
	}
	panicking := func(tx *store.Tx) error {
		if err := note(101, "undone too")(tx); err != nil {
			return err
		}
		panic("planned panic")
	}
	got := together(t, s, failing, note(1, "a"), failing, panicking, note(2, "b"), note(2, "twice"), note(3, "c"), failing)
	want := []bool{false, true, false, false, true, false, true, false}
	for i, ok := range want {
		if (got[i] == nil) != ok {
			t.Errorf("function %d: %v", i, got[i])
		}
	}
	if !errors.Is(got[0], errPlanned) {
		t.Errorf("the function's own error is lost: %v", got[0])
	}
	wantCode(t, got[3], fault.Internal)
	if !strings.Contains(got[3].Error(), "planned panic") {
		t.Errorf("the panic is not named: %v", got[3])
	}
	if !store.IsUnique(got[5]) || store.IsUnique(got[0]) {
		t.Errorf("IsUnique: %v", got[5])
	}
	if diff := cmp.Diff([]int{1, 2, 3}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
	if n := s.Stats().Transactions - before; n > 2 {
		t.Errorf("%d transactions; the functions were to share one", n)
	}
}

func TestGoexitFailsThatFunctionAndTheStoreGoesOn(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.Write(context.Background(), func(tx *store.Tx) error {
		if err := note(1, "undone")(tx); err != nil {
			return err
		}
		runtime.Goexit()
		return nil
	})
	wantCode(t, err, fault.Storage)
	write(t, s, note(2, "x"))
	if diff := cmp.Diff([]int{2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestAFunctionThatEndsTheTransaction(t *testing.T) {
	s := open(t, t.TempDir())
	got := together(t, s, note(1, "a"), func(tx *store.Tx) error { _, err := tx.Exec("ROLLBACK"); return err }, note(2, "b"))
	wantCode(t, got[0], fault.Storage)
	wantCode(t, got[1], fault.Storage)
	if got[2] != nil {
		t.Errorf("the next function: %v", got[2])
	}
	if diff := cmp.Diff([]int{2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

// TestATextWithNothingToRun is a mistake of the program's, and does not end it.
func TestATextWithNothingToRun(t *testing.T) {
	s := open(t, t.TempDir())
	for _, text := range []string{"", " ;\n", "-- a comment", "-- one; with more\n", "/* a\ncomment */ -- and another", "/* open", "\uFEFF"} {
		for how, run := range map[string]func(*store.Tx) error{
			"Exec":       func(tx *store.Tx) error { _, err := tx.Exec(text); return err },
			"Exec, args": func(tx *store.Tx) error { _, err := tx.Exec(text, 1); return err },
		} {
			err := s.Write(context.Background(), run)
			if wantCode(t, err, fault.Internal); err == nil || !strings.Contains(err.Error(), "nothing that could be run") {
				t.Errorf("%s %q: %v", how, text, err)
			}
		}
	}
	for _, text := range []string{"-- why\nINSERT INTO notes (id, text) VALUES (1, 'a')", "/* -- */ INSERT INTO notes (id, text) VALUES (2, 'b'); -- done"} {
		write(t, s, func(tx *store.Tx) error { _, err := tx.Exec(text); return err })
	}
	if diff := cmp.Diff([]int{1, 2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestCommitFailsByADeferredConstraint(t *testing.T) {
	s := open(t, t.TempDir())
	orphan := func(tx *store.Tx) error { _, err := tx.Exec("INSERT INTO replies (note) VALUES (77)"); return err }
	for i, err := range together(t, s, note(1, "a"), orphan) {
		if err == nil {
			t.Errorf("function %d was told it is saved", i)
			continue
		}
		wantCode(t, err, fault.Storage)
	}
	write(t, s, note(2, "b"))
	if diff := cmp.Diff([]int{2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestDiskFull(t *testing.T) {
	s := open(t, t.TempDir())
	setPages := func(query string) {
		t.Helper()
		write(t, s, func(tx *store.Tx) error { var n int; return tx.Get(&n, query) })
	}
	setPages("PRAGMA max_page_count = 40")
	big := strings.Repeat("x", 400_000)
	err := s.Write(context.Background(), note(1, big))
	wantCode(t, err, fault.Storage)
	if !strings.Contains(err.Error(), "disk is full") || !strings.Contains(err.Error(), "free space") {
		t.Errorf("unclear: %v", err)
	}
	// On a full disk SQLite gives up the whole transaction: the one before is told so, the one behind goes on.
	got := together(t, s, note(2, "small"), note(3, big), note(4, "small too"))
	wantCode(t, got[0], fault.Storage)
	wantCode(t, got[1], fault.Storage)
	if got[2] != nil {
		t.Error(got[2])
	}
	setPages("PRAGMA max_page_count = 1000000")
	write(t, s, note(5, big))
	if diff := cmp.Diff([]int{4, 5}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestCancelledWhileQueued(t *testing.T) {
	s := open(t, t.TempDir())
	gate, entered := make(chan struct{}), make(chan struct{})
	s.Submit(func(*store.Tx) error { close(entered); <-gate; return nil }, nil)
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	outcome := make(chan error)
	go func() { outcome <- s.Write(ctx, note(1, "never")) }()
	cancel()
	err := <-outcome
	wantCode(t, err, fault.Cancelled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is lost: %v", err)
	}
	close(gate)
	write(t, s, note(2, "x"))
	if diff := cmp.Diff([]int{2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestCancelledWhileRunning(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	err := s.Write(ctx, func(tx *store.Tx) error { cancel(); return note(1, "done")(tx) })
	if err != nil {
		t.Errorf("what ran was saved, but its caller was told: %v", err)
	}
	if diff := cmp.Diff([]int{1}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
	wantCode(t, s.Write(ctx, note(2, "x")), fault.Cancelled)
}

func TestCallbacksComeInOrder(t *testing.T) {
	s := open(t, t.TempDir())
	var got []int
	for i := range 2000 {
		s.Submit(note(i, fmt.Sprint(i)), func(error) { got = append(got, i) })
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i, n := range got {
		if i != n {
			t.Fatalf("callback %d came as %d", n, i)
		}
	}
	if len(got) != 2000 {
		t.Errorf("%d callbacks", len(got))
	}
}

func TestCloseFlushesAndRefuses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var want []int
	for i := range 1000 {
		want = append(want, i)
		s.Submit(note(i, fmt.Sprint(i)), nil)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.Write(context.Background(), note(5000, "late")), fault.Storage)
	s.Submit(note(5001, "late"), func(err error) { wantCode(t, err, fault.Storage) })
	if diff := cmp.Diff(want, notes(t, open(t, dir))); diff != "" {
		t.Error(diff)
	}
}

func TestSubmitFromACallback(t *testing.T) {
	s := open(t, t.TempDir())
	done := make(chan error)
	s.Submit(note(1, "a"), func(error) { s.Submit(note(2, "b"), func(err error) { done <- err }) })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestTransaction(t *testing.T) {
	s := open(t, t.TempDir())
	var leaked *store.Tx
	write(t, s, func(tx *store.Tx) error {
		leaked = tx
		var text string
		if err := tx.Get(&text, "SELECT text FROM notes WHERE id = 9"); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row gives %v", err)
		}
		if err := note(9, "own writes are seen")(tx); err != nil {
			return err
		}
		if err := tx.Get(&text, "SELECT text FROM notes WHERE id = ?", 9); err != nil || text != "own writes are seen" {
			t.Errorf("%q, %v", text, err)
		}
		result, err := tx.Exec("UPDATE notes SET text = text || ?", "!")
		if err != nil {
			return err
		}
		if n, _ := result.RowsAffected(); n != 1 {
			t.Errorf("%d rows affected", n)
		}
		if _, err := tx.Exec("INSERT INTO notes (id, text) VALUES (10, 'x;y'); INSERT INTO notes (id, text) VALUES (?, ?)", 11, "z"); err != nil {
			return err
		}
		var ids []int
		if err := tx.Select(&ids, "SELECT id FROM notes ORDER BY id"); err != nil {
			return err
		}
		if diff := cmp.Diff([]int{9, 10, 11}, ids); diff != "" {
			t.Error(diff)
		}
		_, err = tx.Exec("SELECT ?", struct{}{})
		wantCode(t, err, fault.Internal)
		return nil
	})
	_, err := leaked.Exec("DELETE FROM notes")
	wantCode(t, err, fault.Internal)
	wantCode(t, leaked.Get(new(int), "SELECT 1"), fault.Internal)
	wantCode(t, leaked.Select(new([]int), "SELECT 1"), fault.Internal)
}

func TestManyQueryTexts(t *testing.T) {
	s := open(t, t.TempDir())
	write(t, s, func(tx *store.Tx) error {
		for i := range 2000 {
			if _, err := tx.Exec(fmt.Sprintf("INSERT INTO notes (id, text) VALUES (%d, ?)", i), fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if n := len(notes(t, s)); n != 2000 {
		t.Errorf("%d rows", n)
	}
}

// A model: many writers, each with functions that succeed, fail or panic. What was answered with success
// is there, nothing else is.
func TestConcurrentWritersAgainstAModel(t *testing.T) {
	s := open(t, t.TempDir())
	rapid.Check(t, func(rt *rapid.T) {
		write(t, s, func(tx *store.Tx) error { _, err := tx.Exec("DELETE FROM notes"); return err })
		plans := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 5), 1, 30), 1, 8).Draw(rt, "plans")
		want := make([]int, 0)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for p, plan := range plans {
			wg.Go(func() {
				for i, kind := range plan {
					id := p*1000 + i
					err := s.Write(context.Background(), act(kind, id))
					if (err == nil) != (kind > 1) {
						rt.Errorf("kind %d: %v", kind, err)
					}
					if err == nil {
						mu.Lock()
						want = append(want, id)
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		var got []int
		err := s.Read().Select(&got, "SELECT id FROM notes")
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(asSet(want), asSet(got)); diff != "" {
			rt.Error(diff)
		}
	})
}

func act(kind, id int) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if err := note(id, fmt.Sprint(id))(tx); err != nil {
			return err
		}
		switch kind {
		case 0:
			return errPlanned
		case 1:
			panic("planned")
		}
		return nil
	}
}

func asSet(ids []int) map[int]bool {
	set := make(map[int]bool)
	for _, id := range ids {
		set[id] = true
	}
	return set
}
