package simulation_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gantry/engine"
	"gantry/orgs"
)

// world is all that is made from one seed.
type world struct {
	*moments
	t       *testing.T
	chance  chance
	dir     string // holds the data directories
	library *shelf
	orgs    []orgs.Organisation
	target  *target
	laws    *laws
	trace   trace
	asked   requests

	room    engine.Room
	workers int
	harm    int // of a hundred requests go wrong
	calm    atomic.Bool
	offset  atomic.Int64 // of the clock on the wall
	disk    disk
	deaf    bool // Options.Ended fails now and then
	small   bool // little is asked of it, as of most worlds: many of them show more than a few that are full

	lives  int
	life   *life // the process that is on
	before *life // the one before it
	ids    atomic.Int64
	talk   sync.WaitGroup // those who wait for an answer of the engine
}

// now is the clock on the wall.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

func newWorld(t *testing.T, seed uint64, dir string, made template, lib *library, told bool) *world {
	c := chance(seed)
	w := &world{moments: newMoments(c), t: t, chance: c, dir: dir, library: &shelf{library: lib}}
	r := c.of("world")
	w.orgs = made.orgs[:1+r.IntN(len(made.orgs))]
	w.room = engine.Room{Runs: 1 + r.IntN(6), Own: 1 + r.IntN(2)}
	w.workers = 1 + r.IntN(6)
	w.harm = []int{0, 10, 30, 60}[r.IntN(4)]
	w.deaf = oneIn(r, 4)
	w.small = !oneIn(r, 8)
	w.trace.wanted = told
	w.target = &target{world: w, sent: map[string][]*sent{}}
	w.asked.kept = map[string]int{}
	w.laws = newLaws(w)
	w.disk.draw(w)
	w.say("the world: %d organisations, room for %d runs (%d own), %d workers, %d%% of requests go wrong",
		len(w.orgs), w.room.Runs, w.room.Own, w.workers, w.harm)
	return w
}

// play lives through the whole world and gives, where that is wanted, what happened.
func play(t *testing.T, seed uint64, made template, lib *library, tells bool) (told string) {
	dir, err := os.MkdirTemp(made.dir, "world")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	w := newWorld(t, seed, dir, made, lib, tells)
	if *oneSeed != 0 && testing.Verbose() {
		defer func() { t.Log("\n" + w.library.text() + w.trace.words()) }()
	}
	if err := copyFiles(made.data, w.path()); err != nil {
		t.Fatal(err)
	}
	w.open()
	for _, next := range w.agenda() {
		time.Sleep(next.at - w.elapsed())
		next.do()
	}
	w.rest()
	w.laws.atRest()
	w.talk.Wait()
	w.trace.gather(w)
	w.life.close("at the end")
	w.laws.afterwards()
	return w.trace.text()
}

// path is the data directory of the life that is on.
func (w *world) path() string { return filepath.Join(w.dir, fmt.Sprint("life", w.lives)) }

// wrong notes that a law is broken.
func (w *world) wrong(format string, args ...any) {
	w.t.Helper()
	w.say("WRONG: "+format, args...)
	w.t.Errorf("%s", named(fmt.Sprintf(format, args...)))
}

// rest lets all faults end, and gives everything time to come to its end.
func (w *world) rest() {
	w.calm.Store(true)
	w.say("from now on nothing goes wrong any more")
	w.disk.mend()
	rounds := 1
	if !w.small {
		rounds = 2
	}
	for pause := time.Second; w.elapsed() < longest; pause = min(2*pause, time.Hour) {
		w.wait(pause)
		for _, id := range w.life.unfinished() {
			w.tell("unpause", id)
		}
		w.wait(pause)
		if len(w.life.unfinished()) == 0 && !w.life.untold() {
			w.wait(time.Minute) // what is on disk is still to be told
			if rounds--; rounds < 0 || !w.resumeAll() {
				return
			}
		}
	}
	for _, id := range w.life.unfinished() {
		w.wrong("run %s is stuck", id)
	}
	if w.life.untold() {
		w.wrong("ends of runs are never told")
	}
}

// resumeAll resumes what did not succeed, where the world is one in which that is done. It tells whether there is any.
func (w *world) resumeAll() bool {
	ids := w.life.endedBadly()
	if !w.asked.resumes.Load() || len(ids) == 0 {
		return false
	}
	for _, id := range ids {
		w.resume(id, true, false)
	}
	return true
}

// longest is when everything must have come to its end.
const longest = 24 * time.Hour

// log hears what the engine says in its log: a defect that it caught must not pass.
func (w *world) log() *slog.Logger { return slog.New(hearer{slog.DiscardHandler, w}) }

type hearer struct {
	slog.Handler
	world *world
}

func (h hearer) Enabled(context.Context, slog.Level) bool { return true }

func (h hearer) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += fmt.Sprintf(" %s=%v", a.Key, a.Value)
		return true
	})
	if r.Level >= slog.LevelWarn {
		text, _, _ = strings.Cut(text, " stack=")
		h.world.say("the log says: %s", text)
	}
	if strings.Contains(text, "a defect") {
		h.world.wrong("%s", text)
	}
	return nil
}

func (h hearer) WithAttrs([]slog.Attr) slog.Handler { return h }
