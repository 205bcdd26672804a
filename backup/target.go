package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"gantry/fault"
)

// CheckTarget refuses to write a backup where it would destroy something: a path inside the data directory with
// fault.Usage, whether a file is there or not, and a file that is there with fault.Exists, unless force is set and the file
// is a backup. dataDir may be "", where it is not known, and need not be there.
func CheckTarget(path, dataDir string, force bool) error {
	if dataDir != "" && inside(path, dataDir) {
		return fault.New(fault.Usage, "%s is inside the data folder %s, where Gantry's own files are.", path, dataDir).
			WithHint("choose a folder outside of it, best on another disk: a backup is for the day on which that folder is lost")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil && !force {
			return exists(path)
		}
		return nil
	case err != nil:
		return fault.Wrap(err, fault.Usage, "the backup %s cannot be written: %s", path, err).WithHint("check that the folder is there, and its rights")
	case !force:
		return exists(path)
	case !info.Mode().IsRegular() || !isBackup(path):
		return fault.New(fault.Exists, "%s is not a backup of Gantry, and only such a file is overwritten.", path).
			WithHint("choose another name; or remove the file yourself, if nothing is lost with it")
	}
	return nil
}

func exists(path string) error {
	return fault.New(fault.Exists, "there is a file %s already", path).WithHint("choose another name, or add --force, which overwrites an older backup")
}

// isBackup tells whether a file begins as a backup does; its end may be missing.
func isBackup(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	a, err := openArchive(file)
	if err != nil {
		return false
	}
	a.close()
	return true
}

// inside tells whether a path is a directory, or lies in it, by whatever name it is reached. Folders are compared by what
// they are and not by their names: there are links, and file systems that do not tell a from A.
func inside(path, dir string) bool {
	home, err := os.Stat(dir)
	if err != nil {
		return false
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	if parent, err := filepath.EvalSymlinks(filepath.Dir(at)); err == nil {
		at = filepath.Join(parent, filepath.Base(at))
	}
	for {
		if info, err := os.Stat(at); err == nil && os.SameFile(info, home) {
			return true
		}
		above := filepath.Dir(at)
		if above == at {
			return false
		}
		at = above
	}
}
