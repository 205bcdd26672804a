package store

import (
	"context"
	"errors"

	"github.com/mattn/go-sqlite3"

	"gantry/fault"
)

// IsUnique tells whether err comes from a row that exists already (a primary key or unique index).
func IsUnique(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

// Fault turns what SQLite says into fault.Storage with a hint. SQLite's texts name tables and
// columns, never values. Rooms wrap the errors of their readers with it; Tx has done so already. nil stays
// nil, and a *fault.Error stays what it is.
func Fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return fault.Wrap(err, fault.Storage, "The database could not be used: %s.", err)
	}
	f := fault.Wrap(err, fault.Storage, "The database could not be used: %s.", e)
	switch e.Code {
	case sqlite3.ErrFull:
		f.Message = "The database could not be written: the disk is full."
		f.WithHint("free space on the disk of the data directory; nothing that was confirmed is lost")
	case sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		f.WithHint("check the disk of the data directory: space, rights, whether it is mounted read-only, and its health")
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		f.WithHint("the file gantry.db is damaged or not Gantry's; restore a backup")
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		f.WithHint("another program holds the database open for writing; close it")
	}
	return f
}

func closedFault() error {
	return fault.New(fault.Storage, "The database is closed: Gantry is stopping.").
		WithHint("start Gantry again; nothing that was confirmed is lost")
}

func readOnlyFault(dir string) error {
	return fault.New(fault.Storage, "The data directory %s was opened for reading only.", dir)
}

func cancelledFault(ctx context.Context) error {
	cause := context.Cause(ctx)
	return fault.Wrap(cause, fault.Cancelled, "The change was given up before it was written: %s.", cause)
}

// lostFault is for functions that had succeeded in a transaction which then could not be committed.
func lostFault(cause error) error {
	f := fault.From(Fault(cause))
	return fault.Wrap(cause, fault.Storage, "The change was not saved. %s", f.Message).WithHint("%s", f.Hint)
}
