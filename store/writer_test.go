package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

func openInside(t *testing.T) *Store {
	t.Helper()
	s, err := Open(context.Background(), t.TempDir(), Options{}, MigrationSet{Name: "inside", FS: fstest.MapFS{
		"00001_start.sql": {Data: []byte("-- +goose Up\nCREATE TABLE blobs (id BIGINT PRIMARY KEY, body BLOB);\n")},
	}})
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

func blob(id int, body []byte) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO blobs (id, body) VALUES (?, ?)", id, body)
		return err
	}
}

// A disk that fails at COMMIT: everybody in that transaction is told, nothing of it stays, and the store
// goes on when the disk does.
func TestEverybodyIsToldWhenTheCommitFails(t *testing.T) {
	s := openInside(t)
	broken := sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EIO}
	working := s.writer.commit
	gate, entered := make(chan struct{}), make(chan struct{})
	// The first function runs in the writer's goroutine, where commit may be changed.
	s.Submit(func(*Tx) error {
		s.writer.commit = func() error { return Fault(broken) }
		close(entered)
		<-gate
		return nil
	}, nil)
	<-entered
	outcomes := make([]error, 20)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Add(1)
		s.Submit(blob(i, nil), func(err error) { outcomes[i] = err; all.Done() })
	}
	close(gate)
	all.Wait()
	for i, err := range outcomes {
		if f := fault.From(err); f == nil || f.Code != fault.Storage || !strings.Contains(f.Hint, "disk") || !strings.Contains(f.Message, "not saved") {
			t.Fatalf("function %d: %v", i, err)
		}
		if _, ok := errors.AsType[sqlite3.Error](err); !ok {
			t.Errorf("the cause is lost: %v", err)
		}
	}
	repair := make(chan error)
	s.Submit(func(*Tx) error { s.writer.commit = working; return nil }, func(err error) { repair <- err })
	if err := <-repair; err != nil {
		t.Fatal(err)
	}
	if err := s.Write(context.Background(), blob(99, nil)); err != nil {
		t.Fatal(err)
	}
	var ids []int
	if err := s.Read().Select(&ids, "SELECT id FROM blobs"); err != nil || len(ids) != 1 || ids[0] != 99 {
		t.Errorf("rows %v, %v", ids, err)
	}
	if s.Stats().Failed == 0 {
		t.Error("the failure was not counted")
	}
}

// What a function found may have been written by one before it in the same transaction. Where that is lost, so is the
// finding: the row that was in the way is not there.
func TestAFailureDueToWhatIsUndoneIsNotTold(t *testing.T) {
	s := openInside(t)
	working := s.writer.commit
	gate, entered := make(chan struct{}), make(chan struct{})
	s.Submit(func(*Tx) error {
		s.writer.commit = func() error { return Fault(sqlite3.Error{Code: sqlite3.ErrFull}) }
		close(entered)
		<-gate
		return fault.New(fault.Usage, "a finding of its own")
	}, nil)
	<-entered
	outcomes := make(chan error, 2)
	for range 2 {
		s.Submit(blob(1, nil), func(err error) { outcomes <- err })
	}
	close(gate)
	for range 2 {
		if err := <-outcomes; fault.From(err).Code != fault.Storage || IsUnique(err) {
			t.Errorf("told %v", err)
		}
	}
	repair := make(chan error)
	s.Submit(func(*Tx) error { s.writer.commit = working; return nil }, func(err error) { repair <- err })
	if err := <-repair; err != nil {
		t.Fatal(err)
	}
	if err := s.Write(context.Background(), blob(1, nil)); err != nil {
		t.Error(err)
	}
}

// SQLite itself gives a whole transaction up in some failures. Those that had succeeded in it are told,
// those behind it run in the next.
func TestATransactionThatSQLiteGivesUp(t *testing.T) {
	s := openInside(t)
	gate, entered := make(chan struct{}), make(chan struct{})
	s.Submit(func(*Tx) error { close(entered); <-gate; return nil }, nil)
	<-entered
	outcomes := make([]error, 3)
	var all sync.WaitGroup
	all.Add(3)
	s.Submit(blob(1, nil), func(err error) { outcomes[0] = err; all.Done() })
	s.Submit(func(tx *Tx) error {
		_, err := tx.Exec("INSERT OR ROLLBACK INTO blobs (id, body) VALUES (1, NULL)")
		return err
	}, func(err error) { outcomes[1] = err; all.Done() })
	s.Submit(blob(3, nil), func(err error) { outcomes[2] = err; all.Done() })
	close(gate)
	all.Wait()
	if outcomes[0] == nil || outcomes[1] == nil || outcomes[2] != nil {
		t.Errorf("outcomes %v", outcomes)
	}
	var ids []int
	if err := s.Read().Select(&ids, "SELECT id FROM blobs"); err != nil || len(ids) != 1 || ids[0] != 3 {
		t.Errorf("rows %v, %v", ids, err)
	}
}

func logSize(t *testing.T, s *Store) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(s.Dir(), DatabaseFile+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestTheLogIsEmptiedWhileReadersComeAndGo(t *testing.T) {
	s := openInside(t)
	ctx, stop := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				var n sql.NullInt64
				if err := s.Read().Get(&n, "SELECT max(id) FROM blobs WHERE id >= 0"); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	body := make([]byte, 100_000)
	for i := range 1500 { // 150 MB
		if err := s.Write(context.Background(), blob(i, body)); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	readers.Wait()
	if size := logSize(t, s); size > logSizeLimit*5/4 {
		t.Errorf("the log has %d MB", size>>20)
	}
}

// A reader that never ends keeps the log from being emptied, but stops nobody; when it has gone, the log
// shrinks.
func TestALongReader(t *testing.T) {
	s := openInside(t)
	body := make([]byte, 1<<20)
	if err := s.Write(context.Background(), blob(-1, body)); err != nil {
		t.Fatal(err)
	}
	reading, err := s.Read().Beginx()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reading.Get(&n, "SELECT count(*) FROM blobs"); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if err := s.Write(context.Background(), blob(i, body)); err != nil {
			t.Fatal(err)
		}
	}
	if size := logSize(t, s); size < logSizeLimit {
		t.Errorf("the log has %d MB: the reader was to keep it", size>>20)
	}
	if err := reading.Rollback(); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := s.Write(context.Background(), blob(1000+i, body)); err != nil {
			t.Fatal(err)
		}
	}
	if size := logSize(t, s); size > logSizeLimit {
		t.Errorf("the log still has %d MB", size>>20)
	}
	if stats := s.Stats(); stats.CheckpointErrors != 0 {
		t.Errorf("%+v", stats)
	}
}

func TestFaultKeepsFaults(t *testing.T) {
	if Fault(nil) != nil {
		t.Error("nil became an error")
	}
	missing := fault.New(fault.Missing, "not there")
	if got := Fault(missing); got != error(missing) {
		t.Errorf("a fault became %v", got)
	}
	if fault.From(Fault(sqlite3.Error{Code: sqlite3.ErrBusy})).Hint == "" {
		t.Error("busy has no hint")
	}
}
