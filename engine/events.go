package engine

import (
	"context"
	"iter"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// Events gives a run's updates from its event log: first what is on disk after the event with the number
// after (0: all), then what comes, until the run has ended; the last update always tells the end. Each
// Update's Seq is the after with which to go on from there. It ends early, without an error, when ctx does,
// and with one of the code interrupted when the engine closes.
//
// It works for runs that are queued, under way, ended, or left unfinished by another process. Updates hold no
// results, so nothing redacted. A slow reader holds nobody up: it is told several turns as one.
func (e *Engine) Events(ctx context.Context, id string, after int) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		next, leave := e.feeds.follow(id)
		defer leave()
		f := &follower{engine: e, id: id, after: after}
		for {
			more := next() // taken before reading, so that nothing slips through between
			u, news, err := f.read(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				yield(Update{}, err)
				return
			case news && !yield(u, nil):
				return
			case f.behind:
				continue
			case u.Status.Ended():
				return
			}
			select {
			case <-more:
			case <-ctx.Done():
				return
			case <-e.halt.Done():
				yield(Update{}, errClosed())
				return
			}
		}
	}
}

// follower is one reader's place in a run's log, and the run as it stands there.
type follower struct {
	engine *Engine
	id     string
	after  int
	begun  bool // the run's row has been read
	about  Update
	state  *flow.State // nil: the workflow's version does not compile any more, so that rows have to do
	seq    int
	behind bool // there is more to be read at once
	told   flow.Status
}

// eventPage is how many events are read at a time.
const eventPage = 512

// read gives what has happened since the last call; news is false if that is nothing.
func (f *follower) read(ctx context.Context) (u Update, news bool, err error) {
	row, err := f.engine.History.Get(ctx, f.id)
	if err != nil {
		return u, false, err
	}
	if !f.begun {
		f.begun = true
		f.open(ctx, row)
	}
	if f.state == nil {
		return f.readRows(ctx)
	}
	events, err := f.engine.History.EventsAfter(ctx, f.id, f.seq, eventPage)
	if err != nil {
		return u, false, err
	}
	if err := f.engine.fillIn(ctx, row, events); err != nil {
		return u, false, err
	}
	f.behind = len(events) == eventPage
	before := f.seq
	for _, event := range events {
		if _, err := f.state.Apply(event); err != nil {
			return u, false, fault.Wrap(err, fault.Storage, "the log of run %s cannot be read: %s", f.id, err)
		}
		if f.seq++; f.seq <= f.after {
			f.state.TakeChanged()
		}
	}
	u = f.about
	if f.seq == 0 { // it waits to begin, or ended before it could
		u = updateOf(row)
	} else {
		u.tellState(f.state)
	}
	u.Seq = f.seq
	for _, e := range f.state.TakeChanged() {
		u.Changed = append(u.Changed, stepOf(e))
	}
	news = !f.behind && u.Status.Ended() || f.seq > max(f.after, before) || f.seq == 0 && u.Status != f.told
	f.told = u.Status
	return u, news, nil
}

func (f *follower) open(ctx context.Context, row *history.Run) {
	f.about = updateOf(row)
	if wf, err := f.engine.version(ctx, row.Workflow, row.FirstVersion()); err == nil {
		f.state = flow.New(wf)
	}
}

// readRows gives the run as its rows have it, whole each time something has happened.
func (f *follower) readRows(ctx context.Context) (u Update, news bool, err error) {
	seq, err := f.engine.History.LastSeq(ctx, f.id)
	if err != nil {
		return u, false, err
	}
	detail, err := f.engine.History.ShowUpTo(ctx, f.id, 0)
	if err != nil {
		return u, false, err
	}
	u = updateOf(&detail.Run)
	u.Seq = seq
	for i := range detail.Tasks {
		u.Changed = append(u.Changed, stepOfRow(&detail.Tasks[i]))
	}
	news = u.Status.Ended() || seq > max(f.after, f.seq) || u.Status != f.told
	f.seq, f.told = seq, u.Status
	return u, news, nil
}

func stepOfRow(t *history.Task) Step {
	s := Step{ID: t.Exec, Name: t.Name, Instance: t.Instance, Status: t.Status, Attempts: t.Attempts, Error: t.Error, Subrun: t.Subrun}
	if t.StartedAt != nil {
		s.Started = *t.StartedAt
	}
	if t.FinishedAt != nil {
		s.Finished = *t.FinishedAt
	}
	return s
}
