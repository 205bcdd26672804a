package store

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"gantry/fault"
)

// openReadOnly opens the database beside its owner, or where nobody can own it: in a backup, on a disk that
// is mounted read-only, or in a folder of which this user has only the right to read.
func (s *Store) openReadOnly(ctx context.Context, sets []MigrationSet) error {
	if err := s.checkReadable(); err != nil {
		return err
	}
	frozen, err := s.frozen()
	if err != nil {
		return err
	}
	s.readers = openReaders(s.databaseFile(), frozen)
	return checkCurrent(ctx, s.readers.DB, sets)
}

// checkReadable tells a database that is not there from one that this user may not read.
func (s *Store) checkReadable() error {
	file, err := os.Open(s.databaseFile())
	switch {
	case err == nil:
		return file.Close()
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(err, fault.Storage, "The data directory %s may not be read by this user.", s.dir).
			WithHint(hintOwner)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENOTDIR):
		return fault.Wrap(err, fault.Missing, "There is no Gantry database in %s.", s.dir).
			WithHint("nothing has been run or set up here yet; check --project and --data")
	}
	return Fault(err)
}

// frozen tells whether SQLite has to take the file as one that never changes. It reads a write-ahead log with
// the help of a file that it shares with the writer; where that is missing and cannot be made there is no
// writer, either. A log that was left behind then holds changes that cannot be read in this place.
func (s *Store) frozen() (bool, error) {
	if unix.Faccessat(unix.AT_FDCWD, s.dir, unix.W_OK, unix.AT_EACCESS) == nil || exists(s.databaseFile()+"-shm") {
		return false, nil
	}
	if log, err := os.Stat(s.databaseFile() + "-wal"); err == nil && log.Size() > 0 {
		return false, fault.New(fault.Storage, "The data directory %s is read-only, and its database was not closed properly: a part of it is still in %s-wal.", s.dir, DatabaseFile).
			WithHint("copy the directory to where it can be written, and read the copy with --data")
	}
	return true, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
