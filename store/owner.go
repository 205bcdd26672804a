package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"gantry/fault"
)

// Ownership is who has a data directory.
type Ownership struct {
	Owned   bool // a process has it open for writing
	Process int  // its id; 0: not known
	Unclean bool // nobody has it, and the last owner was killed: the next one takes up what it left
	LogGone bool // and what it wrote last, which stands in the write-ahead log, was taken away
}

// Owner tells who has a data directory, without taking it.
func Owner(dir string) (Ownership, error) {
	var o Ownership
	file, err := os.Open(filepath.Join(dir, LockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return o, fault.Wrap(err, fault.Storage, "The lock file in %s cannot be read: %s.", dir, err).WithHint(hintOwner)
	}
	defer file.Close()
	pid, open := readOwner(file)
	err = unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB) // given back when the file is closed
	if errors.Is(err, unix.EWOULDBLOCK) {
		return Ownership{Owned: true, Process: pid}, nil
	}
	s := &Store{dir: dir}
	o.Unclean = open
	o.LogGone = s.checkLog(open) != nil
	return o, err
}

// Hold keeps a data directory, which must be there, from being opened for writing until release is called, without
// opening its database. One that a process owns gives fault.Locked. replaced tells that another database, which was
// closed properly, is there by then.
func Hold(ctx context.Context, dir string) (release func(replaced bool) error, err error) {
	lock, unclean, err := waitForLock(ctx, dir, Options{})
	if err != nil {
		return nil, err
	}
	return func(replaced bool) error { return errors.Join(writeOwner(lock, unclean && !replaced), lock.Close()) }, nil
}
