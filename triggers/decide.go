package triggers

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/semaphore"

	"gantry/failpoint"
	"gantry/fault"
	"gantry/store"
)

// deciding bounds how many events are on their way from the disk to a decision that is on disk again. Many of
// them share one commit.
const deciding = 128

// decidingBytes is how much data those may have together; a larger one is decided alone.
const decidingBytes = 8 << 20

// troubleEvery is how often it is told, at most, that events cannot be decided.
const troubleEvery = 10 * time.Second

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
	slots := semaphore.NewWeighted(deciding)
	for s.halt.Err() == nil {
		row, read, wake, ok := s.line.next()
		switch {
		case !ok:
			s.awaitEvents(wake)
			continue
		case read != "":
			s.readLane(read)
			continue
		}
		n := weight(row)
		if slots.Acquire(s.halt, n) != nil {
			return // it is still on disk
		}
		s.work.Add(1)
		go s.decide(row, func() {
			slots.Release(n)
			s.work.Done()
		})
	}
}

// weight is how many small events one counts for: their data is read into memory to be decided.
func weight(row eventRow) int64 {
	return min(1+int64(len(row.Data))/(decidingBytes/deciding), deciding)
}

// awaitEvents waits until there may be something to decide.
func (s *Service) awaitEvents(wake time.Time) {
	var rested <-chan time.Time
	if !wake.IsZero() {
		t := time.NewTimer(time.Until(wake))
		defer t.Stop()
		rested = t.C
	}
	select {
	case <-s.line.ring:
	case <-rested:
	case <-s.halt.Done():
	}
}

// readLane reads an organisation's next events from disk.
func (s *Service) readLane(org string) {
	rows, more, err := s.readPending(org, s.line.beginReading(org))
	s.line.endReading(org, rows, more, err)
	if err != nil {
		s.troubled(org, err)
	}
}

// readPending reads those that are not known, as many as may be held, and whether there may be more.
func (s *Service) readPending(org string, known map[string]bool) (rows []eventRow, more bool, err error) {
	found, err := s.Store.Read().QueryxContext(s.halt, selectEvents+` WHERE organisation_id = ? AND status = 'pending' ORDER BY id`, org)
	if err != nil {
		return nil, false, store.Fault(err)
	}
	defer found.Close()
	for bytes := 0; found.Next(); {
		var row eventRow
		if err := found.StructScan(&row); err != nil {
			return rows, false, store.Fault(err)
		}
		if known[row.ID] {
			continue
		}
		rows, bytes = append(rows, row), bytes+len(row.Data)
		if len(rows) == nearby || bytes > nearbyBytes {
			return rows, true, nil
		}
	}
	return rows, false, store.Fault(found.Err())
}

// troubled says, now and then, that something cannot be decided.
func (s *Service) troubled(org string, err error) {
	now := time.Now().UnixNano()
	last := s.told.Load()
	if s.halt.Err() == nil && now-last >= int64(troubleEvery) && s.told.CompareAndSwap(last, now) {
		s.Log.Error("an event cannot be decided now and waits", "organisation", org, "error", err)
	}
}

// putBack puts an event aside that cannot be decided now.
func (s *Service) putBack(row eventRow, err error, done func()) {
	s.line.putBack(row)
	s.troubled(row.OrganisationID, err)
	done()
}

// decide finds out what becomes of an event and has that written. done is called when it is on disk, or when the
// event is back in the line.
func (s *Service) decide(row eventRow, done func()) {
	v := s.judge(s.halt, &row)
	if v.trouble != nil {
		s.putBack(row, v.trouble, done)
		return
	}
	if v.start == nil {
		s.write(row, v.Decision, done)
		return
	}
	failpoint.Hit("triggers.before-decide")
	started := Decision{Status: Started, Run: v.start.ID}
	v.start.Also = func(tx *store.Tx) error {
		failpoint.Hit("triggers.deciding")
		return row.decide(tx, started, s.Now().UnixMicro(), s.Keep)
	}
	s.engine.Submit(context.Background(), *v.start, func(_ string, err error) { s.submitted(row, started, err, done) })
}

// submitted is told what the engine did. It may be called by the writer's goroutine, so it does not wait.
func (s *Service) submitted(row eventRow, started Decision, err error, done func()) {
	switch {
	case err == nil:
		s.settled(row, started, done)
	case errors.Is(err, errDecided):
		s.reread(row, done)
	case passing(err):
		s.putBack(row, err, done)
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
func (s *Service) write(row eventRow, d Decision, done func()) {
	s.Store.Submit(func(tx *store.Tx) error { return row.decide(tx, d, s.Now().UnixMicro(), s.Keep) }, func(err error) {
		switch {
		case err == nil:
			s.settled(row, d, done)
		case errors.Is(err, errDecided):
			s.reread(row, done)
		default:
			s.putBack(row, err, done)
		}
	})
}

func (s *Service) settled(row eventRow, d Decision, done func()) {
	failpoint.Hit("triggers.decided")
	s.line.decided(row)
	s.waiters.tell(row.ID, d)
	if s.Observe != nil {
		s.Observe(row.Type, time.UnixMicro(row.At), d.Status)
	}
	done()
}

// reread tells those who wait what somebody else decided.
func (s *Service) reread(row eventRow, done func()) {
	s.line.decided(row)
	s.waiters.look(row.ID)
	done()
}
