package engine

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// run is one active run. Its goroutine alone touches the state machine; others put events into its inbox.
type run struct {
	engine *Engine
	id     string
	wf     *workflow.Workflow
	org    orgs.Organisation
	root   string // id of the organisation whose instances an override lends
	set    settings
	parent *caller     // nil: nobody waits for this run
	about  history.Run // what does not change of its row
	seat   *seat       // shared with the run that led to this one
	room   occupancy
	leads  bool // the seat's limits count this run

	state    *flow.State
	inbox    *inbox
	log      history.Chain
	fresh    *history.NewRun       // not kept yet; nil once it is
	begins   bool                  // it waited in the queue, and its first event is not kept yet
	reopens  *history.Reopening    // it had ended, and the event that lets it go on is not kept yet; nil: neither
	reopened flow.Reopened         // the last time; zero: never
	also     func(*store.Tx) error // to be kept with its first event; nil: nothing
	whenKept func(error)           // Start waits for the first commit; nil: nobody does
	keptOnce sync.Once
	offered  atomic.Bool  // the first turn has been given to the history, which will answer
	kept     atomic.Int64 // bytes of results, see bound
	todo     *pending     // of a run that was rebuilt and has not been woken
	seq      int          // events kept
	lastSeen flow.Status  // as the history has it

	finishing bool // its end is on its way to the disk: nothing more happens to it

	held    *turn       // what waits to be kept with what follows; nil: nothing
	due     bool        // it has waited long enough
	tick    *time.Timer // tells so
	ticking bool        // it will

	attempts map[flow.Unit]*attempt
	working  int                             // attempts that are not sub-workflows' runs
	waits    map[flow.Unit]*actions.RateWait // of attempts that wait for a rate limit
	timers   map[flow.Unit]*time.Timer
	deadline *time.Timer
	pause    time.Duration // of a run that was taken up because it broke off: what it waits if it does so again
	redacts  bool
	hidden   hidden
	awaited  awaited

	quit     chan struct{}
	quitOnce sync.Once
	done     chan struct{} // closed when the end is on disk, or the run broke
	doneOnce sync.Once
	final    flow.Status
	broken   error
}

// caller is the task that waits for a sub-workflow's run.
type caller struct {
	run  *run
	unit flow.Unit
	task string
}

func (e *Engine) makeRun(id string, wf *workflow.Workflow, org orgs.Organisation, root string, set settings) *run {
	redacts := slices.ContainsFunc(wf.Tasks, func(t *workflow.Task) bool { return len(t.Redact) > 0 })
	return &run{engine: e, id: id, wf: wf, org: org, root: root, set: set, state: flow.New(wf), inbox: newInbox(), redacts: redacts,
		attempts: map[flow.Unit]*attempt{}, timers: map[flow.Unit]*time.Timer{}, quit: make(chan struct{}), done: make(chan struct{})}
}

// sit gives the run that was started its seat, in which it has taken room already.
func (r *run) sit(s *seat) {
	r.seat, r.leads = s, true
	r.room.taken = true
}

// share seats a run with the one that led to it.
func (r *run) share(s *seat) {
	r.seat = s
	r.occupy(true)
}

func (r *run) post(event flow.Event) { r.inbox.put(message{event: event}) }

// stop ends the goroutine without ending the run: a later process takes it up.
func (r *run) stop() { r.quitOnce.Do(func() { close(r.quit) }) }

func (r *run) loop() {
	defer r.release()
	for {
		select {
		case <-r.quit:
		case <-r.inbox.ring:
		case <-r.done:
		}
		r.engine.moment("turn", r.id, noUnit)
		switch {
		case r.ended():
			return
		case r.stopped(): // what has happened is kept; nothing new begins
			r.due = true
			r.handle(r.inbox.take())
			r.finish("", fault.New(fault.Interrupted, "run %s was left unfinished: the process is ending", r.id).
				WithHint("`gantry runs resume %s` takes it up", r.id))
			return
		}
		r.handle(r.inbox.take())
	}
}

// stopped tells whether stop was called.
func (r *run) stopped() bool {
	select {
	case <-r.quit:
		return true
	default:
		return false
	}
}

// ended tells whether the end is on disk, or the run broke.
func (r *run) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// release lets go of timers and attempts when the goroutine ends.
func (r *run) release() {
	r.inbox.close()
	for _, t := range r.timers {
		t.Stop()
	}
	if r.deadline != nil {
		r.deadline.Stop()
	}
	if r.tick != nil {
		r.tick.Stop()
	}
	for _, a := range r.attempts {
		a.cancel()
	}
}

// maxTurn bounds how many events are kept in one piece: a long loop of instant actions must not hold up
// everybody else's commits.
const maxTurn = 256

// handle applies events, carries out what follows, and keeps it all in one piece, unless that may wait for what
// follows. Instant actions answer within the same turn.
func (r *run) handle(messages []message) {
	t := r.takeTurn()
	defer func() {
		if p := recover(); p != nil {
			err := r.engine.panicked(p, "run %s", r.id)
			r.breakOff(err)
			t.drop(err)
			drop(messages, err)
		}
	}()
	for len(messages) > 0 {
		m := messages[0]
		messages = messages[1:]
		if m.note != nil {
			m.note()
			continue
		}
		if m.carryOut != nil {
			messages = append(messages, r.carryAllOut(m.carryOut, t)...)
			continue
		}
		if r.finishing {
			m.drop(errGone)
			continue
		}
		if m.decides != nil && !t.decide(&m) {
			continue
		}
		t.urgent = t.urgent || r.endsWrite(m.event)
		commands, err := r.state.Apply(m.event)
		if err != nil {
			r.breakOff(fault.Wrap(err, fault.Internal, "run %s cannot go on: %s", r.id, err))
			t.drop(err)
			drop(append(messages, m), err)
			return
		}
		r.settle(m.event)
		t.take(m)
		messages = append(messages, r.carryAllOut(commands, t)...)
		messages = append(messages, t.opens(m.event)...)
		if len(t.entry.Events) >= maxTurn {
			t.keep()
			t = r.newTurn()
			if r.ended() {
				drop(messages, errGone)
				return
			}
			messages = append(messages, r.inbox.take()...) // a cancel, say
		}
	}
	t.keepOrHold()
}

func drop(messages []message, err error) {
	for _, m := range messages {
		m.drop(err)
	}
}

// settle forgets an attempt that has been answered, and a timer that has fired.
func (r *run) settle(event flow.Event) {
	switch ev := event.(type) {
	case flow.TimerFired:
		delete(r.timers, ev.Unit)
	case flow.Reopened:
		r.adopt(ev)
	}
	if id, a := r.answered(event); a != nil {
		a.cancel()
		r.forget(id, a)
	}
}

// answered is the attempt that an event answers; nil: it answers none.
func (r *run) answered(event flow.Event) (id flow.Unit, a *attempt) {
	switch ev := event.(type) {
	case flow.AttemptEnded:
		id = ev.Unit
	case flow.AttemptWaits:
		id = ev.Unit
	case flow.AttemptPutBack:
		id = ev.Unit
	case flow.AttemptVerified:
		id = ev.Unit
	default:
		return id, nil
	}
	return id, r.attempts[id]
}

// endsWrite tells whether an event says what became of a write.
func (r *run) endsWrite(event flow.Event) bool {
	_, a := r.answered(event)
	return a != nil && a.writes
}

func (r *run) carryAllOut(commands []flow.Command, t *turn) (messages []message) {
	for _, c := range commands {
		messages = append(messages, r.carryOut(c, t)...)
	}
	return messages
}

// carryOut does what a command says; what is answered at once comes back as messages.
func (r *run) carryOut(c flow.Command, t *turn) []message {
	if r.engine.parking.Load() && begins(c) {
		return nil // whoever takes the run up is asked for it again
	}
	switch c := c.(type) {
	case flow.StartAttempt:
		return r.startAttempt(c)
	case flow.VerifyAttempt:
		r.verifyAttempt(c)
	case flow.FindOrganisation:
		return []message{{event: r.findOrganisation(c)}}
	case flow.StopAttempt:
		return r.stopAttempt(c)
	case flow.SetTimer:
		r.setTimer(c)
	case flow.ClearTimer:
		r.clearTimer(c.Unit)
	case flow.SetDeadline:
		r.setDeadline(c.At)
	case flow.PassPause:
		r.passPause(c.Resume)
	case flow.Finish:
		t.finish, r.finishing = &c, true
	case flow.StartHandler:
		r.startHandler(c, t)
	}
	return nil
}

// begins tells whether a command asks for something new to be done.
func begins(c flow.Command) bool {
	switch c.(type) {
	case flow.StartAttempt, flow.VerifyAttempt, flow.FindOrganisation:
		return true
	}
	return false
}

func (r *run) setTimer(c flow.SetTimer) {
	r.clearTimer(c.Unit)
	r.timers[c.Unit] = time.AfterFunc(c.At.Sub(r.engine.Now()), func() {
		r.engine.moment("timer", r.id, c.Unit)
		failpoint.Hit("engine.timer")
		r.post(flow.TimerFired{At: r.engine.Now().UTC(), Unit: c.Unit})
	})
}

func (r *run) clearTimer(id flow.Unit) {
	if t, ok := r.timers[id]; ok {
		t.Stop()
		delete(r.timers, id)
	}
}

func (r *run) setDeadline(at time.Time) {
	if r.deadline != nil {
		r.deadline.Stop()
		r.deadline = nil
	}
	if !at.IsZero() {
		r.deadline = time.AfterFunc(at.Sub(r.engine.Now()), func() {
			r.engine.moment("deadline", r.id, noUnit)
			r.post(flow.DeadlineReached{At: r.engine.Now().UTC()})
		})
	}
}

// breakOff ends the goroutine because the run cannot go on here: the history could not be written, or
// does not fit. The run stays unfinished on disk; where the disk refused it, it is taken up again.
func (r *run) breakOff(err error) {
	r.engine.Log.Error("run broke off", "run", r.id, "workflow", r.wf.ID, "error", err)
	r.engine.noteBroken(r, err)
	if fault.From(err).Code == fault.Storage {
		defer r.engine.takeUpLater(r)() // noted before it is over, so that it keeps its places
	}
	r.finish("", err)
}

// answer tells Start whether the run is on disk. The first call counts.
func (r *run) answer(err error) {
	r.keptOnce.Do(func() {
		if r.whenKept != nil {
			defer r.engine.catch("the one who started run %s", r.id)
			r.whenKept(err)
		}
	})
}

// finish tells those who wait. The first call counts.
func (r *run) finish(status flow.Status, err error) {
	r.doneOnce.Do(func() {
		r.final, r.broken = status, err
		if !r.offered.Load() { // else whether it is on disk will be known in a moment
			r.answer(err)
		}
		r.vacate()
		r.engine.remove(r)
		if r.leads && !r.engine.isMending(r) {
			r.engine.admission.leave(r.seat) // before anybody hears of the end, who may want its place
		}
		close(r.done)
	})
}
