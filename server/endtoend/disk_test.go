package endtoend_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gantry/fault/faulttest"
)

// TestFullDisk: while nothing can be written deliveries are refused with 503 and Retry-After, and readiness says so; what
// was accepted before is not lost, and everything goes on by itself when there is room again.
func TestFullDisk(t *testing.T) {
	t.Run("file size limit", func(t *testing.T) {
		t.Parallel()
		fillDisk(t, t.TempDir(), func(p *process, full bool) {
			limit := unix.Rlimit{Cur: 4096, Max: unix.RLIM_INFINITY}
			if !full {
				limit.Cur = unix.RLIM_INFINITY
			}
			faulttest.Must(t, unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil))
		})
	})
	dir := t.TempDir()
	if err := unix.Mount("gantry", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Logf("a small file system cannot be mounted here (%v); the limit of a file's size stands for it", err)
		return
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	t.Run("small file system", func(t *testing.T) {
		fillDisk(t, dir, func(_ *process, full bool) { ballast(t, filepath.Join(dir, "ballast"), full) })
	})
}

// ballast takes all room that a file system has left, or gives it back.
func ballast(t *testing.T, path string, full bool) {
	t.Helper()
	if !full {
		faulttest.Must(t, os.Remove(path))
		return
	}
	file, err := os.Create(path)
	faulttest.Must(t, err)
	defer file.Close()
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else {
			faulttest.Must(t, err)
		}
	}
}

func fillDisk(t *testing.T, dir string, set func(p *process, full bool)) {
	h := newHouseIn(t, dir, map[string]string{"in": received})
	p := h.start()
	c := h.crowd("in", 3000*scale)
	wait := c.begin(t.Context())
	c.awaitAnswers(c.total / 3)
	set(p, true)
	until(t, time.Minute, func() bool { return c.refused.Load() >= 20 }, func() string { return "nothing is refused" })
	h.awaitReady(http.StatusServiceUnavailable, "cannot be written")
	if resp, err := http.Get(p.URL + "/healthz/live"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("alive: %v %v", resp, err)
	} else {
		_ = resp.Body.Close()
	}
	set(p, false)
	began := time.Now()
	h.awaitReady(http.StatusOK, "ready")
	t.Logf("refused %d deliveries; ready %s after there was room", c.refused.Load(), time.Since(began).Round(time.Millisecond))
	wait()
	h.settled()
	faulttest.Must(t, p.stop())
	c.judge("in")
}

// awaitReady waits until readiness says something. It tries to write every few seconds.
func (h *house) awaitReady(status int, word string) {
	h.t.Helper()
	var got int
	var text string
	until(h.t, 30*time.Second, func() bool {
		got, text = h.ready()
		return got == status && strings.Contains(text, word)
	}, func() string { return fmt.Sprintf("readiness: %d %s", got, text) })
}
