package engine

import (
	"context"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/failpoint"
	"gantry/fault"
)

// ResumeRequest asks to take a run up: one that an earlier process left unfinished, or one that has ended otherwise
// than well, from what did not succeed.
type ResumeRequest struct {
	Run string
	By  string // who asks, for those who look at the run

	// Of a run that has ended:
	Newest bool                         // go on with the workflow as it is now
	Inputs map[string]map[string]any    // by task: inputs that replace those in the file, where the task is repeated
	Texts  map[string]map[string]string // likewise, as people type them: read by the types of the action's inputs

	Watch func(Update) // as of a Request
	Over  func()
}

// Resume takes a run up, and returns when that is on disk.
//
// One that an earlier process left unfinished goes on where it was: completed tasks are not repeated, reads that were
// cut off are made again, a write that was cut off becomes unknown unless it is safe to repeat. One that had not begun
// is lined up. One that is held or paused goes on likewise: that somebody resumes it is what it waits for.
//
// One that has failed, timed out or was cancelled is reopened: it goes on from what did not succeed, see PlanResume. It
// takes room like a run that Recover takes up, and is refused, with the code conflict, where a limit that counts it is
// full: it waits for nobody. Of several who resume a run at once one does, the others are refused with that code.
func (e *Engine) Resume(ctx context.Context, req ResumeRequest) error {
	if e.isClosed() {
		return errClosed()
	}
	if e.find(req.Run) != nil || e.admission.find(req.Run) != nil {
		return errActive(req.Run)
	}
	w, err := e.History.QueuedRun(ctx, req.Run)
	if err != nil {
		return err
	}
	if w != nil {
		if err := e.History.Release(ctx, req.Run); err != nil {
			return err
		}
		if w.Paused {
			if err := e.History.PauseQueued(ctx, req.Run, false); err != nil {
				return err
			}
			w.Paused = false
		}
		return e.lineUp(w, req.Watch, req.Over)
	}
	row, err := e.History.Get(ctx, req.Run)
	if err != nil {
		return err
	}
	if row.Status.Ended() {
		return e.reopen(ctx, req)
	}
	if err := onlyEnded(req); err != nil {
		return err
	}
	if err := e.partOf(ctx, row); err != nil {
		return err
	}
	if err := e.resume(ctx, req.Run, e.admission.ranks(1), req.Watch, req.Over); err != nil {
		return err
	}
	if err := e.History.Release(ctx, req.Run); err != nil || row.Status != flow.Paused {
		return err
	}
	if err := e.Unpause(req.Run); err != nil && fault.From(err).Code != fault.Missing { // that it has ended is no mistake
		return err
	}
	return nil
}

// onlyEnded refuses what can only be asked of a run that has ended.
func onlyEnded(req ResumeRequest) error {
	if !req.Newest && len(req.Inputs) == 0 && len(req.Texts) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "run %s has not ended: it goes on as it began, with its own version and inputs", shortID(req.Run)).
		WithHint("resume it without more; or cancel it first, and then resume it with another version or other inputs")
}

// shortID is the part of a run's id that people copy.
func shortID(id string) string { return id[max(0, len(id)-8):] }

// reopening is a run that has ended, rebuilt, and what lets it go on.
type reopening struct {
	run   *run
	row   history.Run
	event flow.Reopened
	view  flow.Reopening
}

// reopenable rebuilds a run that has ended and tells what resuming it would do.
func (e *Engine) reopenable(ctx context.Context, req ResumeRequest) (*reopening, error) {
	log, err := e.History.Load(ctx, req.Run)
	if err != nil {
		return nil, err
	}
	if err := e.mayReopen(ctx, log); err != nil {
		return nil, err
	}
	r, err := e.rebuilt(ctx, log)
	if err != nil {
		return nil, err
	}
	o := &reopening{run: r, row: log.Run, event: flow.Reopened{At: e.Now().UTC(), By: req.By, Most: e.Bounds.outputs()}}
	if req.Newest {
		if o.event.Workflow, err = e.newest(r.wf.ID, "`gantry runs resume %s` without --newest goes on with the version that the run has", shortID(r.id)); err != nil {
			return nil, err
		}
		o.event.Version = o.event.Workflow.Version
	}
	if o.event.Inputs, err = editedInputs(o.workflow(), req); err != nil {
		return nil, err
	}
	o.view = r.state.Reopening(o.event)
	return o, nil
}

// workflow is what the run goes on with.
func (o *reopening) workflow() *workflow.Workflow {
	if o.event.Workflow != nil {
		return o.event.Workflow
	}
	return o.run.wf
}

// mayReopen refuses runs that cannot go on whatever their workflow says.
func (e *Engine) mayReopen(ctx context.Context, log *history.Log) error {
	run := &log.Run
	switch {
	case !run.Status.Ended():
		return fault.New(fault.Conflict, "run %s has not ended: it is %s", shortID(run.ID), run.Status)
	case run.Status == flow.Succeeded:
		return fault.New(fault.Conflict, "run %s has succeeded: there is nothing to resume", shortID(run.ID)).
			WithHint("`gantry runs rerun %s` runs the workflow again", shortID(run.ID))
	case len(log.Events) == 0:
		return fault.New(fault.Conflict, "run %s ended before it began: there is nothing to go on from", shortID(run.ID)).
			WithHint("`gantry runs rerun %s` starts it anew", shortID(run.ID))
	}
	return e.Organisations.CheckRuns(ctx, run.OrganisationID)
}

// partOf refuses the run of a sub-workflow: the task that called it would not hear of what becomes of it.
func (e *Engine) partOf(ctx context.Context, run *history.Run) error {
	top, err := e.topOf(ctx, run)
	if err != nil || top == run || top.Status.Ended() && !run.Status.Ended() { // the last would hear of it if it could
		return err
	}
	f := fault.New(fault.Conflict, "run %s is a part of run %s of %s, which called it", shortID(run.ID), shortID(top.ID), top.Workflow)
	switch {
	case !top.Status.Ended() && e.find(top.ID) == nil:
		return f.WithHint("resume that one, and its parts go on with it: `gantry runs resume %s`", shortID(top.ID))
	case !top.Status.Ended():
		return f.WithHint("that one has not ended; when it has, resume it: its parts go on with it")
	case top.Status == flow.Succeeded:
		return f.WithHint("that one has succeeded without it; `gantry runs rerun %s` runs the part again, by itself", shortID(run.ID))
	}
	return f.WithHint("resume that one, and its parts go on with it: `gantry runs resume %s`", shortID(top.ID))
}

// topOf gives the run that a run is a part of, as far as they are kept; itself where nobody called it.
func (e *Engine) topOf(ctx context.Context, run *history.Run) (*history.Run, error) {
	for run.Called() {
		caller, err := e.History.Get(ctx, run.Parent)
		if err != nil && fault.From(err).Code == fault.Missing { // it was not kept as long
			break
		}
		if err != nil {
			return nil, err
		}
		run = caller
	}
	return run, nil
}

// reopen lets a run that has ended go on.
func (e *Engine) reopen(ctx context.Context, req ResumeRequest) error {
	o, err := e.reopenTop(ctx, req)
	if err != nil {
		return err
	}
	if err := e.planned(ctx, o, req.Newest, 0).refusal(); err != nil {
		return err
	}
	r := o.run
	r.seat.watch(req.Watch, req.Over)
	if err := e.admission.readmitWithin(r.seat); err != nil {
		return err
	}
	kept := make(chan error, 1)
	r.reopens = o.kept()
	failpoint.Hit("engine.reopening")
	r.inbox.put(message{event: o.event, kept: func(err error) { kept <- err }})
	r.occupy(true)
	if err := e.add(r); err != nil {
		r.release()
		r.vacate()
		e.admission.leave(r.seat)
		return err
	}
	if by := e.admission.introduce(r.seat); by != "" {
		e.displace([]*seat{r.seat}, by)
	}
	select {
	case err := <-kept:
		failpoint.Hit("engine.reopened")
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reopenTop is reopenable of a run that is no part of another, with a seat of its own.
func (e *Engine) reopenTop(ctx context.Context, req ResumeRequest) (*reopening, error) {
	row, err := e.History.Get(ctx, req.Run)
	if err != nil {
		return nil, err
	}
	if err := e.partOf(ctx, row); err != nil {
		return nil, err
	}
	return e.reopenable(ctx, req)
}

// kept is what the history keeps of the run's going on, beside the event.
func (o *reopening) kept() *history.Reopening {
	wf := o.workflow()
	return &history.Reopening{Workflow: wf.ID, Version: wf.Version, Text: wf.Text, At: o.event.At}
}

// reopenSubrun lets the earlier run of a sub-workflow go on, with whatever its caller goes on with. It is kept together with
// the event that names it. One that cannot go on fails the attempt; the attempt still names it, so that it is
// never begun anew beside what it has done.
func (r *run) reopenSubrun(c flow.StartAttempt) []message {
	now := r.engine.Now().UTC()
	started := message{event: flow.AttemptStarted{At: now, Unit: c.Unit, Subrun: c.Reopen}}
	child, ended, err := r.reopenedChild(c)
	if err != nil {
		ended = new(refused(err))
	}
	if ended != nil {
		return []message{started, {event: flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: *ended}}}
	}
	r.await(child, c)
	started.begins = child
	return []message{started}
}

// reopenedChild gives the run of a sub-workflow, ready to go on; or how it ended, if that was well after all.
func (r *run) reopenedChild(c flow.StartAttempt) (child *run, ended *flow.Outcome, err error) {
	ctx := context.Background() // short reads of the local database
	detail, err := r.engine.History.Get(ctx, c.Reopen)
	if err != nil {
		return nil, nil, err
	}
	if detail.Status == flow.Succeeded {
		out := subrunOutcome(detail.Workflow, detail.ID, detail.Status, detail.Outputs, detail.Error)
		r.bound(&out)
		return nil, &out, nil
	}
	by, newest := r.reopenedBy()
	o, err := r.engine.reopenable(ctx, ResumeRequest{Run: c.Reopen, By: by, Newest: newest})
	if err != nil {
		return nil, nil, err
	}
	if err := r.engine.planned(ctx, o, newest, 0).refusal(); err != nil {
		return nil, nil, err
	}
	child, o.event.Limit = o.run, c.Timeout
	child.leads, child.reopens = false, o.kept()
	child.share(r.seat)
	child.inbox.put(message{event: o.event})
	return child, nil, nil
}

// reopenedBy tells who let the run go on last, and whether with the newest version.
func (r *run) reopenedBy() (by string, newest bool) {
	return r.reopened.By, r.reopened.Version != ""
}

// adopt makes what the run goes on with its workflow.
func (r *run) adopt(ev flow.Reopened) {
	r.reopened = ev
	r.takeOver(r.state.Workflow())
}

// takeOver makes wf the run's workflow.
func (r *run) takeOver(wf *workflow.Workflow) {
	r.wf, r.about.Version = wf, wf.Version
	r.redacts = slices.ContainsFunc(wf.Tasks, func(t *workflow.Task) bool { return len(t.Redact) > 0 })
}

// rebuilt is rebuild with the version that the log begins with, and a seat of its own.
func (e *Engine) rebuilt(ctx context.Context, log *history.Log) (*run, error) {
	wf, err := e.beginning(ctx, log)
	if err != nil {
		return nil, err
	}
	return e.rebuild(ctx, log, wf, nil)
}

// beginning gives the version that a log begins with, and fills in those that it goes on with.
func (e *Engine) beginning(ctx context.Context, log *history.Log) (*workflow.Workflow, error) {
	wf, err := e.keptVersion(ctx, "go on", log.Run.ID, log.Run.Workflow, log.First)
	if err != nil {
		return nil, err
	}
	return wf, e.fillIn(ctx, &log.Run, log.Events)
}

// fillIn gives the events that change a run's version the workflows that they name.
func (e *Engine) fillIn(ctx context.Context, row *history.Run, events []flow.Event) error {
	for i, event := range events {
		reopened, ok := event.(flow.Reopened)
		if !ok || reopened.Version == "" {
			continue
		}
		wf, err := e.keptVersion(ctx, "go on", row.ID, row.Workflow, reopened.Version)
		if err != nil {
			return err
		}
		reopened.Workflow = wf
		events[i] = reopened
	}
	return nil
}
