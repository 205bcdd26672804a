// Package powerloss is for tests: it keeps what SQLite does to the files of a folder (writes, truncations, syncs), and
// builds the folder as a disk could have left it where the power went at some moment: what was synced is there, and of
// what was not, each write is there, is not, or is torn between sectors.
//
// It lies between SQLite and its default VFS, for all databases that the process opens after Begin was first called.
package powerloss

/*
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
#include <stdlib.h>
#include "vfs.h"
*/
import "C"

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"unsafe"
)

// Kind is what was done.
type Kind int

// The kinds of steps.
const (
	Open Kind = iota
	Write
	Truncate
	Sync
	Delete
	Mark
)

// Step is one thing that was done to a file, in the order of all.
type Step struct {
	Kind   Kind
	File   string // base name; "" of a mark
	Offset int64  // of a write; the size of a truncation; the number of a mark; of a deletion or sync 1 if the folder was synced with it
	Data   []byte // of a write
}

var register = sync.OnceValue(func() error {
	if C.powerloss_register() != 0 {
		return errors.New("SQLite does not take another VFS")
	}
	return nil
})

// before is what the folder of the recording held when that began.
var before Recording

// Begin keeps, from now on, what is done to databases below a folder that are opened from now on. What the folder holds
// already counts as synced. One recording goes on at a time.
func Begin(dir string) error {
	if err := register(); err != nil {
		return err
	}
	// SQLite hands on names whose links are resolved.
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	if before, err = found(dir); err != nil {
		return err
	}
	path := C.CString(dir + string(filepath.Separator))
	defer C.free(unsafe.Pointer(path))
	C.powerloss_begin(path)
	return nil
}

// found gives the files of a folder as steps that would have made them.
func found(dir string) (Recording, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var steps Recording
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		name := entry.Name()
		steps = append(steps, Step{Kind: Open, File: name}, Step{Kind: Write, File: name, Data: content}, Step{Kind: Sync, File: name, Offset: 1})
	}
	return steps, nil
}

// Note puts a mark among the steps: at this moment something was answered.
func Note(number int) { C.powerloss_mark(C.int(number)) }

// End ends the recording and gives it.
func End() Recording {
	C.powerloss_end()
	files := make([]string, C.powerloss_files())
	for i := range files {
		files[i] = filepath.Base(C.GoString(C.powerloss_file_at(C.int(i))))
	}
	steps := before
	for i := range int(C.powerloss_steps()) {
		s := C.powerloss_step_at(C.int(i))
		step := Step{Kind: Kind(s.kind), Offset: int64(s.offset)}
		if s.file >= 0 {
			step.File = files[s.file]
		}
		if s.data != nil {
			step.Data = C.GoBytes(s.data, s.size)
		}
		steps = append(steps, step)
	}
	before = nil
	return steps
}
