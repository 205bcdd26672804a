package history

import (
	"context"

	"gantry/store"
)

// resealPayloads is Reseal for what is kept beside the rows, one value at a time: each may be large.
func (h *History) resealPayloads(ctx context.Context, stale func(sealed string) bool) (int, error) {
	var parts []struct {
		Run  string `db:"run"`
		Part int    `db:"part"`
	}
	if err := h.db.Read().SelectContext(ctx, &parts, `SELECT run, part FROM payloads INDEXED BY payloads_sealed WHERE sealed = 1 ORDER BY run, part`); err != nil {
		return 0, readFault(err)
	}
	count := 0
	for _, p := range parts {
		text, err := payload(h.getter(ctx), p.Run, p.Part)
		if err != nil {
			return count, err
		}
		again, n, err := h.resealText(wholeRow{Run: p.Run, Seq: p.Part, Data: text}, stale)
		if err != nil {
			return count, err
		}
		if n == 0 {
			continue
		}
		packed := pack(again)
		err = h.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE payloads SET size = ?, data = ? WHERE run = ? AND part = ?`, int64(len(again)), packed, p.Run, int64(p.Part))
			return err
		})
		if err != nil {
			return count, err
		}
		count += n
	}
	return count, nil
}
