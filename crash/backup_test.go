package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/failpoint"
)

// told runs a command of the program on the house's project, to be killed at a fail-point or to its end, and gives what it says.
func (h *house) told(t *testing.T, failAt string, args ...string) (said string, killed bool) {
	t.Helper()
	cmd := exec.Command(h.binary, append(args, "--project", h.dir)...)
	cmd.Env = append(os.Environ(), failpoint.Variable+"="+failAt)
	out, err := cmd.CombinedOutput()
	killed = strings.Contains(string(out), "killed at fail-point")
	if killed != (failAt != "") || err != nil && !killed {
		t.Fatalf("%v, killed at %q: %v %v\n%s", args, failAt, killed, err, out)
	}
	return string(out), killed
}

// runsOf counts the runs in the house's data directory.
func (h *house) runsOf(t *testing.T) int {
	t.Helper()
	v, err := h.open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer v.data.Store.Close()
	return len(v.rows)
}

// rehearsed makes a house whose workflows have been played, and the name of a backup of it.
func rehearsed(t *testing.T) (h *house, file string) {
	t.Helper()
	target := newTarget()
	t.Cleanup(target.Close)
	h, err := newHouse(t.TempDir(), needBinary(t), 11, target)
	if err == nil {
		err = h.rehearse(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return h, filepath.Join(h.dir, "kept.backup")
}

// TestKilledBackupLeavesNoFile: of a backup that was killed there is no file by its name, and the next one works.
func TestKilledBackupLeavesNoFile(t *testing.T) {
	h, file := rehearsed(t)
	for _, point := range []string{"backup.copied", "backup.written"} {
		h.told(t, point, "backup", file)
		if _, err := os.Stat(file); err == nil {
			t.Errorf("killed at %s: there is a file %s", point, file)
		}
	}
	h.told(t, "", "backup", file)
	h.told(t, "", "restore", file, "--check")
}

// TestKilledRestoreLeavesOldOrNew: a restore that was killed leaves the old data or the new, whole, and never a directory in which a server begins with
// nothing; the next restore works.
func TestKilledRestoreLeavesOldOrNew(t *testing.T) {
	h, file := rehearsed(t)
	h.told(t, "", "backup", file)
	backedUp := h.runsOf(t)
	if err := h.kill(t.Context(), kill{after: time.Second, begun: true}); err != nil { // more runs, and a log that is not copied
		t.Fatal(err)
	}
	before := h.runsOf(t)
	if before <= backedUp {
		t.Fatalf("%d runs before and %d after: nothing tells them apart", backedUp, before)
	}
	h.told(t, "restore.prepared", "restore", file, "--force")
	if is := h.runsOf(t); is != before {
		t.Errorf("killed before anything was replaced: %d runs, want %d", is, before)
	}
	h.told(t, "restore.aside", "restore", file, "--force")
	h.wantRefusal(t, "a restore into it was interrupted", "run `gantry restore", "before-restore-")
	h.told(t, "", "restore", file, "--force")
	if is := h.runsOf(t); is != backedUp {
		t.Errorf("restored after a kill: %d runs, want %d", is, backedUp)
	}
	if err := h.kill(t.Context(), kill{after: time.Second, begun: true}); err != nil { // what is there was not closed
		t.Fatal(err)
	}
	h.told(t, "restore.replaced", "restore", file, "--force")
	if is := h.runsOf(t); is != backedUp {
		t.Errorf("killed when it was in its place: %d runs, want %d", is, backedUp)
	}
	if v, err := h.settle(t.Context()); err != nil {
		t.Errorf("the restored directory is not served: %v %v", v, err)
	}
}
