// Package doctor looks whether a data directory is well: its files, its database, its keys, and what in it is left to be
// done. It changes nothing, and works beside the process that owns the directory.
package doctor

import (
	"context"
	"fmt"
	"os"
	"time"

	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// Status is how a check came out.
type Status string

// The outcomes, from good to bad.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Check is one thing that was looked at.
type Check struct {
	Name    string   `json:"name"`
	Status  Status   `json:"status"`
	Message string   `json:"message"`
	Hint    string   `json:"hint,omitempty"`
	Details []string `json:"details,omitempty"`
}

// Options say what is looked at, and how.
type Options struct {
	Dir    string // the data directory
	Full   bool   // compare the database's indexes with its tables, which takes several times as long
	Sets   []store.MigrationSet
	Getenv func(string) string
	Now    func() time.Time
	// Server asks the server that owns the directory; nil: none does.
	Server func(context.Context) (*Server, error)
}

// Server is what only the process that goes on with the runs knows.
type Server struct {
	Now    time.Time
	Queued int
	Idle   []string // ids of runs that have not ended and that it does not go on with
	Broken int      // files of the project that are not in use as they lie there
}

// examination is one call of Examine.
type examination struct {
	o      Options
	checks []Check
	owner  store.Ownership
	size   int64 // bytes of the database
	server *Server
}

// Examine looks at everything. What cannot be looked at, because something before it is wrong, is left out.
func Examine(ctx context.Context, o Options) []Check {
	x := &examination{o: o}
	if !x.directory() {
		return x.checks
	}
	x.files()
	x.owned(ctx)
	sound := x.database(ctx)
	x.disk()
	x.backups()
	x.remains()
	if !sound {
		return x.checks
	}
	s, err := store.Open(ctx, o.Dir, store.Options{ReadOnly: true}, o.Sets...)
	if err != nil {
		x.failed("data", err)
		return x.checks
	}
	defer s.Close()
	x.keys(ctx, s)
	x.work(ctx, s)
	return x.checks
}

// Worst gives the worst outcome.
func Worst(checks []Check) Status {
	worst := OK
	for _, c := range checks {
		if c.Status == Fail || c.Status == Warn && worst == OK {
			worst = c.Status
		}
	}
	return worst
}

func (x *examination) add(name string, status Status, format string, args ...any) *Check {
	x.checks = append(x.checks, Check{Name: name, Status: status, Message: fmt.Sprintf(format, args...)})
	return &x.checks[len(x.checks)-1]
}

func (c *Check) hint(format string, args ...any) *Check {
	c.Hint = fmt.Sprintf(format, args...)
	return c
}

// failed adds a check that could not be made.
func (x *examination) failed(name string, err error) {
	f := fault.From(err)
	x.add(name, Fail, "%s", f.Message).Hint = f.Hint
}

func (x *examination) directory() bool {
	info, err := os.Stat(x.o.Dir)
	switch {
	case err != nil:
		x.add("directory", Fail, "There is no data directory %s.", x.o.Dir).hint("nothing has been run or set up here yet; check --project and --data")
	case !info.IsDir():
		x.add("directory", Fail, "%s is no folder.", x.o.Dir).hint("name the data folder with --data")
	default:
		x.writable(info)
		return true
	}
	return false
}

func (x *examination) keys(ctx context.Context, s *store.Store) {
	used, err := orgs.KeysInUse(ctx, s)
	if err != nil {
		x.failed("keys", err)
		return
	}
	if text, _, err := orgs.CopyKeys(x.o.Dir, x.o.Getenv); err != nil || text == "" {
		switch {
		case err != nil:
			x.failed("keys", err)
		case len(used) > 0:
			x.add("keys", Fail, "There is no master key, and %s needed to open secrets.", counted(len(used), "key is", "keys are")).hint("bring master.key back from where its copy is kept")
		default:
			x.add("keys", OK, "There is no master key yet, and nothing that needs one.")
		}
		return
	}
	ring, err := orgs.OpenKeyring(x.o.Dir, x.o.Getenv, "any")
	if err != nil {
		x.failed("keys", err)
		return
	}
	opened, closed, err := orgs.OpenAll(ctx, s, ring)
	switch {
	case err != nil:
		x.failed("keys", err)
	case len(closed) > 0:
		x.add("keys", Fail, "Of %s %d do not open with the master key that is here.", counted(opened+len(closed), "secret", "secrets"), len(closed)).
			hint("bring back the master.key that they were sealed with, or set them anew").Details = closed
	default:
		x.add("keys", OK, "The master key is there, and opens all secrets (%d).", opened)
	}
}

// unknownFor is for how long writes of unknown outcome are looked for in the past.
const unknownFor = 30 * 24 * time.Hour

func (x *examination) work(ctx context.Context, s *store.Store) {
	now := x.o.Now()
	v, err := history.New(s, orgs.NoKeys()).Survey(ctx, now.Add(-unknownFor))
	if err != nil {
		x.failed("runs", err)
		return
	}
	x.runs(v, now)
	x.history(ctx, s)
	x.events(ctx, s, now)
	x.clock(v, now)
}
