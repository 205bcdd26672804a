package triggers

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Keep says how long decided events are kept: not longer than For, and not more than Events of one trigger
// and organisation (a few more until the next are dropped together), and as many failed ones beside: those are for
// somebody to look at, and not pushed out by others. Events that are not decided stay. Zero values mean the defaults.
type Keep struct {
	Events int
	For    time.Duration
}

// The defaults of Keep.
const (
	keptEvents = 100
	keptDays   = 7
)

const (
	tidyEvery = time.Minute
	tidyBatch = 500 // rows dropped in one transaction
	tidyExtra = 16  // events of one trigger and organisation that are dropped together
)

func (k Keep) complete() Keep {
	if k.Events <= 0 {
		k.Events = keptEvents
	}
	if k.For <= 0 {
		k.For = keptDays * 24 * time.Hour
	}
	return k
}

// kept is how many decided events there are of a trigger and organisation: those that failed, and all others.
type kept struct {
	Events int `db:"events"`
	Failed int `db:"failed"`
}

func keptAs(status Status) kept {
	if status == Failed {
		return kept{Failed: 1}
	}
	return kept{Events: 1}
}

// count notes one decided event more, in its transaction, and drops the oldest of its kind when there are too many.
func (k Keep) count(tx *store.Tx, r *eventRow, status Status) error {
	one := keptAs(status)
	var all kept
	err := tx.Get(&all, `INSERT INTO trigger_kept (workflow, trigger_name, organisation_id, events, failed) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET events = events + excluded.events, failed = failed + excluded.failed RETURNING events, failed`,
		r.Workflow, r.Trigger, r.OrganisationID, one.Events, one.Failed)
	events := one.Events*all.Events + one.Failed*all.Failed // of the same kind
	if err != nil || events < k.Events+tidyExtra {
		return err
	}
	dropped, err := tx.ExecOf(r.OrganisationID, `DELETE FROM trigger_events WHERE id IN (SELECT id FROM trigger_events
		WHERE workflow = ? AND trigger_name = ? AND organisation_id = ? AND decided_at IS NOT NULL AND (status = 'failed') = ? ORDER BY id LIMIT ?)`,
		r.Workflow, r.Trigger, r.OrganisationID, one.Failed, events-k.Events)
	if err != nil {
		return err
	}
	n, err := dropped.RowsAffected()
	if err != nil {
		return fault.From(err)
	}
	_, err = lessKept(tx, r, kept{one.Events * int(n), one.Failed * int(n)})
	return err
}

// lessKept notes that events were dropped, and gives how many are left.
func lessKept(tx *store.Tx, r *eventRow, less kept) (left int, err error) {
	err = tx.Get(&left, `UPDATE trigger_kept SET events = events - ?, failed = failed - ? WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?
		RETURNING events + failed`, less.Events, less.Failed, r.Workflow, r.Trigger, r.OrganisationID)
	return left, err
}

// keepTidy drops what is too old, now and then.
func (s *Service) keepTidy() {
	t := time.NewTicker(tidyEvery)
	defer t.Stop()
	for {
		if err := s.Tidy(s.halt); err != nil && s.halt.Err() == nil {
			s.Log.Error("old events could not be dropped", "error", err)
		}
		select {
		case <-t.C:
		case <-s.halt.Done():
			return
		}
	}
}

// Tidy drops decided events that are too old, and what is remembered of events for longer than it was asked
// for, in small transactions. A started Service does it by itself.
func (s *Service) Tidy(ctx context.Context) error {
	for _, drop := range []func(tx *store.Tx) (int, error){s.dropOld, s.dropOnce} {
		for dropped := tidyBatch; dropped == tidyBatch; {
			err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
				dropped, err = drop(tx)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) dropOld(tx *store.Tx) (int, error) {
	var rows []eventRow
	err := tx.Select(&rows, `SELECT id, workflow, trigger_name, organisation_id, status FROM trigger_events WHERE decided_at < ? ORDER BY decided_at LIMIT ?`,
		s.Now().Add(-s.Keep.For).UnixMicro(), tidyBatch)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if _, err := tx.ExecOf(r.OrganisationID, "DELETE FROM trigger_events WHERE id = ?", r.ID); err != nil {
			return 0, err
		}
		left, err := lessKept(tx, &r, keptAs(r.Status))
		if err == nil && left <= 0 {
			_, err = tx.Exec(`DELETE FROM trigger_kept WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?`, r.Workflow, r.Trigger, r.OrganisationID)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		}
	}
	return len(rows), nil
}

// dropOnce forgets what made events one, but never of an event that is still to be decided.
func (s *Service) dropOnce(tx *store.Tx) (int, error) {
	dropped, err := tx.Exec(`DELETE FROM trigger_once WHERE (workflow, trigger_name, organisation_id, once) IN (
		SELECT workflow, trigger_name, organisation_id, once FROM trigger_once o WHERE until < ?
		AND NOT EXISTS (SELECT 1 FROM trigger_events e WHERE e.id = o.event_id AND e.status = 'pending') LIMIT ?)`, s.Now().UnixMicro(), tidyBatch)
	if err != nil {
		return 0, err
	}
	n, err := dropped.RowsAffected()
	return int(n), err
}
