package poll

import (
	"context"
	"encoding/json"

	"gantry/store"
)

// What is remembered of entities beyond the floor, so that one whose cursor is set anew is not taken for a new
// one; and how many there may be above it.
const (
	keptBelow = 10_000
	keptAbove = 50_000
)

// seen is an entity that is known.
type seen struct {
	Key   string `db:"key"`
	Point point  `db:"point"`
	Mark  point  `db:"mark"`
}

// known gives those of the keys that are known to the poll.
func known(ctx context.Context, s *store.Store, poll int64, keys []string) (map[string]seen, error) {
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	var rows []seen
	if err := s.Read().SelectContext(ctx, &rows, "SELECT key, point, mark FROM poll_seen WHERE poll = ? AND key IN (SELECT value FROM json_each(?))", poll, string(list)); err != nil {
		return nil, store.Fault(err)
	}
	all := make(map[string]seen, len(rows))
	for _, r := range rows {
		all[r.Key] = r
	}
	return all, nil
}

func note(tx *store.Tx, poll int64, all []seen) error {
	for _, e := range all {
		if _, err := tx.Exec("INSERT INTO poll_seen (poll, key, point, mark) VALUES (?, ?, ?, ?) ON CONFLICT (poll, key) DO UPDATE SET point = excluded.point, mark = excluded.mark",
			poll, e.Key, string(e.Point), string(e.Mark)); err != nil {
			return err
		}
	}
	return nil
}

// prune forgets entities below the floor for which there is no room. Where there is none above it, either, the
// floor rises: then what comes very late is missed, but nothing comes twice.
func (st *state) prune(tx *store.Tx) error {
	var above []point
	if err := tx.Select(&above, "SELECT point FROM poll_seen WHERE poll = ? ORDER BY point DESC LIMIT 1 OFFSET ?", st.ID, keptAbove); err != nil {
		return err
	}
	if len(above) > 0 && above[0] > st.Floor {
		st.Floor = min(above[0], st.Point) // beyond the cursor nothing is old
	}
	_, err := tx.Exec(`DELETE FROM poll_seen WHERE poll = ? AND point < ?
		AND point < (SELECT point FROM poll_seen WHERE poll = ? ORDER BY point DESC LIMIT 1 OFFSET ?)`, st.ID, string(st.Floor), st.ID, keptBelow)
	return err
}

// pruneUnlisted is prune where there is no cursor: of those that are not listed any more, the ones that came
// first are forgotten.
func (st *state) pruneUnlisted(tx *store.Tx, listed []string) error {
	list, err := json.Marshal(listed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM poll_seen WHERE poll = ? AND key NOT IN (SELECT value FROM json_each(?))
		AND point < (SELECT point FROM poll_seen WHERE poll = ? ORDER BY point DESC LIMIT 1 OFFSET ?)`, st.ID, string(list), st.ID, keptAbove)
	return err
}
