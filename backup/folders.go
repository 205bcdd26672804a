package backup

import (
	"os"
	"path/filepath"
)

// missingFolders gives a folder and those above it that are not there yet, the innermost first.
func missingFolders(dir string) (missing []string) {
	for {
		if _, err := os.Lstat(dir); err == nil {
			return missing
		}
		missing = append(missing, dir)
		above := filepath.Dir(dir)
		if above == dir {
			return missing
		}
		dir = above
	}
}

// removeEmpty removes folders, the innermost first, as far as nobody has put anything into them.
func removeEmpty(folders []string) {
	for _, dir := range folders {
		if os.Remove(dir) != nil {
			return
		}
	}
}
