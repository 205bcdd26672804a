package authoring

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/fault/faulttest"
	"gantry/project"
	"gantry/store"
)

// TestMain lets the property try fewer inputs than usual, unless somebody says more: each step reads a project.
func TestMain(m *testing.M) {
	if !slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-rapid.checks") }) {
		_ = flag.Set("rapid.checks", "10") // the flags are rapid's own
		_ = flag.Set("rapid.steps", "20")
	}
	goleak.VerifyTestMain(m)
}

// killed is what a process is ended with at a moment.
type killed struct{}

// bench is a project whose workflows are changed, on a real folder and database.
type bench struct {
	t     testing.TB
	dir   string
	store *store.Store
	live  *project.Live
	now   time.Time
	rules project.Publishing
	at    map[string]func() // what happens at a moment
	*Service
}

// saying is a workflow that checks, as long as it is not to be compressed.
func saying(word string) string {
	return "title: " + word + "\ntasks: {say: {action: core.noop}}\n"
}

const wrong = "tasks: {say: {action: core.nop}}\n"

func newBench(t testing.TB, files map[string]string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), now: time.Date(2100, 3, 2, 9, 0, 0, 0, time.UTC), at: map[string]func(){}}
	for name, text := range files {
		b.write(name, text)
	}
	var err error
	b.store, err = store.Open(context.Background(), t.TempDir(), store.Options{}, project.Migrations(), Migrations())
	faulttest.Must(t, err)
	t.Cleanup(func() { faulttest.Must(t, b.store.Close()) })
	b.start()
	return b
}

// start begins a process over what the one before has left.
func (b *bench) start() {
	b.t.Helper()
	var err error
	clock := func() time.Time { b.now = b.now.Add(time.Second); return b.now }
	b.live, err = project.OpenLive(context.Background(), project.LiveOptions{Dir: b.dir, Store: b.store, Getenv: func(string) string { return "" }, Now: clock})
	faulttest.Must(b.t, err)
	b.Service, err = New(context.Background(), Options{Dir: b.dir, Store: b.store, Project: b.live, Publishing: b.rules, Now: clock, moment: func(what string) {
		if do := b.at[what]; do != nil {
			do()
		}
	}})
	faulttest.Must(b.t, err)
}

// killAt has the next process that comes to a moment end there.
func (b *bench) killAt(moment string) {
	b.at[moment] = func() { delete(b.at, moment); panic(killed{}) }
}

// survives tells whether what is done came to its end.
func survives(do func()) (alive bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(killed); !ok {
				panic(p)
			}
			alive = false
		}
	}()
	do()
	return true
}

func (b *bench) write(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	faulttest.Must(b.t, os.MkdirAll(filepath.Dir(path), 0o755))
	faulttest.Must(b.t, os.WriteFile(path, []byte(text), 0o644))
}

func (b *bench) reload() {
	b.t.Helper()
	_, err := b.live.Reload(context.Background())
	faulttest.Must(b.t, err)
}

// file gives what lies on disk; "" nothing.
func (b *bench) file(name string) string {
	text, err := os.ReadFile(filepath.Join(b.dir, name))
	if err != nil && !os.IsNotExist(err) {
		b.t.Fatal(err)
	}
	return string(text)
}

// publish publishes over what lies there.
func (b *bench) publish(id, text, comment string) (*Version, error) {
	_, base, err := b.Lying(id)
	faulttest.Must(b.t, err)
	return b.Publish(context.Background(), Publication{Workflow: id, Text: text, Comment: comment, Base: base, By: "ana"})
}

// story gives the versions of a workflow in a line: kind, title and who, the oldest first; * runs.
func (b *bench) story(id string) string {
	b.t.Helper()
	all, err := b.Versions(context.Background(), id, 0, 1000)
	faulttest.Must(b.t, err)
	var said []string
	for i := len(all) - 1; i >= 0; i-- {
		v := all[i]
		if v.Number != int64(len(all)-i) {
			b.t.Errorf("%s has number %d as %d", id, v.Number, len(all)-i)
		}
		_, text, err := b.Version(context.Background(), id, v.Number)
		faulttest.Must(b.t, err)
		line, _, _ := strings.Cut(string(text), "\n")
		one := strings.TrimSpace(string(v.Kind) + " " + strings.TrimPrefix(line, "title: "))
		if v.By != "" {
			one += " by " + v.By
		}
		if v.Other != "" {
			one += " with " + v.Other
		}
		if v.Current {
			one += "*"
		}
		said = append(said, one)
	}
	return strings.Join(said, ", ")
}

func (b *bench) tells(id, want string) {
	b.t.Helper()
	if got := b.story(id); got != want {
		b.t.Errorf("%s: %s\nwant %s", id, got, want)
	}
}

// temps gives the texts that were left on their way.
func (b *bench) temps() (left []string) {
	_ = filepath.WalkDir(b.dir, func(path string, _ os.DirEntry, _ error) error {
		if strings.HasSuffix(path, tempEnding) {
			left = append(left, path)
		}
		return nil
	})
	return left
}
