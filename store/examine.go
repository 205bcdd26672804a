package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

// Examination is what there is to say about a database as a file.
type Examination struct {
	Problems []string     // what SQLite's check found, with the names of the tables and indexes; none: it is sound
	Orphans  []string     // rows whose owner is missing, counted by table
	Versions []SetVersion // of the rooms' tables
	Sizes    Sizes
}

// SetVersion is the version of one set's tables, and the one that this program knows.
type SetVersion struct {
	Name           string
	Current, Known int64 // Current 0: there are no such tables
}

// mostProblems is how many problems of a damaged database are told.
const mostProblems = 50

// Examine looks at the database of a data directory, beside its owner, whatever versions its tables have. full compares
// indexes with their tables, which takes several times as long. A damaged database is no error, but what is found; the
// error is for one that is not there, may not be read, or is another program's.
func Examine(ctx context.Context, dir string, full bool, sets ...MigrationSet) (*Examination, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "The data directory %s cannot be found: %s.", dir, err)
	}
	s := &Store{dir: path}
	if err := s.checkReadable(); err != nil {
		return nil, err
	}
	frozen, err := s.frozen()
	if err != nil {
		return nil, err
	}
	s.readers = openReaders(s.databaseFile(), frozen)
	defer s.readers.Close()
	x := &Examination{}
	for _, look := range []func(context.Context, *sqlx.DB) error{
		func(ctx context.Context, db *sqlx.DB) error { return checkOurs(ctx, db.DB, sets) },
		func(ctx context.Context, db *sqlx.DB) error { return x.integrity(ctx, db, full) },
		func(ctx context.Context, db *sqlx.DB) (err error) {
			x.Versions, err = versions(ctx, db, sets)
			return err
		},
		func(ctx context.Context, _ *sqlx.DB) (err error) { x.Sizes, err = s.Sizes(ctx); return err },
		x.orphans,
	} {
		if err := look(ctx, s.readers); err != nil && !x.tells(err) {
			return nil, err
		}
	}
	return x, nil
}

// tells takes damage that SQLite meets on its way as what was found.
func (x *Examination) tells(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok || e.Code != sqlite3.ErrCorrupt && e.Code != sqlite3.ErrNotADB {
		return false
	}
	if len(x.Problems) == 0 { // else it is known, and better
		x.Problems = append(x.Problems, e.Error())
	}
	return true
}

func (x *Examination) integrity(ctx context.Context, db *sqlx.DB, full bool) error {
	check := "quick_check"
	if full {
		check = "integrity_check"
	}
	lines, broken := found(ctx, db, fmt.Sprintf("PRAGMA %s(%d)", check, mostProblems))
	names, err := trees(ctx, db)
	if err != nil && !x.tells(err) {
		return err
	}
	for _, line := range lines {
		for text := range strings.SplitSeq(line, "\n") { // what is found in one place comes as one line
			if text = strings.TrimSpace(text); text != "" && text != "ok" && !strings.HasPrefix(text, "***") {
				x.Problems = append(x.Problems, named(text, names))
			}
		}
	}
	return broken
}

// found gives the lines of a check, also those before it broke off because of what it had found.
func found(ctx context.Context, db *sqlx.DB, pragma string) (lines []string, err error) {
	rows, err := db.QueryContext(ctx, pragma)
	if err != nil {
		return nil, Fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return lines, Fault(err)
		}
		lines = append(lines, line)
	}
	return lines, Fault(rows.Err())
}

// trees gives the tables and indexes by their root pages, which is how SQLite's check names them.
func trees(ctx context.Context, db *sqlx.DB) (map[string]string, error) {
	var rows []struct {
		Root string `db:"rootpage"`
		Type string `db:"type"`
		Name string `db:"name"`
	}
	if err := db.SelectContext(ctx, &rows, "SELECT rootpage, type, name FROM sqlite_schema WHERE rootpage > 0"); err != nil {
		return nil, Fault(err)
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.Root] = r.Type + " " + r.Name
	}
	return names, nil
}

var tree = regexp.MustCompile(`\b[Tt]ree (\d+)\b`)

func named(problem string, names map[string]string) string {
	return tree.ReplaceAllStringFunc(problem, func(found string) string {
		if name := names[tree.FindStringSubmatch(found)[1]]; name != "" {
			return name
		}
		return found
	})
}

// orphans finds rows whose owner is missing. What was deferred is looked at when it is committed, so there are none
// unless somebody wrote with another program.
func (x *Examination) orphans(ctx context.Context, db *sqlx.DB) error {
	var rows []struct {
		Table  string `db:"table"`
		Parent string `db:"parent"`
		N      int    `db:"n"`
	}
	err := db.SelectContext(ctx, &rows, `SELECT "table", parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2`)
	for _, r := range rows {
		x.Orphans = append(x.Orphans, fmt.Sprintf("%d in %s, without their %s", r.N, r.Table, r.Parent))
	}
	return Fault(err)
}

// versions gives the versions of all sets' tables, in the order of the sets.
func versions(ctx context.Context, db *sqlx.DB, sets []MigrationSet) ([]SetVersion, error) {
	var all []SetVersion
	for _, set := range sets {
		p, err := set.provider(db.DB)
		if err != nil {
			return nil, err
		}
		current, known, err := set.versions(ctx, db.DB, p)
		if err != nil {
			return nil, err
		}
		all = append(all, SetVersion{set.Name, current, known})
	}
	return all, nil
}
