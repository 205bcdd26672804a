package engine

import (
	"context"
	"encoding/json"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/store"
)

// Start checks the request and keeps the run on disk. When it returns, the run exists: it goes, or waits as
// queued because there is no room for it or a limit is full. A limit that says to skip refuses it with the
// code skipped. A request whose ctx ends meanwhile may still have become a run.
func (e *Engine) Start(ctx context.Context, req Request) (string, error) {
	type answer struct {
		id  string
		err error
	}
	kept := make(chan answer, 1)
	e.Submit(ctx, req, func(id string, err error) { kept <- answer{id, err} })
	select {
	case a := <-kept:
		return a.id, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Submit is Start without waiting: kept is called once, when the run is on disk or has been refused; it must
// be quick. Runs of one organisation begin in the order of the calls, as far as they wait for the same.
//
// What is submitted while Recover is to come, or goes on, waits for its end.
func (e *Engine) Submit(ctx context.Context, req Request, kept func(id string, err error)) {
	if e.door.waits(func() { e.enterNow(ctx, req, kept) }) {
		return
	}
	e.enterNow(ctx, req, kept)
}

func (e *Engine) enterNow(ctx context.Context, req Request, kept func(id string, err error)) {
	if err := e.submit(ctx, req, kept); err != nil {
		kept("", err)
	}
}

func (e *Engine) submit(ctx context.Context, req Request, kept func(id string, err error)) error {
	if e.isClosed() {
		return errClosed()
	}
	wf, err := e.asked(ctx, req)
	if err != nil {
		return err
	}
	p, err := e.prepare(ctx, wf, req, settings{Integrations: req.Integrations, Causes: req.Causes, Handling: req.repeats.handling, RerunOf: req.repeats.run})
	if err != nil {
		return err
	}
	if p.set.Limits, err = e.limitsOf(ctx, p); err != nil {
		return err
	}
	s := e.admission.newSeat(p.id, req.Organisation.ID, p.set.Limits)
	in, err := e.admission.arrive(s)
	if err != nil {
		return err
	}
	if !in {
		return e.enqueue(s, p, kept)
	}
	failpoint.Hit("engine.before-submit")
	r, err := e.newRun(ctx, p)
	if err == nil {
		r.sit(s)
		r.fresh, r.also = p.row(), req.Also
		s.watch(req.Watch, req.Over)
		r.whenKept = func(err error) { kept(idUnless(err, r.id), err) }
		err = e.add(r)
	}
	if err != nil {
		s.give()
		e.admission.leave(s)
		return err
	}
	if by := e.admission.introduce(s); by != "" {
		e.displace([]*seat{s}, by)
	}
	return nil
}

func idUnless(err error, id string) string {
	if err != nil {
		return ""
	}
	return id
}

// enqueue keeps a run that has to wait.
func (e *Engine) enqueue(s *seat, p *plan, kept func(id string, err error)) error {
	s.watch(p.req.Watch, p.req.Over)
	if !e.enter() {
		e.admission.drop(s)
		return errClosed()
	}
	entry := history.Entry{Run: p.id, New: p.row(), Also: p.req.Also,
		Queue: &history.QueuedRun{TriggerData: p.req.TriggerData, TriggerVars: p.req.TriggerVars}}
	failpoint.Hit("engine.before-queue")
	e.History.Append(new(history.Chain), []history.Entry{entry}, func(err error) {
		failpoint.Hit("engine.queued")
		defer e.work.Done()
		defer e.catch("the one who started run %s", p.id)
		if err != nil {
			e.admission.drop(s)
			e.stir()
			kept("", err)
			return
		}
		defer e.queued(s, p)
		kept(p.id, nil)
	})
	return nil
}

// queued lets a run wait that is on disk now.
func (e *Engine) queued(s *seat, p *plan) {
	e.announce(s, p.queued())
	victims := e.admission.displaced(s)
	if by := e.admission.kept(s); by != "" {
		e.displace([]*seat{s}, by)
	}
	e.displace(victims, p.id)
}

// announce tells of a run that waits.
func (e *Engine) announce(s *seat, u Update) {
	defer e.catch("a watcher of run %s", u.Run)
	if s != nil {
		s.watchers.tell(u)
	}
	if e.Observe != nil {
		e.Observe(u)
	}
	e.feeds.signal(u.Run)
}

// displace cancels the runs that another takes the place of.
func (e *Engine) displace(victims []*seat, by string) {
	for _, victim := range victims {
		e.background(func() {
			err := e.Cancel(victim.run, "run "+by+" takes its place")
			if err != nil && fault.From(err).Code != fault.Missing { // that one has ended by itself
				e.Log.Error("a run that another was to take the place of could not be cancelled", "run", victim.run, "for", by, "error", err)
			}
		})
	}
}

// queued is what is told of a run that waits.
func (p *plan) queued() Update {
	return Update{Run: p.id, Workflow: p.wf.ID, OrganisationID: p.req.Organisation.ID, Organisation: p.req.Organisation.Slug,
		TriggerType: p.req.TriggerType, Status: flow.Queued}
}

// beginQueued begins a run that waited. What has become impossible meanwhile ends it as failed; what may
// pass, such as a full disk, lets it wait again.
func (e *Engine) beginQueued(s *seat) {
	failpoint.Hit("engine.queue-begin")
	ctx := context.Background() // short reads of the local database
	r, err := e.loadQueued(ctx, s)
	if err == nil {
		err = e.add(r)
	}
	switch {
	case err == nil:
		e.admission.begun(s)
	case e.isClosed():
		e.admission.failed(s)
	case fault.From(err).Code == fault.Conflict: // it does not wait any more
		e.admission.drop(s)
		e.stir()
	case fault.From(err).Code == fault.Storage:
		e.Log.Error("a run that waited cannot begin yet", "run", s.run, "error", err)
		e.waitAgain(s)
	default:
		e.admission.failed(s)
		e.Log.Error("a run that waited cannot begin", "run", s.run, "error", err)
		if err := e.endQueued(ctx, s.run, flow.Failed, fault.From(err)); err != nil && fault.From(err).Code != fault.Conflict {
			e.Log.Error("nor can its end be kept", "run", s.run, "error", err)
			e.waitAgain(s)
			return
		}
		e.admission.drop(s)
		e.stir()
	}
}

// waitAgain lines a seat up again after a while.
func (e *Engine) waitAgain(s *seat) {
	e.admission.failed(s)
	e.later(retryPause, func() { e.admission.again(s) })
}

// loadQueued makes the run of one that waited. Its workflow is the version that it was accepted with; the
// organisation's facts are those of now.
func (e *Engine) loadQueued(ctx context.Context, s *seat) (r *run, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, e.panicked(p, "run %s", s.run)
		}
	}()
	log, err := e.History.LoadQueued(ctx, s.run)
	if err != nil {
		return nil, err
	}
	wf, err := e.version(ctx, log.Run.Workflow, log.Run.Version)
	if err != nil {
		return nil, fault.Wrap(err, fault.From(err).Code, "run %s cannot begin: version %s of its workflow %s no longer checks: %s", s.run, log.Run.Version, log.Run.Workflow, err)
	}
	org, err := e.Organisations.ByID(ctx, log.Run.OrganisationID)
	if err != nil {
		return nil, err
	}
	set, err := readSettings(log.Settings)
	if err != nil {
		return nil, err
	}
	p := &plan{id: s.run, wf: wf, set: set, created: log.Run.CreatedAt, req: Request{Workflow: wf.ID, Organisation: org, Inputs: log.Inputs,
		TriggerType: log.Run.TriggerType, TriggerName: log.Run.TriggerName, TriggerData: log.TriggerData, TriggerVars: log.TriggerVars}}
	if err := e.Organisations.CheckRuns(ctx, org.ID); err != nil {
		return nil, err
	}
	if r, err = e.newRun(ctx, p); err != nil {
		return nil, err
	}
	r.sit(s)
	r.begins = true
	return r, nil
}

// endQueued ends a run that waited, in one transaction.
func (e *Engine) endQueued(ctx context.Context, id string, status flow.Status, why *fault.Error) error {
	run, err := e.History.EndQueued(ctx, id, status, why, e.Now().UTC(), func(tx *store.Tx, run history.Run, raw json.RawMessage) error {
		set, err := readSettings(raw)
		if err != nil {
			return err
		}
		return e.tellEnd(tx, Ended{Run: run, Causes: set.Causes})
	})
	e.moment("told", id, noUnit)
	if err != nil {
		return err
	}
	s := e.admission.find(id)
	e.announce(s, updateOf(&run))
	if s != nil {
		s.over()
	}
	return nil
}
