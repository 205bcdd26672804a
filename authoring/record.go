package authoring

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"gantry/engine/workflow"
	"gantry/store"
)

// turn is a workflow that has another text in use than was kept.
type turn struct {
	id, hash string // "": it is gone
	text     packed
	at       time.Time // when its file was changed, as far as that is known
}

// record keeps what is in use as versions, where it is another text than when it was last kept.
func (s *Service) record(ctx context.Context) error {
	s.recording.Lock()
	defer s.recording.Unlock()
	turns := s.turns()
	if len(turns) == 0 {
		return nil
	}
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, t := range turns {
			if err := t.keep(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range turns {
		if t.hash == "" {
			delete(s.seen, t.id)
		} else {
			s.seen[t.id] = t.hash
		}
	}
	return nil
}

// turns compares what is in use with what was kept. The caller holds recording.
func (s *Service) turns() (turns []turn) {
	used := map[string]bool{}
	for _, w := range s.o.Project.Checked() {
		used[w.ID] = true
		if hash := hashOf(w.Text); s.seen[w.ID] != hash {
			turns = append(turns, turn{w.ID, hash, pack(w.Text), s.changedAt(w, hash)})
		}
	}
	for _, id := range s.o.Project.IDs() {
		used[id] = true // it is there, and does not check: that is no removal
	}
	for id := range s.seen {
		if !used[id] {
			turns = append(turns, turn{id: id, at: s.now()})
		}
	}
	slices.SortFunc(turns, func(x, y turn) int { return strings.Compare(x.id, y.id) })
	return turns
}

func (s *Service) changedAt(w *workflow.Workflow, hash string) time.Time {
	now := s.now()
	if l, err := s.look(w.File); err == nil && l != nil && l.hash == hash && l.at.Before(now) {
		return l.at
	}
	return now
}

// keep keeps one turn, unless it is the newest version already: what is published here is kept before it is in use.
func (t turn) keep(tx *store.Tx) error {
	if t.hash != "" {
		if err := t.text.keep(tx); err != nil {
			return err
		}
	}
	if err := t.settle(tx); err != nil {
		return err
	}
	var last versionRow
	err := tx.Get(&last, "SELECT hash, at FROM authoring_versions WHERE workflow = ? ORDER BY number DESC LIMIT 1", t.id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return err
	}
	if last.Hash != t.hash {
		row := versionRow{Workflow: t.id, Kind: File, Hash: t.hash, At: max(last.At, t.at.UnixMicro())}
		if t.hash == "" {
			row.Kind = Removed
		}
		if err := add(tx, row); err != nil {
			return err
		}
	}
	h, err := headOf(tx, t.id)
	if err != nil {
		return err
	}
	h.InUse = t.hash
	return keepHead(tx, t.id, h)
}

// settle keeps the change made here that led to this turn, where its author has not come to that yet.
func (t turn) settle(tx *store.Tx) error {
	var pending []intent
	if err := tx.Select(&pending, selectIntents+"WHERE workflow = ? OR other = ?", t.id, t.id); err != nil {
		return err
	}
	for _, in := range pending {
		after := in.Hash
		if t.id == in.Workflow && in.Kind != Published {
			after = "" // moved away or removed
		}
		if after != t.hash {
			continue
		}
		if err := in.complete(tx); err != nil {
			return err
		}
	}
	return nil
}

// readSeen reads what was in use when somebody last looked.
func (s *Service) readSeen(ctx context.Context) error {
	var rows []struct {
		Workflow string `db:"workflow"`
		InUse    string `db:"in_use"`
	}
	if err := s.o.Store.Read().SelectContext(ctx, &rows, "SELECT workflow, in_use FROM authoring_heads WHERE in_use <> ''"); err != nil {
		return store.Fault(err)
	}
	for _, r := range rows {
		s.seen[r.Workflow] = r.InUse
	}
	return nil
}
