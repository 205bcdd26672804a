package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// ResumePlan is what resuming a run would do, and what is in its way.
type ResumePlan struct {
	Run        string           `json:"run"`
	Workflow   string           `json:"workflow"`
	Status     flow.Status      `json:"status" doc:"How it stands now"`
	Version    string           `json:"version" doc:"What it goes on with"`
	Was        string           `json:"was,omitempty" doc:"The version that it has come to, where it goes on with another"`
	Unfinished bool             `json:"unfinished,omitempty" doc:"It has not ended: an earlier process left it"`
	Held       *history.HeldRun `json:"held,omitempty" doc:"It is held since a backup was restored: what it does next may have been done already"`
	Done       int              `json:"done" doc:"Tasks that are done and stay so"`
	Steps      []ResumeStep     `json:"steps" doc:"What it goes on with"`
	Parts      []ResumePlan     `json:"parts,omitempty" doc:"Runs of sub-workflows that go on with it"`

	Unresolved []Unresolved `json:"unresolved,omitempty" doc:"Writes of which nobody knows whether they were done: to be resolved first"`
	Misfits    []Misfit     `json:"misfits,omitempty" doc:"Why it cannot go on with that version"`
	Problem    *fault.Error `json:"problem,omitempty" doc:"What else is in the way"`
}

// ResumeStep is one thing that a run goes on with.
type ResumeStep struct {
	Task     string      `json:"task,omitempty" doc:"Left out: the run's outputs; with start, all of a run that had not begun"`
	Instance int         `json:"instance,omitempty" doc:"Left out: it has not come up yet"`
	Status   flow.Status `json:"status,omitempty" doc:"How it ended before"`
	What     string      `json:"what" enum:"repeat,go_on,items,sub_run,start,join,outputs,unknown" doc:"unknown: a write that was under way and is not repeated"`
	Items    int         `json:"items,omitempty" doc:"How many items are run …"`
	Of       int         `json:"of,omitempty" doc:"… of how many"`
	Anew     bool        `json:"anew,omitempty" doc:"Its sub-workflow begins anew, in another run"`
	Edited   []string    `json:"edited,omitempty" doc:"Inputs that are replaced"`
}

// Unresolved is a write of which nobody knows whether it was done.
type Unresolved struct {
	Run      string       `json:"run"`
	Task     string       `json:"task"`
	Instance int          `json:"instance"`
	Item     *int         `json:"item,omitempty" doc:"Of a for_each, from 0"`
	Error    *fault.Error `json:"error,omitempty"`
}

// Command is what resolves it, to be followed by --done, --not-done or --result.
func (u Unresolved) Command() string {
	text := "runs resolve " + shortID(u.Run) + " " + u.Task
	if u.Instance > 1 {
		text += fmt.Sprintf(" --instance %d", u.Instance)
	}
	if u.Item != nil {
		text += fmt.Sprintf(" --item %d", *u.Item)
	}
	return text
}

// IsUnresolved tells whether a step waits for somebody's word, so that it is not known what becomes of it.
func (p *ResumePlan) IsUnresolved(s ResumeStep) bool {
	return slices.ContainsFunc(p.Unresolved, func(u Unresolved) bool {
		return u.Run == p.Run && u.Task == s.Task && u.Instance == s.Instance && u.Item == nil
	})
}

func others(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(", and %d more writes", n-1)
}

// Misfit is one reason why a run cannot go on with another version of its workflow.
type Misfit struct {
	Run  string `json:"run"`
	Task string `json:"task,omitempty"`
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

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

func unresolvedOf(run string, u flow.Unresolved) Unresolved {
	out := Unresolved{Run: run, Task: u.Task, Instance: u.Instance, Error: u.Error}
	if u.Item != flow.NoItem {
		out.Item = &u.Item
	}
	return out
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

// refusal is what is in the way, nil if nothing is.
func (p *ResumePlan) refusal() error {
	unresolved, misfits, problem := p.obstacles()
	switch {
	case problem != nil:
		return problem
	case len(unresolved) > 0:
		u := unresolved[0]
		return fault.New(fault.Conflict, "run %s cannot be resumed: nobody knows whether %s was done%s", shortID(p.Run), u.Task, others(len(unresolved))).
			WithHint("look in the other system, then say so: `gantry %s --done`, or --not-done", u.Command())
	case len(misfits) > 0:
		m := misfits[0]
		return fault.New(fault.Conflict, "run %s cannot go on with version %s of its workflow: %s", shortID(p.Run), p.Version, flow.Misfit{Task: m.Task, What: m.What, Was: m.Was, Is: m.Is}).
			WithHint("resume it with its own version, or `gantry runs rerun %s`", shortID(p.Run))
	}
	return nil
}

// obstacles gathers what is in the way of a run and of its parts.
func (p *ResumePlan) obstacles() (unresolved []Unresolved, misfits []Misfit, problem *fault.Error) {
	unresolved, misfits, problem = slices.Clone(p.Unresolved), slices.Clone(p.Misfits), p.Problem
	for i := range p.Parts {
		u, m, of := p.Parts[i].obstacles()
		unresolved, misfits = append(unresolved, u...), append(misfits, m...)
		if problem == nil {
			problem = of
		}
	}
	return unresolved, misfits, problem
}

// Refused tells what keeps the plan from being carried out, nil if nothing does.
func (p *ResumePlan) Refused() error { return p.refusal() }

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

// editedInputs reads and checks the inputs that somebody gives for tasks.
func editedInputs(wf *workflow.Workflow, req ResumeRequest) (map[string]map[string]any, error) {
	var all map[string]map[string]any
	names := map[string]bool{}
	for name := range req.Inputs {
		names[name] = true
	}
	for name := range req.Texts {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		task, err := taskNamed(wf, name)
		if err != nil {
			return nil, err
		}
		given, err := taskInputs(task, req.Inputs[name], req.Texts[name])
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]map[string]any{}
		}
		all[name] = given
	}
	return all, nil
}

func taskNamed(wf *workflow.Workflow, name string) (*workflow.Task, error) {
	names := make([]string, len(wf.Tasks))
	for i, t := range wf.Tasks {
		if names[i] = t.Name; t.Name == name {
			return t, nil
		}
	}
	return nil, fault.New(fault.Usage, "workflow %s has no task %q", wf.ID, name).WithHint("%s", source.DidYouMean(name, names))
}

// taskInputs reads the inputs of one task by the types that its action, or sub-workflow, declares.
func taskInputs(task *workflow.Task, values map[string]any, texts map[string]string) (map[string]any, error) {
	declared := task.SubInputs
	if task.Action != nil {
		declared = task.Action.InputType()
	}
	given, err := typedInputs(declared.Fields, values, texts)
	if err != nil {
		return nil, inTask(task, err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		field, takes := declared.Field(name)
		if !takes {
			return nil, inTask(task, unknownInput(name, declared.Fields))
		}
		if field.Type.Kind == schema.KindSecret {
			return nil, fault.New(fault.Secret, "task %s: input %s is a secret, and what is given here would be stored", task.Name, name).
				WithHint("change the variable or the integration that it comes from")
		}
		complete, problems := field.Type.Complete(given[name])
		if len(problems) > 0 {
			return nil, fault.New(fault.InvalidInput, "task %s: input %s does not fit: %s", task.Name, name, problems[0].String())
		}
		given[name] = complete
	}
	return given, nil
}

func inTask(task *workflow.Task, err error) error {
	f := fault.From(err)
	return fault.Wrap(err, f.Code, "task %s: %s", task.Name, f.Message).WithHint("%s", f.Hint)
}
