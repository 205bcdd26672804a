package triggers

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gantry/failpoint"
	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// maxData bounds one event's data as JSON, in bytes. Senders bound what they take well below.
const maxData = 16 << 20

// Accept keeps events, in one transaction: when it returns without an error they are on disk, together with
// what also wrote, and will be decided in the background; with an error nothing of it is kept. An event whose
// Once is remembered is a duplicate, which is no error; also is called whether there are duplicates or not.
// It takes what Room would refuse: whoever can say no to a sender asks Room first.
//
// Errors: fault.InvalidInput or fault.TooLarge for an event that cannot be kept, fault.Storage where the disk
// is full or broken.
func (s *Service) Accept(ctx context.Context, events []Event, also func(*store.Tx) error) ([]Accepted, error) {
	rows := make([]eventRow, len(events))
	for i, e := range events {
		row, err := s.newRow(e)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	s.line.expect(rows)
	failpoint.Hit("triggers.before-accept")
	accepted := make([]Accepted, len(rows))
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		for i := range rows {
			if accepted[i], err = rows[i].keep(tx); err != nil {
				return err
			}
		}
		failpoint.Hit("triggers.keeping")
		if also != nil {
			return also(tx)
		}
		return nil
	})
	failpoint.Hit("triggers.accepted")
	for i := range rows {
		if err != nil || accepted[i].Duplicate {
			s.line.drop(rows[i])
		} else {
			s.line.add(rows[i])
		}
	}
	if err != nil {
		return nil, err
	}
	return accepted, nil
}

// newRow checks an event and gives it an id.
func (s *Service) newRow(e Event) (eventRow, error) {
	now := s.Now()
	if e.Key.Workflow == "" || e.Key.Trigger == "" || e.OrganisationID == "" {
		return eventRow{}, fault.New(fault.InvalidInput, "an event needs a workflow, a trigger and an organisation")
	}
	if e.At.IsZero() {
		e.At = now
	}
	if e.Data == nil {
		e.Data = map[string]any{}
	}
	data, err := schema.Encode(e.Data)
	if err != nil {
		return eventRow{}, fault.Wrap(err, fault.InvalidInput, "the event of %s cannot be kept: %s", e.Key, err)
	}
	if len(data) > maxData {
		return eventRow{}, fault.New(fault.TooLarge, "the event of %s is %d MB: more than the %d MB that are kept", e.Key, len(data)>>20, maxData>>20).
			WithHint("send less, or only what says where the rest can be read")
	}
	until := e.OnceUntil
	if until.IsZero() {
		until = now.Add(s.Keep.For)
	}
	return eventRow{ID: s.NewID(), Workflow: e.Key.Workflow, Trigger: e.Key.Trigger, Type: e.Type, OrganisationID: e.OrganisationID,
		At: e.At.UnixMicro(), AcceptedAt: now.UnixMicro(), Data: string(data), Causes: encodeTexts(e.Causes),
		By: e.By, Again: e.Again, SkipWhen: e.SkipWhen, Status: Pending, once: e.Once, until: until.UnixMicro()}, nil
}

// keep writes the event, unless one with the same Once is remembered.
func (r eventRow) keep(tx *store.Tx) (Accepted, error) {
	if r.once != "" {
		earlier, err := r.earlier(tx)
		if err != nil || earlier != "" {
			return Accepted{ID: earlier, Duplicate: true}, err
		}
		if _, err := tx.Exec(`INSERT OR REPLACE INTO trigger_once (workflow, trigger_name, organisation_id, once, event_id, until) VALUES (?, ?, ?, ?, ?, ?)`,
			r.Workflow, r.Trigger, r.OrganisationID, r.once, r.ID, r.until); err != nil {
			return Accepted{}, err
		}
	}
	_, err := tx.ExecOf(r.OrganisationID, `INSERT INTO trigger_events (id, workflow, trigger_name, type, organisation_id, at, accepted_at, data, causes, fired_by, again, skip_when, status)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Workflow, r.Trigger, r.Type, r.OrganisationID, r.At, r.AcceptedAt, r.Data, r.Causes, r.By, r.Again, r.SkipWhen, string(r.Status))
	return Accepted{ID: r.ID}, err
}

// earlier gives the id of the event that has this one's Once, or "".
func (r eventRow) earlier(tx *store.Tx) (id string, err error) {
	err = tx.Get(&id, `SELECT event_id FROM trigger_once WHERE workflow = ? AND trigger_name = ? AND organisation_id = ? AND once = ? AND until > ?`,
		r.Workflow, r.Trigger, r.OrganisationID, r.once, r.AcceptedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
