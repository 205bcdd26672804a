package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gantry/fault"
)

// TestADataFolderOfSomebodyElse is told as what it is, also by commands that look whether there is one.
func TestADataFolderOfSomebodyElse(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, ".gantry")
	for folder, rights := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755} {
		if err := os.Chmod(folder, rights); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o000); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(data, 0o700) })
	if os.Geteuid() == 0 { // no rights hold root back: as far as files go this thread, which ends with the test, is nobody's
		runtime.LockOSThread()
		if err := unix.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Setfsuid(0) })
	}
	app, _ := newApp(t, dir, false)
	_, reading := app.Data(t.Context(), Reading)
	_, checking := app.known(t.Context())
	for _, err := range []error{reading, checking} {
		if f := fault.From(err); f.Code != fault.Storage || !strings.Contains(f.Message, "may not be read by this user") {
			t.Error(f)
		}
	}
}
