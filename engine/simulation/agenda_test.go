package simulation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gantry/engine"
	"gantry/fault"
)

// requests are what was asked of the engines.
type requests struct {
	mu      sync.Mutex
	all     []*request
	kept    map[string]int // run to its place in all
	said    []*saying
	again   []string    // runs that repeat others, accepted
	resumes atomic.Bool // somebody has asked that a run that ended goes on
}

// request is one run that was asked for.
type request struct {
	run      string
	life     *life
	workflow string
	org      string // slug
	at       time.Duration
	answered int // how often Submit's kept was called
	accepted bool
	over     int // how often Over was called
}

// event is something that is to happen to a world at a virtual moment.
type event struct {
	at time.Duration
	do func()
}

// agenda draws what happens from outside, and when.
func (w *world) agenda() []event {
	r := w.chance.of("agenda")
	span := between(r, time.Second, 2*time.Minute)
	var all []event
	add := func(n int, do func(r *rand.Rand)) {
		for range n {
			own := w.chance.of(fmt.Sprint("event ", len(all)))
			all = append(all, event{w.after(between(r, time.Millisecond, span)), func() { do(own) }})
		}
	}
	most := func(small, large int) int { // how much there is of it at the most
		if w.small {
			return small
		}
		return large
	}
	add(1+r.IntN(most(4, 10)), w.submit)
	for _, word := range []string{"cancel", "pause", "unpause"} {
		add(r.IntN(3), func(r *rand.Rand) { w.tellSome(r, word) })
	}
	add(r.IntN(most(6, 10)), w.answerSome)
	add(r.IntN(3), w.deliverEarly)
	if oneIn(r, 2) {
		add(1+r.IntN(most(3, 6)), w.resumeSome)
		add(r.IntN(3), w.rerunSome)
		add(r.IntN(2), func(*rand.Rand) { w.change() })
	}
	if oneIn(r, 2) {
		add(1+r.IntN(most(1, 3)), w.burst)
	}
	if oneIn(r, 3) {
		add(1+r.IntN(2), func(*rand.Rand) { w.disk.fill() })
		add(2, func(*rand.Rand) { w.disk.mend() })
	}
	if oneIn(r, 3) {
		add(1+r.IntN(3), w.setClock)
	}
	if oneIn(r, 2) {
		add(1+r.IntN(most(2, 3)), w.restart)
	}
	slices.SortFunc(all, func(a, b event) int { return int(a.at - b.at) })
	return all
}

// burst asks for many runs at once.
func (w *world) burst(r *rand.Rand) {
	most := 8
	if w.small {
		most = 4
	}
	for range 2 + r.IntN(most) {
		w.submit(r)
		w.wait(between(r, time.Microsecond, 3*time.Millisecond))
	}
}

func (w *world) newID() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.ids.Add(1)) }

// submit asks for a run.
func (w *world) submit(r *rand.Rand) {
	l, org := w.life, w.orgs[r.IntN(len(w.orgs))]
	one := &request{run: w.newID(), life: l, workflow: mains[r.IntN(len(mains))], org: org.Slug, at: w.elapsed()}
	w.asked.mu.Lock()
	w.asked.all = append(w.asked.all, one)
	w.asked.kept[one.run] = len(w.asked.all) - 1
	w.asked.mu.Unlock()
	w.say("run %s of %s is asked for, for %s", one.run, one.workflow, one.org)
	w.laws.comes(one)
	req := engine.Request{ID: one.run, Workflow: one.workflow, Organisation: org, Watch: w.laws.watcher(one), Over: func() { w.laws.over(one) }}
	l.engine.Submit(context.Background(), req, func(_ string, err error) {
		if !l.dead.Load() {
			w.answered(one, err)
		}
	})
}

func (w *world) answered(one *request, err error) {
	w.asked.mu.Lock()
	one.answered++
	one.accepted = err == nil
	w.asked.mu.Unlock()
	if err == nil {
		w.say("run %s is accepted", one.run)
	} else {
		w.say("run %s is refused: %s", one.run, fault.From(err).Code)
	}
}

// tellSome tells some run that was accepted something.
func (w *world) tellSome(r *rand.Rand, word string) {
	w.asked.mu.Lock()
	var known []string
	for _, one := range w.asked.all {
		if one.accepted {
			known = append(known, one.run)
		}
	}
	w.asked.mu.Unlock()
	if len(known) > 0 {
		w.tell(word, known[max(0, len(known)-1-r.IntN(6))])
	}
}

// tell tells a run something, without waiting for the answer.
func (w *world) tell(word, id string) {
	l := w.life
	w.laws.told(word, id)
	w.talk.Go(func() {
		w.step(word + id)
		var err error
		switch word {
		case "cancel":
			err = l.engine.Cancel(id, "somebody said so")
		case "pause":
			err = l.engine.Pause(id)
		case "unpause":
			err = l.engine.Unpause(id)
		}
		if l.dead.Load() {
			return
		}
		what := "is on disk"
		if err != nil {
			what = "is refused: " + string(fault.From(err).Code)
		}
		w.say("run %s: %s %s", id, word, what)
	})
}

// setClock puts the clock on the wall forward or back.
func (w *world) setClock(r *rand.Rand) {
	by := between(r, -time.Hour, time.Hour)
	w.offset.Add(int64(by))
	w.laws.jumps += max(by, -by)
	w.say("the clock is set by %s", by.Round(time.Second))
}

// restart ends the process in one of the ways that there are, and begins another.
func (w *world) restart(r *rand.Rand) {
	began := w.elapsed()
	switch r.IntN(5) {
	case 0:
		w.life.close("by SIGTERM")
	case 1:
		w.life.park(between(r, time.Millisecond, 20*time.Second))
	default:
		w.life.crash()
	}
	w.wait(between(r, time.Millisecond, 30*time.Second))
	w.open()
	w.laws.away += w.elapsed() - began
}

func itoa(n int) string { return strconv.Itoa(n) }
