package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

// Tx is the transaction a write function works in. It is good only while that function runs, and only in
// its goroutine.
type Tx struct {
	w    *writer
	over bool
}

// Exec runs a statement. The prepared statement is kept for the query's text, so pass values as args,
// never inside the text.
func (t *Tx) Exec(query string, args ...any) (sql.Result, error) { return t.ExecOf("", query, args...) }

// ExecOf is Exec of a statement that changes what belongs to one organisation alone, by its id: others are not told of it
// by OnCommit.
func (t *Tx) ExecOf(organisation, query string, args ...any) (sql.Result, error) {
	if t.over {
		return nil, overFault()
	}
	values, err := t.w.bind(args)
	if err != nil {
		return nil, err
	}
	statement, err := t.w.statement(query)
	if err != nil {
		return nil, Fault(err)
	}
	var result driver.Result
	var tables Tables
	if statement != nil {
		tables = statement.tables
		result, err = statement.prepared.ExecContext(context.Background(), values)
	} else {
		result, err = t.w.conn.ExecContext(context.Background(), query, values)
		t.w.touched.note(organisation, t.w.touched.in(query), nil) // the result is that of the last one
	}
	if err == nil {
		t.w.touched.note(organisation, tables, result)
	}
	return result, Fault(err)
}

// Get reads one row into dest (a struct with `db` tags, or one value). No row gives sql.ErrNoRows. What it changes on its
// way, as with RETURNING, OnCommit does not tell of.
func (t *Tx) Get(dest any, query string, args ...any) error {
	if t.over {
		return overFault()
	}
	err := t.w.facade.Get(dest, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return Fault(err)
}

// Select reads all rows into dest, a pointer to a slice.
func (t *Tx) Select(dest any, query string, args ...any) error {
	if t.over {
		return overFault()
	}
	return Fault(t.w.facade.Select(dest, query, args...))
}

func overFault() error {
	return fault.New(fault.Internal, "A transaction was used after its write function had ended.")
}

// maxStatements bounds the statements kept; texts are fixed in the code, so it is never reached unless
// somebody writes values into them.
const maxStatements = 512

// statement is a prepared statement, and which tables it changes.
type statement struct {
	prepared *sqlite3.SQLiteStmt
	tables   Tables
}

// statement gives the prepared statement for query, or nil where the text holds several, which
// go-sqlite3 runs one after the other only unprepared.
func (w *writer) statement(query string) (*statement, error) {
	if s, ok := w.statements[query]; ok {
		return s, nil
	}
	if nothing(query) {
		return nil, fault.New(fault.Internal, "A statement has nothing that could be run: %.100q.", query)
	}
	if strings.Contains(strings.TrimRight(query, "; \t\r\n"), ";") {
		return nil, nil
	}
	prepared, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	if len(w.statements) >= maxStatements {
		if err := w.forget(); err != nil {
			return nil, errors.Join(err, prepared.Close())
		}
	}
	s := &statement{prepared.(*sqlite3.SQLiteStmt), w.touched.in(query)}
	w.statements[query] = s
	return s, nil
}

// nothing tells whether a text has only comments and blanks: SQLite makes no statement of it, and go-sqlite3 reads from
// where there is none.
func nothing(query string) bool {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f;\uFEFF")
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, _ = strings.Cut(query[2:], "*/")
		default:
			return query == ""
		}
	}
}

// forget closes all kept statements.
func (w *writer) forget() error {
	var errs []error
	for _, s := range w.statements {
		errs = append(errs, s.prepared.Close())
	}
	clear(w.statements)
	return errors.Join(errs...)
}

// bind turns arguments into what the driver takes. The slice is used again by the next call.
func (w *writer) bind(args []any) ([]driver.NamedValue, error) {
	w.values = w.values[:0]
	for i, arg := range args {
		var value driver.Value
		switch v := arg.(type) {
		case nil, int64, float64, bool:
			value = arg
		case string:
			value = arg // not v: that would be made anew
			w.bytes += len(v)
		case []byte:
			value = arg
			w.bytes += len(v)
		case int:
			value = int64(v)
		default:
			converted, err := driver.DefaultParameterConverter.ConvertValue(arg)
			if err != nil {
				return nil, fault.Wrap(err, fault.Internal, "Argument %d of a statement is of type %T, which the database does not take.", i+1, arg)
			}
			value = converted
		}
		w.values = append(w.values, driver.NamedValue{Ordinal: i + 1, Value: value})
	}
	return w.values, nil
}
