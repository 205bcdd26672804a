package store

import "strings"

// SetSynchronous lets writers that are opened from now on ask the disk for less, and gives what undoes that.
func SetSynchronous(mode string) (undo func()) {
	for i, pragma := range writerPragmas {
		if strings.HasPrefix(pragma, "PRAGMA synchronous") {
			writerPragmas[i] = "PRAGMA synchronous = " + mode
			return func() { writerPragmas[i] = pragma }
		}
	}
	panic("no pragma says how the writer syncs")
}
