package engine

import (
	"context"
	"maps"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/source"
)

// PlanResume tells what Resume would do. It changes nothing. What is in the way of a run that has ended is told in the
// plan; the error is for a run that cannot be resumed whatever is done about it, and for inputs that do not fit.
func (e *Engine) PlanResume(ctx context.Context, req ResumeRequest) (*ResumePlan, error) {
	if e.find(req.Run) != nil || e.admission.find(req.Run) != nil {
		return nil, errActive(req.Run)
	}
	row, err := e.History.Get(ctx, req.Run)
	if err != nil {
		return nil, err
	}
	if !row.Status.Ended() {
		if err := onlyEnded(req); err != nil {
			return nil, err
		}
		if err := e.partOf(ctx, row); err != nil {
			return nil, err
		}
		return e.planUnfinished(ctx, row)
	}
	o, err := e.reopenTop(ctx, req)
	if err != nil {
		return nil, err
	}
	plan := e.planned(ctx, o, req.Newest, 0)
	if plan.Problem == nil {
		if err := e.admission.fullFor(o.run.seat); err != nil {
			plan.Problem = fault.From(err)
		}
	}
	return plan, nil
}

// planned tells what a reopening does, those of sub-workflows' runs included.
func (e *Engine) planned(ctx context.Context, o *reopening, newest bool, depth int) *ResumePlan {
	p := &ResumePlan{Run: o.row.ID, Workflow: o.row.Workflow, Status: o.row.Status, Version: o.workflow().Version, Steps: []ResumeStep{}}
	if p.Version != o.run.wf.Version {
		p.Was = o.run.wf.Version
	}
	repeated := map[int]bool{}
	for _, s := range o.view.Steps {
		step := ResumeStep{Task: s.Task, Instance: s.Instance, Status: s.Status, What: string(s.What), Items: s.Items, Of: s.Of, Anew: s.Anew}
		if s.What == flow.ReopenRepeat || s.What == flow.ReopenItems {
			step.Edited = slices.Sorted(maps.Keys(o.event.Inputs[s.Task]))
		}
		p.Steps = append(p.Steps, step)
		if s.Exec != flow.NoExec && s.What != flow.ReopenGoOn && s.What != flow.ReopenJoin {
			repeated[s.Exec] = true
		}
	}
	for _, ex := range o.run.state.Executions() {
		if ex.Status == flow.Succeeded && !repeated[ex.ID] {
			p.Done++
		}
	}
	for _, u := range o.view.Unknown {
		p.Unresolved = append(p.Unresolved, unresolvedOf(o.row.ID, u))
	}
	for _, m := range o.view.Misfits {
		if m.What == "with" { // unheard says so in better words
			continue
		}
		p.Misfits = append(p.Misfits, Misfit{o.row.ID, m.Task, m.What, m.Was, m.Is})
	}
	if o.view.Nothing {
		p.Problem = fault.New(fault.Conflict, "there is nothing in run %s that could go on", shortID(o.row.ID)).WithHint("`gantry runs rerun %s` runs the workflow again", shortID(o.row.ID))
	}
	p.unheard(o)
	e.parts(ctx, p, o, newest, depth)
	return p
}

// unheard refuses inputs for tasks that are not repeated: they would change nothing.
func (p *ResumePlan) unheard(o *reopening) {
	for _, task := range slices.Sorted(maps.Keys(o.event.Inputs)) {
		repeats := slices.ContainsFunc(p.Steps, func(s ResumeStep) bool { return s.Task == task && len(s.Edited) > 0 })
		if repeats || p.Problem != nil {
			continue
		}
		var names []string
		for _, s := range p.Steps {
			if s.Task != "" && (s.What == string(flow.ReopenRepeat) || s.What == string(flow.ReopenItems)) {
				names = append(names, s.Task)
			}
		}
		p.Problem = fault.New(fault.Usage, "task %s is not repeated, so that its inputs cannot be replaced", task).WithHint("%s", source.DidYouMean(task, names))
	}
}

// parts adds the runs of sub-workflows that go on with a run: of each item of each task the last one.
func (e *Engine) parts(ctx context.Context, p *ResumePlan, o *reopening, newest bool, depth int) {
	if depth >= maxDepth {
		return
	}
	for _, step := range o.view.Steps {
		if step.Exec == flow.NoExec || step.What != flow.ReopenSubRun && step.What != flow.ReopenItems && !step.Anew {
			continue
		}
		called, err := e.History.LastCalled(ctx, o.row.ID, step.Exec)
		if err != nil {
			p.Problem = fault.From(err)
			return
		}
		for _, run := range called {
			if run.Status == flow.Succeeded {
				continue
			}
			if step.Anew {
				p.abandoned(ctx, e, run.ID, depth)
				continue
			}
			part, err := e.reopenable(ctx, ResumeRequest{Run: run.ID, By: o.event.By, Newest: newest})
			if err != nil {
				p.Parts = append(p.Parts, ResumePlan{Run: run.ID, Workflow: run.Workflow, Status: run.Status, Version: run.Version, Steps: []ResumeStep{}, Problem: fault.From(err)})
				continue
			}
			p.Parts = append(p.Parts, *e.planned(ctx, part, newest, depth+1))
		}
	}
}

// abandoned adds the writes of a sub-workflow's run that is not gone on with: begun anew, it might do them again.
func (p *ResumePlan) abandoned(ctx context.Context, e *Engine, id string, depth int) {
	log, err := e.History.Load(ctx, id)
	if err == nil && len(log.Events) == 0 {
		return
	}
	var r *run
	if err == nil {
		r, err = e.rebuilt(ctx, log)
	}
	if err != nil {
		p.Problem = fault.From(err)
		return
	}
	for _, u := range r.state.Unresolved() {
		p.Unresolved = append(p.Unresolved, unresolvedOf(id, u))
	}
	for _, ex := range r.state.Executions() {
		if ex.Status == flow.Succeeded || ex.Task.SubWorkflow == "" || depth >= maxDepth {
			continue
		}
		called, err := e.History.LastCalled(ctx, id, ex.ID)
		if err != nil {
			p.Problem = fault.From(err)
			return
		}
		for _, inner := range called {
			if inner.Status != flow.Succeeded {
				p.abandoned(ctx, e, inner.ID, depth+1)
			}
		}
	}
}

// planUnfinished tells what taking up a run does that an earlier process left.
func (e *Engine) planUnfinished(ctx context.Context, row *history.Run) (*ResumePlan, error) {
	p := &ResumePlan{Run: row.ID, Workflow: row.Workflow, Status: row.Status, Version: row.Version, Unfinished: true, Steps: []ResumeStep{}}
	var err error
	if p.Held, err = e.History.HeldSince(ctx, row.ID); err != nil {
		return nil, err
	}
	if w, err := e.History.QueuedRun(ctx, row.ID); err != nil || w != nil {
		p.Steps = append(p.Steps, ResumeStep{Status: row.Status, What: string(flow.ReopenStart)})
		return p, err
	}
	r, err := e.reload(ctx, row.ID, nil)
	if err != nil {
		return nil, err
	}
	for _, ex := range r.state.Executions() {
		if ex.Status == flow.Succeeded {
			p.Done++
		}
		if ex.Status.Ended() {
			continue
		}
		p.Steps = append(p.Steps, ResumeStep{Task: ex.Task.Name, Instance: ex.Instance, Status: ex.Status, What: string(r.taken(ex))})
	}
	return p, nil
}

// taken tells what becomes of an execution that was in progress when its process ended.
func (r *run) taken(ex *flow.Execution) flow.ReopenWhat {
	what := flow.ReopenGoOn
	for _, c := range r.todo.attempts {
		if _, begun := r.todo.begun[c.Unit]; c.Exec == ex.ID && begun {
			if what = flow.ReopenRepeat; !r.repeatable(c) {
				return "unknown"
			}
		}
	}
	return what
}
