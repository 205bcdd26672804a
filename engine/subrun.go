package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/failpoint"
	"gantry/fault"
)

// startSubrun makes the run of a sub-workflow. It is kept together with the event that names it.
func (r *run) startSubrun(c flow.StartAttempt) []message {
	if c.Reopen != "" {
		return r.reopenSubrun(c)
	}
	now := r.engine.Now().UTC()
	child, err := r.newSubrun(c)
	if err != nil {
		return []message{
			{event: flow.AttemptStarted{At: now, Unit: c.Unit}},
			{event: flow.AttemptEnded{At: now, Unit: c.Unit, Outcome: refused(err)}},
		}
	}
	r.await(child, c)
	failpoint.Hit("engine.child-made")
	return []message{{event: flow.AttemptStarted{At: now, Unit: c.Unit, Subrun: child.id}, begins: child}}
}

// await makes an attempt of a sub-workflow's run, which may be told things before it is active.
func (r *run) await(child *run, c flow.StartAttempt) {
	child.parent = &caller{r, c.Unit, c.Task.Name}
	r.attempts[c.Unit] = &attempt{run: r, command: c, child: child, cancel: func() {}}
}

func (r *run) newSubrun(c flow.StartAttempt) (*run, error) {
	ctx := context.Background() // short reads of the local database
	if r.set.Depth >= maxDepth {
		return nil, fault.New(fault.TooManyTasks, "sub-workflows are nested %d deep", maxDepth).WithHint("do two workflows call each other without an end?")
	}
	if expr.HasSecret(c.With) {
		return nil, fault.New(fault.Secret, "a secret cannot be handed to a sub-workflow: it would be stored with its inputs").
			WithHint("use org.vars in the sub-workflow itself")
	}
	wf, err := r.engine.Workflows.Workflow(c.Task.SubWorkflow)
	if err != nil {
		return nil, err
	}
	org, err := r.target(ctx, c.Org)
	if err != nil {
		return nil, err
	}
	set := settings{Integrations: r.set.Integrations, Handling: r.set.Handling, Depth: r.set.Depth + 1, Causes: r.set.Causes}
	child, err := r.engine.descend(ctx, r, wf, Request{Organisation: org, Inputs: c.With, TriggerType: "workflow", TriggerName: r.wf.ID,
		TriggerData: map[string]any{"run": r.id, "task": c.Task.Name}}, set)
	if err != nil {
		return nil, err
	}
	child.limit(c.Timeout)
	child.fresh.ParentUnit = c.Unit
	return child, nil
}

// descend makes a run that another one starts. It needs no admission: it shares that one's seat.
func (e *Engine) descend(ctx context.Context, parent *run, wf *workflow.Workflow, req Request, set settings) (*run, error) {
	p, err := e.prepare(ctx, wf, req, set)
	if err != nil {
		return nil, err
	}
	child, err := e.newRun(ctx, p)
	if err != nil {
		return nil, err
	}
	child.fresh = p.row()
	child.fresh.Parent, child.about.Parent = parent.id, parent.id
	child.share(parent.seat)
	return child, nil
}

// limit bounds a run that has not begun by the timeout of the task that calls it.
func (r *run) limit(timeout time.Duration) {
	for _, m := range r.inbox.take() {
		if started, ok := m.event.(flow.Started); ok {
			started.Limit = timeout
			m.event = started
		}
		r.inbox.put(m)
	}
}

// create keeps a new run, or one that is reopened, with its first event, together with this turn; it begins when that
// is on disk.
func (t *turn) create(child *run) {
	first := child.inbox.take()
	entry := history.Entry{Run: child.id, New: child.fresh, Of: &child.about, Reopens: child.reopens, FirstSeq: child.seq + 1}
	for _, m := range first {
		entry.Events = append(entry.Events, m.event)
		child.inbox.put(message{event: m.event, onDisk: true})
	}
	child.lastSeen = flow.Queued // as it stands on disk then
	if child.reopens != nil {
		child.lastSeen = flow.Running
	}
	child.fresh, child.reopens, child.seq = nil, nil, child.seq+len(first)
	t.more, t.born = append(t.more, entry), append(t.born, child)
}

// subrunOutcome is what the end of a sub-workflow's run means to the task that called it. It is never
// repeated by default: what the run has done would be done again.
func subrunOutcome(workflow, id string, status flow.Status, outputs map[string]any, err *fault.Error) flow.Outcome {
	if status == flow.Succeeded {
		return flow.Outcome{Result: outputs}
	}
	cause := innermost(err)
	message, hint := string(status), ""
	if cause != nil {
		message, hint = cause.Message, cause.Hint
	}
	code := fault.SubrunFailed
	if status == flow.TimedOut {
		code = fault.Timeout
	}
	f := fault.New(code, "sub-workflow %s: %s", workflow, message).WithHint("%s", hint).
		WithDetail(map[string]any{"run": id, "status": string(status), "error": faultData(cause)})
	return flow.Outcome{Result: outputs, Error: f, TimedOut: status == flow.TimedOut, Cancelled: status == flow.Cancelled}
}

// innermost is what really went wrong, however many sub-workflows lie between: the runs' ids lead there.
func innermost(err *fault.Error) *fault.Error {
	detail, _ := detailOf(err)
	inner, ok := detail["error"].(map[string]any)
	if !ok {
		return err
	}
	text := func(key string) string { s, _ := inner[key].(string); return s }
	return &fault.Error{Code: fault.Code(text("code")), Message: text("message"), Hint: text("hint"), Detail: inner["detail"]}
}

func detailOf(err *fault.Error) (map[string]any, bool) {
	if err == nil || err.Code != fault.SubrunFailed && err.Code != fault.Timeout {
		return nil, false
	}
	detail, ok := err.Detail.(map[string]any)
	return detail, ok
}

func faultData(err *fault.Error) any {
	if err == nil {
		return nil
	}
	return map[string]any{"code": string(err.Code), "message": err.Message, "hint": err.Hint, "detail": err.Detail}
}

// startHandler starts on_failure. Handlers of handlers end: a workflow handles no failure that it had a
// part in.
func (r *run) startHandler(c flow.StartHandler, t *turn) {
	log := r.engine.Log.With("run", r.id, "workflow", r.wf.ID, "handler", c.Workflow)
	if c.Error != nil {
		log.Error("on_failure was not started: its with cannot be evaluated", "error", c.Error)
		return
	}
	chain := append(slices.Clone(r.set.Handling), r.wf.ID)
	if slices.Contains(chain, c.Workflow) {
		log.Warn("on_failure was not started: it would handle its own failure")
		return
	}
	failpoint.Hit("engine.handler")
	wf, err := r.engine.Workflows.Workflow(c.Workflow)
	if err != nil {
		log.Error("on_failure was not started", "error", err)
		return
	}
	inputs := maps.Clone(c.With) // what is fixed in the workflow belongs to all its runs
	if _, takes := wf.InputsType.Field("failed_run"); takes && inputs["failed_run"] == nil {
		inputs["failed_run"] = c.FailedRun
	}
	set := settings{Integrations: r.set.Integrations, Handling: chain, Handles: r.id, Causes: r.set.Causes}
	child, err := r.engine.descend(context.Background(), r, wf, Request{Organisation: r.org, Inputs: inputs, TriggerType: "on_failure", TriggerName: r.wf.ID,
		TriggerData: map[string]any{"failed_run": c.FailedRun}}, set)
	if err != nil {
		log.Error("on_failure was not started", "error", err)
		return
	}
	t.create(child)
}

// passPause hands a pause on to the sub-workflows that are under way.
func (r *run) passPause(resume bool) {
	for _, a := range r.attempts {
		switch {
		case a.child == nil:
		case resume:
			a.child.post(flow.ResumeRequested{At: r.engine.Now().UTC()})
		default:
			a.child.post(flow.PauseRequested{At: r.engine.Now().UTC()})
		}
	}
}
