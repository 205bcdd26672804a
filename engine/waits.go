package engine

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// Bounds of what is kept for waits of one run that have not begun.
const (
	maxCame      = 100
	maxCameBytes = 8 << 20
)

// awaited is what a run waits for from outside, as the history has it or is about to. Its goroutine alone touches it.
type awaited struct {
	open  map[flow.Unit]string // kinds
	came  map[cameFor]any      // for waits that have not begun
	bytes int                  // of these
}

// cameFor is a wait that may not have begun.
type cameFor struct {
	task string
	item int
}

// opens notes that a wait has begun. What came for it already ends it.
func (t *turn) opens(event flow.Event) []message {
	ev, ok := event.(flow.AttemptWaits)
	if !ok || ev.Awaits == "" {
		return nil
	}
	r := t.run
	wait, ok := r.state.Awaits(ev.Unit)
	if !ok { // the run was ending
		return nil
	}
	task := r.state.Executions()[ev.Exec].Task.Name
	if r.awaited.open == nil {
		r.awaited.open = map[flow.Unit]string{}
	}
	r.awaited.open[ev.Unit] = ev.Awaits
	t.waits.Opened = append(t.waits.Opened, history.Wait{Unit: ev.Unit, Task: task, Kind: ev.Awaits, OrganisationID: r.org.ID, Since: ev.At, Until: wait.Until, Asks: ev.Result})
	data, came := r.awaited.came[cameFor{task, ev.Item}]
	if ev.Awaits != actions.ForWebhook || !came {
		return nil
	}
	return []message{{event: flow.Answered{At: r.engine.Now().UTC(), Unit: ev.Unit, Result: data, By: actions.ForWebhook}}}
}

// keepWaits adds what has changed of the run's waits to what the turn keeps.
func (t *turn) keepWaits() {
	r := t.run
	for id, kind := range r.awaited.open {
		if _, waits := r.state.Awaits(id); waits {
			continue
		}
		delete(r.awaited.open, id)
		t.waits.Closed = append(t.waits.Closed, id)
		if kind != actions.ForWebhook {
			continue
		}
		at := cameFor{r.state.Executions()[id.Exec].Task.Name, id.Item}
		if data, came := r.awaited.came[at]; came {
			r.awaited.bytes -= schema.Size(data, MaxResult)
			delete(r.awaited.came, at)
			t.waits.Taken = append(t.waits.Taken, history.Early{Task: at.task, Item: at.item})
		}
	}
	if t.waits.Over = t.finish != nil && r.wf.HasWaits(); t.waits.Over {
		t.tellDropped()
	}
	t.waits.Seals, t.waits.OrganisationID = r.redacts, r.about.OrganisationID
	if t.waits.Empty() {
		return
	}
	also, done, err := r.engine.History.KeepWaits(r.id, t.waits)
	t.kept = append(t.kept, func(error) { done() })
	t.entry.Also = both(t.entry.Also, also)
	if err != nil {
		t.entry.Also = func(*store.Tx) error { return err }
	}
}

// tellDropped logs what came for waits that the ending run never came to: its senders were told that it is taken.
func (t *turn) tellDropped() {
	r, status := t.run, t.run.state.Status()
	came := slices.SortedFunc(maps.Keys(r.awaited.came), func(a, b cameFor) int { return cmp.Or(cmp.Compare(a.task, b.task), a.item-b.item) })
	t.kept = append(t.kept, func(err error) {
		if err != nil {
			return
		}
		for _, c := range came {
			attrs := []any{"run", r.id, "workflow", r.wf.ID, "organisation", r.org.Slug, "status", status, "task", c.task}
			if c.item != flow.NoItem {
				attrs = append(attrs, "item", c.item)
			}
			r.engine.Log.Warn("a webhook that was accepted is dropped: its run has ended before the task waited for it", attrs...)
		}
	})
}

// decide asks a message for its event, as the run stands now. Without one there is nothing to apply: it was refused,
// or is kept for later.
func (t *turn) decide(m *message) (applies bool) {
	event, err := m.decides(t)
	if err != nil {
		m.drop(err)
		return false
	}
	if m.event = event; event == nil && m.kept != nil {
		t.kept = append(t.kept, m.kept)
	}
	return event != nil
}

// reawait finds out what a rebuilt run waits for from outside.
func (r *run) reawait(ctx context.Context) error {
	if !r.wf.HasWaits() {
		return nil
	}
	r.awaited.open = map[flow.Unit]string{}
	for _, a := range r.state.Awaiting() {
		r.awaited.open[a.Unit] = a.What
	}
	came, err := r.engine.History.Came(ctx, r.id)
	if err != nil {
		return err
	}
	for _, c := range came {
		r.awaited.keep(cameFor{c.Task, c.Item}, c.Data)
	}
	for id, kind := range r.awaited.open {
		data, came := r.awaited.came[cameFor{r.state.Executions()[id.Exec].Task.Name, id.Item}]
		if came && kind == actions.ForWebhook {
			r.post(flow.Answered{At: r.engine.Now().UTC(), Unit: id, Result: data, By: actions.ForWebhook})
		}
	}
	return nil
}

func (a *awaited) keep(at cameFor, data any) {
	if a.came == nil {
		a.came = map[cameFor]any{}
	}
	a.came[at] = data
	a.bytes += schema.Size(data, MaxResult)
}

// delivered decides what becomes of a request for a task's wait: the wait's answer, or it is kept for it. The first
// that comes counts.
func (t *turn) delivered(at cameFor, data any) (flow.Event, error) {
	r, now := t.run, t.run.engine.Now().UTC()
	var latest *flow.Execution
	for _, e := range r.state.Executions() {
		if e.Task.Name != at.task {
			continue
		}
		id := flow.Unit{Exec: e.ID, Item: at.item}
		if wait, waits := r.state.Awaits(id); waits && wait.Over(now) {
			return nil, errOver
		} else if waits {
			return flow.Answered{At: now, Unit: id, Result: data, By: actions.ForWebhook}, nil
		}
		latest = e
	}
	_, came := r.awaited.came[at]
	switch {
	case came:
		return nil, errCameBefore
	case r.state.Ending() || r.state.Status().Ended():
		return nil, errOver
	case latest != nil && (latest.Status.Ended() || r.state.NoSuch(flow.Unit{Exec: latest.ID, Item: at.item}) ||
		r.state.UnitStatus(flow.Unit{Exec: latest.ID, Item: at.item}).Ended()):
		return nil, errOver
	case len(r.awaited.came) >= maxCame || r.awaited.bytes+schema.Size(data, MaxResult) > maxCameBytes:
		return nil, fault.New(fault.RateLimited, "too much has come for this run already that nothing waits for yet")
	}
	r.awaited.keep(at, data)
	t.waits.Came = append(t.waits.Came, history.Early{Task: at.task, Item: at.item, At: now, Data: data})
	return nil, nil
}
