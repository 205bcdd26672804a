package triggers

import (
	"context"
	"errors"
	"time"

	"gantry/fault"
	"gantry/store"
)

// deciding bounds how many events are on their way from the disk to a decision that is on disk again. Many of
// them share one commit.
const deciding = 128

// Pauses after a decision could not be written: they double from the first to the longest.
const (
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
)

// takeUp finds what an earlier process left undecided.
func (s *Service) takeUp(ctx context.Context) error {
	var rows []struct {
		Organisation string `db:"organisation_id"`
		Events       int    `db:"events"`
	}
	err := s.Store.Read().SelectContext(ctx, &rows, `SELECT organisation_id, count(*) AS events FROM trigger_events WHERE status = 'pending' GROUP BY organisation_id`)
	pending := make(map[string]int, len(rows))
	for _, row := range rows {
		pending[row.Organisation] = row.Events
	}
	s.line.begin(pending)
	return store.Fault(err)
}

// decideAll gives events, in the organisations' turns, to be decided, several at a time.
func (s *Service) decideAll() {
	slots := make(chan struct{}, deciding)
	troubles := make(chan error, deciding+2) // one of each slot, and those of this goroutine
	var p pace
	for s.patient(&p, troubles) {
		select {
		case slots <- struct{}{}:
		case <-s.halt.Done():
			return
		}
		row, read, ok := s.line.next()
		if !ok || read != "" {
			<-slots
			if read != "" {
				s.readLane(read, troubles)
			} else if !s.awaitEvents(troubles) {
				return
			}
			continue
		}
		s.work.Add(1)
		go s.decide(row, func(err error) {
			if err != nil {
				troubles <- err // there is room: each slot has at most one
			}
			<-slots
			s.work.Done()
		})
	}
}

// awaitEvents waits until there may be something to decide.
func (s *Service) awaitEvents(troubles chan error) bool {
	select {
	case <-s.line.ring:
	case err := <-troubles:
		troubles <- err
	case <-s.halt.Done():
	}
	return s.halt.Err() == nil
}

// pace is how patient to be after trouble.
type pace struct {
	pause   time.Duration
	settled int64 // events that had been decided at the last trouble
}

// patient waits a while after trouble: longer each time, until something could be decided in between.
func (s *Service) patient(p *pace, troubles chan error) bool {
	var trouble error
	for len(troubles) > 0 {
		trouble = <-troubles
	}
	if trouble == nil {
		return s.halt.Err() == nil
	}
	if n := s.settledEvents.Load(); n != p.settled {
		p.pause, p.settled = 0, n
	}
	if p.pause = min(max(2*p.pause, firstPause), longestPause); p.pause == firstPause {
		s.Log.Error("an event cannot be decided now and waits", "error", trouble)
	}
	t := time.NewTimer(p.pause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.halt.Done():
	}
	return s.halt.Err() == nil
}

func (s *Service) readLane(org string, troubles chan error) {
	limit := s.line.beginReading(org)
	var rows []eventRow
	err := store.Fault(s.Store.Read().SelectContext(s.halt, &rows, selectEvents+` WHERE organisation_id = ? AND status = 'pending' ORDER BY id LIMIT ?`, org, limit))
	s.line.endReading(org, rows, limit, err)
	if err != nil {
		troubles <- err
	}
}

// decide finds out what becomes of an event and has that written. done is called when it is on disk, or, with
// the error, when the event is back in the line.
func (s *Service) decide(row eventRow, done func(error)) {
	v := s.judge(s.halt, &row)
	if v.trouble != nil {
		s.line.putBack(row)
		done(v.trouble)
		return
	}
	if v.start == nil {
		s.write(row, v.Decision, done)
		return
	}
	started := Decision{Status: Started, Run: v.start.ID}
	v.start.Also = func(tx *store.Tx) error { return row.decide(tx, started, s.Now().UnixMicro(), s.Keep) }
	s.engine.Submit(context.Background(), *v.start, func(_ string, err error) { s.submitted(row, started, err, done) })
}

// submitted is told what the engine did. It may be called by the writer's goroutine, so it does not wait.
func (s *Service) submitted(row eventRow, started Decision, err error, done func(error)) {
	switch {
	case err == nil:
		s.settled(row, started, done)
	case errors.Is(err, errDecided):
		s.reread(row, done)
	case passing(err):
		s.line.putBack(row)
		done(err)
	case fault.From(err).Code == fault.Skipped:
		s.write(row, Decision{Status: Skipped, Why: fault.From(err).Message}, done)
	default:
		s.write(row, Decision{Status: Failed, Error: fault.From(err)}, done)
	}
}

// passing tells whether an error says nothing about the event: the disk is full, or the process is ending.
func passing(err error) bool {
	switch fault.From(err).Code {
	case fault.Storage, fault.Interrupted, fault.Cancelled, fault.Locked:
		return true
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// write keeps a decision that starts no run.
func (s *Service) write(row eventRow, d Decision, done func(error)) {
	s.Store.Submit(func(tx *store.Tx) error { return row.decide(tx, d, s.Now().UnixMicro(), s.Keep) }, func(err error) {
		switch {
		case err == nil:
			s.settled(row, d, done)
		case errors.Is(err, errDecided):
			s.reread(row, done)
		default:
			s.line.putBack(row)
			done(err)
		}
	})
}

func (s *Service) settled(row eventRow, d Decision, done func(error)) {
	s.settledEvents.Add(1)
	s.line.decided(row)
	s.waiters.tell(row.ID, d)
	if s.Observe != nil {
		s.Observe(row.Type, time.UnixMicro(row.At), d.Status)
	}
	done(nil)
}

// reread tells those who wait what somebody else decided.
func (s *Service) reread(row eventRow, done func(error)) {
	s.line.decided(row)
	s.waiters.look(row.ID)
	done(nil)
}
