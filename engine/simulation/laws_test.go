package simulation_test

import (
	"sync"
	"testing/synctest"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// laws watches a world, and notes what each of its runs has come to, as far as anybody could know.
type laws struct {
	world *world
	mu    sync.Mutex
	known map[string]*known
	going map[string]map[string]bool // runs under way, by what their limit counts together
	out   map[*life]int              // requests under way
	books books

	jumps, away time.Duration // of the clock, all together; without a process
}

// known is what was told of one run.
type known struct {
	workflow, org string
	parent        string
	comes         time.Duration // when it was asked for
	spans         []span        // in which it went: more than one where it was resumed after its end
	on            bool          // the last of them goes on
	endsTold      int
	excused       int  // so often it ended, and the process crashed before it told anybody
	disturbed     bool // it was told to pause, or to be cancelled
	seqs          []seen
}

// span is from when to when a run went, as far as anybody was told.
type span struct{ from, to time.Duration }

// begun is when it first began; zero: never.
func (k *known) begun() time.Duration {
	if len(k.spans) == 0 {
		return 0
	}
	return k.spans[0].from
}

// seen is up to where a run's log had come when it was told of.
type seen struct {
	seq int
	at  time.Duration
}

func newLaws(w *world) *laws {
	return &laws{world: w, known: map[string]*known{}, going: map[string]map[string]bool{}, out: map[*life]int{}, books: books{world: w}}
}

func (l *laws) of(run string) *known {
	k := l.known[run]
	if k == nil {
		k = &known{}
		l.known[run] = k
	}
	return k
}

func (l *laws) comes(one *request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.of(one.run)
	k.workflow, k.org, k.comes = one.workflow, one.org, one.at
}

func (l *laws) told(word, run string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if word != "unpause" {
		l.of(run).disturbed = true
	}
}

// observer hears of every run's updates once they are on disk.
func (l *laws) observer(of *life) func(engine.Update) {
	return func(u engine.Update) {
		if of.dead.Load() {
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		now := l.world.elapsed()
		k := l.of(u.Run)
		k.workflow, k.org, k.parent = u.Workflow, u.Organisation, u.Parent
		if len(k.spans) > 0 && !k.on && !l.world.asked.resumes.Load() {
			l.world.wrong("run %s goes on after its end was told: it is %s, log %d", u.Run, u.Status, u.Seq)
		}
		if n := len(k.seqs); n > 0 && u.Seq <= k.seqs[n-1].seq && u.Seq > 0 {
			l.world.wrong("run %s is told of log %d after log %d", u.Run, u.Seq, k.seqs[n-1].seq)
		}
		k.seqs = append(k.seqs, seen{u.Seq, now})
		if u.Seq > 0 && !k.on {
			l.begin(u.Run, k, now)
		}
		if u.Status.Ended() {
			k.endsTold++
			l.end(u.Run, k, now)
			l.world.say("run %s of %s has %s", u.Run, u.Workflow, u.Status)
		}
	}
}

// limitOf gives what a run's limit counts together, and how many it lets go; "" if there is none.
func (l *laws) limitOf(k *known) (key string, most int) {
	wf, err := l.world.library.Workflow(k.workflow)
	if err != nil || wf.Concurrency == nil || k.parent != "" {
		return "", 0
	}
	return k.workflow + " for " + k.org, wf.Concurrency.Most
}

func (l *laws) begin(run string, k *known, now time.Duration) {
	k.spans, k.on = append(k.spans, span{from: now}), true
	key, most := l.limitOf(k)
	if key == "" {
		return
	}
	if l.going[key] == nil {
		l.going[key] = map[string]bool{}
	}
	l.going[key][run] = true
	if n := len(l.going[key]); n > most {
		l.world.wrong("%d runs of %s go at once, the limit is %d", n, key, most)
	}
}

func (l *laws) end(run string, k *known, now time.Duration) {
	if !k.on {
		return
	}
	k.spans[len(k.spans)-1].to, k.on = now, false
	if key, _ := l.limitOf(k); key != "" {
		delete(l.going[key], run)
	}
}

// begins looks at what a new process finds on disk: what ended, or began, without anybody having been told.
func (l *laws) begins(of *life) {
	var rows []struct {
		ID       string `db:"id"`
		Workflow string `db:"workflow"`
		Slug     string `db:"organisation_slug"`
		Parent   string `db:"parent"`
		Begun    bool   `db:"begun"`
		Ended    bool   `db:"ended"`
		Reopened int    `db:"reopened"`
	}
	err := of.store.Read().Select(&rows, `SELECT id, workflow, organisation_slug, coalesce(parent, '') AS parent, finished_at IS NOT NULL AS ended,
		EXISTS (SELECT 1 FROM events e WHERE e.run = runs.id) AS begun,
		(SELECT count(*) FROM events e WHERE e.run = runs.id AND e.kind = 'reopened') AS reopened FROM runs ORDER BY id`)
	if err != nil {
		l.world.t.Fatal(err)
	}
	l.openWaits(of)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.world.elapsed()
	for _, row := range rows {
		k := l.of(row.ID)
		k.workflow, k.org, k.parent = row.Workflow, row.Slug, row.Parent
		ends := row.Reopened
		if row.Ended {
			ends++
		}
		if untold := ends - k.endsTold - k.excused; untold != 0 {
			if before := l.world.before; untold < 0 || before == nil || !before.dead.Load() {
				l.world.wrong("run %s has ended %d times, and that was told %d times", row.ID, ends, k.endsTold+k.excused)
			}
			k.excused += untold
			l.end(row.ID, k, now)
		}
		if row.Begun && !row.Ended && !k.on {
			l.begin(row.ID, k, now)
		}
	}
}

// toldAt is when it was first told that a run's log had come so far.
func (l *laws) toldAt(run string, seq int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.of(run).seqs {
		if s.seq >= seq {
			return s.at
		}
	}
	return l.world.elapsed()
}

// atTarget counts a request that is under way.
func (l *laws) atTarget(of *life) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out[of]++
	w := l.world
	if most := w.workers + min(w.room.Own, w.workers)*len(w.orgs); l.out[of] > most && !of.dead.Load() {
		w.wrong("%d requests go at once, there are %d workers", l.out[of], w.workers)
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.out[of]--
	}
}

// watcher hears what is told beside a run that was asked for.
func (l *laws) watcher(one *request) func(engine.Update) {
	ended := map[string]int{}
	return func(u engine.Update) {
		if one.life.dead.Load() {
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if one.over > 0 && l.world.disk.untouched() {
			l.world.wrong("who watches run %s is told of %s after it was over", one.run, u.Run)
		}
		if u.Status.Ended() && l.world.disk.untouched() {
			if ended[u.Run]++; ended[u.Run] > 1 {
				l.world.wrong("who watches run %s is told of the end of %s %d times", one.run, u.Run, ended[u.Run])
			}
		}
	}
}

func (l *laws) over(one *request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.over++; one.over > 1 && !one.life.dead.Load() {
		l.world.wrong("who watches run %s is told %d times that it is over", one.run, one.over)
	}
}

// atRest is what must hold when everything has come to its end.
func (l *laws) atRest() {
	w := l.world
	synctest.Wait() // from here on nobody notes anything, and what was noted is seen
	l.books.close()
	if o := w.life.engine.Occupied(); o != (engine.Occupied{}) {
		w.wrong("nothing goes on, and yet these are taken: %+v", o)
	}
	for _, one := range w.asked.all {
		l.keptWord(one)
	}
	ids, tasks := w.life.runs(), w.life.tasksKept()
	for _, id := range ids {
		l.checkRun(id, tasks[id])
	}
	if !w.small {
		l.shows(ids)
	}
	l.openWaits(w.life)
	l.keptSayings()
	var unheard []string
	if err := w.life.store.Read().Select(&unheard, "SELECT id FROM runs WHERE NOT EXISTS (SELECT 1 FROM heard h WHERE h.run = runs.id AND h.finished_at = runs.finished_at)"); err != nil {
		w.t.Fatal(err)
	}
	for _, id := range unheard {
		w.wrong("nobody heard of the end of run %s", id)
	}
	l.waits()
}

// keptWord checks what was answered to a request.
func (l *laws) keptWord(one *request) {
	w := l.world
	row, err := w.life.history.Get(w.t.Context(), one.run)
	died := one.life.dead.Load()
	switch {
	case one.answered != 1 && !died || one.answered > 1:
		w.wrong("run %s was answered for %d times", one.run, one.answered)
	case one.accepted && err != nil:
		w.wrong("run %s was accepted and is lost: %v", one.run, err)
	case !one.accepted && err == nil && one.answered == 1 && row.Status != flow.Failed && w.disk.untouched():
		w.wrong("run %s was refused and is there: it %s", one.run, row.Status)
	}
	if !l.of(one.run).on && l.of(one.run).endsTold > 0 && !died && one.accepted && one.life == w.life && one.over != 1 {
		w.wrong("who watches run %s was told %d times that it is over", one.run, one.over)
	}
}

func (l *laws) afterwards() {
	if n := l.out[l.world.life]; n != 0 {
		l.world.wrong("%d requests are under way after the end", n)
	}
}
