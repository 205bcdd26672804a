package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gantry/failpoint"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// replace puts what is prepared in the place of what was there. What was there goes first, and comes back where the rest
// does not work; the database comes last, so that whoever is killed on the way leaves no database, or the whole one.
func (r *restoring) replace() error {
	failpoint.Hit("restore.prepared")
	had, err := r.putAside()
	if err != nil {
		return err
	}
	failpoint.Hit("restore.aside")
	if err := r.held.Replaces(true); err != nil {
		return errors.Join(unwritable(r.o.Dir, err), r.putBack(had))
	}
	for _, name := range []string{orgs.KeyFile, store.DatabaseFile} {
		from, to := filepath.Join(r.dir, name), filepath.Join(r.o.Dir, name)
		if name == orgs.KeyFile && r.key == "" {
			continue
		}
		if err = os.Rename(from, to); err != nil {
			break
		}
	}
	if err == nil {
		err = store.SyncDirectory(r.o.Dir)
	}
	if err == nil {
		failpoint.Hit("restore.replaced")
		return nil
	}
	err = errors.Join(err, r.putBack(had), r.held.Replaces(false))
	return fault.Wrap(err, fault.Storage, "The backup could not be put into %s: %s.", r.o.Dir, err).WithHint("check the disk: space and rights")
}

// putBack moves what was put aside to where it was.
func (r *restoring) putBack(had []string) (err error) {
	for _, name := range had {
		err = errors.Join(err, os.Rename(filepath.Join(r.Aside, name), filepath.Join(r.o.Dir, name)))
	}
	return err
}

// freshFolder makes a folder, with a number behind its name where there is one already: of a restore in the same second.
func freshFolder(name string) (made string, err error) {
	made = name
	for n := 2; ; n++ {
		if err = os.Mkdir(made, 0o700); !errors.Is(err, os.ErrExist) {
			return made, err
		}
		made = fmt.Sprintf("%s-%d", name, n)
	}
}

// putAside moves the database's files, and a key that another one takes the place of, into a folder of their own.
func (r *restoring) putAside() (moved []string, err error) {
	names := []string{store.DatabaseFile, store.DatabaseFile + "-wal", store.DatabaseFile + "-shm"}
	if r.key != "" {
		names = append(names, orgs.KeyFile)
	}
	aside := filepath.Join(r.o.Dir, store.BeforeRestoreFolder+r.At.Format("20060102T150405Z"))
	for _, name := range names {
		if !fileExists(filepath.Join(r.o.Dir, name)) {
			continue
		}
		if r.Aside == "" {
			if aside, err = freshFolder(aside); err != nil {
				return nil, unwritable(aside, err)
			}
			r.Aside = aside
		}
		if err := os.Rename(filepath.Join(r.o.Dir, name), filepath.Join(aside, name)); err != nil {
			return moved, unwritable(aside, err)
		}
		moved = append(moved, name)
	}
	if r.Aside != "" {
		err = store.SyncDirectory(r.Aside)
	}
	return moved, err
}
