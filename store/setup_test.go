package store_test

import (
	"context"
	"os"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"gantry/fault"
	"gantry/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDirectory); dir != "" {
		writeUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

const tables = `-- +goose Up
CREATE TABLE events (
    run_id TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, body BLOB,
    PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;
CREATE TABLE tasks (
    run_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (run_id, name)
) WITHOUT ROWID;
CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE replies (note BIGINT NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);
-- +goose Down
DROP TABLE notes;
`

// sets are the migrations of a room that has reached version 1.
func sets() store.MigrationSet {
	return store.MigrationSet{Name: "test", FS: fstest.MapFS{"00001_start.sql": {Data: []byte(tables)}}}
}

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// note writes one row.
func note(id int, text string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO notes (id, text) VALUES (?, ?)", id, text)
		return err
	}
}

func write(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// notes reads the ids that are there.
func notes(t testing.TB, s *store.Store) []int {
	t.Helper()
	ids := []int{}
	if err := s.Read().Select(&ids, "SELECT id FROM notes ORDER BY id"); err != nil {
		t.Fatal(err)
	}
	return ids
}

func wantCode(t testing.TB, err error, code fault.Code) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want code %s", code)
	}
	if got := fault.From(err).Code; got != code {
		t.Fatalf("code %s, want %s: %v", got, code, err)
	}
}
