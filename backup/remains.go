package backup

import (
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/sys/unix"

	"gantry/fault"
	"gantry/store"
)

// Remains are what killed processes have left in a data directory; "": nothing. Neither is of any use: the next backup, or
// restore, removes its own.
type Remains struct {
	Copy     string // the folder with the copy of the database of which a backup was to be made
	Unpacked string // the folder with what was to be restored; it may be one that is under way, unless a server has the directory
}

// RemainsIn looks what is left in a data directory.
func RemainsIn(dir string) (r Remains) {
	if path := filepath.Join(dir, copyFolder); fileExists(path) && !locked(filepath.Join(dir, lockFile)) {
		r.Copy = path
	}
	if path := filepath.Join(dir, store.RestoreFolder); fileExists(path) {
		r.Unpacked = path
	}
	return r
}

// locked tells whether a process has locked a file.
func locked(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() // gives it back
	return unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB) != nil
}

// unfinished is the name of a backup's file until it is whole.
var unfinished = regexp.MustCompile(`^\..+\.backup\.[0-9]+$`)

// Begin makes the file in which a backup is written until it is whole and gets its name, beside where that will be. It
// is locked as long as it is open, closed to others, and hidden.
func Begin(name string) (*os.File, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err == nil {
		_ = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) // a file system without locks holds backups as well
		return file, nil
	}
	return nil, fault.Wrap(err, fault.Usage, "the backup %s cannot be written: %s", name, err).WithHint("check that the folder is there, and its rights")
}

// CutOff gives the files in a folder of backups that were cut off: nobody writes them any more, and they get no name.
func CutOff(folder string) (paths []string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // whoever writes there says so
	}
	for _, e := range entries {
		if path := filepath.Join(folder, e.Name()); unfinished.MatchString(e.Name()) && e.Type().IsRegular() && !locked(path) {
			paths = append(paths, path)
		}
	}
	return paths
}
