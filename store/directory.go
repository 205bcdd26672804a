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
func takeLock(dir string) (*os.File, error) {
	path := filepath.Join(dir, LockFile)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "The lock file %s cannot be opened: %s.", path, err).
			WithHint(hintOwner)
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		owner := readOwner(file)
		return nil, errors.Join(lockedFault(dir, owner), file.Close())
	}
	if err == nil {
		err = writeOwner(file)
	}
	if err != nil {
		return nil, errors.Join(
			fault.Wrap(err, fault.Storage, "The data directory %s cannot be locked: %s.", dir, err).
				WithHint("keep the data directory on a local disk"), file.Close())
	}
	return file, nil
}

func writeOwner(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readOwner gives the owner's process id, or 0 while the owner has not written it yet.
func readOwner(file *os.File) int {
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
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
