package authoring

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Draft is a text that may become a workflow's next version. It may be wrong, and there is one for each workflow.
type Draft struct {
	Workflow string
	Text     string
	Base     string // version of the file that it was begun from; "": there was none
	Revision int64  // counts what is saved; no two drafts of a workflow ever have the same
	By       string // a login
	At       time.Time
}

type draftRow struct {
	Workflow string `db:"workflow"`
	Text     string `db:"text"`
	Base     string `db:"base"`
	Revision int64  `db:"revision"`
	By       string `db:"by_login"`
	At       int64  `db:"at"`
}

func (r draftRow) draft() Draft {
	return Draft{r.Workflow, r.Text, r.Base, r.Revision, r.By, timeOf(r.At)}
}

const selectDraft = "SELECT workflow, text, base, revision, by_login, at FROM authoring_drafts WHERE workflow = ?"

// Draft gives the draft of a workflow; nil: there is none.
func (s *Service) Draft(ctx context.Context, id string) (*Draft, error) {
	var row draftRow
	err := s.o.Store.Read().GetContext(ctx, &row, selectDraft, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	d := row.draft()
	return &d, store.Fault(err)
}

// Drafts gives all drafts without their texts, by id.
func (s *Service) Drafts(ctx context.Context) (map[string]Draft, error) {
	var rows []draftRow
	if err := s.o.Store.Read().SelectContext(ctx, &rows, "SELECT workflow, base, revision, by_login, at FROM authoring_drafts"); err != nil {
		return nil, store.Fault(err)
	}
	all := make(map[string]Draft, len(rows))
	for _, r := range rows {
		all[r.Workflow] = r.draft()
	}
	return all, nil
}

// Lying gives the text of a workflow's file as it lies on disk, and its version; nil and "": there is none that is
// changed here.
func (s *Service) Lying(id string) (text []byte, version string, err error) {
	file, _, err := s.fileOf(id)
	if err != nil {
		return nil, "", err
	}
	l, err := s.look(file)
	if err != nil || l == nil {
		return nil, "", err
	}
	return l.text, l.version(), nil
}

// SaveDraft keeps a draft in the place of the one whose revision it names, 0 where there is none. Another's that was saved
// meanwhile is left as it is: fault.Conflict, with who and when.
func (s *Service) SaveDraft(ctx context.Context, d Draft) (*Draft, error) {
	if _, _, err := s.fileOf(d.Workflow); err != nil {
		return nil, err
	}
	if err := checkText(d.Text); err != nil {
		return nil, err
	}
	d.At = s.now()
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := checkRevision(tx, d); err != nil {
			return err
		}
		h, err := headOf(tx, d.Workflow)
		if err != nil {
			return err
		}
		h.Revision++
		d.Revision = h.Revision
		if err := keepHead(tx, d.Workflow, h); err != nil {
			return err
		}
		return keepDraft(tx, d)
	})
	if err != nil {
		return nil, err
	}
	d.At = timeOf(d.At.UnixMicro())
	return &d, nil
}

func keepDraft(tx *store.Tx, d Draft) error {
	_, err := tx.Exec(`INSERT INTO authoring_drafts (workflow, text, base, revision, by_login, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workflow) DO UPDATE SET text = excluded.text, base = excluded.base, revision = excluded.revision, by_login = excluded.by_login, at = excluded.at`,
		d.Workflow, d.Text, d.Base, d.Revision, d.By, d.At.UnixMicro())
	return err
}

// checkRevision refuses a draft that is not made from the one that is kept.
func checkRevision(tx *store.Tx, d Draft) error {
	var row draftRow
	err := tx.Get(&row, selectDraft, d.Workflow)
	switch {
	case errors.Is(err, sql.ErrNoRows) && d.Revision == 0:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.Conflict, "the draft of %s that this one follows is gone: it was published or thrown away", d.Workflow).
			WithHint("look at the workflow again, and begin a new draft with revision 0")
	case err != nil || row.Revision == d.Revision:
		return err
	}
	f := fault.New(fault.Conflict, "%s saved a draft of %s meanwhile, on %s", someone(row.By), d.Workflow, timeOf(row.At).Format("2006-01-02 15:04 MST")).
		WithHint("look at it, and save yours with its revision to put it in its place")
	f.Detail = map[string]any{"by": row.By, "at": timeOf(row.At).Format(time.RFC3339), "revision": row.Revision}
	return f
}

func someone(login string) string {
	if login == "" {
		return "somebody"
	}
	return login
}

// DropDraft throws a draft away: the one of a revision, or whichever there is where that is 0.
func (s *Service) DropDraft(ctx context.Context, id string, revision int64) error {
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if revision > 0 {
			if err := checkRevision(tx, Draft{Workflow: id, Revision: revision}); err != nil {
				return err
			}
		}
		result, err := tx.Exec("DELETE FROM authoring_drafts WHERE workflow = ?", id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return store.Fault(err)
		}
		return fault.New(fault.Missing, "the workflow %s has no draft", id)
	})
}
