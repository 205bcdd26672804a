package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"

	"gantry/fault"
)

// MigrationSet is one room's tables: files NNNNN_name.sql in goose's format at the root of FS. Each set
// counts its versions in a table of its own, so that rooms change theirs independently.
type MigrationSet struct {
	Name string // lower-case letters and underscores
	FS   fs.FS
}

var setName = regexp.MustCompile(`^[a-z_]{1,40}$`)

func (m MigrationSet) table() string { return "goose_" + m.Name }

func (m MigrationSet) provider(db *sql.DB) (*goose.Provider, error) {
	if !setName.MatchString(m.Name) {
		return nil, fault.New(fault.Internal, "The migration set %q is not named in lower-case letters.", m.Name)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, m.FS,
		goose.WithTableName(m.table()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "The migrations of %s cannot be read: %s.", m.Name, err)
	}
	return p, nil
}

// versions gives the version of the set's tables in the database and the one this program knows.
func (m MigrationSet) versions(ctx context.Context, db *sql.DB, p *goose.Provider) (current, known int64, err error) {
	sources := p.ListSources()
	known = sources[len(sources)-1].Version
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
		m.table()).Scan(&tables); err != nil || tables == 0 {
		return 0, known, Fault(err)
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+m.table()+" WHERE is_applied").Scan(&current)
	return current, known, Fault(err)
}

// migrate brings every set up to date, after looking that none is newer than this program.
func migrate(ctx context.Context, db *sql.DB, sets []MigrationSet) error {
	if err := checkOurs(ctx, db, sets); err != nil {
		return err
	}
	var pending []*goose.Provider
	for _, set := range sets {
		p, err := set.provider(db)
		if err != nil {
			return err
		}
		current, known, err := set.versions(ctx, db, p)
		if err != nil {
			return err
		}
		if current > known {
			return newerFault(set.Name, current, known)
		}
		if current < known {
			pending = append(pending, p)
		}
	}
	for _, p := range pending {
		if _, err := p.Up(ctx); err != nil {
			return migrationFault(err)
		}
	}
	return nil
}

// checkOurs refuses the database of another program: one that has tables, and none that counts versions of ours.
func checkOurs(ctx context.Context, db *sql.DB, sets []MigrationSet) error {
	var tables, counting int
	err := db.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(name LIKE 'goose\_%' ESCAPE '\'), 0) FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`).Scan(&tables, &counting)
	if err != nil || tables == 0 || counting > 0 || len(sets) == 0 {
		return Fault(err)
	}
	return fault.New(fault.Storage, "The database %s is another program's.", DatabaseFile).
		WithHint("choose an empty folder, or Gantry's own, with --data")
}

// checkCurrent is migrate for those who may not write: tables must be exactly at the known version.
func checkCurrent(ctx context.Context, db *sql.DB, sets []MigrationSet) error {
	for _, set := range sets {
		p, err := set.provider(db)
		if err != nil {
			return err
		}
		current, known, err := set.versions(ctx, db, p)
		switch {
		case err != nil:
			return err
		case current > known:
			return newerFault(set.Name, current, known)
		case current < known:
			return fault.New(fault.Storage, "The database was written by an older Gantry (%s at version %d of %d).", set.Name, current, known).
				WithHint("use any command that writes once, such as gantry run: it brings the database up to date")
		}
	}
	return nil
}

func newerFault(set string, current, known int64) error {
	return fault.New(fault.Storage, "The database was written by a newer Gantry (%s at version %d; this program knows %d).", set, current, known).
		WithHint("use that newer version, or restore a backup made with this one")
}

func migrationFault(err error) error {
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		err = partial.Err
	}
	return fault.Wrap(err, fault.Storage, "The database could not be brought up to date: %s.", err).
		WithHint("nothing was half done: each step is a transaction; mend the cause and start again")
}
