package simulation_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// saying notes that somebody is going to say something about a run.
func (w *world) saying(what, run string) *saying {
	w.asked.mu.Lock()
	defer w.asked.mu.Unlock()
	s := &saying{what: what, run: run, by: fmt.Sprintf("person %d", len(w.asked.said)+1)}
	w.asked.said = append(w.asked.said, s)
	return s
}

// says says it, and notes what the engine answers.
func (w *world) says(l *life, s *saying, say func() error) error {
	err := say()
	if l.dead.Load() {
		return err
	}
	w.asked.mu.Lock()
	s.heard, s.err = true, err
	w.asked.mu.Unlock()
	what := "is on disk"
	if err != nil {
		what = "is refused: " + string(fault.From(err).Code)
	}
	w.say("run %s: %s by %s %s", s.run, s.what, s.by, what)
	return err
}

// answerSome answers what some run waits for, now and then twice.
func (w *world) answerSome(r *rand.Rand) {
	l := w.life
	open, err := l.history.Waits(context.Background(), history.WaitFilter{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(open) == 0 {
		return
	}
	wait := open[r.IntN(len(open))]
	for range 1 + r.IntN(2) {
		if wait.Kind == actions.ForWebhook {
			w.deliver(l, wait.Run, wait.Task, wait.Unit.Item)
			continue
		}
		s := w.saying("answer", wait.Run)
		w.talk.Go(func() {
			w.step(s.by)
			_ = w.says(l, s, func() error {
				return l.engine.Answer(context.Background(), engine.Answer{Wait: wait, Result: map[string]any{"button": "well"}, By: s.by})
			})
		})
	}
}

// deliverEarly sends a request to a task that may not wait for it yet, or does not any more.
func (w *world) deliverEarly(r *rand.Rand) {
	var known []*request
	w.asked.mu.Lock()
	for _, one := range w.asked.all {
		if one.accepted {
			known = append(known, one)
		}
	}
	w.asked.mu.Unlock()
	if len(known) == 0 {
		return
	}
	one := known[max(0, len(known)-1-r.IntN(6))]
	wf, err := w.library.Workflow(one.workflow)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, t := range wf.Tasks {
		if t.Waits() != actions.ForWebhook {
			continue
		}
		item := flow.NoItem
		if t.ForEach != nil {
			item = r.IntN(3)
		}
		w.deliver(w.life, one.run, t.Name, item)
	}
}

func (w *world) deliver(l *life, run, task string, item int) {
	s := w.saying("delivery", run)
	w.talk.Go(func() {
		w.step(s.by)
		_ = w.says(l, s, func() error {
			return l.engine.Deliver(context.Background(), engine.Delivery{Run: run, Task: task, Item: item, Result: map[string]any{"token": s.by}})
		})
	})
}

// endedBadly gives the runs that could be resumed, as the disk has it.
func (l *life) endedBadly() (ids []string) {
	if err := l.store.Read().Select(&ids, "SELECT id FROM runs WHERE finished_at IS NOT NULL AND status <> 'succeeded' ORDER BY id"); err != nil {
		l.world.t.Fatal(err)
	}
	return ids
}

// resumeSome lets a run go on that ended badly, mostly after its unknown writes were resolved.
func (w *world) resumeSome(r *rand.Rand) {
	if ids := w.life.endedBadly(); len(ids) > 0 {
		id := ids[max(0, len(ids)-1-r.IntN(8))]
		resolves, newest := !oneIn(r, 4), oneIn(r, 3)
		for range 1 + r.IntN(5)/4 { // now and then two want the same
			w.resume(id, resolves, newest)
		}
	}
}

func (w *world) resume(id string, resolves, newest bool) {
	l := w.life
	one := &request{run: id, life: l}
	s := w.saying("resumption", id)
	w.asked.resumes.Store(true)
	w.talk.Go(func() {
		ctx := context.Background()
		w.step(s.by)
		req := engine.ResumeRequest{Run: id, By: s.by, Newest: newest, Watch: w.laws.watcher(one), Over: func() { w.laws.over(one) }}
		if resolves {
			w.resolve(l, req)
		}
		_ = w.says(l, s, func() error { return l.engine.Resume(ctx, req) })
	})
}

// resolve says of each write that stands in the way whether it was done.
func (w *world) resolve(l *life, req engine.ResumeRequest) {
	ctx := context.Background()
	plan, err := l.engine.PlanResume(ctx, req)
	if err != nil {
		return
	}
	all := plan.Unresolved
	for _, part := range plan.Parts {
		all = append(all, part.Unresolved...)
	}
	for i, u := range all {
		s := w.saying("resolution", u.Run)
		w.step(s.by)
		_ = w.says(l, s, func() error {
			return l.engine.Resolve(ctx, engine.Resolution{Run: u.Run, Task: u.Task, Instance: &u.Instance, Item: u.Item, Done: w.chance.of(s.by).IntN(2) == i%2, By: s.by})
		})
	}
}

// rerunSome starts a run anew with what it had.
func (w *world) rerunSome(r *rand.Rand) {
	ids := w.life.runs()
	if len(ids) == 0 {
		return
	}
	l, id, same := w.life, ids[r.IntN(len(ids))], oneIn(r, 2)
	one := &request{life: l}
	w.talk.Go(func() {
		w.step("rerun " + id)
		again, err := l.engine.Rerun(context.Background(), engine.RerunRequest{Run: id, SameVersion: same, Watch: w.laws.watcher(one), Over: func() { w.laws.over(one) }})
		if l.dead.Load() {
			return
		}
		if err != nil {
			w.say("run %s: rerun is refused: %s", id, fault.From(err).Code)
			return
		}
		w.say("run %s is run again as %s", id, again)
		w.asked.mu.Lock()
		w.asked.again = append(w.asked.again, again)
		w.asked.mu.Unlock()
	})
}

// change is somebody who edits the workflows.
func (w *world) change() {
	w.library.changed.Store(true)
	w.say("the workflows are changed")
}
