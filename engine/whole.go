package engine

import (
	"context"
	"iter"
	"slices"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
)

// Whole gives the updates of a run and of all runs that it leads to: those of its sub-workflows, and the handlers of
// failures. First each as it stands, with all its executions, those that have ended as well; then what comes, waits for
// rate limits included, until all have ended. A run's update comes before those of the runs that it led to. It ends
// early, without an error, when ctx does, and with one of the code interrupted when the engine closes, or has not
// got the run.
//
// Unlike Events it has no numbers to go on from: who begins again is told everything again.
func (e *Engine) Whole(ctx context.Context, id string) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		w := &wholeRun{engine: e, id: id, known: map[string]*told{}}
		if err := w.read(ctx, yield); err != nil && ctx.Err() == nil {
			yield(Update{}, err)
		}
	}
}

// wholeRun is one reader of Whole.
type wholeRun struct {
	engine *Engine
	id     string
	known  map[string]*told
	left   bool // the reader has gone
}

// told is what has been told of one run.
type told struct {
	ended bool
	steps map[int]bool // that have ended
}

// news leaves out of an update what has been told as ended: what is kept may be ahead of what was gathered.
func (w *wholeRun) news(u *Update) bool {
	t := w.known[u.Run]
	if t == nil {
		t = &told{steps: map[int]bool{}}
		w.known[u.Run] = t
	}
	u.Changed = slices.DeleteFunc(slices.Clone(u.Changed), func(s Step) bool { return t.steps[s.ID] })
	for _, s := range u.Changed {
		if s.Status.Ended() {
			t.steps[s.ID] = true
		}
	}
	was := t.ended
	t.ended = was || u.Status.Ended()
	return !was
}

func (w *wholeRun) read(ctx context.Context, yield func(Update, error) bool) error {
	tell := func(u Update) bool {
		w.left = w.news(&u) && !yield(u, nil)
		return !w.left
	}
	for {
		live, leave := w.engine.attach(w.id)
		err := w.follow(ctx, live, tell)
		leave()
		if err != nil || w.left || ctx.Err() != nil {
			return err
		}
		row, err := w.engine.History.Get(ctx, w.id)
		switch {
		case err != nil:
			return err
		case row.Status.Ended():
			return w.rest(ctx, tell)
		case w.engine.isClosed():
			return errClosed()
		case w.engine.seatOf(w.id) == nil:
			return w.engine.leftUnfinished(w.id)
		}
	}
}

// follow tells what is kept, and then what comes; live nil: nothing does.
func (w *wholeRun) follow(ctx context.Context, live *Watching, tell func(Update) bool) error {
	if err := w.kept(ctx, w.id, "", tell); err != nil || live == nil || w.left {
		return err
	}
	for u := range live.Updates(ctx) {
		if u.Run != w.id && w.known[u.Run] == nil && w.known[u.Parent] == nil { // of the run that this one is a part of
			continue
		}
		if !tell(u) {
			return nil
		}
	}
	return nil
}

// rest tells of ends that were on their way to the disk when the reader came, and so were told neither way.
func (w *wholeRun) rest(ctx context.Context, tell func(Update) bool) error {
	for _, t := range w.known {
		if !t.ended {
			return w.kept(ctx, w.id, "", tell)
		}
	}
	return nil
}

// mostKept bounds the runs of one parent that have ended and are told of.
const mostKept = 200

// kept tells of a run and of those it led to as the history has them.
func (w *wholeRun) kept(ctx context.Context, id, task string, tell func(Update) bool) error {
	detail, err := w.engine.History.ShowUpTo(ctx, id, 0)
	if err != nil {
		return err
	}
	u := updateOf(&detail.Run)
	u.Task = task
	tasks := w.engine.tasksOf(ctx, &detail.Run)
	for i := range detail.Tasks {
		step := stepOfRow(&detail.Tasks[i])
		step.describe(tasks[step.Name], detail.Tasks[i].Result)
		u.Changed = append(u.Changed, step)
	}
	if !tell(u) {
		return nil
	}
	children, err := w.engine.History.Children(ctx, id, mostKept)
	if err != nil {
		return err
	}
	for _, child := range children {
		called := slices.IndexFunc(detail.Tasks, func(t history.Task) bool { return t.Exec == child.Exec })
		task := ""
		if called >= 0 {
			task = detail.Tasks[called].Name
		}
		if err := w.kept(ctx, child.ID, task, tell); err != nil || w.left {
			return err
		}
	}
	return nil
}

// tasksOf gives a run's tasks as its workflow has them, as far as its version still compiles.
func (e *Engine) tasksOf(ctx context.Context, row *history.Run) map[string]*workflow.Task {
	named := map[string]*workflow.Task{}
	wf, err := e.version(ctx, row.Workflow, row.Version)
	if err != nil {
		return named
	}
	for _, t := range wf.Tasks {
		named[t.Name] = t
	}
	return named
}

// describe adds to a step that was kept what the workflow and its result tell; t may be nil.
func (s *Step) describe(t *workflow.Task, result any) {
	if t == nil {
		return
	}
	if s.Title, s.Action = t.Title, t.SubWorkflow; t.Action != nil {
		s.Action = t.Action.ID
	}
	items, isList := result.([]any)
	if t.ForEach == nil || !isList {
		return
	}
	s.Items = len(items)
	for _, item := range items {
		m, _ := item.(map[string]any)
		switch status, _ := m["status"].(string); flow.Status(status) {
		case flow.Succeeded:
			s.ItemsEnded++
		case flow.Cancelled:
		default:
			s.ItemsEnded++
			s.ItemsFailed++
		}
	}
}

// seatOf gives the seat of a run that is active, waits, or whose handler is active; nil: there is none.
func (e *Engine) seatOf(id string) *seat {
	waits := e.admission.find(id) // first, as in tell
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.active[id]; r != nil {
		return r.seat
	}
	if waits != nil {
		return waits
	}
	for _, r := range e.active {
		if r.seat.run == id {
			return r.seat
		}
	}
	return nil
}

// attach begins to watch the runs of a run's seat, and has each that is active tell how it stands; nil: none is.
func (e *Engine) attach(id string) (live *Watching, leave func()) {
	s := e.seatOf(id)
	if s == nil {
		return nil, func() {}
	}
	live = NewWatching()
	one := &watcher{live.Watch, live.Over}
	e.mu.Lock()
	defer e.mu.Unlock()
	s.watchers.add(one)
	for _, r := range e.active {
		if r.seat == s {
			r.inbox.put(message{note: func() { live.Watch(r.whole()) }})
		}
	}
	if s.active == 0 && s.begun {
		live.Over() // the last one has just ended
	}
	return live, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		s.watchers.change(func(all []*watcher) []*watcher {
			return slices.DeleteFunc(all, func(w *watcher) bool { return w == one })
		})
	}
}

// whole is the update of a run with everything in it.
func (r *run) whole() Update {
	u := r.update(r.state.Executions())
	told := map[int]bool{}
	for unit := range r.waits {
		if !told[unit.Exec] {
			told[unit.Exec] = true
			u.Waiting = append(u.Waiting, r.waitingOf(unit.Exec))
		}
	}
	return u
}
