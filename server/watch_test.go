package server

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"gantry/fault/faulttest"
	"gantry/project"
)

func TestDebounce(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	for name, test := range map[string]struct {
		changes []int // milliseconds after the start
		due     int
	}{
		"one":              {[]int{0}, 300},
		"a burst":          {[]int{0, 10, 20, 250}, 550},
		"an endless one":   {[]int{0, 299, 598, 4900}, 5000},
		"just before most": {[]int{0, 4650}, 4950},
	} {
		d := debounce{Quiet: ms(300), Most: ms(5000)}
		for _, at := range test.changes {
			d.change(start.Add(ms(at)))
		}
		if due, ok := d.due(); !ok || !due.Equal(start.Add(ms(test.due))) {
			t.Errorf("%s: due after %s, want %d ms", name, due.Sub(start), test.due)
		}
		d.fired()
		if _, ok := d.due(); ok {
			t.Errorf("%s: it fires twice", name)
		}
	}
}

// watched is a folder that is watched at a pace for tests.
type watched struct {
	t     *testing.T
	dir   string
	reads atomic.Int64
	log   logLines
}

func watchFolder(t *testing.T, change func(*fileWatch)) *watched {
	t.Helper()
	w := &watched{t: t, dir: t.TempDir()}
	faulttest.Must(t, os.MkdirAll(filepath.Join(w.dir, "workflows", "team"), 0o755))
	f := &fileWatch{dir: w.dir, pace: pace{Quiet: time.Millisecond, Most: 50 * time.Millisecond, Poll: time.Hour, Rest: time.Hour, Away: time.Millisecond},
		log: w.log.logger(), newWatcher: fsnotify.NewWatcher, reload: func(context.Context) (project.Change, error) { w.reads.Add(1); return project.Change{}, nil }}
	if change != nil {
		change(f)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	ready := make(chan struct{})
	started := f.newWatcher
	f.newWatcher = func() (*fsnotify.Watcher, error) { defer close(ready); return started() }
	work.Go(func() { f.run(ctx) })
	t.Cleanup(func() { cancel(); work.Wait() })
	<-ready
	return w
}

// until waits for a condition; a test that takes this long has failed.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for tick := time.NewTicker(2 * time.Millisecond); !holds(); {
		select {
		case <-deadline:
			t.Fatalf("it never came to that: %s", what)
		case <-tick.C:
		}
	}
}

// noticed writes a file again and again until the change is noticed: folders are watched a moment after they are
// there.
func (w *watched) noticed(name string) {
	w.t.Helper()
	before := w.reads.Load()
	until(w.t, name+" is noticed", func() bool {
		path := filepath.Join(w.dir, name)
		faulttest.Must(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
		faulttest.Must(w.t, os.WriteFile(path, []byte("x"), 0o644))
		return w.reads.Load() > before
	})
}

func TestWatchNotices(t *testing.T) {
	w := watchFolder(t, nil)
	for _, name := range []string{"gantry.yaml", "workflows/a.yaml", "workflows/team/b.yml", "workflows/new/deep/c.yaml", "crates/x/crate.yaml", "actions/y/integration.yaml"} {
		w.noticed(name)
	}
	before := w.reads.Load()
	faulttest.Must(t, os.RemoveAll(filepath.Join(w.dir, "workflows/new")))
	until(t, "a folder that goes away is noticed", func() bool { return w.reads.Load() > before })
}

func TestWatchLeavesOut(t *testing.T) {
	w := &fileWatch{dir: "/p"}
	for name, want := range map[string]bool{
		"/p/gantry.yaml": true, "/p/workflows/a.yaml": true, "/p/workflows": true,
		"/p/README.md": false, "/p/notes.yaml": false, "/p/.gantry": false,
		"/p/workflows/.a.yaml.swp": false, "/p/workflows/a.yaml~": false, "/p/workflows/4913": false, "/p/workflows/#a.yaml#": false, "/p/workflows/.git": false,
		"/p/workflows/notes.txt": false,
	} {
		if got := w.concerns(fsnotify.Event{Name: name, Op: fsnotify.Write}); got != (want && name != "/p/workflows") {
			t.Errorf("%s written: %t", name, got)
		}
	}
	if !w.concerns(fsnotify.Event{Name: "/p/workflows/team", Op: fsnotify.Remove}) {
		t.Error("a folder that goes away changes the project")
	}
}

// TestWatchPolls: without the system's help the folder is looked at every now and then, and that is said.
func TestWatchPolls(t *testing.T) {
	w := watchFolder(t, func(f *fileWatch) {
		f.pace.Poll = time.Millisecond
		f.newWatcher = func() (*fsnotify.Watcher, error) { return nil, errors.New("too many open files") }
	})
	until(t, "several looks", func() bool { return w.reads.Load() > 3 })
	if said := w.log.String(); strings.Count(said, "does not tell of changes") != 1 || !strings.Contains(said, "max_user_watches") {
		t.Error(said)
	}
}

// TestWatchLooksAgain: a file that is gone is looked for once more without a further change.
func TestWatchLooksAgain(t *testing.T) {
	var reads atomic.Int64
	w := watchFolder(t, func(f *fileWatch) {
		f.reload = func(context.Context) (project.Change, error) { return project.Change{LookAgain: reads.Add(1) < 3}, nil }
	})
	path := filepath.Join(w.dir, "workflows/a.yaml")
	until(t, "three looks", func() bool {
		if reads.Load() == 0 {
			faulttest.Must(t, os.WriteFile(path, nil, 0o644))
		}
		return reads.Load() == 3
	})
}

// TestWatchNudged: a change of what organisations have makes the project be read again only where it is stale.
func TestWatchNudged(t *testing.T) {
	nudged := make(chan struct{})
	var asked, stale atomic.Int64
	w := watchFolder(t, func(f *fileWatch) {
		f.nudged, f.stale = nudged, func(context.Context) bool { asked.Add(1); return stale.Load() > 0 }
	})
	nudged <- struct{}{}
	until(t, "it is asked whether that matters", func() bool { return asked.Load() == 1 })
	nudged <- struct{}{} // taken when the first is done with
	if n := w.reads.Load(); n != 0 {
		t.Errorf("read %d times for a change that does not matter", n)
	}
	stale.Store(1)
	nudged <- struct{}{}
	until(t, "the project is read", func() bool { return w.reads.Load() > 0 })
}

// logLines are what was logged.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logLines) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
