// Command peers measures other workflow engines beside Gantry: the same work, on this machine, one after the other. They
// are installed from public registries into a folder of their own, never into the project.
//
// Each run is k tasks one after the other, started by a call that answers when the run has ended. A task is one GET of
// 2 KB of JSON from a local server, or does nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// workload is one thing that every subject is asked to do. name is also that of the workflow.
type workload struct {
	workflow    string
	tasks       int
	http        bool
	concurrency int
}

func (w workload) String() string {
	what := "HTTP"
	if !w.http {
		what = "no-op"
	}
	return fmt.Sprintf("%d %s, %d at a time", w.tasks, what, w.concurrency)
}

var workloads = []workload{
	{"noop3", 3, false, 1}, {"noop3", 3, false, 16},
	{"http1", 1, true, 1}, {"http1", 1, true, 16},
	{"http10", 10, true, 1}, {"http10", 10, true, 16},
}

type options struct {
	folder, only string
	seconds      float64
	rounds       int
}

func main() {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	var o options
	flag.StringVar(&o.folder, "folder", filepath.Join(cache, "gantry-peers"), "`folder` into which the peers are installed (3 GB)")
	flag.StringVar(&o.only, "only", "", "measure only subjects that have this `text` in their name; the bare client and Gantry always")
	flag.Float64Var(&o.seconds, "seconds", 5, "how long each workload is measured, about, in `seconds`")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each is measured; its medians count")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func (o *options) run() error {
	work, err := os.MkdirTemp("", "gantry-peers-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	w := &world{installed: o.folder, work: work, interrupted: interrupted}
	defer w.close()
	if err := w.open(); err != nil {
		return err
	}
	var rows []row
	var failed error
	for _, s := range subjects {
		if !s.always && !strings.Contains(strings.ToLower(s.name), strings.ToLower(o.only)) {
			continue
		}
		r, err := o.measure(w, s)
		if errors.Is(err, errInterrupted) {
			return err
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.name, err))
			fmt.Fprintf(os.Stderr, "%s: %s\n", s.name, err)
			continue
		}
		rows = append(rows, r)
	}
	print(rows)
	return failed
}

// measure starts a subject, gives it each workload, and ends it.
func (o *options) measure(w *world, s subject) (row, error) {
	fmt.Fprintf(os.Stderr, "%s\n", s.name)
	r := row{subject: s, cells: map[workload]figures{}}
	session, err := s.open(w)
	if err != nil {
		return r, err
	}
	defer session.close()
	for _, load := range workloads {
		if s.most > 0 && load.concurrency > s.most {
			load.concurrency = s.most
		}
		var rounds []figures
		for range o.rounds {
			if w.stopped() {
				return r, errInterrupted
			}
			f, err := session.measure(load, o.seconds)
			if errors.Is(err, errNothing) {
				break
			}
			if err != nil {
				return r, fmt.Errorf("%s: %w", load, err)
			}
			rounds = append(rounds, f)
		}
		if len(rounds) == 0 {
			continue
		}
		f := median(rounds)
		fmt.Fprintf(os.Stderr, "  %-24s %s\n", load, f)
		r.cells[load] = f
	}
	return r, nil
}
