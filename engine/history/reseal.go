package history

import (
	"context"
	"database/sql"
	"regexp"

	"gantry/store"
)

// resealBatch is how many events are looked at before what changed of them is written.
const resealBatch = 500

// sealedText is a sealed value as it stands in the JSON of an event.
var sealedText = regexp.MustCompile(`"\$sealed":"([0-9a-f]+\.[A-Za-z0-9+/=]+)"`)

// Reseal seals every redacted value anew that stale says is sealed under an old key, and gives how many
// there were: runs that are not finished, or that are resumed or rerun, need them open. What does not open
// stays as it is. It works through the history in parts, so that it may be cut off and begun again. Runs may go on: the
// new key seals already, and what was sealed before that is waited for.
func (h *History) Reseal(ctx context.Context, stale func(sealed string) bool) (int, error) {
	h.sealing.wait()
	count, err := h.resealWaits(ctx, stale)
	if err != nil {
		return count, err
	}
	run, seq := "", 0
	for {
		var rows []wholeRow
		err := h.db.Read().SelectContext(ctx, &rows, `SELECT run, seq, at, kind, data, payload, crc FROM events
			WHERE (run, seq) > (?, ?) AND instr(data, '"$sealed":"') > 0 ORDER BY run, seq LIMIT ?`, run, seq, resealBatch)
		if err != nil {
			return count, readFault(err)
		}
		if len(rows) == 0 {
			large, err := h.resealPayloads(ctx, stale)
			return count + large, err
		}
		var sums summer
		changed := make([]wholeRow, 0, len(rows))
		for _, row := range rows {
			if !sums.sound(row.Run, row.event()) {
				continue // what is damaged stays so, and is told as such
			}
			text, n, err := h.resealText(row, stale)
			if err != nil {
				return count, err
			}
			if count += n; n > 0 {
				row.Data = text
				changed = append(changed, row)
			}
		}
		if err := h.writeResealed(ctx, changed); err != nil {
			return count, err
		}
		run, seq = rows[len(rows)-1].Run, rows[len(rows)-1].Seq
	}
}

// wholeRow is all of an event's row, with whose it is.
type wholeRow struct {
	Run   string        `db:"run"`
	Seq   int           `db:"seq"`
	At    int64         `db:"at"`
	Kind  string        `db:"kind"`
	Data  []byte        `db:"data"`
	Large sql.NullInt64 `db:"payload"`
	CRC   sql.NullInt64 `db:"crc"`
}

func (r *wholeRow) event() *eventRow {
	return &eventRow{At: r.At, Kind: r.Kind, Data: r.Data, seq: r.Seq, large: r.Large, crc: r.CRC}
}

// resealText replaces the sealed values of one event and leaves all else of it, byte for byte.
func (h *History) resealText(row wholeRow, stale func(string) bool) (text []byte, count int, err error) {
	text = sealedText.ReplaceAllFunc(row.Data, func(match []byte) []byte {
		sealed := string(sealedText.FindSubmatch(match)[1])
		if err != nil || !stale(sealed) {
			return match
		}
		plain, openErr := h.seals.Open(sealed, row.Run)
		if openErr != nil { // it only looks sealed, or its key is lost
			return match
		}
		var again string
		if again, err = h.seals.Seal(plain, row.Run); err != nil {
			return match
		}
		count++
		return []byte(`"` + sealKey + `":"` + again + `"`)
	})
	return text, count, err
}

func (h *History) writeResealed(ctx context.Context, rows []wholeRow) error {
	if len(rows) == 0 {
		return nil
	}
	return h.db.Write(ctx, func(tx *store.Tx) error {
		var sums summer
		for _, row := range rows {
			if _, err := tx.Exec("UPDATE events SET data = ?, crc = ? WHERE run = ? AND seq = ?", string(row.Data), sums.of(row.Run, row.event()), row.Run, int64(row.Seq)); err != nil {
				return err
			}
		}
		return nil
	})
}
