// Package store keeps Gantry's data in SQLite: it owns the data directory, brings the tables up to date,
// writes everything through one goroutine that commits in groups, and gives readers their own
// connections. The rooms above keep their tables and queries beside their code.
package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
)

// Names of the files in the data directory.
const (
	DatabaseFile = "gantry.db"
	LockFile     = "gantry.lock"
)

// Options say how a store is opened. The zero value opens it for reading and writing.
type Options struct {
	// ReadOnly opens the database beside its owner: no lock is taken, nothing is migrated, and every
	// write is refused.
	ReadOnly bool

	// Wait is how long Open and Hold wait for another process to end that owns the directory; zero gives up at once.
	Wait time.Duration
	// Waiting, where given, is called once, with the owner's process id (0: not known), when Open has waited
	// for a second.
	Waiting func(owner int)

	// Gather and Commit, where given, stand between the writer and its disk, so that simulations can make it slow,
	// or full: Gather is called before the writer looks for what waits to be written, Commit in
	// place of each COMMIT, which it is given; its error means that nothing was committed.
	Gather func()
	Commit func(commit func() error) error
}

// Store is one open data directory. It is safe for concurrent use.
type Store struct {
	dir     string
	lock    *os.File // nil when read only
	writer  *writer  // nil when read only
	readers *sqlx.DB
	closing sync.Once
	closed  error
}

// Open opens the data directory dir, making it (0700) where it is missing, and brings every set's tables
// up to date. Until Close or the end of the process no other process can open it for writing: that gives
// fault.Locked naming the owner's process id, after opts.Wait. A directory that this user may not read gives
// fault.Storage, and one that is missing, opened for reading, fault.Missing. A database that a newer program has written is refused.
func Open(ctx context.Context, dir string, opts Options, sets ...MigrationSet) (*Store, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "The data directory %s cannot be found: %s.", dir, err)
	}
	s := &Store{dir: path}
	if opts.ReadOnly {
		err = s.openReadOnly(ctx, sets)
	} else {
		err = s.openOwned(ctx, opts, sets)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openOwned(ctx context.Context, opts Options, sets []MigrationSet) error {
	if err := makeDirectory(s.dir); err != nil {
		return err
	}
	lock, unclean, err := waitForLock(ctx, s.dir, opts)
	if err != nil {
		return err
	}
	s.lock = lock
	if err := s.checkLog(unclean); err != nil {
		return err
	}
	if err := s.checkRestore(); err != nil {
		return err
	}
	if err := makeDatabaseFile(s.databaseFile()); err != nil {
		return err
	}
	conn, err := openWriter(s.databaseFile())
	if err != nil {
		return err
	}
	w := newWriter(conn)
	w.queue.gather = opts.Gather
	if opts.Commit != nil {
		w.commit = func() error { return opts.Commit(func() error { return w.exec(commit) }) }
	}
	if err := migrate(ctx, w.facade.DB, sets); err != nil {
		return errors.Join(err, w.release())
	}
	if err := writeOwner(lock, true); err != nil { // the log is there now
		return errors.Join(fault.Wrap(err, fault.Storage, "The lock file in %s cannot be written: %s.", s.dir, err).WithHint(hintOwner), w.release())
	}
	s.writer = w
	s.readers = openReaders(s.databaseFile(), false)
	go w.loop()
	return nil
}

func (s *Store) databaseFile() string { return filepath.Join(s.dir, DatabaseFile) }

// Dir is the absolute path of the data directory.
func (s *Store) Dir() string { return s.dir }

// ReadOnly tells whether the store was opened beside its owner.
func (s *Store) ReadOnly() bool { return s.writer == nil }

// Read gives the readers' connections. They cannot change anything, and see what was committed before
// the query began. Keep what is read short: a reader that stays open keeps the write-ahead log from
// being emptied.
func (s *Store) Read() *sqlx.DB { return s.readers }

// Write runs fn in the writer goroutine, inside a transaction that it shares with whatever else is
// waiting, and returns when that transaction is on disk. If fn fails, panics, or the commit fails,
// nothing of it is kept and the error says so. When ctx ends while fn is still queued, fn is not run and
// the error wraps the context's; once fn runs, its true outcome is returned.
//
// fn runs alone: it must be quick, must not wait for anything, and must not call Write itself.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if s.writer == nil {
		return readOnlyFault(s.dir)
	}
	return s.writer.write(ctx, fn)
}

// Submit is Write without waiting: done, where given, is called with the outcome by the writer goroutine,
// in commit order, and must be quick. A store that is closed or read only calls it at once.
func (s *Store) Submit(fn func(*Tx) error, done func(error)) {
	if done == nil {
		done = func(error) {}
	}
	if s.writer == nil {
		done(readOnlyFault(s.dir))
		return
	}
	if err := s.writer.queue.push(&job{fn: fn, done: done}); err != nil {
		done(err)
	}
}

// Close writes everything that was accepted, closes the database and gives the directory free. Later
// calls return the first one's outcome.
func (s *Store) Close() error {
	s.closing.Do(func() { s.closed = s.close() })
	return s.closed
}

func (s *Store) close() error {
	var errs []error
	if s.writer != nil {
		s.writer.queue.close()
		<-s.writer.ended
	}
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.writer != nil {
		// On disk before SQLite removes the log: else a power cut could leave neither, and the next start would miss it.
		// What cannot be noted is only checked in vain.
		_ = errors.Join(writeOwner(s.lock, false), s.lock.Sync())
		errs = append(errs, s.writer.release())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
