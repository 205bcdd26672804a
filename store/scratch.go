package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// ScratchTable is a table of a scratch database. Values are nil, int64, float64, bool or string; text compares
// without case, as SQL Server's usual collation does.
type ScratchTable struct {
	Name    string
	Columns []string
	Rows    [][]any
}

// Scratch is a database in memory for questions in SQL about data that is kept elsewhere. It is filled once and
// then only reads: whatever else the SQL asks for is refused. It belongs to one goroutine.
type Scratch struct{ conn *sqlite3.SQLiteConn }

const (
	scratchValue = 4 << 20  // bytes of the longest value or row
	scratchSQL   = 64 << 10 // bytes of the longest question
)

// NewScratch makes the tables. The functions, by name, are SQL functions beside SQLite's own; a variadic one takes
// any number of arguments.
func NewScratch(tables []ScratchTable, functions map[string]any) (*Scratch, error) {
	opened, err := (&sqlite3.SQLiteDriver{}).Open(":memory:")
	if err != nil {
		return nil, err
	}
	s := &Scratch{opened.(*sqlite3.SQLiteConn)}
	for name, function := range functions {
		err = errors.Join(err, s.conn.RegisterFunc(name, function, false))
	}
	for _, t := range tables {
		err = errors.Join(err, s.fill(t))
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.conn.SetLimit(sqlite3.SQLITE_LIMIT_LENGTH, scratchValue)
	s.conn.SetLimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, scratchSQL)
	s.conn.SetLimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	s.conn.RegisterAuthorizer(readsOnly)
	return s, nil
}

// Numbers of sqlite3_set_authorizer that the driver does not name in all its builds.
const (
	authorizeRead      = 20
	authorizeSelect    = 21
	authorizeFunction  = 31
	authorizeRecursive = 33
)

// readsOnly lets a statement select, read and call functions; load_extension, which is one, would run programs.
func readsOnly(what int, _, name, _ string) int {
	switch what {
	case authorizeRead, authorizeSelect, authorizeRecursive:
		return sqlite3.SQLITE_OK
	case authorizeFunction:
		if !strings.EqualFold(name, "load_extension") {
			return sqlite3.SQLITE_OK
		}
	}
	return sqlite3.SQLITE_DENY
}

func (s *Scratch) fill(t ScratchTable) error {
	columns := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		columns[i] = quoted(name) + " COLLATE NOCASE"
	}
	ctx := context.Background()
	if _, err := s.conn.ExecContext(ctx, "CREATE TABLE "+quoted(t.Name)+" ("+strings.Join(columns, ", ")+")", nil); err != nil {
		return err
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(t.Columns)), ",")
	insert, err := s.conn.PrepareContext(ctx, "INSERT INTO "+quoted(t.Name)+" VALUES ("+marks+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, row := range t.Rows {
		values := make([]driver.NamedValue, len(row))
		for i, v := range row {
			values[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
		}
		if _, err := insert.(driver.StmtExecContext).ExecContext(ctx, values); err != nil {
			return err
		}
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Ask runs one question and gives its columns and at most limit rows, of nil, int64, float64, bool or string. It
// ends with the context. The error is SQLite's own.
func (s *Scratch) Ask(ctx context.Context, question string, limit int) (columns []string, rows [][]any, err error) {
	defer func() { // a driver's panic on odd SQL must not take the program down
		if r := recover(); r != nil {
			err = fmt.Errorf("the database gave up: %v", r)
		}
	}()
	answer, err := s.conn.QueryContext(ctx, question, nil)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	columns = answer.Columns()
	for len(rows) < limit {
		row := make([]driver.Value, len(columns))
		switch err := answer.Next(row); {
		case errors.Is(err, io.EOF):
			return columns, rows, nil
		case err != nil:
			return nil, nil, err
		}
		rows = append(rows, plainRow(row))
	}
	return columns, rows, nil
}

func plainRow(row []driver.Value) []any {
	out := make([]any, len(row))
	for i, v := range row {
		if bytes, ok := v.([]byte); ok {
			v = string(bytes)
		}
		out[i] = v
	}
	return out
}

// Close frees the memory.
func (s *Scratch) Close() error { return s.conn.Close() }
