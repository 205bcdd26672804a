package project

import (
	"bytes"
	"context"
	"embed"
	"io/fs"
	"time"

	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of a Live project.
func Migrations() store.MigrationSet {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return store.MigrationSet{Name: "project", FS: sub}
}

// published is a file as it was when it was last good.
type published struct {
	Workflow, Version string // "" for a file that is no workflow
	Text              []byte
	At                time.Time
	BrokenSince       time.Time // zero: the file is in use as it lies there
}

func (p published) same(other published) bool {
	return p.Workflow == other.Workflow && p.Version == other.Version && p.BrokenSince.Equal(other.BrokenSince) && bytes.Equal(p.Text, other.Text)
}

type publishedRow struct {
	File        string `db:"file"`
	Workflow    string `db:"workflow"`
	Version     string `db:"version"`
	Text        []byte `db:"text"`
	PublishedAt int64  `db:"published_at"`
	BrokenSince *int64 `db:"broken_since"`
}

// readPublished gives the last good files by path.
func readPublished(ctx context.Context, s *store.Store) (map[string]published, error) {
	var rows []publishedRow
	if err := s.Read().SelectContext(ctx, &rows, "SELECT file, workflow, version, text, published_at, broken_since FROM published"); err != nil {
		return nil, store.Fault(err)
	}
	all := make(map[string]published, len(rows))
	for _, r := range rows {
		p := published{Workflow: r.Workflow, Version: r.Version, Text: r.Text, At: time.Unix(0, r.PublishedAt)}
		if r.BrokenSince != nil {
			p.BrokenSince = time.Unix(0, *r.BrokenSince)
		}
		all[r.File] = p
	}
	return all, nil
}

// keepPublished brings the table from was to is.
func keepPublished(ctx context.Context, s *store.Store, was, is map[string]published) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		for file := range was {
			if _, still := is[file]; !still {
				if _, err := tx.Exec("DELETE FROM published WHERE file = ?", file); err != nil {
					return err
				}
			}
		}
		for file, p := range is {
			if old, there := was[file]; there && old.same(p) {
				continue
			}
			var since any
			if !p.BrokenSince.IsZero() {
				since = p.BrokenSince.UnixNano()
			}
			_, err := tx.Exec(`INSERT INTO published (file, workflow, version, text, published_at, broken_since) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (file) DO UPDATE SET workflow = excluded.workflow, version = excluded.version, text = excluded.text,
				published_at = excluded.published_at, broken_since = excluded.broken_since`,
				file, p.Workflow, p.Version, p.Text, p.At.UnixNano(), since)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
