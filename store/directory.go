package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"gantry/fault"
)

const hintOwner = "the data directory belongs to whoever made it: run this as that user, or choose another with --data"

// makeDirectory makes the data directory for its owner alone. One that is there and holds something
// already keeps its rights: they may be somebody's decision.
func makeDirectory(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(err, fault.Storage, "The data directory %s cannot be made: %s.", dir, err).
			WithHint("choose another with --data, or mend the rights of its parent")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fault.Wrap(err, fault.Storage, "The data directory %s cannot be read: %s.", dir, err).WithHint(hintOwner)
	}
	if len(entries) > 0 {
		return nil
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fault.Wrap(err, fault.Storage, "The data directory %s cannot be closed to others: %s.", dir, err)
	}
	return nil
}

// makeDatabaseFile makes the file before SQLite does, so that it, and the log files that copy its
// rights, are never open to others.
func makeDatabaseFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = errors.Join(file.Chmod(0o600), file.Close())
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "The database %s cannot be opened: %s.", path, err).
			WithHint("check who owns the data directory, and that its disk is not mounted read-only")
	}
	return nil
}

// takeLock makes this process the owner of the directory. The kernel gives the lock free when the
// process ends in whatever way, so a file left by a killed process stops nobody; the file itself stays.
//
// unclean tells that the last owner did not close the database, so that a part of it is in the write-ahead log.
func takeLock(dir string) (file *os.File, unclean bool, err error) {
	path := filepath.Join(dir, LockFile)
	file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fault.Wrap(err, fault.Storage, "The lock file %s cannot be opened: %s.", path, err).
			WithHint(hintOwner)
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		owner, _ := readOwner(file)
		return nil, false, errors.Join(lockedFault(dir, owner), file.Close())
	}
	if err == nil {
		_, unclean = readOwner(file)
		err = writeOwner(file, unclean)
	}
	if err != nil {
		return nil, false, errors.Join(
			fault.Wrap(err, fault.Storage, "The data directory %s cannot be locked: %s.", dir, err).
				WithHint("keep the data directory on a local disk"), file.Close())
	}
	return file, unclean, nil
}

// inUse stands in the lock file behind the owner's process id while the database is open.
const inUse = "open"

func writeOwner(file *os.File, open bool) error {
	text := strconv.Itoa(os.Getpid()) + "\n"
	if open {
		text += inUse + "\n"
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(text), 0)
	return err
}

// readOwner gives the owner's process id, or 0 while the owner has not written it yet, and whether it has, or had
// when it was killed, the database open.
func readOwner(file *os.File) (pid int, open bool) {
	text, err := io.ReadAll(io.NewSectionReader(file, 0, 32))
	if err != nil {
		return 0, false
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	if pid, err = strconv.Atoi(strings.TrimSpace(first)); err != nil {
		return 0, false
	}
	return pid, strings.TrimSpace(rest) == inUse
}

// checkLog refuses a database that was not closed and whose write-ahead log somebody has taken away: without it
// SQLite would go on from an earlier state, and what was confirmed since would be gone without a word.
func (s *Store) checkLog(unclean bool) error {
	if !unclean || exists(s.databaseFile()+"-wal") {
		return nil
	}
	if info, err := os.Stat(s.databaseFile()); err != nil || info.Size() == 0 {
		return nil // a new one begins, too
	}
	return fault.New(fault.Storage, "The database in %s was not closed properly, and the part of it in %s-wal is missing: what was last saved is in that file.", s.dir, DatabaseFile).
		WithHint("put %s-wal back beside %s, or restore a backup; to go on without what was last saved, remove %s", DatabaseFile, DatabaseFile, LockFile)
}

// Folders in a data directory while a backup is restored into it, and after that.
const (
	RestoreFolder       = "restore.tmp"     // what is restored, until it is in its place
	BeforeRestoreFolder = "before-restore-" // and the time: what was there before
)

// checkRestore refuses to begin with an empty database where a restore was cut off between what was there and what
// is to be: both are there still, beside.
func (s *Store) checkRestore() error {
	if exists(s.databaseFile()) {
		return nil
	}
	aside, err := filepath.Glob(filepath.Join(s.dir, BeforeRestoreFolder+"*"))
	if err != nil || len(aside) == 0 && !exists(filepath.Join(s.dir, RestoreFolder)) {
		return nil
	}
	f := fault.New(fault.Storage, "There is no database in %s, since a restore into it was interrupted.", s.dir)
	if len(aside) == 0 {
		return f.WithHint("run `gantry restore` again; or remove the folder %s, to begin with nothing", RestoreFolder)
	}
	return f.WithHint("run `gantry restore` again; or put the files in %s back, which were there before", filepath.Base(aside[len(aside)-1]))
}

func lockedFault(dir string, pid int) error {
	who := "another process"
	if pid != 0 {
		who = "process " + strconv.Itoa(pid)
	}
	return fault.New(fault.Locked, "The data directory %s is in use by %s.", dir, who).
		WithHint("wait until that process has ended, stop it (Ctrl-C there), or choose another directory with --data").
		WithDetail(map[string]any{"pid": int64(pid), "directory": dir})
}
