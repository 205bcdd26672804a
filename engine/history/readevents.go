package history

import (
	"context"
	"database/sql"

	"gantry/engine/flow"
)

// eventRow is an event as it is kept.
type eventRow struct {
	At     int64  `db:"at"`
	Kind   string `db:"kind"`
	Data   []byte `db:"data"`
	seq    int
	large  sql.NullInt64 // bytes of JSON that are kept in payloads
	packed []byte        // what is kept there, if it was asked for
	crc    sql.NullInt64 // null: it was kept before there were checksums
}

// size is about how many bytes of JSON the event has.
func (r *eventRow) size() int {
	if r.large.Valid {
		return int(r.large.Int64)
	}
	return len(r.Data)
}

func (r *eventRow) event(run string) (flow.Event, error) {
	if r.packed != nil {
		var err error
		if r.Data, err = unpack(run, r.packed); err != nil {
			return nil, err
		}
	}
	event, err := flow.DecodeEvent(r.Kind, timeOf(r.At), r.Data)
	if err != nil {
		return nil, damaged(run, "event %d cannot be read: %s", r.seq, err)
	}
	return event, nil
}

// which says which events of a run are read, and how much of them.
type which struct {
	after, limit int        // those that follow the one with this number, so many; less than 0: all
	largest      int        // values of more bytes are not read from payloads; less than 0: all are
	unit         *flow.Unit // only what has to do with this one; nil: all
}

const selectEvents = `SELECT e.seq, e.at, e.kind, e.data, e.payload, p.data, e.crc FROM events e
	LEFT JOIN payloads p ON e.payload IS NOT NULL AND (?4 < 0 OR e.payload <= ?4) AND p.run = e.run AND p.part = e.seq
	WHERE e.run = ?1 AND e.seq > ?2 AND (?5 IS NULL OR json_extract(e.data, '$.exec') = ?5 AND ifnull(json_extract(e.data, '$.item'), -1) = ?6) ORDER BY e.seq LIMIT ?3`

// eachEvent reads events one by one, so that no more than one of them is held as it is kept.
func (h *History) eachEvent(ctx context.Context, id string, w which, do func(flow.Event, *eventRow) error) error {
	var exec, item any
	if w.unit != nil {
		exec, item = w.unit.Exec, w.unit.Item
	}
	rows, err := h.db.Read().QueryContext(ctx, selectEvents, id, w.after, w.limit, w.largest, exec, item)
	if err != nil {
		return readFault(err)
	}
	defer func() { _ = rows.Close() }()
	var sums summer
	for last := w.after; rows.Next(); {
		var row eventRow
		if err := rows.Scan(&row.seq, &row.At, &row.Kind, &row.Data, &row.large, &row.packed, &row.crc); err != nil {
			return readFault(err)
		}
		if !sums.sound(id, &row) {
			return damaged(id, "event %d is not what was written", row.seq)
		}
		if last++; row.seq != last && w.unit == nil {
			return h.missing(ctx, id, last)
		}
		if row.large.Valid && row.packed == nil && (w.largest < 0 || row.large.Int64 <= int64(w.largest)) {
			return damaged(id, "a large value of it is missing")
		}
		event, err := row.event(id)
		if err == nil {
			err = do(event, &row)
		}
		if err != nil {
			return err
		}
	}
	return readFault(rows.Err())
}

// missing tells of an event that is not there, unless the run has been removed meanwhile.
func (h *History) missing(ctx context.Context, id string, seq int) error {
	if _, err := h.row(ctx, id); err != nil {
		return err
	}
	return damaged(id, "event %d is missing", seq)
}

// EventsAfter gives up to limit events of a run that follow the one with the number seq, with redacted values
// opened: for the state machine, not to be shown.
func (h *History) EventsAfter(ctx context.Context, id string, seq, limit int) ([]flow.Event, error) {
	var events []flow.Event
	err := h.eachEvent(ctx, id, which{after: seq, limit: limit, largest: -1}, func(event flow.Event, _ *eventRow) error {
		if _, result, ok := resultOf(event); ok {
			event = withResult(event, h.unseal(id, result))
		}
		events = append(events, event)
		return nil
	})
	return events, err
}
