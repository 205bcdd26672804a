package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"runtime"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

const (
	busyTimeout  = 5000     // ms that a connection waits for another process's lock
	readerCache  = 8 << 10  // KiB of pages that each reader keeps: what lists look at of their indexes
	logSizeLimit = 64 << 20 // bytes that the write-ahead log's file keeps after it was emptied
)

// writerPragmas prepare the one writing connection, in this order: auto_vacuum counts only before the
// first page is written, which journal_mode does. Checkpoints are the writer's own work (see
// checkpoint.go); savepoints keep their undo pages in memory.
var writerPragmas = []string{
	"PRAGMA auto_vacuum = INCREMENTAL",
	"PRAGMA synchronous = FULL",
	"PRAGMA foreign_keys = ON",
	fmt.Sprintf("PRAGMA journal_size_limit = %d", logSizeLimit),
	"PRAGMA wal_autocheckpoint = 0",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA cache_size = -16384",
}

func openWriter(path string) (*sqlite3.SQLiteConn, error) {
	opened, err := (&sqlite3.SQLiteDriver{}).Open(address(path, url.Values{
		"_busy_timeout":    {fmt.Sprint(busyTimeout)},
		"_mutex":           {"no"},  // one goroutine alone uses it
		"_stmt_cache_size": {"128"}, // for Get and Select; Exec keeps its own statements
	}))
	if err != nil {
		return nil, Fault(err)
	}
	conn := opened.(*sqlite3.SQLiteConn)
	for _, pragma := range writerPragmas {
		if _, err := conn.ExecContext(context.Background(), pragma, nil); err != nil {
			return nil, errors.Join(Fault(err), conn.Close())
		}
	}
	if err := setWAL(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// setWAL asks for the write-ahead log and looks whether SQLite agreed: on some network disks it cannot.
func setWAL(conn *sqlite3.SQLiteConn) error {
	rows, err := conn.QueryContext(context.Background(), "PRAGMA journal_mode = WAL", nil)
	if err != nil {
		return Fault(err)
	}
	mode := []driver.Value{nil}
	err = errors.Join(rows.Next(mode), rows.Close())
	if err != nil {
		return Fault(err)
	}
	if fmt.Sprintf("%s", mode[0]) != "wal" {
		return fault.New(fault.Storage, "The disk of the data directory cannot hold a write-ahead log.").
			WithHint("keep the data directory on a local disk")
	}
	return nil
}

// openReaders makes the pool of readers; it connects when first used. mode=ro and query_only say the same
// twice: neither a slip in a query nor one in a driver may write beside the writer. A file that is frozen
// is taken as one that nobody writes: SQLite then makes no files beside it.
func openReaders(path string, frozen bool) *sqlx.DB {
	params := url.Values{
		"mode":             {"ro"},
		"_query_only":      {"1"},
		"_busy_timeout":    {fmt.Sprint(busyTimeout)},
		"_stmt_cache_size": {"64"},
		"_cache_size":      {fmt.Sprint(-readerCache)},
	}
	if frozen {
		params.Set("immutable", "1")
	}
	db := sql.OpenDB(reader{dsn: address(path, params)})
	connections := max(4, 2*runtime.GOMAXPROCS(0))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return sqlx.NewDb(db, "sqlite3")
}

// address is a SQLite URI for the file, whatever characters its path has.
func address(path string, params url.Values) string {
	return (&url.URL{Scheme: "file", Path: path, RawQuery: params.Encode()}).String()
}

// reader connects readers without a name in database/sql's global registry.
type reader struct{ dsn string }

func (r reader) Connect(context.Context) (driver.Conn, error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(r.dsn)
	return conn, Fault(err)
}

func (r reader) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// shared lets database/sql, and with it sqlx and goose, use the writer's own connection. The writer closes
// it, so Close does nothing here.
type shared struct{ *sqlite3.SQLiteConn }

func (shared) Close() error { return nil }

func (s shared) Connect(context.Context) (driver.Conn, error) { return s, nil }

func (s shared) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// facade gives the writer's connection to sqlx. Only the goroutine that owns the connection may use it.
func facade(conn *sqlite3.SQLiteConn) *sqlx.DB {
	db := sql.OpenDB(shared{conn})
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return sqlx.NewDb(db, "sqlite3")
}
