package store_test

import (
	"context"
	"testing"
	"testing/fstest"

	"gantry/store"
)

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
