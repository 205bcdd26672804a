package authoring

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"gantry/fault"
	"gantry/project"
	"gantry/store"
)

// intent is what is about to be done to a file. It is kept before that, so that a killed process leaves who did it.
type intent struct {
	Workflow string `db:"workflow"`
	Kind     Kind   `db:"kind"` // Published, Moved or Removed
	Hash     string `db:"hash"` // of the text that is there afterwards
	File     string `db:"file"`
	Other    string `db:"other"` // Moved: the id it gets
	ToFile   string `db:"to_file"`
	Replaced string `db:"replaced"` // of the text that lay there; it is kept, whoever wrote it
	Comment  string `db:"comment"`
	By       string `db:"by_login"`
	At       int64  `db:"at"`
	Revision int64  `db:"revision"` // of the draft that goes with it
}

const selectIntents = "SELECT workflow, kind, hash, file, other, to_file, replaced, comment, by_login, at, revision FROM authoring_intents "

// intend keeps an intent and the texts it speaks of.
func (s *Service) intend(ctx context.Context, in intent, texts ...[]byte) error {
	all := make([]packed, len(texts))
	for i, text := range texts {
		all[i] = pack(text)
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, text := range all {
			if err := text.keep(tx); err != nil {
				return err
			}
		}
		_, err := tx.Exec("INSERT INTO authoring_intents (workflow, kind, hash, file, other, to_file, replaced, comment, by_login, at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			in.Workflow, string(in.Kind), in.Hash, in.File, in.Other, in.ToFile, in.Replaced, in.Comment, in.By, in.At, in.Revision)
		return err
	})
}

// settle looks whether what was intended was done, and keeps it as versions, or gives it up. afterwards tells that a
// process before this one was killed in the middle of it.
func (s *Service) settle(ctx context.Context, in intent, afterwards bool) (done bool, err error) {
	root, err := s.root()
	if err != nil {
		return false, err
	}
	defer root.Close()
	if done, err = in.done(root); err != nil {
		return false, err
	}
	s.o.moment("settling")
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if done {
			return in.complete(tx)
		}
		return in.giveUp(tx, afterwards)
	})
	if err == nil && in.Kind == Published {
		_ = root.Remove(tempOf(in.File)) // it is most often gone; at the next start it is looked for again
	}
	return done, err
}

// done tells from what lies on disk whether an intent was carried out, perhaps with other changes since.
func (in intent) done(root *os.Root) (bool, error) {
	is, err := lookIn(root, in.File)
	if err != nil {
		return false, err
	}
	switch in.Kind {
	case Published:
		if is != nil && is.hash == in.Hash {
			return true, nil
		}
		_, err := root.Lstat(tempOf(in.File)) // it became the file, which has changed again since
		return errors.Is(err, fs.ErrNotExist), nil
	case Moved:
		to, err := lookIn(root, in.ToFile)
		return is == nil && to != nil, err
	}
	return is == nil, nil
}

// complete keeps the versions of what was done, once.
func (in intent) complete(tx *store.Tx) error {
	if first, err := in.end(tx); !first || err != nil {
		return err
	}
	row := versionRow{Workflow: in.Workflow, Kind: in.Kind, Hash: in.Hash, Other: in.Other, Comment: in.Comment, By: in.By, At: in.At}
	was, err := newest(tx, in.Workflow)
	if err == nil && in.Replaced != "" && in.Replaced != was {
		err = add(tx, versionRow{Workflow: in.Workflow, Kind: File, Hash: in.Replaced, At: in.At})
	}
	if err != nil {
		return err
	}
	switch in.Kind {
	case Published:
		if err := add(tx, row); err != nil {
			return err
		}
		err = in.dropDraft(tx)
	case Moved:
		away := row
		away.Hash = ""
		if err := add(tx, away); err != nil {
			return err
		}
		row.Workflow, row.Other = in.Other, in.Workflow
		if err := add(tx, row); err != nil {
			return err
		}
		err = moveDraft(tx, in.Workflow, in.Other)
	default:
		row.Hash = ""
		err = add(tx, row)
	}
	return err
}

// dropDraft drops the draft of which this came, or that says the same. Any other is somebody's work, and stays.
func (in intent) dropDraft(tx *store.Tx) error {
	var rows []draftRow
	if err := tx.Select(&rows, selectDraft, in.Workflow); err != nil || len(rows) == 0 {
		return err
	}
	if rows[0].Revision != in.Revision && hashOf([]byte(rows[0].Text)) != in.Hash {
		return nil
	}
	_, err := tx.Exec("DELETE FROM authoring_drafts WHERE workflow = ?", in.Workflow)
	return err
}

// moveDraft gives a draft to another workflow, unless that has one of its own.
func moveDraft(tx *store.Tx, from, to string) error {
	var rows []draftRow
	if err := tx.Select(&rows, "SELECT workflow, text, base, revision, by_login, at FROM authoring_drafts WHERE workflow IN (?, ?)", from, to); err != nil || len(rows) != 1 || rows[0].Workflow != from {
		return err
	}
	d := rows[0].draft()
	h, err := headOf(tx, to)
	if err != nil {
		return err
	}
	h.Revision = max(h.Revision, d.Revision) + 1
	d.Workflow, d.Revision = to, h.Revision
	if err := keepHead(tx, to, h); err != nil {
		return err
	}
	if err := keepDraft(tx, d); err != nil {
		return err
	}
	_, err = tx.Exec("DELETE FROM authoring_drafts WHERE workflow = ?", from)
	return err
}

// giveUp forgets an intent that was not carried out. What was to be published by a process that was killed becomes the
// draft, if there is none.
func (in intent) giveUp(tx *store.Tx, afterwards bool) error {
	first, err := in.end(tx)
	if !first || err != nil || !afterwards || in.Kind != Published {
		return err
	}
	var drafts []draftRow
	if err := tx.Select(&drafts, selectDraft, in.Workflow); err != nil || len(drafts) > 0 {
		return err
	}
	var text textRow
	if err := tx.Get(&text, "SELECT hash, packed, text FROM authoring_texts WHERE hash = ?", in.Hash); err != nil {
		return err
	}
	plain, err := text.plain()
	if err != nil {
		return err
	}
	h, err := headOf(tx, in.Workflow)
	if err != nil {
		return err
	}
	h.Revision++
	if err := keepHead(tx, in.Workflow, h); err != nil {
		return err
	}
	return keepDraft(tx, Draft{in.Workflow, string(plain), versionOf(in.Replaced), h.Revision, in.By, timeOf(in.At)})
}

// end takes an intent out; first tells whether it was still there.
func (in intent) end(tx *store.Tx) (first bool, err error) {
	result, err := tx.Exec("DELETE FROM authoring_intents WHERE workflow = ? AND at = ? AND hash = ?", in.Workflow, in.At, in.Hash)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, store.Fault(err)
}

// settlePending ends what was begun and not ended.
func (s *Service) settlePending(ctx context.Context) error {
	var left []intent
	if err := s.o.Store.Read().SelectContext(ctx, &left, selectIntents); err != nil {
		return store.Fault(err)
	}
	for _, in := range left {
		done, err := s.settle(ctx, in, true)
		if err != nil {
			return err
		}
		s.o.Log.Warn("a change of a workflow was cut off, and is settled now", "workflow", in.Workflow, "kind", string(in.Kind), "by", in.By, "done", done)
	}
	return nil
}

// settleAll is settlePending at the start, which also clears what never came to be intended. A file that cannot be
// looked at keeps nobody from starting.
func (s *Service) settleAll(ctx context.Context) error {
	if err := s.settlePending(ctx); err != nil {
		if fault.From(err).Code == fault.Storage && ctx.Err() == nil {
			s.o.Log.Error("a change of a workflow that was cut off cannot be settled yet", "error", fault.From(err).Message)
			return nil
		}
		return err
	}
	root, err := s.root()
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), project.WorkflowsFolder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && strings.HasSuffix(entry.Name(), tempEnding) {
			_ = root.Remove(name) // it does no harm where it stays
		}
		return nil // what cannot be read is reported by the project
	})
}
