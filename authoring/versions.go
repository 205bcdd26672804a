package authoring

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Kind is how a version came about.
type Kind string

// The kinds of versions.
const (
	Published Kind = "published" // somebody published it here
	File      Kind = "file"      // the file was changed outside
	Moved     Kind = "moved"     // the workflow got another id, or came from one
	Removed   Kind = "removed"   // the workflow was taken away, here or outside
)

// Version is what became of a workflow at one time.
type Version struct {
	Workflow string
	Number   int64  // from 1, without gaps; a workflow that comes again goes on counting
	Version  string // of its text; "" where there is none: it was moved away or removed
	Kind     Kind
	Other    string // Moved: where to, or where from
	Comment  string
	By       string // a login; "": not known
	At       time.Time
	Current  bool // it is what runs
}

type versionRow struct {
	Workflow string `db:"workflow"`
	Number   int64  `db:"number"`
	Kind     Kind   `db:"kind"`
	Hash     string `db:"hash"`
	Other    string `db:"other"`
	Comment  string `db:"comment"`
	By       string `db:"by_login"`
	At       int64  `db:"at"`
	Current  bool   `db:"current"`
}

func (r versionRow) version() Version {
	return Version{r.Workflow, r.Number, versionOf(r.Hash), r.Kind, r.Other, r.Comment, r.By, timeOf(r.At), r.Current}
}

// selectVersions has the one row as current that was the last to have the text in use.
const selectVersions = `SELECT v.workflow, v.number, v.kind, v.hash, v.other, v.comment, v.by_login, v.at,
	v.hash <> '' AND v.hash = h.in_use AND NOT EXISTS (SELECT 1 FROM authoring_versions l WHERE l.workflow = v.workflow AND l.number > v.number AND l.hash = v.hash) AS current
	FROM authoring_versions v JOIN authoring_heads h ON h.workflow = v.workflow `

// Versions gives what became of a workflow, the newest first: at most limit, those before a number unless that is 0.
// The error fault.Missing is for a workflow that there never was.
func (s *Service) Versions(ctx context.Context, id string, before int64, limit int) ([]Version, error) {
	var rows []versionRow
	err := s.o.Store.Read().SelectContext(ctx, &rows, selectVersions+"WHERE v.workflow = ? AND (? = 0 OR v.number < ?) ORDER BY v.number DESC LIMIT ?", id, before, before, limit)
	if err != nil {
		return nil, store.Fault(err)
	}
	if len(rows) == 0 && before == 0 && !s.known(ctx, id) {
		return nil, fault.New(fault.Missing, "there is no workflow %q, and there never was", id)
	}
	all := make([]Version, len(rows))
	for i, r := range rows {
		all[i] = r.version()
	}
	return all, nil
}

// known tells whether there is anything under an id: a file or a draft.
func (s *Service) known(ctx context.Context, id string) bool {
	if _, there := s.o.Project.FileOf(id); there {
		return true
	}
	d, err := s.Draft(ctx, id)
	return err == nil && d != nil
}

// Version gives one version with its text, which is empty for one that has none.
func (s *Service) Version(ctx context.Context, id string, number int64) (Version, []byte, error) {
	var row versionRow
	err := s.o.Store.Read().GetContext(ctx, &row, selectVersions+"WHERE v.workflow = ? AND v.number = ?", id, number)
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, nil, fault.New(fault.Missing, "the workflow %s has no version number %d", id, number).WithHint("`gantry workflows versions %s` shows those there are", id)
	}
	if err != nil || row.Hash == "" {
		return row.version(), nil, store.Fault(err)
	}
	var text textRow
	if err := s.o.Store.Read().GetContext(ctx, &text, "SELECT hash, packed, text FROM authoring_texts WHERE hash = ?", row.Hash); err != nil {
		return Version{}, nil, store.Fault(err)
	}
	plain, err := text.plain()
	return row.version(), plain, err
}

// Latest gives what last became of each workflow, also of those that are gone, by id.
func (s *Service) Latest(ctx context.Context) (map[string]Version, error) {
	var rows []versionRow
	if err := s.o.Store.Read().SelectContext(ctx, &rows, selectVersions+"WHERE v.number = h.number"); err != nil {
		return nil, store.Fault(err)
	}
	all := make(map[string]Version, len(rows))
	for _, r := range rows {
		all[r.Workflow] = r.version()
	}
	return all, nil
}

// head is what is kept of a workflow beside its versions.
type head struct {
	Number   int64  `db:"number"`
	Revision int64  `db:"revision"`
	InUse    string `db:"in_use"`
}

func headOf(tx *store.Tx, id string) (h head, err error) {
	err = tx.Get(&h, "SELECT number, revision, in_use FROM authoring_heads WHERE workflow = ?", id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return h, err
}

func keepHead(tx *store.Tx, id string, h head) error {
	_, err := tx.Exec(`INSERT INTO authoring_heads (workflow, number, revision, in_use) VALUES (?, ?, ?, ?)
		ON CONFLICT (workflow) DO UPDATE SET number = excluded.number, revision = excluded.revision, in_use = excluded.in_use`, id, h.Number, h.Revision, h.InUse)
	return err
}

// newest gives the hash of the last version; "" where it has no text, or there is none.
func newest(tx *store.Tx, id string) (hash string, err error) {
	err = tx.Get(&hash, "SELECT hash FROM authoring_versions WHERE workflow = ? ORDER BY number DESC LIMIT 1", id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return hash, err
}

// add keeps a version under the next number.
func add(tx *store.Tx, r versionRow) error {
	h, err := headOf(tx, r.Workflow)
	if err != nil {
		return err
	}
	h.Number++
	if err := keepHead(tx, r.Workflow, h); err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO authoring_versions (workflow, number, kind, hash, other, comment, by_login, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.Workflow, h.Number, string(r.Kind), r.Hash, r.Other, r.Comment, r.By, r.At)
	return err
}
