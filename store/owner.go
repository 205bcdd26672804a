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

// Holding is a data directory that is kept from being opened for writing.
type Holding struct {
	lock    *os.File
	unclean bool // what is there was not closed properly
}

// Hold keeps a data directory, which must be there, from being opened for writing until it is released, without opening
// its database. Of opts count Wait and Waiting: one that a process owns all that time gives fault.Locked.
func Hold(ctx context.Context, dir string, opts Options) (*Holding, error) {
	lock, unclean, err := waitForLock(ctx, dir, opts)
	if err != nil {
		return nil, err
	}
	return &Holding{lock, unclean}, nil
}

// Replaces notes whether another database, which was closed properly, is to take the place of the one that was there. It
// is said before it is done: whoever is killed meanwhile leaves no database, or the other one.
func (h *Holding) Replaces(another bool) error {
	return errors.Join(writeOwner(h.lock, h.unclean && !another), h.lock.Sync())
}

// Release lets others have the directory.
func (h *Holding) Release() error { return h.lock.Close() }
