package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/store"
)

func TestOpenMakesAPrivateDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c%41#d", "data")
	s := open(t, dir)
	write(t, s, note(1, "x"))
	for name, want := range map[string]os.FileMode{
		".": 0o700, store.DatabaseFile: 0o600, store.DatabaseFile + "-wal": 0o600, store.DatabaseFile + "-shm": 0o600, store.LockFile: 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%s has the rights %v, want %v", name, info.Mode().Perm(), want)
		}
	}
}

func TestOpenClosesALooseDatabaseFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.DatabaseFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	info, err := os.Stat(filepath.Join(dir, store.DatabaseFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v, %v", info.Mode().Perm(), err)
	}
}

func TestPragmas(t *testing.T) {
	s := open(t, t.TempDir())
	write(t, s, func(tx *store.Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "auto_vacuum": "2",
			"busy_timeout": "5000", "journal_size_limit": strconv.Itoa(64 << 20), "wal_autocheckpoint": "0", "query_only": "0",
		} {
			var got string
			if err := tx.Get(&got, "PRAGMA "+pragma); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s = %s, want %s", pragma, got, want)
			}
		}
		return nil
	})
}

func TestSecondOpenIsLocked(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := store.Open(context.Background(), dir, store.Options{}, sets())
	wantCode(t, err, fault.Locked)
	for _, want := range []string{strconv.Itoa(os.Getpid()), "Ctrl-C", "--data"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestReadersCannotWrite(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := s.Read().Exec("INSERT INTO notes (id, text) VALUES (1, 'x')"); err == nil {
		t.Error("a reader wrote")
	}
	if _, err := s.Read().Exec("PRAGMA query_only = 0; INSERT INTO notes (id, text) VALUES (1, 'x')"); err == nil {
		t.Error("a reader that lifted query_only wrote")
	}
}

func TestReadOnly(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	_, err := store.Open(ctx, dir, store.Options{ReadOnly: true}, sets())
	wantCode(t, err, fault.Missing)

	owner := open(t, dir)
	write(t, owner, note(1, "x"))
	beside, err := store.Open(ctx, dir, store.Options{ReadOnly: true}, sets())
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if diff := cmp.Diff([]int{1}, notes(t, beside)); diff != "" {
		t.Error(diff)
	}
	wantCode(t, beside.Write(ctx, note(2, "y")), fault.Storage)
	beside.Submit(note(2, "y"), func(err error) { wantCode(t, err, fault.Storage) })

	newer := sets()
	newer.FS.(fstest.MapFS)["00002_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE more (id BIGINT);\n")}
	_, err = store.Open(ctx, dir, store.Options{ReadOnly: true}, newer)
	wantCode(t, err, fault.Storage)
}

func TestReadOnlyAfterTheOwnerHasGone(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	owner := open(t, dir)
	write(t, owner, note(1, "x"))
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	alone, err := store.Open(ctx, dir, store.Options{ReadOnly: true}, sets())
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if diff := cmp.Diff([]int{1}, notes(t, alone)); diff != "" {
		t.Error(diff)
	}
}

func TestMigrations(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	second := sets()
	second.FS.(fstest.MapFS)["00002_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE more (id BIGINT);\n")}
	other := store.MigrationSet{Name: "other", FS: fstest.MapFS{"00001_start.sql": {Data: []byte("-- +goose Up\nCREATE TABLE other (id BIGINT);\n")}}}

	first := open(t, dir)
	write(t, first, note(1, "kept"))
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, dir, store.Options{}, second, other)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
	var tables []string
	if err := s.Read().Select(&tables, "SELECT name FROM sqlite_master WHERE name IN ('more', 'other') ORDER BY name"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"more", "other"}, tables); diff != "" {
		t.Error(diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	_, err = store.Open(ctx, dir, store.Options{}, sets())
	wantCode(t, err, fault.Storage)
	if !strings.Contains(err.Error(), "newer Gantry") {
		t.Errorf("unclear: %v", err)
	}
}

func TestAFailingMigrationChangesNothing(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	broken := sets()
	broken.FS.(fstest.MapFS)["00002_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE more (id BIGINT);\nCREATE NONSENSE;\n")}
	_, err := store.Open(ctx, dir, store.Options{}, broken)
	wantCode(t, err, fault.Storage)
	s := open(t, dir) // version 1 was reached, and the lock is free
	var count int
	if err := s.Read().Get(&count, "SELECT count(*) FROM sqlite_master WHERE name = 'more'"); err != nil || count != 0 {
		t.Errorf("half a migration is left: %d, %v", count, err)
	}
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.DatabaseFile), []byte(strings.Repeat("not a database ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), dir, store.Options{}, sets())
	wantCode(t, err, fault.Storage)
	if !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("no hint: %v", err)
	}
}

func TestOpenWhereNothingCanBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), filepath.Join(file, "data"), store.Options{}, sets())
	wantCode(t, err, fault.Storage)
}
