package history

import (
	"context"
	"encoding/json"

	"gantry/store"
)

// NoteUntold notes, with the end of a run, that somebody has still to be told of it.
func NoteUntold(tx *store.Tx, run string) error {
	_, err := tx.Exec(`INSERT INTO untold_ends (run) VALUES (?) ON CONFLICT DO NOTHING`, run)
	return err
}

// Untold gives the runs that NoteUntold noted, oldest first.
func (h *History) Untold(ctx context.Context) ([]string, error) {
	var ids []string
	err := h.db.Read().SelectContext(ctx, &ids, `SELECT run FROM untold_ends ORDER BY run`)
	return ids, readFault(err)
}

// Tell calls tell with a run that NoteUntold noted, and its settings, and forgets the note in the same
// transaction, unless tell gives an error.
func (h *History) Tell(ctx context.Context, id string, tell func(*store.Tx, Run, json.RawMessage) error) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		row, err := rowIn(tx, id)
		if err != nil {
			return err
		}
		run, err := row.run()
		if err != nil {
			return err
		}
		if err := tell(tx, run, json.RawMessage(row.Settings)); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM untold_ends WHERE run = ?`, id)
		return err
	})
}
