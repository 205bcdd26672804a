package store_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"gantry/fault"
	"gantry/store"
)

// asStranger gives this test the rights that any user has: for root, whom no rights of files hold back, its
// thread becomes nobody's as far as files are concerned. The thread ends with the test.
func asStranger(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := unix.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Error(err)
		}
	})
}

// left makes a data directory that was closed, with one row, whose files have these rights.
func left(t *testing.T, directory, files os.FileMode) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Chmod(filepath.Dir(root), 0o755); err != nil { // strangers may get there
		t.Fatal(err)
	}
	dir := filepath.Join(root, "data")
	s, err := store.Open(context.Background(), dir, store.Options{}, sets())
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, note(1, "x"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	allow(t, dir, directory, files)
	return dir
}

// allow gives a directory and the files in it their rights, and takes them back for the cleaning.
func allow(t *testing.T, dir string, directory, files os.FileMode) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if err := os.Chmod(file, files); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, directory); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
}

// TestReadingAReadOnlyDirectory: a backup or a mounted snapshot is read like any other.
func TestReadingAReadOnlyDirectory(t *testing.T) {
	ctx, dir := context.Background(), left(t, 0o555, 0o444)
	asStranger(t)
	s, err := store.Open(ctx, dir, store.Options{ReadOnly: true}, sets())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if diff := cmp.Diff([]int{1}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

// TestReadingBesideAnOwnerWithoutTheRightToWrite sees what the owner wrote last, still in its log.
func TestReadingBesideAnOwnerWithoutTheRightToWrite(t *testing.T) {
	ctx, dir := context.Background(), left(t, 0o755, 0o644)
	owner := open(t, dir)
	write(t, owner, note(2, "y"))
	allow(t, dir, 0o555, 0o444)
	asStranger(t)
	s, err := store.Open(ctx, dir, store.Options{ReadOnly: true}, sets())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if diff := cmp.Diff([]int{1, 2}, notes(t, s)); diff != "" {
		t.Error(diff)
	}
}

// TestReadOnlyWithALogThatWasLeft: what stands only in the log is not silently left out.
func TestReadOnlyWithALogThatWasLeft(t *testing.T) {
	dir := left(t, 0o755, 0o644)
	if err := os.WriteFile(filepath.Join(dir, store.DatabaseFile+"-wal"), []byte("changes"), 0o644); err != nil {
		t.Fatal(err)
	}
	allow(t, dir, 0o555, 0o444)
	asStranger(t)
	_, err := store.Open(context.Background(), dir, store.Options{ReadOnly: true}, sets())
	wantCode(t, err, fault.Storage)
	if f := fault.From(err); !strings.Contains(f.Message, "not closed properly") || !strings.Contains(f.Hint, "copy the directory") {
		t.Error(f.Message, f.Hint)
	}
}

// TestUnreadableIsNotMissing: what is there and may not be read is not told as not there.
func TestUnreadableIsNotMissing(t *testing.T) {
	for name, c := range map[string]struct{ directory, files os.FileMode }{
		"the directory": {0o000, 0o600},
		"the file":      {0o755, 0o000},
	} {
		t.Run(name, func(t *testing.T) {
			dir := left(t, c.directory, c.files)
			asStranger(t)
			_, err := store.Open(context.Background(), dir, store.Options{ReadOnly: true}, sets())
			wantCode(t, err, fault.Storage)
			if !strings.Contains(err.Error(), "may not be read by this user") {
				t.Error(err)
			}
		})
	}
}
