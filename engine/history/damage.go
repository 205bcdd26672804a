package history

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Damage is a part of a run's record that is not what was written.
type Damage struct {
	Run   string
	Event int  // its number; 0: not an event, but the run's inputs, outputs or trigger data
	Value bool // what is kept of it beside its row, for its size
}

func (d Damage) String() string {
	switch {
	case d.Event <= 0:
		return fmt.Sprintf("run %s: a large value of its inputs, outputs or trigger", d.Run)
	case d.Value:
		return fmt.Sprintf("run %s: a large value of event %d", d.Run, d.Event)
	}
	return fmt.Sprintf("run %s: event %d", d.Run, d.Event)
}

// lookedAtOnce is how many rows are read together, so that no reader keeps the log from being emptied for long.
const lookedAtOnce = 5000

const selectToLook = `SELECT run, seq, at, kind, data, payload, crc FROM events WHERE (run, seq) > (?, ?) ORDER BY run, seq LIMIT ?`

const selectGoing = `SELECT e.run, e.seq, e.at, e.kind, e.data, e.payload, e.crc FROM runs r INDEXED BY runs_unfinished
	JOIN events e ON e.run = r.id WHERE r.finished_at IS NULL ORDER BY e.run, e.seq`

// Look looks whether the events of all runs, or of those that have not ended, are what was written, and with all what is
// kept beside them. It gives what is not, and how many events it has looked at.
func (h *History) Look(ctx context.Context, all bool) (found []Damage, looked int, err error) {
	l := looking{History: h, suspects: map[string][]Damage{}}
	if !all {
		var rows []resealRow
		if err := h.db.Read().SelectContext(ctx, &rows, selectGoing); err != nil {
			return nil, 0, readFault(err)
		}
		l.look(rows)
		found, err = l.findings(ctx)
		return found, l.looked, err
	}
	for {
		var rows []resealRow
		if err := h.db.Read().SelectContext(ctx, &rows, selectToLook, l.run, l.seq, lookedAtOnce); err != nil {
			return nil, l.looked, readFault(err)
		}
		if len(rows) == 0 {
			break
		}
		l.look(rows)
	}
	if err := l.lookBeside(ctx); err != nil {
		return nil, l.looked, err
	}
	found, err = l.findings(ctx)
	return found, l.looked, err
}

// looking is Look under way.
type looking struct {
	*History
	sums     summer
	run      string // of the last event, and its number
	seq      int
	looked   int
	suspects map[string][]Damage // by run
}

func (l *looking) suspect(d Damage) { l.suspects[d.Run] = append(l.suspects[d.Run], d) }

func (l *looking) look(rows []resealRow) {
	for i := range rows {
		row := &rows[i]
		if row.Run != l.run {
			l.run, l.seq = row.Run, 0
		}
		if row.Seq != l.seq+1 {
			l.suspect(Damage{Run: row.Run, Event: l.seq + 1})
		}
		if !l.sums.sound(row.Run, row.event()) {
			l.suspect(Damage{Run: row.Run, Event: row.Seq})
		}
		l.seq = row.Seq
		l.looked++
	}
}

// lookBeside looks at what is kept beside the rows, one value at a time: each may be large.
func (l *looking) lookBeside(ctx context.Context) error {
	for last := int64(0); ; {
		var rows []struct {
			ID   int64  `db:"rowid"`
			Run  string `db:"run"`
			Part int    `db:"part"`
			Data []byte `db:"data"`
		}
		if err := l.db.Read().SelectContext(ctx, &rows, `SELECT rowid, run, part, data FROM payloads WHERE rowid > ? ORDER BY rowid LIMIT 1`, last); err != nil {
			return readFault(err)
		}
		if len(rows) == 0 {
			return nil
		}
		if _, err := unpack(rows[0].Run, rows[0].Data); err != nil {
			l.suspect(Damage{Run: rows[0].Run, Event: rows[0].Part, Value: true})
		}
		last = rows[0].ID
	}
}

// findings leaves out what is only being removed.
func (l *looking) findings(ctx context.Context) (found []Damage, err error) {
	for _, run := range slices.Sorted(maps.Keys(l.suspects)) {
		var removed int
		err := l.db.Read().GetContext(ctx, &removed, `SELECT EXISTS (SELECT 1 FROM removed_runs WHERE run = ?1) OR
			NOT EXISTS (SELECT 1 FROM runs WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM events WHERE run = ?1)`, run)
		if err != nil {
			return nil, readFault(err)
		}
		if removed == 0 {
			found = append(found, l.suspects[run]...)
		}
	}
	return found, nil
}
