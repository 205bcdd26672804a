package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/fault"
	"gantry/store"
)

// TestExamineDamage: a page that is damaged is told with the table or index whose it is; a file that was cut, and one
// that is none of ours, are told as what they are.
func TestExamineDamage(t *testing.T) {
	const page = 4096
	whole, err := os.ReadFile(filepath.Join(closedStore(t, 300), store.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	examine := func(content []byte) (*store.Examination, error) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, store.DatabaseFile), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return store.Examine(t.Context(), dir, true, sets())
	}
	if x, err := examine(whole); err != nil || len(x.Problems) > 0 || x.Versions[0] != (store.SetVersion{Name: "test", Current: 1, Known: 1}) || x.Sizes.Database != int64(len(whole)) {
		t.Fatalf("%+v %v", x, err)
	}
	told, named := 0, 0
	for at := 0; at < len(whole); at += page {
		damaged := append([]byte(nil), whole...)
		for i := range 64 {
			damaged[at+i] ^= 0xa5
		}
		x, err := examine(damaged)
		if err != nil {
			if at > 0 {
				t.Errorf("page %d: %v", at/page+1, err)
			}
			continue
		}

		if len(x.Problems) > 0 {
			told++
		}
		if text := strings.Join(x.Problems, "\n"); strings.Contains(text, "table notes") || strings.Contains(text, "index sqlite_autoindex_notes") {
			named++
		}
	}
	if pages := len(whole) / page; told < pages*9/10 || named < pages/2 {
		t.Errorf("of %d damaged pages %d were told, %d with their table", pages, told, named)
	}
	if x, err := examine(whole[:len(whole)/2/page*page]); err != nil || len(x.Problems) == 0 {
		t.Errorf("half a file: %+v %v", x, err)
	}
	if x, err := examine([]byte(strings.Repeat("this is no database\n", 1000))); err != nil || !strings.Contains(strings.Join(x.Problems, ""), "not a database") {
		t.Errorf("text: %+v %v", x, err)
	}
	_, err = store.Examine(t.Context(), t.TempDir(), false, sets())
	wantCode(t, err, fault.Missing)
}

// TestOwner: who has a directory is told without taking it; one that is held is not opened.
func TestOwner(t *testing.T) {
	dir := t.TempDir()
	if o, err := store.Owner(dir); err != nil || o != (store.Ownership{}) {
		t.Error(o, err)
	}
	s := open(t, dir)
	if o, err := store.Owner(dir); err != nil || !o.Owned || o.Process != os.Getpid() {
		t.Error(o, err)
	}
	_, err := store.Hold(t.Context(), dir, store.Options{})
	wantCode(t, err, fault.Locked)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	held, err := store.Hold(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(context.Background(), dir, store.Options{}, sets())
	wantCode(t, err, fault.Locked)
	if err := held.Release(); err != nil {
		t.Error(err)
	}
	killed := killedStore(t, 3)
	if err := os.Remove(filepath.Join(killed, store.DatabaseFile+"-wal")); err != nil {
		t.Fatal(err)
	}
	if o, err := store.Owner(killed); err != nil || !o.Unclean || !o.LogGone {
		t.Error(o, err)
	}
	for _, replaced := range []bool{false, true} {
		held, err := store.Hold(t.Context(), killed, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(held.Replaces(replaced), held.Release()); err != nil {
			t.Error(err)
		}
		if o, _ := store.Owner(killed); o.Unclean == replaced {
			t.Errorf("after a release: %+v", o)
		}
	}
}
