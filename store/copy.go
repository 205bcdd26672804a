package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

// copyPages is how many pages are copied between two looks at the context: 4 MB.
const copyPages = 1024

// copies are those under way in this process.
var copies atomic.Int32

// Copy writes the database of the data directory dir, as it is at one moment, into the new file to (0600), and flushes
// it. It works beside the owner, and whatever versions the tables have. progress, where given, is told of bytes
// copied and of all there are.
//
// The pages are copied as they are, by SQLite's backup interface, out of one read transaction. Nobody who writes waits
// for that; what they write meanwhile stays in the write-ahead log until it is over. VACUUM INTO would give a smaller
// file, but builds every table and index anew, which takes several times as long, and the log would grow for as long.
// A copy inside the writer's own connection would keep the log short, but hold up commits and begin anew at each rollback.
func Copy(ctx context.Context, dir, to string, progress func(done, all int64)) (err error) {
	if to, err = filepath.Abs(to); err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "The data directory %s cannot be found: %s.", dir, err)
	}
	s := &Store{dir: dir}
	if err := s.checkReadable(); err != nil {
		return err
	}
	frozen, err := s.frozen()
	if err != nil {
		return err
	}
	copies.Add(1)
	defer copies.Add(-1)
	from, err := openToCopy(s.databaseFile(), frozen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Fault(from.Close())) }()
	if err := makeDatabaseFile(to); err != nil {
		return err
	}
	if err := copyInto(ctx, from, to, progress); err != nil {
		return err
	}
	return syncFile(to)
}

// openToCopy opens a reader that stays at one moment.
func openToCopy(path string, frozen bool) (*sqlite3.SQLiteConn, error) {
	params := url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {fmt.Sprint(busyTimeout)}}
	if frozen {
		params.Set("immutable", "1")
	}
	return openPlain(path, params, "BEGIN", "SELECT count(*) FROM sqlite_schema")
}

// openPlain opens a connection and runs statements on it.
func openPlain(path string, params url.Values, statements ...string) (*sqlite3.SQLiteConn, error) {
	opened, err := (&sqlite3.SQLiteDriver{}).Open(address(path, params))
	if err != nil {
		return nil, Fault(err)
	}
	conn := opened.(*sqlite3.SQLiteConn)
	for _, statement := range statements {
		if _, err := conn.ExecContext(context.Background(), statement, nil); err != nil {
			return nil, errors.Join(Fault(err), conn.Close())
		}
	}
	return conn, nil
}

func copyInto(ctx context.Context, from *sqlite3.SQLiteConn, to string, progress func(done, all int64)) (err error) {
	// The file is of no use before it is whole, so nothing of it needs to be safe before that.
	dest, err := openPlain(to, url.Values{}, "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Fault(dest.Close())) }()
	b, err := dest.Backup("main", from, "main")
	if err != nil {
		return Fault(err)
	}
	defer func() { err = errors.Join(err, Fault(b.Close())) }()
	for {
		done, err := b.Step(copyPages)
		if err != nil {
			return copyFault(err)
		}
		if progress != nil {
			all := int64(b.PageCount()) * pageSize
			progress(all-int64(b.Remaining())*pageSize, all)
		}
		if done {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// copyFault is Fault for a copy: a full disk is that of the copy.
func copyFault(err error) error {
	if e, ok := errors.AsType[sqlite3.Error](err); ok && e.Code == sqlite3.ErrFull {
		return fault.Wrap(err, fault.Storage, "The database could not be copied: the disk is full.").
			WithHint("a copy needs as much free room as the database is large; `gantry doctor` tells how much there is")
	}
	return Fault(err)
}

// syncFile flushes a file and its entry in its folder.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err == nil {
		err = errors.Join(file.Sync(), file.Close())
	}
	if err == nil {
		err = SyncDirectory(filepath.Dir(path))
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "The file %s could not be written: %s.", path, err).WithHint("check the disk: space, rights, and its health")
	}
	return nil
}

// SyncDirectory flushes what a folder says of its files: new, renamed, removed ones.
func SyncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
