package triggers

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"gantry/fault"
	"gantry/store"
)

// waiters are those who wait for events to be decided.
type waiters struct {
	mu sync.Mutex
	of map[string][]chan *Decision // by event id; nil says: look yourself
}

func (w *waiters) wait(id string) chan *Decision {
	told := make(chan *Decision, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[string][]chan *Decision{}
	}
	w.of[id] = append(w.of[id], told)
	return told
}

func (w *waiters) tell(id string, d Decision) { w.answer(id, &d) }
func (w *waiters) look(id string)             { w.answer(id, nil) }

func (w *waiters) answer(id string, d *Decision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, told := range w.of[id] {
		told <- d // there is room for one, and it is told once
	}
	delete(w.of, id)
}

func (w *waiters) leave(id string, told chan *Decision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []chan *Decision
	for _, other := range w.of[id] {
		if other != told {
			rest = append(rest, other)
		}
	}
	if w.of[id] = rest; rest == nil {
		delete(w.of, id)
	}
}

// Decided waits until an event is decided, and tells what became of it. fault.Missing: there is no such event
// (any more); fault.Cancelled: ctx ended first.
func (s *Service) Decided(ctx context.Context, eventID string) (Decision, error) {
	told := s.waiters.wait(eventID)
	defer s.waiters.leave(eventID, told)
	row, err := s.row(ctx, eventID)
	if err != nil {
		return Decision{}, err
	}
	if row.Status != Pending {
		return row.decision()
	}
	select {
	case d := <-told:
		if d != nil {
			return *d, nil
		}
		if row, err = s.row(ctx, eventID); err != nil {
			return Decision{}, err
		}
		return row.decision()
	case <-ctx.Done():
		return Decision{Status: Pending}, fault.Wrap(context.Cause(ctx), fault.Cancelled, "the event %s is not decided yet", eventID)
	case <-s.halt.Done():
		return Decision{Status: Pending}, fault.New(fault.Interrupted, "Gantry is shutting down; the event %s is kept and decided after the next start", eventID)
	}
}

func (s *Service) row(ctx context.Context, id string) (*eventRow, error) {
	var row eventRow
	err := s.Store.Read().GetContext(ctx, &row, selectEvents+" WHERE id = ?", id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.Missing, "there is no event %q", id).
			WithHint("`gantry triggers events` lists them; of each trigger and organisation the last %d are kept, and as many failed ones, for %d days", keptEvents, keptDays)
	}
	return &row, store.Fault(err)
}
