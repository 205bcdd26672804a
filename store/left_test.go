package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
)

// TestLeftForTheEnd: what functions leave is written once for each of their transactions; what a function that failed has
// left is not, and what cannot be written undoes the whole transaction.
func TestLeftForTheEnd(t *testing.T) {
	s := open(t, t.TempDir())
	var written []string
	refused := errors.New("refused")
	sums := &store.Sum{Write: func(tx *store.Tx, left []any) error {
		if slices.Contains(left, any("refuse")) {
			return refused
		}
		written = append(written, fmt.Sprint(left))
		return note(len(written), fmt.Sprint("sum of ", left))(tx)
	}}
	others := &store.Sum{Write: func(_ *store.Tx, left []any) error {
		if slices.Contains(left, any("panic")) {
			panic("it was asked for")
		}
		written = append(written, fmt.Sprint("others ", left))
		return nil
	}}
	leave := func(to *store.Sum, what string, err error) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			tx.Leave(to, what)
			return err
		}
	}
	if errs := together(t, s, leave(sums, "a", nil), leave(others, "b", nil), leave(sums, "c", errPlanned), leave(sums, "d", nil)); errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], errPlanned) || errs[3] != nil {
		t.Fatal(errs)
	}
	if got := strings.Join(written, ", "); got != "[a d], others [b]" {
		t.Error(got)
	}
	for _, what := range []func(*store.Tx) error{leave(sums, "refuse", nil), leave(others, "panic", nil)} {
		written = []string{"before"}
		errs := together(t, s, note(50, "beside"), what)
		if errs[0] == nil || errs[1] == nil {
			t.Errorf("kept: %v", errs)
		}
	}
	if n := len(notes(t, s)); n != 1 {
		t.Errorf("%d notes", n)
	}
	faulttest.Must(t, s.Write(context.Background(), note(50, "beside")))
}

// TestToldOfCommits: each table that was changed is told, of whom, after the commit alone; and nothing of what was undone, or
// changed nothing.
func TestToldOfCommits(t *testing.T) {
	s := open(t, t.TempDir())
	var told []string
	s.OnCommit(func(organisation string, changed store.Tables) {
		names := s.TableNames(changed)
		slices.Sort(names)
		told = append(told, fmt.Sprint(organisation, names))
	})
	faulttest.Must(t, s.Write(context.Background(), note(1, "one")))
	told = nil
	exec := func(organisation, query string, args ...any) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			_, err := tx.ExecOf(organisation, query, args...)
			return err
		}
	}
	failing := func(tx *store.Tx) error {
		return errors.Join(note(9, "undone")(tx), errPlanned)
	}
	both := func(tx *store.Tx) error {
		return errors.Join(exec("a", upsertTask, "r", "x", "done", 1)(tx), exec("a", insertEvent, "r", 1, "k", 1, []byte("x"))(tx), exec("b", upsertTask, "r", "y", "done", 1)(tx))
	}
	together(t, s, exec("a", "UPDATE notes SET text = 'two' WHERE id = 7"), both, failing, exec("", "DELETE FROM notes WHERE id = ?", 1),
		exec("c", "INSERT OR REPLACE INTO notes (id, text) VALUES (3, 'x'); UPDATE tasks SET status = 'x' WHERE name = 'nobody'"))
	if got, want := strings.Join(told, ", "), "a[events tasks], b[tasks], [notes], c[notes tasks]"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	told = nil
	if errs := together(t, s, exec("a", "INSERT INTO replies (note) VALUES (99)")); fault.From(errs[0]).Code == "" { // refused at the commit
		t.Error(errs)
	}
	if len(told) > 0 {
		t.Errorf("told %v of what was not committed", told)
	}
}
