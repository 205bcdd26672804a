package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/fault"
	"gantry/store"
)

// closedStore makes a directory whose database has so many rows and was closed properly.
func closedStore(t *testing.T, rows int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		write(t, s, note(i, textOf(i)))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func textOf(i int) string { return fmt.Sprint(i, " ", strings.Repeat(fmt.Sprint(i), 300)) }

// inLog is so few rows that all of them are still in the log.
const inLog = 60

// killedStore copies a store's files while it is open and at rest: what kill -9 leaves.
func killedStore(t *testing.T, rows int) (dir string) {
	t.Helper()
	from, to := t.TempDir(), t.TempDir()
	s := open(t, from)
	for i := range rows {
		write(t, s, note(i, textOf(i)))
	}
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal", store.LockFile} {
		content, err := os.ReadFile(filepath.Join(from, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// wantHint fails unless err is of code storage and says what to do.
func wantHint(t *testing.T, err error, hint string) {
	t.Helper()
	wantCode(t, err, fault.Storage)
	if f := fault.From(err); !strings.Contains(f.Hint, hint) {
		t.Errorf("the hint of %q is %q, want %q in it", f.Message, f.Hint, hint)
	}
}

// TestForeignFile: what is not Gantry's is refused, and stays as it is.
func TestForeignFile(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite3", other)
	if err == nil {
		_, err = db.Exec("CREATE TABLE customers (id INTEGER); INSERT INTO customers VALUES (1)")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	database, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]struct {
		content []byte
		hint    string
	}{
		"text":                       {[]byte(strings.Repeat("this is no database\n", 1000)), "not Gantry's"},
		"another program's database": {database, "--data"},
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, store.DatabaseFile)
			if err := os.WriteFile(path, file.content, 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the next start says the same
				_, err := store.Open(context.Background(), dir, store.Options{}, sets())
				wantHint(t, err, file.hint)
			}
			if after, err := os.ReadFile(path); err != nil || name == "text" && string(after) != string(file.content) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

// TestDamagedPages: whichever page is damaged, nobody is given rows that were never written, nothing panics, and what
// is wrong is told with what to do.
func TestDamagedPages(t *testing.T) {
	const rows, page = 200, 4096
	whole, err := os.ReadFile(filepath.Join(closedStore(t, rows), store.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	told := 0
	for at := 0; at < len(whole); at += page {
		damaged := append([]byte(nil), whole...)
		for i := range 64 { // where a page says what it is and where its rows lie
			damaged[at+i] = byte(rng.IntN(256))
		}
		err := readDamaged(t, damaged, rows)
		if err == nil {
			continue // a page that nobody reads
		}
		told++
		wantHint(t, err, "restore a backup")
	}
	if told < len(whole)/page/2 {
		t.Errorf("damage of %d of %d pages was told", told, len(whole)/page)
	}
}

// readDamaged opens a damaged database, reads all and writes something.
func readDamaged(t *testing.T, content []byte, rows int) error {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.DatabaseFile), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // a damaged log of the page is not what is looked at here
	var found []struct {
		ID   int
		Text string
	}
	if err := s.Read().Select(&found, "SELECT id, text FROM notes ORDER BY id"); err != nil {
		return store.Fault(err)
	}
	for _, row := range found {
		if row.Text != textOf(row.ID) {
			t.Errorf("row %d is handed out as %.20q", row.ID, row.Text)
		}
	}
	if err := s.Write(context.Background(), note(rows, "new")); err != nil {
		return err
	}
	if len(found) != rows {
		t.Errorf("%d of %d rows are handed out without an error", len(found), rows)
	}
	return nil
}

// TestShortenedLog: of a log that was cut, what stood before the cut is there, whole changes only, in their order.
func TestShortenedLog(t *testing.T) {
	dir := killedStore(t, inLog)
	log, err := os.ReadFile(filepath.Join(dir, store.DatabaseFile+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	seen := map[int]bool{}
	for range 20 {
		cut := t.TempDir()
		for _, name := range []string{store.DatabaseFile, store.LockFile} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil {
				err = os.WriteFile(filepath.Join(cut, name), content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(cut, store.DatabaseFile+"-wal"), log[:rng.IntN(len(log))], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(context.Background(), cut, store.Options{}, sets())
		if err != nil {
			t.Fatal(err)
		}
		wantSound(t, s)
		ids := notes(t, s)
		for i, id := range ids {
			if i != id {
				t.Fatalf("row %d is missing before the cut", i)
			}
		}
		seen[len(ids)] = true
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(seen) < 5 {
		t.Errorf("the cuts left only %d different states", len(seen))
	}
}

// TestMissingLog: without the log that a killed process has left the database would be an earlier one, so it is refused,
// until somebody says that it is to be taken as it is.
func TestMissingLog(t *testing.T) {
	dir := killedStore(t, 10)
	log := filepath.Join(dir, store.DatabaseFile+"-wal")
	content, err := os.ReadFile(log)
	if err == nil {
		err = os.Remove(log)
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = store.Open(context.Background(), dir, store.Options{}, sets())
		wantHint(t, err, "put gantry.db-wal back")
	}
	if err := os.WriteFile(log, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(notes(t, s)); n != 10 {
		t.Errorf("%d of 10 rows", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(log); err == nil {
		t.Error("the log is still there after an orderly end")
	}
	open(t, dir) // an orderly end leaves no log, and that is no fault
}

// TestDamagedLog: a change whose part of the log was damaged is not there, nor any after it; none is there in part.
func TestDamagedLog(t *testing.T) {
	dir := killedStore(t, inLog)
	path := filepath.Join(dir, store.DatabaseFile+"-wal")
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 16 {
		log[len(log)/2+i] ^= 0xff
	}
	if err := os.WriteFile(path, log, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	wantSound(t, s)
	ids := notes(t, s)
	for i, id := range ids {
		if i != id {
			t.Fatalf("row %d is missing before the damage", i)
		}
	}
	if len(ids) == 0 || len(ids) == inLog {
		t.Errorf("%d rows are there", len(ids))
	}
}
