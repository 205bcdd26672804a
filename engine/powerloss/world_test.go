package powerloss_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gantry/engine"
	"gantry/orgs"
	"gantry/store"
	"gantry/store/powerloss"
)

// note is something that somebody knew at a mark of the recording: one of these.
type note struct {
	ready    bool     // the directory is open, with its organisation
	accepted string   // a run whose Start was answered
	told     *logged  // up to where a run's log is on disk, as an observer was told or a reader saw
	arrived  *arrival // a request at the target
	said     *said    // an answer that counts
}

type logged struct {
	run string
	seq int
}

type arrival struct {
	unit unit
	call call
}

// act is one life with everything that was recorded of it, and of what was before.
type act struct {
	recording powerloss.Recording
	mu        sync.Mutex
	notes     []note
	before    []note // what was known when it began
	log       map[logged]string
	ends      map[string]end
}

func (a *act) note(n note) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.notes = append(a.notes, n)
	powerloss.Note(len(a.notes) - 1)
}

// known is what somebody knew at a moment.
func (a *act) known(moment int) []note {
	all := append([]note(nil), a.before...)
	for _, i := range a.recording.Answered(moment) {
		all = append(all, a.notes[i])
	}
	return all
}

func arrivals(notes []note) (all []arrival) {
	for _, n := range notes {
		if n.arrived != nil {
			all = append(all, *n.arrived)
		}
	}
	return all
}

// world is a seed's workflows, the target that they ask, and the laws.
type world struct {
	t      *testing.T
	seed   uint64
	target *target
	lib    library
	texts  map[string]string
	mains  []string
	key    map[string][]byte
	first  *act
	tally  *tally
}

func newWorld(t *testing.T, seed uint64, target *target, tally *tally) *world {
	w := &world{t: t, seed: seed, target: target, tally: tally, key: map[string][]byte{}}
	w.texts, w.mains = invent(rand.New(rand.NewPCG(seed, 1)), target.URL)
	var err error
	if w.lib, err = compile(w.texts); err != nil {
		t.Fatalf("seed %d: %v\n%v", seed, err, w.texts)
	}
	return w
}

// listen notes whatever is told during a life.
func (a *act) listen(l *life, s *target) {
	l.observe = func(u engine.Update) { a.note(note{told: &logged{u.Run, u.Seq}}) }
	l.says = func(what said) { a.note(note{said: &what}) }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrives = func(u unit, c call) {
		a.note(note{arrived: &arrival{u, c}})
		a.read(l, u.run)
	}
}

// read looks into the history as anybody may: what it shows must stay.
func (a *act) read(l *life, run string) {
	if seq, err := l.history.LastSeq(context.Background(), run); err == nil {
		a.note(note{told: &logged{run, seq}})
	}
}

// begun opens a life in a new folder of which every write is recorded.
func (w *world) begun() (*life, orgs.Organisation) {
	dir := w.t.TempDir()
	w.must(powerloss.Begin(dir))
	l, err := open(dir, w.lib)
	w.must(err)
	org, err := l.orgs.Create(context.Background(), orgs.NewOrganisation{Slug: "acme", Name: "Acme MSP"})
	w.must(err)
	w.keep(dir)
	w.target.forget()
	return l, org
}

// play records a life in which runs are asked for and come to their end undisturbed.
func (w *world) play(runs int) {
	a := &act{}
	l, org := w.begun()
	a.listen(l, w.target)
	_, problems := l.engine.Recover(context.Background())
	w.must(firstOf(problems))
	a.note(note{ready: true})
	l.attend()
	rng := rand.New(rand.NewPCG(w.seed, 2))
	var senders sync.WaitGroup
	for n := range runs {
		id := w.mains[rng.IntN(len(w.mains))]
		switch {
		case n < 2:
			id = w.mains[0] // there are some that wait for each other
		case n < 4 && w.seed%2 == 0:
			id = big
		}
		senders.Go(func() {
			run, err := l.engine.Start(context.Background(), engine.Request{Workflow: id, Organisation: org, Inputs: map[string]any{"n": int64(n)}})
			if err != nil {
				w.t.Errorf("seed %d: %v", w.seed, err)
				return
			}
			a.note(note{accepted: run})
		})
	}
	senders.Wait()
	w.must(l.rest())
	w.finish(a, l)
	w.first = a
}

// finish reads what has become of a life's runs, and ends it and its recording.
func (w *world) finish(a *act, l *life) {
	var err error
	a.log, err = w.logs(l)
	w.must(err)
	a.ends, err = w.endsOf(l, nil)
	w.must(err)
	l.close(w.t)
	a.recording = powerloss.End()
}

// keep remembers the files that SQLite does not write.
func (w *world) keep(dir string) {
	entries, err := os.ReadDir(dir)
	w.must(err)
	for _, entry := range entries {
		if name := entry.Name(); !isDatabase(name) {
			content, err := os.ReadFile(filepath.Join(dir, name))
			w.must(err)
			w.key[name] = content
		}
	}
	if len(w.key[store.LockFile]) == 0 {
		w.t.Fatal("the lock file says nothing")
	}
}

func isDatabase(name string) bool {
	return len(name) >= len(store.DatabaseFile) && name[:len(store.DatabaseFile)] == store.DatabaseFile
}

// build makes a folder as the disk was left when the power went.
func (w *world) build(a *act, moment int, seed uint64, whole bool) (dir string) {
	dir, err := os.MkdirTemp("", fmt.Sprintf("gantry-powerloss-%d-%d-", w.seed, moment))
	w.must(err)
	w.must(a.recording.Build(moment, rand.New(rand.NewPCG(seed, uint64(moment))), dir))
	for name, content := range w.key {
		if name == store.LockFile && closed(a.recording[:moment]) {
			content, _, _ = bytes.Cut(content, []byte("open"))
		}
		if whole {
			w.must(os.WriteFile(filepath.Join(dir, name), content, 0o600))
		}
	}
	return dir
}

// closed tells whether the log was removed: the lock file, which SQLite does not write, is on disk before that.
func closed(r powerloss.Recording) bool {
	for i := len(r) - 1; i >= 0; i-- {
		if strings.HasSuffix(r[i].File, "-wal") {
			return r[i].Kind == powerloss.Delete
		}
	}
	return false
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("seed %d: %v", w.seed, err)
	}
}

func firstOf(errs []error) error {
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}
