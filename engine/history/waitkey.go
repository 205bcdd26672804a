package history

import (
	"context"
	"database/sql"
	"errors"

	"gantry/fault"
	"gantry/store"
)

// waitKeyPlace is what the sealed key is bound to.
const waitKeyPlace = "addresses of waits"

// WaitKey gives the key from which the addresses of waits are made. make gives it the first time; it is sealed and on
// disk before it is used.
func (h *History) WaitKey(ctx context.Context, fresh func() ([]byte, error)) ([]byte, error) {
	var text string
	err := h.db.Read().GetContext(ctx, &text, "SELECT sealed FROM wait_key WHERE id = 1")
	if errors.Is(err, sql.ErrNoRows) {
		return h.makeWaitKey(ctx, fresh)
	}
	if err != nil {
		return nil, readFault(err)
	}
	key, err := h.seals.Open(text, waitKeyPlace)
	if err != nil {
		return nil, fault.Wrap(err, fault.Secret, "The key of the links that people answer by does not open: its master key is not at hand.").
			WithHint("put the master key back that was in use before; without it no link that was sent leads anywhere")
	}
	return key, nil
}

func (h *History) makeWaitKey(ctx context.Context, fresh func() ([]byte, error)) ([]byte, error) {
	key, err := fresh()
	if err != nil {
		return nil, err
	}
	text, err := h.seals.Seal(key, waitKeyPlace)
	if err != nil {
		return nil, err
	}
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO wait_key (id, sealed) VALUES (1, ?)", text)
		return err
	})
	if err != nil {
		return nil, err
	}
	return key, nil
}

// resealWaits seals anew what of waits is sealed under an old key.
func (h *History) resealWaits(ctx context.Context, stale func(string) bool) (count int, err error) {
	var texts []string
	if err := h.db.Read().SelectContext(ctx, &texts, "SELECT sealed FROM wait_key"); err != nil {
		return 0, readFault(err)
	}
	for _, text := range texts {
		if !stale(text) {
			continue
		}
		key, err := h.seals.Open(text, waitKeyPlace)
		if err != nil {
			return count, err
		}
		if text, err = h.seals.Seal(key, waitKeyPlace); err != nil {
			return count, err
		}
		if err := h.change(ctx, "UPDATE wait_key SET sealed = ? WHERE id = 1", text); err != nil {
			return count, err
		}
		count++
	}
	var rows []struct {
		Run  string `db:"run"`
		Task string `db:"task"`
		Item int    `db:"item"`
		Data []byte `db:"data"`
	}
	if err := h.db.Read().SelectContext(ctx, &rows, `SELECT run, task, item, data FROM early_deliveries WHERE instr(data, '"$sealed":"') > 0`); err != nil {
		return count, readFault(err)
	}
	for _, row := range rows {
		text, n, err := h.resealText(wholeRow{Run: row.Run, Data: row.Data}, stale)
		if err != nil {
			return count, err
		}
		if n == 0 {
			continue
		}
		if err := h.change(ctx, "UPDATE early_deliveries SET data = ? WHERE run = ? AND task = ? AND item = ?", string(text), row.Run, row.Task, int64(row.Item)); err != nil {
			return count, err
		}
		count += n
	}
	return count, nil
}

func (h *History) change(ctx context.Context, query string, args ...any) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}
