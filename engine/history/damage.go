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

// lookedAtOnce is how many rows are read together: no reader is to keep the log from being emptied for long, nor to hold
// much in memory.
const lookedAtOnce = 500

const selectToLook = `SELECT run, seq, at, kind, data, payload, crc FROM events WHERE (run, seq) > (?, ?) ORDER BY run, seq LIMIT ?`

const (
	selectGoing = `SELECT id FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL ORDER BY id`
	selectOfRun = `SELECT run, seq, at, kind, data, payload, crc FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`
)

// Look looks whether the events of all runs, or of those that have not ended, are what was written, and with all what is
// kept beside them. It gives what is not, and how many events it has looked at.
func (h *History) Look(ctx context.Context, all bool) (found []Damage, looked int, err error) {
	l := looking{History: h, suspects: map[string][]Damage{}}
	if all {
		err = l.lookAtAll(ctx)
	} else {
		err = l.lookAtGoing(ctx)
	}
	if err != nil {
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

func (l *looking) lookAtAll(ctx context.Context) error {
	for {
		n, err := l.page(ctx, selectToLook)
		if err != nil {
			return err
		}
		if n == 0 {
			return l.lookBeside(ctx)
		}
	}
}

func (l *looking) lookAtGoing(ctx context.Context) error {
	var going []string
	if err := l.db.Read().SelectContext(ctx, &going, selectGoing); err != nil {
		return readFault(err)
	}
	for _, run := range going {
		l.run, l.seq = run, 0
		for n := 1; n > 0; {
			var err error
			if n, err = l.page(ctx, selectOfRun); err != nil {
				return err
			}
		}
	}
	return nil
}

// page looks at the events that follow the last one, and gives how many.
func (l *looking) page(ctx context.Context, query string) (int, error) {
	var rows []wholeRow
	if err := l.db.Read().SelectContext(ctx, &rows, query, l.run, l.seq, lookedAtOnce); err != nil {
		return 0, readFault(err)
	}
	l.look(rows)
	return len(rows), nil
}

func (l *looking) look(rows []wholeRow) {
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
