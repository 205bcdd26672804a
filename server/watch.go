package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"gantry/fault"
	"gantry/project"
)

// pace is how the files of a project are watched.
type pace struct {
	Quiet time.Duration // without a change, before the project is read again
	Most  time.Duration // from the first change until it is read at the latest
	Poll  time.Duration // between two looks where the system tells of no changes
	Rest  time.Duration // between two looks where it does: it may have missed one
	Away  time.Duration // before the next look at files that are gone
}

// defaultPace holds unless a test says otherwise.
var defaultPace = pace{Quiet: 300 * time.Millisecond, Most: 5 * time.Second, Poll: 3 * time.Second, Rest: time.Minute, Away: project.Away}

// fileWatch has a project read again when its files change, or the variables that it may rely on.
type fileWatch struct {
	dir    string
	pace   pace
	log    *slog.Logger
	reload func(context.Context) (project.Change, error)
	// nudged tells that what organisations have may have changed, and stale whether that matters to the project.
	nudged <-chan struct{}
	stale  func(context.Context) bool
	// newWatcher is fsnotify.NewWatcher outside of tests.
	newWatcher func() (*fsnotify.Watcher, error)

	watcher *fsnotify.Watcher // nil: the folder is polled
	broken  bool              // the last reload failed, which has been said
}

// run watches until ctx ends.
func (w *fileWatch) run(ctx context.Context) {
	w.begin()
	defer w.end()
	changes := debounce{Quiet: w.pace.Quiet, Most: w.pace.Most}
	nudges := changes
	timer := time.NewTimer(w.wait(changes, nudges))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-w.events():
			if w.concerns(event) {
				changes.change(time.Now())
			}
		case err := <-w.errors():
			w.fails(err)
			changes.change(time.Now())
		case <-w.nudged:
			nudges.change(time.Now())
		case <-timer.C:
			idle := nudges.waits() && !changes.waits() && !w.stale(ctx)
			changes.fired()
			nudges.fired()
			if !idle && w.read(ctx) { // files are gone, perhaps for a moment
				changes.change(time.Now().Add(w.pace.Away - w.pace.Quiet))
			}
		}
		timer.Reset(w.wait(changes, nudges))
	}
}

// wait is how long until the next reading.
func (w *fileWatch) wait(all ...debounce) time.Duration {
	wait := w.pace.Rest
	if w.watcher == nil {
		wait = w.pace.Poll
	}
	for _, changes := range all {
		if due, ok := changes.due(); ok {
			wait = min(time.Until(due), wait)
		}
	}
	return wait
}

// read tells whether to look again soon.
func (w *fileWatch) read(ctx context.Context) bool {
	change, err := w.reload(ctx)
	switch {
	case err == nil:
		w.broken = false
	case ctx.Err() == nil && !w.broken:
		w.broken = true
		w.log.Error("the project could not be read again; what runs goes on", "error", fault.From(err).Message)
	}
	return change.LookAgain
}

// begin watches the folders. Where that cannot be had, the folder is polled.
func (w *fileWatch) begin() {
	watcher, err := w.newWatcher()
	if err == nil {
		w.watcher = watcher
		err = w.add(w.dir, true)
	}
	if err != nil {
		w.fails(err)
	}
}

// fails goes over to polling, unless only too many changes came at once: then folders may be new.
func (w *fileWatch) fails(err error) {
	if errors.Is(err, fsnotify.ErrEventOverflow) && w.add(w.dir, true) == nil {
		return
	}
	w.end()
	w.log.Warn("the system does not tell of changes of files, so the project is looked at every "+w.pace.Poll.String(),
		"error", err, "hint", "on Linux, sysctl fs.inotify.max_user_watches and fs.inotify.max_user_instances bound this")
}

func (w *fileWatch) end() {
	if w.watcher != nil {
		_ = w.watcher.Close()
		w.watcher = nil
	}
}

func (w *fileWatch) events() <-chan fsnotify.Event {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Events
}

func (w *fileWatch) errors() <-chan error {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Errors
}

// add watches a folder and those below it: in the project's own only those that hold its files. Links are not
// followed, and what goes away meanwhile is left out.
func (w *fileWatch) add(dir string, top bool) error {
	err := w.watcher.Add(dir)
	if errors.Is(err, fs.ErrNotExist) && !top {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // reading the project tells
	}
	for _, entry := range entries {
		if !entry.IsDir() || isTemporary(entry.Name()) || top && !holdsFiles(entry.Name()) {
			continue
		}
		if err := w.add(filepath.Join(dir, entry.Name()), false); err != nil {
			return err
		}
	}
	return nil
}

func holdsFiles(folder string) bool {
	return folder == project.WorkflowsFolder || folder == project.CratesFolder || folder == project.ActionsFolder
}

// concerns tells whether an event may have changed the project, and watches folders that are new.
func (w *fileWatch) concerns(event fsnotify.Event) bool {
	name := filepath.Base(event.Name)
	if event.Name == "" || isTemporary(name) {
		return false
	}
	if filepath.Dir(event.Name) == filepath.Clean(w.dir) && !holdsFiles(name) {
		return name == project.SettingsFile
	}
	if event.Has(fsnotify.Create) {
		if info, err := os.Lstat(event.Name); err == nil && info.IsDir() {
			if err := w.add(event.Name, false); err != nil {
				w.fails(err)
			}
			return true
		}
	}
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		return true
	}
	return event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) // a folder, perhaps
}

// isTemporary tells the files that editors and synchronisers leave for a moment, and hidden ones.
func isTemporary(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".swp") || name == "4913" // vim tries whether it may write
}
