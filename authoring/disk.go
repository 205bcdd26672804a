package authoring

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"gantry/crates"
	"gantry/fault"
)

// mostFile bounds a file that is read, as the project's loader does.
const mostFile = 10 << 20

// lying is a file as it lies on disk.
type lying struct {
	text []byte
	hash string
	perm fs.FileMode
	at   time.Time // when it was last changed
}

func (l *lying) version() string {
	if l == nil {
		return ""
	}
	return versionOf(l.hash)
}

// same tells whether two looks at a file found the same text.
func (l *lying) same(other *lying) bool {
	if l == nil || other == nil {
		return l == other
	}
	return l.hash == other.hash
}

func (s *Service) root() (*os.Root, error) {
	root, err := os.OpenRoot(s.o.Dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Missing, "the project folder %s cannot be opened: %s", s.o.Dir, crates.Reason(err))
	}
	return root, nil
}

// look reads a file; nil: there is none.
func (s *Service) look(file string) (*lying, error) {
	root, err := s.root()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return lookIn(root, file)
}

func lookIn(root *os.Root, file string) (*lying, error) {
	info, err := root.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, nil
	case err != nil:
		return nil, unreadable(file, err)
	case !info.Mode().IsRegular():
		return nil, fault.New(fault.Conflict, "%s is no ordinary file, so it is not changed from here", file).
			WithHint("where it is a link, change the file that it leads to")
	}
	f, err := root.Open(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err != nil {
		return nil, unreadable(file, err)
	}
	if len(text) > mostFile {
		return nil, fault.New(fault.TooLarge, "%s is larger than %d MiB", file, mostFile>>20)
	}
	return &lying{text, hashOf(text), info.Mode().Perm(), info.ModTime().UTC()}, nil
}

func unreadable(file string, err error) error {
	return fault.Wrap(err, fault.Storage, "%s cannot be read: %s", file, crates.Reason(err))
}

func unwritable(file string, err error) error {
	return fault.Wrap(err, fault.Storage, "%s cannot be written: %s", file, crates.Reason(err)).
		WithHint("Gantry's account must be allowed to write into the project's folder, and the disk must have room")
}

// tempEnding marks a text that is to become a file; neither the project nor who watches it looks at such files.
const tempEnding = ".gantry.tmp"

// tempOf is where a file's next text lies before it is the file: in the same folder, so that it can be renamed.
func tempOf(file string) string { return path.Join(path.Dir(file), "."+path.Base(file)+tempEnding) }

// prepare writes a file's next text beside it, and has it on disk. was is the file as it lies there; nil: none.
func prepare(root *os.Root, file string, text []byte, was *lying) error {
	if err := makeFolders(root, path.Dir(file)); err != nil {
		return unwritable(file, err)
	}
	perm := fs.FileMode(0o644)
	if was != nil {
		perm = was.perm
	}
	temp := tempOf(file)
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(file, err)
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return unwritable(file, err)
	}
	_, err = f.Write(text)
	if err == nil && was != nil {
		err = f.Chmod(perm) // also what the mask for new files takes away
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = root.Remove(temp) // the error is told
		return unwritable(file, err)
	}
	return nil
}

// place makes the prepared text the file, if that still is as it was. changed tells that it is not.
func place(root *os.Root, file string, was *lying) (changed bool, err error) {
	is, err := lookIn(root, file)
	if err != nil {
		return false, err
	}
	if !is.same(was) {
		return true, nil
	}
	temp := tempOf(file)
	if was == nil {
		err = root.Link(temp, file) // which never takes another's place
		if errors.Is(err, fs.ErrExist) {
			return true, nil
		}
		if err == nil {
			err = root.Remove(temp)
		} else { // a file system without links
			err = root.Rename(temp, file)
		}
	} else {
		err = root.Rename(temp, file)
	}
	if err != nil {
		return false, unwritable(file, err)
	}
	if err := syncFolder(root, path.Dir(file)); err != nil {
		return false, unwritable(file, err)
	}
	return false, nil
}

// makeFolders makes a folder and those above it, and has them on disk.
func makeFolders(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	info, err := root.Stat(dir)
	if err == nil && info.IsDir() {
		return nil
	}
	if err := makeFolders(root, path.Dir(dir)); err != nil {
		return err
	}
	if err := root.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(root, path.Dir(dir))
}

func syncFolder(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
